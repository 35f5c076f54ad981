"""The route of a carnet as a line of offices: what was planned above, what was certified below, gaps drawn as gaps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from carnets.choices import OperationStatus
from carnets.models import TirOperation


class Reached(StrEnum):
    """How far the evidence of an office goes; the names are classes of the drawing."""

    CERTIFIED = "certified"
    FLAGGED = "flagged"  # certified, and something about it is open
    MISSING = "missing"  # passed, for later evidence exists, but never certified
    LATE = "late"  # should have been certified by now
    REFUSED = "refused"
    UNUSED = "unused"  # the transport took another road, or ended before
    EXPECTED = "expected"


SAID: "dict[Reached, str | Promise]" = {
    Reached.CERTIFIED: _("certified"),
    Reached.FLAGGED: _("certified, with an open irregularity"),
    Reached.MISSING: _("no certificate, though later evidence exists"),
    Reached.LATE: _("overdue"),
    Reached.REFUSED: _("start refused"),
    Reached.UNUSED: _("not used"),
    Reached.EXPECTED: _("still to come"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """One office of the route: `way` is how the line leads here from the office before (its class in the drawing)."""

    page: int
    role: "str | Promise"
    planned: str
    actual: str
    at: datetime | None
    limit: datetime | None
    stamp: str
    reached: Reached
    way: str

    @property
    def says(self) -> "str | Promise":
        return SAID[self.reached]


def route_of(operations: Sequence[TirOperation], flagged_pages: Collection[int], at: datetime) -> list[Node]:
    """Return two nodes an operation. `flagged_pages` have something open about them; `at` decides what is late."""
    latest = max((page for row in operations for page in _certified_pages(row)), default=0)
    nodes: list[Node] = []
    for operation in operations:
        for node in (_start, _termination):
            nodes.append(node(operation, flagged_pages, latest, at, nodes[-1] if nodes else None))
    return nodes


def _certified_pages(operation: TirOperation) -> list[int]:
    first, second = operation.pages
    return [page for page, at in ((first, operation.started_at), (second, operation.terminated_at)) if at]


def _start(
    row: TirOperation, flagged: Collection[int], latest: int, at: datetime, before: Node | None
) -> Node:
    page = row.pages[0]
    reached = _reached(row, page, row.started_at, flagged, latest)
    if row.was_refused and reached is Reached.EXPECTED:
        reached = Reached.REFUSED
    return Node(
        page, row.get_start_role_display(), row.planned_start, row.start_office, row.started_at, None,
        str(row.start_stamp or ""), reached, _way(before, reached),
    )  # fmt: skip


def _termination(
    row: TirOperation, flagged: Collection[int], latest: int, at: datetime, before: Node | None
) -> Node:
    page = row.pages[1]
    reached = _reached(row, page, row.terminated_at, flagged, latest)
    is_late = row.started_at is not None and row.time_limit_at is not None and at > row.time_limit_at
    if is_late and reached is Reached.EXPECTED:
        reached = Reached.LATE
    return Node(
        page, row.get_termination_role_display(), row.planned_end, row.termination_office, row.terminated_at,
        row.time_limit_at, str(row.termination_stamp or ""), reached, _way(before, reached),
    )  # fmt: skip


def _reached(
    row: TirOperation, page: int, at: datetime | None, flagged: Collection[int], latest: int
) -> Reached:
    if at is not None:
        return Reached.FLAGGED if page in flagged else Reached.CERTIFIED
    if page < latest and (row.has_evidence or row.is_gap):
        return Reached.MISSING
    return Reached.UNUSED if row.status == OperationStatus.UNUSED else Reached.EXPECTED


def _way(before: Node | None, here: Reached) -> str:
    """Return how the line from the office before is drawn: whole, broken by a missing certificate, or still ahead."""
    done = {Reached.CERTIFIED, Reached.FLAGGED}
    if before is None:
        return "none"
    if Reached.MISSING in (before.reached, here):
        return "gap"
    return "done" if before.reached in done and here in done else "ahead"
