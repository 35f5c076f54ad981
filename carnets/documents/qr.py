"""QR symbols: as SVG and PNG for screens and stickers, as a matrix for the page.

A token is upper-case base45, so `qrcode` picks alphanumeric mode by itself (5.5 bits a character). Error correction Q
(a quarter of the symbol may be lost to dirt, folds or a stamp) while the modules stay large, else M.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any, Final

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError

Matrix = Sequence[Sequence[bool]]

QUIET_ZONE: Final = 4  # modules, ISO/IEC 18004
FINEST_AT_Q: Final = 15  # version whose 77 modules are still 0.5 mm wide in a 40 mm symbol
PRINT_DPI: Final = 300
PRINT_MM: Final = 40  # at least 35 mm, so that a poor camera in poor light still reads it
MM_PER_INCH: Final = 25.4


def qr_matrix(text: str, *, mask: int | None = None) -> Matrix:
    """The dark modules of the symbol, row by row, without its quiet zone.

    A fixed `mask` saves four fifths of the time: all eight need not be drawn and weighed, as ISO/IEC 18004 has
    it. The carnet uses one: a token is as good as random, so no mask makes it more or less regular than another.
    """
    symbol = _symbol(text, ERROR_CORRECT_Q, mask)
    if symbol is None or symbol.version > FINEST_AT_Q:
        symbol = _symbol(text, ERROR_CORRECT_M, mask)
    if symbol is None:
        raise ValueError(f"{len(text)} characters do not fit a QR symbol")
    matrix: Matrix = symbol.get_matrix()
    return matrix


def dark_runs(matrix: Matrix) -> Iterator[tuple[int, int, int]]:
    """The dark modules as horizontal runs (column, row, length): a third as many shapes as modules."""
    for row, modules in enumerate(matrix):
        column = 0
        for is_dark, run in groupby(modules):
            length = sum(1 for _ in run)
            if is_dark:
                yield column, row, length
            column += length


def qr_svg(text: str) -> str:
    """A printable symbol as SVG, 40 mm wide plus its quiet zone."""
    matrix = qr_matrix(text)
    side = len(matrix) + 2 * QUIET_ZONE
    size = f"{PRINT_MM * side / len(matrix):.2f}mm"
    shapes = "".join(
        f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z" for x, y, length in dark_runs(matrix)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {side} {side}"'
        f' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{shapes}"/></svg>'
    )


def qr_png(text: str) -> bytes:
    """A printable symbol as PNG: whole pixels a module, at least 40 mm at 300 dpi, black on white."""
    matrix = qr_matrix(text)
    side = len(matrix) + 2 * QUIET_ZONE
    scale = -(-round(PRINT_MM / MM_PER_INCH * PRINT_DPI) // len(matrix))
    image = Image.new("1", (side, side), 1)
    for column, row, length in dark_runs(matrix):
        image.paste(
            0, (column + QUIET_ZONE, row + QUIET_ZONE, column + QUIET_ZONE + length, row + QUIET_ZONE + 1)
        )
    file = BytesIO()
    image.resize((side * scale, side * scale), Image.Resampling.NEAREST).save(
        file, "PNG", dpi=(PRINT_DPI, PRINT_DPI)
    )
    return file.getvalue()


def _symbol(text: str, error_correction: int, mask: int | None) -> "qrcode.QRCode[Any] | None":
    symbol = qrcode.QRCode(error_correction=error_correction, border=0, mask_pattern=mask)
    symbol.add_data(text, optimize=0)
    try:
        symbol.make(fit=True)
    except (DataOverflowError, ValueError):
        return None
    return symbol
