"""Carnets before offices, as plain facts: what a test of judging says of a rule. No database."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from carnets.choices import CarnetStatus, Control
from carnets.itinerary import ItineraryStop
from carnets.projection.alignment import Alignment, align
from carnets.projection.evidence import Certification, Event, OfficeFacts
from carnets.projection.facts import project
from carnets.projection.plan import Plan, Practices
from carnets.projection.record import CarnetOnRecord, OperationOnRecord
from carnets.projection.standing import standing_certifications
from carnets.rules import PlannedOffice
from checkpoints.judging.case import Case
from checkpoints.judging.rules import CHECKPOINT
from checkpoints.posts.offices import Office
from guarantees.choices import HolderStatus
from guarantees.clocks import DatedPeriod, Period, Schedule
from tests.evidence import (
    PACKAGES,
    PLATE,
    Route,
    clean,
    legs_of,
    office_facts,
    office_of,
    plan_of,
    territory_id,
    when,
)
from tests.world import COUNTRIES, LONG_AGO, ROUTE, START
from tir.kernel.rules import Facts, Finding

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TODAY = START.date()
AS_IF = UUID(int=0)


def days(number: int) -> Schedule:
    """Return a clock of that many days, in force for ever."""
    return Schedule((DatedPeriod(LONG_AGO, None, Period(days=number)),))


PRACTICES = {
    territory_id(code): Practices(
        longest_offline=days(3), longest_time_limit=days(90), suspension=days(30)
    )
    for code in COUNTRIES
}  # fmt: skip


def office(code: str, **changes: Any) -> Office:
    return Office(1, office_facts(code, **changes), code, "", "")


def operation_on_record(
    sequence: int, leg: tuple[ItineraryStop[PlannedOffice], ItineraryStop[PlannedOffice]]
) -> OperationOnRecord:
    start, end = leg
    return OperationOnRecord(
        sequence, sequence, start.office.territory_id, start.office.country, start.office.territory_id,
        start.office.code, end.office.code,
    )  # fmt: skip


def carnet_on_record(route: Route = ROUTE, plan: Plan | None = None, **changes: Any) -> CarnetOnRecord:
    """A carnet in circulation with everything in force."""
    carnet = CarnetOnRecord(
        id=1, number="XZ99000001", status=CarnetStatus.ISSUED, control=Control.NONE, control_at=None,
        control_reason="", vouchers=14, packages=PACKAGES, plates=[PLATE], issued_at=START, is_backdated=False,
        acceptance_until=TODAY + 30 * DAY, amount=Decimal(100_000), currency="EUR", is_returned=False,
        has_events=False, latest_sequence=0, latest_hash=bytes(32), reconcile_at=None, guarantee_id=1,
        guarantee="CN-2026-0001", holder="CHN/071/1001", holder_name="Silk Road Haulage",
        holder_status=HolderStatus.AUTHORISED, association_id=1, countries=["CN", "KZ", "UZ", "TJ"], exclusions=[],
        approval_until=TODAY + 400 * DAY, plan=plan or plan_of(route, practices=PRACTICES),
        operations=[operation_on_record(sequence, leg) for sequence, leg in enumerate(legs_of(route), start=1)],
    )  # fmt: skip
    return replace(carnet, **changes)


def aligned(plan: Plan, certifications: Sequence[Certification]) -> Alignment:
    return align(plan, standing_certifications(certifications))


def case(
    page: int,
    *,
    at: datetime | None = None,
    now: datetime | None = None,
    by: str | Office | None = None,
    route: Route = ROUTE,
    plan: Plan | None = None,
    said: Certification | None = None,
    before: Sequence[Certification] | None = None,
    events: Sequence[Event] = (),
    refused_pages: frozenset[int] = frozenset(),
    is_online: bool = True,
    has_guarantor: bool = True,
    **carnet: Any,
) -> Case:
    """A carnet on its way, presented for `page` after every page before it was stamped in order.

    `said` is what the officer wrote on this page; without it the case is a scan, judged as if all were in order.
    """
    plan = plan or plan_of(route, practices=PRACTICES)
    before = clean(page - 1, route) if before is None else before
    where = (
        by if isinstance(by, Office) else office(by or (said.office.code if said else office_of(page, route)))
    )
    at = at or (said.occurred_at if said else when(page))
    stamp = said or Certification(AS_IF, page, where.facts, at, now or at, seals_intact=True)
    stamp = replace(stamp, office=where.facts, occurred_at=at)
    evidence = [*before, stamp]
    return Case(
        carnet=carnet_on_record(route, plan, **carnet),
        facts=project(plan, evidence, events, refused_pages),
        alignment=aligned(plan, evidence),
        before=aligned(plan, before),
        page=page,
        office=where,
        at=at,
        now=now or at,
        said=stamp if said else None,
        is_online=is_online,
        has_guarantor=has_guarantor,
    )


def approved(code: str, valid_from: date, valid_to: date | None) -> OfficeFacts:
    return office_facts(code, approved_from=valid_from, approved_to=valid_to)


def judged(rule: Callable[[Case], Facts | None], this: Case) -> Finding | None:
    return next(each for each in CHECKPOINT if each.check is rule).judge(this)


def assert_rule(rule: Callable[[Case], Facts | None], this: Case, *, holds: bool) -> None:
    """The rule holds, or its sentence names the facts that break it, none left out."""
    finding = judged(rule, this)
    assert (finding is None) is holds, finding
    if finding:
        assert not set("{}—") & set(finding.detail), finding.detail
