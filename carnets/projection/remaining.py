"""What every remaining page must say now: boxes 9 to 11 and 16, after a load, an unload or a control.

The pages were printed with what would be on board at their own No. 1. What has happened since is entered on all that
are left (art. 24): goods that are no longer there are struck out, and the seals are those that are on now.
"""

from collections.abc import Iterator

from carnets.itinerary import is_aboard
from carnets.projection.alignment import Alignment
from carnets.projection.evidence import Seals
from carnets.projection.plan import PlannedConsignment, PlannedLeg
from carnets.projection.walk import Walk
from carnets.vouchers import operation_of, start_page
from tir.kernel.values import value


@value
class RemainingPage:
    """One page that nobody has certified yet. Consignments are named by their position on the manifest; `packages` is
    None where nobody can say how many there will be."""

    page: int
    consignments: tuple[int, ...]  # boxes 9 to 11
    struck_out: tuple[int, ...]  # printed there, and not on board
    written_in: tuple[int, ...]  # on board, and not printed there
    packages: int | None
    seals: Seals | None  # box 16

    @property
    def is_as_printed(self) -> bool:
        """Whether boxes 9 to 11 stay as they were printed."""
        return not self.struck_out and not self.written_in


def remaining_pages(alignment: Alignment, journey: Walk) -> list[RemainingPage]:
    """Return the pages that are left, in order, with what they must say; none once the transport is over."""
    if alignment.is_over:
        return []
    return [_page(alignment, journey, page) for page in _left(alignment)]


def _left(alignment: Alignment) -> Iterator[int]:
    """Yield the pages after the last certified one, and those of pairs that were skipped, which stay usable."""
    by_page, used = alignment.standing.by_page, alignment.standing.used
    latest = max(by_page, default=0)
    for page in range(1, alignment.plan.vouchers + 1):
        if page not in by_page and (page > latest or operation_of(page) not in used):
            yield page


def _page(alignment: Alignment, journey: Walk, page: int) -> RemainingPage:
    printed = _printed(alignment, page)
    aboard = _aboard(alignment, journey, page)
    return RemainingPage(
        page=page,
        consignments=tuple(sorted(aboard)),
        struck_out=tuple(sorted(printed - aboard)),
        written_in=tuple(sorted(aboard - printed)),
        packages=_packages(alignment, journey, aboard),
        seals=journey.seals,
    )


def _printed(alignment: Alignment, page: int) -> set[int]:
    """Return the consignments that were printed on the page; none on one held in reserve."""
    sequence = operation_of(page)
    if sequence > len(alignment.plan.legs):
        return set()
    at = alignment.plan.legs[sequence - 1].start.position
    return {number for number, each in _numbered(alignment) if is_aboard(each.load, each.unload, at)}


def _aboard(alignment: Alignment, journey: Walk, page: int) -> set[int]:
    """Return what will be on board at the page's No. 1: what is there now, with what the plan loads and without what it
    unloads before. A spare pair would begin where the lorry is now."""
    now = {number for number, each in _numbered(alignment) if each in journey.aboard}
    leg = _leg_ahead(alignment, page)
    if leg is None:
        return now
    here, at = _position(alignment), leg.start.position
    loaded = {number for number, each in _numbered(alignment) if here <= each.load <= at}
    return {number for number, each in _numbered(alignment) if number in now | loaded and each.unload > at}


def _leg_ahead(alignment: Alignment, page: int) -> PlannedLeg | None:
    """Return the planned leg of a page that is still to come; nothing for a spare pair or one under way."""
    index = operation_of(page) - 1
    is_under_way = start_page(index + 1) in alignment.standing.by_page
    if is_under_way or index < alignment.next_leg or index >= len(alignment.plan.legs):
        return None
    return alignment.plan.legs[index]


def _position(alignment: Alignment) -> int:
    """Return the stop up to which the plan was followed; 0 before the first."""
    return alignment.plan.legs[alignment.next_leg - 1].end.position if alignment.next_leg else 0


def _numbered(alignment: Alignment) -> list[tuple[int, PlannedConsignment]]:
    return list(enumerate(alignment.plan.consignments, start=1))


def _packages(alignment: Alignment, journey: Walk, aboard: set[int]) -> int | None:
    """Return the count on board now, moved on by what the plan loads and unloads until then."""
    if journey.packages is None or not alignment.plan.has_count:
        return None
    planned = sum(each.packages or 0 for number, each in _numbered(alignment) if number in aboard)
    return journey.packages + planned - sum(each.packages or 0 for each in journey.aboard)
