"""What the evidence of one carnet adds up to: pure functions from evidence to facts about each TIR operation.

The same evidence gives the same facts whatever order it arrived in, because everything here sorts by what the
evidence itself says: page, instant, id. No database and no clock in this package.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from carnets.choices import CarnetStatus, Control, OfficeRole, OperationStatus, StopAction
from carnets.itinerary import ROLES
from carnets.projection.alignment import Alignment, align
from carnets.projection.evidence import Certification, Event, Seals
from carnets.projection.gaps import gaps_in
from carnets.projection.plan import Plan
from carnets.projection.sides import NOTHING, SideFacts
from carnets.projection.standing import standing_certifications
from carnets.projection.walk import Walk, time_limit, walk
from carnets.vouchers import pages_of, start_page
from tir.kernel.values import value


@value
class OperationFacts:
    """The two records of one operation, side by side, and what the journey says about them."""

    sequence: int
    status: OperationStatus
    territory_id: (
        int | None
    )  # where its stamps are, else as planned; nothing for a pair beyond the plan without any
    start_role: OfficeRole
    termination_role: OfficeRole
    was_refused: bool = False
    is_gap: bool = False
    is_disputed: bool = False
    start: SideFacts = NOTHING
    termination: SideFacts = NOTHING
    partners: tuple[str, ...] | None = None
    are_seals_unknown: bool = False
    is_after_unload: bool = False
    time_limit_at: datetime | None = None
    is_time_limit_set: bool = False
    prescribed_route: str = ""
    are_seals_checked: bool = True
    packages_expected: int | None = None
    packages: int | None = None
    are_packages_certified: bool = False
    does_mass_differ: bool = False
    reservation: str = ""
    is_partial: bool = False
    is_suspended: bool = False
    is_final: bool = False
    heard_at: datetime | None = None
    is_followed: bool = False

    @property
    def has_evidence(self) -> bool:
        return self.start.at is not None or self.termination.at is not None


@value
class Projection:
    """What the evidence of one carnet adds up to: how the pairs lie along the plan, the walk along them, and the facts
    of each operation."""

    alignment: Alignment
    journey: Walk
    facts: list[OperationFacts]

    @property
    def seals(self) -> Seals | None:
        """The seals that should be on the lorry now; `None` while no office recorded any."""
        return self.journey.seals


def projection_of(
    plan: Plan,
    certifications: Iterable[Certification],
    events: Iterable[Event] = (),
    refused_pages: frozenset[int] = frozenset(),
    disputed_pages: frozenset[int] = frozenset(),
    *,
    at_least: int = 0,
    before: Projection | None = None,
) -> Projection:
    """Return what the evidence adds up to; `at_least` is the last operation that has a row. What the same carnet's
    evidence added up to `before` may spare work, and changes nothing."""
    alignment = align(plan, standing_certifications(certifications))
    journey = walk(alignment, events, before.journey if before else None)
    gaps = gaps_in(alignment)
    count = max([len(plan.legs), at_least, *alignment.standing.used])
    rest = OperationStatus.UNUSED if alignment.is_over else OperationStatus.EXPECTED
    facts = [
        _operation(
            alignment,
            journey,
            sequence,
            without_evidence=rest,
            is_gap=sequence in gaps,
            refused_pages=refused_pages,
            disputed_pages=disputed_pages,
        )
        for sequence in range(1, count + 1)
    ]
    return Projection(alignment, journey, facts)


def project(
    plan: Plan, certifications: Iterable[Certification], *said: Any, **more: Any
) -> list[OperationFacts]:
    """Return the facts of every operation in sequence: those planned, those beyond the plan that have a stamp, and at
    least as many as have a row. Takes what `projection_of` takes."""
    return projection_of(plan, certifications, *said, **more).facts


def expected_seals(
    plan: Plan, certifications: Iterable[Certification], events: Iterable[Event] = ()
) -> list[str] | None:
    """Return the seals that should be on the lorry now; `None` while no office recorded any."""
    seals = projection_of(plan, certifications, events).seals
    return None if seals is None else list(seals)


def _operation(
    alignment: Alignment,
    journey: Walk,
    sequence: int,
    *,
    without_evidence: OperationStatus,
    is_gap: bool,
    refused_pages: frozenset[int],
    disputed_pages: frozenset[int],
) -> OperationFacts:
    first, second = pages_of(sequence)
    start, end = alignment.standing.pair(sequence)
    known = (
        sequence,
        _status(start, end) or without_evidence,
        _territory(alignment, sequence, start or end),
        *alignment.roles(sequence),
        first in refused_pages,
        is_gap,
        first in disputed_pages or second in disputed_pages,
    )
    if start is None and end is None:
        return _without_evidence(*known)
    said: dict[str, Any] = {}
    if start is not None:
        said = _of_start(alignment, journey, start, sequence)
    if end is not None:
        said |= _of_termination(alignment, journey, end, sequence)
    return OperationFacts(*known, **said)


_without_evidence = lru_cache(maxsize=4096)(OperationFacts)  # most are still to come, and much alike


def _of_start(alignment: Alignment, journey: Walk, said: Certification, sequence: int) -> dict[str, Any]:
    side = journey.sides[said.page]
    limit, is_set = time_limit(alignment.plan, said)
    return {
        "start": side.facts,
        "partners": said.partners,
        "are_seals_unknown": side.are_seals_unknown,
        "is_after_unload": _loads_after_unload(alignment, sequence),
        "time_limit_at": limit,
        "is_time_limit_set": is_set,
        "prescribed_route": said.prescribed_route,
    }


def _of_termination(
    alignment: Alignment, journey: Walk, said: Certification, sequence: int
) -> dict[str, Any]:
    side = journey.sides[said.page]
    return {
        "termination": side.facts,
        "are_seals_checked": side.are_seals_checked,
        "packages_expected": side.counted.expected,
        "packages": said.packages,
        "are_packages_certified": side.are_packages_certified,
        "does_mass_differ": side.counted.does_mass_differ,
        "reservation": said.reservation,
        "is_partial": said.goes_on,
        "is_suspended": alignment.does(said.page) is StopAction.SUSPEND,
        "is_final": alignment.is_final(sequence),
        "heard_at": said.occurred_at if alignment.plan.is_backdated else said.recorded_at,
        "is_followed": _is_followed(alignment, sequence),
    }


def _territory(alignment: Alignment, sequence: int, seen: Certification | None) -> int | None:
    if seen is not None:
        return seen.office.territory_id
    legs = alignment.plan.legs
    return legs[sequence - 1].territory_id if sequence <= len(legs) else None


def _loads_after_unload(alignment: Alignment, sequence: int) -> bool:
    """Whether goods are loaded after some were unloaded (art. 18): every load comes before every unload."""
    if alignment.does(start_page(sequence)) is not StopAction.LOAD:
        return False
    return any(
        alignment.does(2 * before) is StopAction.UNLOAD
        for before in alignment.standing.used
        if before < sequence and alignment.standing.pair(before)[1] is not None
    )


def _is_followed(alignment: Alignment, sequence: int) -> bool:
    following = next((k for k in alignment.standing.used if k > sequence), None)
    return following is not None and alignment.standing.pair(following)[0] is not None


def _status(start: Certification | None, end: Certification | None) -> OperationStatus | None:
    if end is not None:
        return OperationStatus.TERMINATED
    return OperationStatus.STARTED if start is not None else None


class OperationState(Protocol):
    """How far an operation is, in the facts or in its row."""

    @property
    def status(self) -> str: ...

    @property
    def has_evidence(self) -> bool: ...

    @property
    def is_final(self) -> bool: ...

    @property
    def is_suspended(self) -> bool: ...

    @property
    def is_partial(self) -> bool: ...

    @property
    def termination_role(self) -> str: ...


def carnet_status(
    operations: Sequence[OperationState], *, control: str = Control.NONE, is_returned: bool = False
) -> CarnetStatus:
    """Return the status that a carnet's operations add up to; a withdrawal or a return goes before them.

    Discharged when at least one operation is and all others are discharged or unused.
    """
    if control:
        return CarnetStatus(control)
    if is_returned:
        return CarnetStatus.RETURNED
    statuses = {operation.status for operation in operations}
    if OperationStatus.DISCHARGED in statuses and statuses <= _SETTLED:
        return CarnetStatus.DISCHARGED
    return _status_under_way(operations)


_SETTLED = frozenset({OperationStatus.DISCHARGED, OperationStatus.UNUSED})
_OVER = frozenset({OperationStatus.TERMINATED, OperationStatus.DISCHARGED})


def _status_under_way(operations: Sequence[OperationState]) -> CarnetStatus:
    seen = [operation for operation in operations if operation.has_evidence]
    if not seen:
        return CarnetStatus.ISSUED
    latest = seen[-1]
    if any(operation.is_final for operation in seen):
        return CarnetStatus.TERMINATED
    if latest.status in _OVER and latest.is_suspended:
        return CarnetStatus.SUSPENDED
    if any(operation.is_partial or _unloads(operation) for operation in seen):
        return CarnetStatus.PARTIALLY_TERMINATED
    is_first_leg = latest is operations[0] and latest.status == OperationStatus.STARTED
    return CarnetStatus.ACCEPTED if is_first_leg else CarnetStatus.IN_TRANSIT


def _unloads(operation: OperationState) -> bool:
    return operation.status in _OVER and operation.termination_role == ROLES[StopAction.UNLOAD]
