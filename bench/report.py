"""How a measurement is printed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measured line: what, how much, and the ratio that matters."""

    what: str
    figure: str
    ratio: str


def table(title: str, rows: list[Row]) -> str:
    """Return rows as aligned text under a title."""
    widths = [max(len(getattr(row, name)) for row in rows) for name in ("what", "figure", "ratio")]
    lines = [
        f"  {row.what:<{widths[0]}}  {row.figure:>{widths[1]}}  {row.ratio:<{widths[2]}}".rstrip()
        for row in rows
    ]
    return "\n".join([title, *lines])
