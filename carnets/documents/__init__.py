"""What leaves the system on paper: the printable carnet and its QR codes.

`sheet` says what a carnet shows (plain data, no drawing library), `render.render_carnet` draws it, `qr` makes symbols.
Only this package imports reportlab and qrcode; nothing here reads the database, the clock or the network.
Nothing is imported here, so that describing a sheet does not load a drawing library.
"""
