"""The grid every page is drawn on: areas in millimetres from the top left corner, cut into rows and columns.

A page is described by cutting, never by coordinates, so nothing can overlap and edges meet.
"""

from dataclasses import dataclass
from typing import Final

REST: Final = 0.0  # a row or column of this size takes what the others leave, shared if there are several


@dataclass(frozen=True, slots=True)
class Area:
    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def rows(self, *heights: float) -> tuple["Area", ...]:
        sizes = _shared_out(heights, self.height)
        tops = [self.top + sum(sizes[:index]) for index in range(len(sizes))]
        return tuple(Area(self.left, top, self.width, size) for top, size in zip(tops, sizes, strict=True))

    def columns(self, *widths: float) -> tuple["Area", ...]:
        sizes = _shared_out(widths, self.width)
        lefts = [self.left + sum(sizes[:index]) for index in range(len(sizes))]
        return tuple(Area(left, self.top, size, self.height) for left, size in zip(lefts, sizes, strict=True))

    def inset(self, across: float, down: float | None = None) -> "Area":
        down = across if down is None else down
        return Area(self.left + across, self.top + down, self.width - 2 * across, self.height - 2 * down)

    def below(self, height: float) -> "Area":
        return self.rows(height, REST)[1]

    def square(self) -> "Area":
        """The largest square in the middle."""
        side = min(self.width, self.height)
        return self.inset((self.width - side) / 2, (self.height - side) / 2)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a printed table: `width` in mm, REST for what the others leave; figures stand at the right."""

    head: str
    width: float = REST
    is_figure: bool = False


def _shared_out(sizes: tuple[float, ...], total: float) -> list[float]:
    left_over = total - sum(sizes)
    if left_over < -0.001:  # noqa: PLR2004 - a micrometre, for binary fractions
        raise ValueError(f"{sizes} do not fit into {total} mm")
    resting = sizes.count(REST)
    return [size or left_over / resting for size in sizes]


PAGE: Final = Area(0, 0, 210, 297)  # ISO 216 A4
BODY, FOOTER = PAGE.inset(10, 8).rows(REST, 5)
