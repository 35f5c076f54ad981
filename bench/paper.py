"""Rendering the largest carnet."""

from time import perf_counter

from bench.report import Row
from carnets.documents.fonts import installed_fonts
from carnets.documents.render import render_carnet
from tests.carnets.documents.samples import sample_sheet

RUNS = 5


def measure() -> list[Row]:
    """Render a carnet of 20 vouchers a few times and report the median."""
    fonts, sheet = installed_fonts(), sample_sheet(vouchers=20)
    size = len(render_carnet(sheet, fonts))
    taken = sorted(_seconds(sheet, fonts) for _ in range(RUNS))
    return [Row("carnet of 20 vouchers as PDF", f"{taken[RUNS // 2] * 1000:.0f} ms", f"{size / 1000:.0f} kB")]


def _seconds(sheet: object, fonts: object) -> float:
    started = perf_counter()
    render_carnet(sheet, fonts)  # type: ignore[arg-type]
    return perf_counter() - started
