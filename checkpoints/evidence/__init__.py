"""The ledger's evidence: read, opened as the file of one carnet, chained and verified.

Nothing is put on record here, and nothing is judged.
"""
