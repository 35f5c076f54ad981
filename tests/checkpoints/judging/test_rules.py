"""Judging at a checkpoint: every rule by a test of its own name, on plain facts. No database."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from carnets.choices import CarnetStatus, Control, OfficeRole
from carnets.projection.facts import Certification, project
from carnets.projection.writing import CarnetOnRecord, Exclusion, OperationOnRecord
from carnets.rules import roles_of
from checkpoints.choices import Verdict
from checkpoints.judging import rules
from checkpoints.judging.rules import (
    CHECKPOINT,
    NEVER_EVIDENCE,
    Case,
    expected_page,
    refusal,
    verdict_of,
)
from checkpoints.posts.offices import Office
from guarantees.choices import HolderStatus
from guarantees.clocks import DatedPeriod, Period, Schedule
from tests.evidence import (
    PACKAGES,
    PLATE,
    SEALS,
    Route,
    certify,
    clean,
    legs_of,
    office_facts,
    office_of,
    plan_of,
    planned,
    report,
    territory_of,
    when,
)
from tests.world import HOUR, LONG_AGO, ROUTE, START
from tir.kernel.errors import Refused
from tir.kernel.rules import Facts, Finding, Level

DAY = timedelta(days=1)
TODAY = START.date()
MINUTE = timedelta(minutes=1)
LOADS_TWICE = (("CNURC001", "CNHRS001"), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001"))


def office(code: str) -> Office:
    return Office(
        1,
        office_facts(code),
        planned(code).territory_id,
        territory_of(code),
        code,
        "",
        "",
        "UTC",
        LONG_AGO,
        None,
    )


def operation_on_record(route: Route, index: int) -> OperationOnRecord:
    leg = legs_of(route)[index]
    start_role, termination_role = roles_of(legs_of(route), index)
    return OperationOnRecord(
        id=index, sequence=index + 1, territory_id=leg.start.territory_id, territory=leg.start.territory,
        country=leg.start.country, planned_start=leg.start.code, planned_end=leg.end.code, start_role=start_role,
        termination_role=termination_role, status="expected", default_transit_days=10, grace_hours=24,
        guarantor_id=None, borne=Decimal(0), borne_currency="", borne_from=None, discharged_at=None, reopened_at=None,
        suspension=Schedule((DatedPeriod(LONG_AGO, None, Period(days=30)),)),
    )  # fmt: skip


def carnet_on_record(route: Route = ROUTE, **changes: Any) -> CarnetOnRecord:
    """A carnet in circulation with everything in force."""
    carnet = CarnetOnRecord(
        id=1, number="XZ99000001", status=CarnetStatus.ISSUED, control=Control.NONE, control_at=None,
        control_reason="", vouchers=14, packages=PACKAGES, plates=[PLATE], issued_at=START,
        acceptance_until=TODAY + 30 * DAY, amount=Decimal(100_000), currency="EUR", is_returned=False,
        has_reports=False, latest_sequence=0, latest_hash=bytes(32), reconcile_at=None, guarantee_id=1,
        guarantee="CN-2026-0001", guarantee_valid_from=LONG_AGO, guarantee_valid_to=None, holder="CHN/071/1001",
        holder_name="Silk Road Haulage", holder_status=HolderStatus.AUTHORISED, holder_authorised_from=LONG_AGO,
        association_id=1, countries=["CN", "KZ", "UZ", "TJ"], exclusions=[], approval_until=TODAY + 400 * DAY,
        operations=[operation_on_record(route, index) for index in range(len(route))], plan=plan_of(route),
    )  # fmt: skip
    return replace(carnet, **changes)


def case(
    page: int,
    *,
    at: datetime | None = None,
    now: datetime | None = None,
    by: str | None = None,
    route: Route = ROUTE,
    said: Certification | None = None,
    before: Sequence[Certification] | None = None,
    reports: Sequence[Any] = (),
    refused_pages: frozenset[int] = frozenset(),
    **carnet: Any,
) -> Case:
    """A carnet on its way, presented for `page` after every page before it was stamped in order.

    `said` is what the officer wrote on this page; without it the case is a scan.
    """
    before = clean(page - 1, route) if before is None else before
    evidence = [*before, said] if said else before
    facts = project(plan_of(route), evidence, reports, refused_pages)
    at = at or (said.occurred_at if said else when(page))
    seen = None
    if said:
        operation = facts[(page - 1) // 2]
        seen = operation.start if page % 2 else operation.termination
    return Case(
        carnet=carnet_on_record(route, **carnet), facts=facts, page=page, at=at, now=now or at, seen=seen,
        office=office(by or (office_of(page, route) if 1 <= page <= 2 * len(route) else "CNURC001")),
        packages=said.packages if said else None, reservation=said.reservation if said else "",
    )  # fmt: skip


def assert_rule(rule: Callable[[Case], Facts | None], this: Case, *, holds: bool) -> None:
    """The rule holds, or its sentence names the facts that break it, none left out."""
    finding = next(each for each in CHECKPOINT if each.check is rule).judge(this)
    assert (finding is None) is holds
    if finding:
        assert not set("{}—") & set(finding.detail), finding.detail


class TestCheckpoint:
    @pytest.mark.parametrize("page", range(1, 9))
    def test_has_nothing_to_say_about_a_clean_journey(self, page: int) -> None:
        assert CHECKPOINT.findings(case(page, said=certify(page))) == []

    def test_names_every_reason_at_once(self) -> None:
        this = case(
            3, by="UZYAL001", control=Control.STOLEN, control_at=START, holder_status=HolderStatus.ENDED
        )

        assert [finding.code for finding in CHECKPOINT.findings(this)] == [
            "wrong_territory", "not_in_circulation", "holder_not_authorised", "wrong_country_seq", "wrong_office",
        ]  # fmt: skip

    def test_never_takes_for_evidence_what_no_office_could_certify(self) -> None:
        assert NEVER_EVIDENCE <= {rule.code for rule in CHECKPOINT}
        assert all(rule.level is Level.STOP for rule in CHECKPOINT if rule.code in NEVER_EVIDENCE)


@pytest.mark.parametrize(("page", "holds"), [(1, True), (14, True), (15, False), (0, False), (-1, False)])
def test_page_is_in_the_carnet(page: int, holds: bool) -> None:
    assert_rule(rules.page_is_in_the_carnet, case(page, before=[]), holds=holds)


@pytest.mark.parametrize(
    ("page", "holds"), [(1, True), (8, True), (9, False), (14, False), (15, True), (0, True)]
)
def test_page_belongs_to_an_operation(page: int, holds: bool) -> None:
    """Beyond the carnet's own pages another rule speaks."""
    assert_rule(rules.page_belongs_to_an_operation, case(page, before=[]), holds=holds)


@pytest.mark.parametrize(
    ("page", "by", "holds"),
    [
        (3, "KZHOR001", True),
        (3, "KGBIS001", True),
        (3, "CNHRS001", False),
        (4, "UZYAL001", False),
        (9, "CNURC001", True),
    ],
)
def test_office_lies_in_the_territory_of_the_page(page: int, by: str, holds: bool) -> None:
    assert_rule(rules.office_lies_in_the_territory_of_the_page, case(page, by=by, before=[]), holds=holds)


@pytest.mark.parametrize(("ahead", "holds"), [(-DAY, True), (10 * MINUTE, True), (11 * MINUTE, False)])
def test_time_is_not_in_the_future(ahead: timedelta, holds: bool) -> None:
    assert_rule(rules.time_is_not_in_the_future, case(1, at=START + ahead, now=START), holds=holds)


@pytest.mark.parametrize(("after", "holds"), [(DAY, True), (-10 * MINUTE, True), (-11 * MINUTE, False)])
def test_time_is_after_the_issue(after: timedelta, holds: bool) -> None:
    assert_rule(rules.time_is_after_the_issue, case(1, at=START + after), holds=holds)


@pytest.mark.parametrize(
    ("control", "holds"),
    [
        (Control.NONE, True),
        (Control.EXPIRED, True),  # its first stamp may have come late; the day of acceptance itself is judged
        (Control.INVALIDATED, False),
        (Control.LOST, False),
        (Control.STOLEN, False),
    ],
)
def test_carnet_is_in_circulation(control: Control, holds: bool) -> None:
    assert_rule(rules.carnet_is_in_circulation, case(1, control=control, control_at=START), holds=holds)


@pytest.mark.parametrize(
    ("status", "holds"), [(CarnetStatus.TERMINATED, True), (CarnetStatus.RETURNED, False)]
)
def test_carnet_was_not_returned(status: CarnetStatus, holds: bool) -> None:
    assert_rule(rules.carnet_was_not_returned, case(8, status=status), holds=holds)


@pytest.mark.parametrize(
    ("page", "days_late", "holds"),
    [(1, 0, True), (1, 1, False), (2, 1, True), (3, 100, True), (8, 100, True)],
)
def test_carnet_is_accepted_in_time(page: int, days_late: int, holds: bool) -> None:
    """Once accepted in time the carnet is good to the end (art. 9(2))."""
    at = START + (30 + days_late) * DAY

    assert_rule(rules.carnet_is_accepted_in_time, case(page, at=at), holds=holds)


@pytest.mark.parametrize(
    ("page", "status", "holds"),
    [
        (1, HolderStatus.AUTHORISED, True),
        (1, HolderStatus.SUSPENDED, False),
        (3, HolderStatus.WITHDRAWN, False),
        (4, HolderStatus.WITHDRAWN, True),  # what is under way may come to its end
    ],
)
def test_holder_is_authorised(page: int, status: HolderStatus, holds: bool) -> None:
    assert_rule(rules.holder_is_authorised, case(page, holder_status=status), holds=holds)


@pytest.mark.parametrize(
    ("page", "exclusion", "holds"),
    [
        (3, Exclusion("KZ", TODAY, None), False),
        (3, Exclusion("KZ", TODAY, TODAY + 30 * DAY), False),
        (3, Exclusion("KZ", LONG_AGO, TODAY + DAY), True),  # the page is reached on the day after
        (3, Exclusion("KZ", TODAY + 30 * DAY, None), True),
        (3, Exclusion("UZ", TODAY, None), True),
        (4, Exclusion("KZ", TODAY, None), True),
    ],
)
def test_holder_is_not_excluded_here(page: int, exclusion: Exclusion, holds: bool) -> None:
    assert_rule(rules.holder_is_not_excluded_here, case(page, exclusions=[exclusion]), holds=holds)


@pytest.mark.parametrize(
    ("page", "valid_from", "valid_to", "holds"),
    [
        (1, TODAY, None, True),
        (1, TODAY, TODAY + DAY, True),
        (1, LONG_AGO, TODAY, False),
        (1, TODAY + DAY, TODAY + 2 * DAY, False),
        (3, LONG_AGO, TODAY, True),
    ],
)
def test_guarantee_is_in_force_at_acceptance(
    page: int, valid_from: date, valid_to: date | None, holds: bool
) -> None:
    this = case(page, guarantee_valid_from=valid_from, guarantee_valid_to=valid_to)

    assert_rule(rules.guarantee_is_in_force_at_acceptance, this, holds=holds)


@pytest.mark.parametrize(
    ("page", "until", "holds"),
    [(1, TODAY, True), (1, TODAY - DAY, False), (1, None, True), (3, TODAY - DAY, True)],
)
def test_approval_is_valid_when_the_transport_starts(page: int, until: date | None, holds: bool) -> None:
    assert_rule(
        rules.approval_is_valid_when_the_transport_starts, case(page, approval_until=until), holds=holds
    )


@pytest.mark.parametrize(
    ("route", "page", "by", "holds"),
    [
        (ROUTE, 3, "KZHOR001", True),
        (ROUTE, 3, "KZALA001", False),
        (ROUTE, 4, "KZQZQ001", True),
        (ROUTE, 8, "TJDUS001", False),
        (LOADS_TWICE, 2, "CNHRS001", True),  # a second office of departure ends one pair and begins the next
        (LOADS_TWICE, 4, "CNURC001", False),
    ],
)
def test_office_is_approved_for_the_role(route: Route, page: int, by: str, holds: bool) -> None:
    assert_rule(rules.office_is_approved_for_the_role, case(page, by=by, route=route), holds=holds)


@pytest.mark.parametrize(
    ("page", "stamped", "holds"),
    [(1, [], True), (2, [1], True), (2, [], False), (5, [1, 2, 4], False), (8, [1, 2, 3, 4, 5, 6, 7], True)],
)
def test_earlier_pages_are_stamped(page: int, stamped: list[int], holds: bool) -> None:
    this = case(page, before=[certify(each) for each in stamped])

    assert_rule(rules.earlier_pages_are_stamped, this, holds=holds)


@pytest.mark.parametrize(
    ("page", "at", "before", "holds"),
    [
        (4, when(4), clean(3), True),
        (4, when(3) - HOUR, clean(3), False),
        (3, when(3), [certify(4)], True),
        (3, when(5), [certify(4)], False),
        (4, when(3), clean(3), True),
    ],
)
def test_pages_follow_the_journey(page: int, at: datetime, before: list[Certification], holds: bool) -> None:
    assert_rule(rules.pages_follow_the_journey, case(page, at=at, before=before), holds=holds)


@pytest.mark.parametrize(
    ("page", "by", "left_by", "holds"),
    [
        (3, "KZHOR001", certify(2), True),
        (5, "UZYAL001", certify(4), True),
        (5, "UZYAL001", certify(4, office="KZHOR001"), False),
        (5, "UZGIS001", certify(4, office="KZHOR001"), True),  # no crossing is known for this office
        (5, "UZYAL001", certify(4, office="KZHOR001", is_suspension=True), True),
        (6, "UZYAL001", certify(4, office="KZHOR001"), True),
        (1, "CNURC001", certify(2), True),
    ],
)
def test_entry_faces_the_last_exit(page: int, by: str, left_by: Certification, holds: bool) -> None:
    assert_rule(rules.entry_faces_the_last_exit, case(page, by=by, before=[left_by]), holds=holds)


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        (certify(4), True),
        (certify(4, seals_found=SEALS[::-1]), True),
        (certify(4, seals_found=None), True),
        (certify(4, seals_found=SEALS[:1]), False),
        (certify(4, seals_found=("Z-1", "Z-2")), False),
        (certify(4, seals_found=()), False),
        (certify(4, seals_found=(), seals_intact=False), True),  # broken seals are their own rule
    ],
)
def test_seals_are_those_expected(said: Certification, holds: bool) -> None:
    assert_rule(rules.seals_are_those_expected, case(4, said=said), holds=holds)


@pytest.mark.parametrize(
    ("intact", "reported_at", "holds"),
    [(True, None, True), (None, None, True), (False, None, False), (False, when(3) + HOUR, True)],
)
def test_broken_seals_have_a_certified_report(
    intact: bool | None, reported_at: datetime | None, holds: bool
) -> None:
    reports = [report("KZALA001", reported_at)] if reported_at else []
    this = case(4, said=certify(4, seals_intact=intact), reports=reports)

    assert_rule(rules.broken_seals_have_a_certified_report, this, holds=holds)


@pytest.mark.parametrize(
    ("vehicles", "holds"),
    [(None, True), ((PLATE,), True), (("99ZZ999",), False), ((PLATE, "99ZZ999"), False)],
)
def test_vehicles_are_those_of_the_carnet(vehicles: tuple[str, ...] | None, holds: bool) -> None:
    this = case(4, said=certify(4, vehicles=vehicles))

    assert_rule(rules.vehicles_are_those_of_the_carnet, this, holds=holds)


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        (certify(4), True),
        (certify(4, packages=None), True),
        (certify(4, packages=PACKAGES - 1), False),
        (certify(4, packages=PACKAGES + 1), False),
        (certify(4, packages=20, is_partial=True), True),
    ],
)
def test_packages_are_those_expected(said: Certification, holds: bool) -> None:
    assert_rule(rules.packages_are_those_expected, case(4, said=said), holds=holds)


@pytest.mark.parametrize(("reservation", "holds"), [("", True), ("two cartons wet", False)])
def test_termination_is_without_reservation(reservation: str, holds: bool) -> None:
    this = case(4, said=certify(4, reservation=reservation))

    assert_rule(rules.termination_is_without_reservation, this, holds=holds)


@pytest.mark.parametrize(
    ("page", "after_limit", "holds"),
    [(2, 24 * HOUR, True), (2, 24 * HOUR + MINUTE, False), (3, 240 * HOUR, True)],
)
def test_time_limit_is_kept(page: int, after_limit: timedelta, holds: bool) -> None:
    limit = when(1) + 48 * HOUR
    before = [certify(1, time_limit_at=limit), *clean()[1 : page - 1]]

    assert_rule(rules.time_limit_is_kept, case(page, at=limit + after_limit, before=before), holds=holds)


@pytest.mark.parametrize(("hours", "holds"), [(10, True), (8, True), (7, False)])
def test_distance_can_be_driven_in_the_time(hours: int, holds: bool) -> None:
    """Khorgos to Konysbaeva is a little over 930 km in a straight line."""
    this = case(4, said=certify(4, when(3) + hours * HOUR))

    assert_rule(rules.distance_can_be_driven_in_the_time, this, holds=holds)


@pytest.mark.parametrize(
    ("page", "days", "suspended", "holds"),
    [(5, 30, True, True), (5, 31, True, False), (5, 31, False, True), (6, 31, True, True)],
)
def test_suspension_was_not_too_long(page: int, days: int, suspended: bool, holds: bool) -> None:
    this = case(page, at=when(4) + days * DAY, before=[certify(4, is_suspension=suspended)])

    assert_rule(rules.suspension_was_not_too_long, this, holds=holds)


@pytest.mark.parametrize(
    ("page", "refused", "holds"), [(3, {3}, False), (3, set(), True), (3, {5}, True), (4, {3}, True)]
)
def test_start_was_not_refused_before(page: int, refused: set[int], holds: bool) -> None:
    this = case(page, before=[], refused_pages=frozenset(refused))

    assert_rule(rules.start_was_not_refused_before, this, holds=holds)


@pytest.mark.parametrize(
    ("page", "by", "holds"),
    [(3, "KZHOR001", True), (3, "KZQZQ001", False), (8, "TJDYU001", True), (9, "CNURC001", True)],
)
def test_office_is_the_one_planned(page: int, by: str, holds: bool) -> None:
    assert_rule(rules.office_is_the_one_planned, case(page, by=by, before=[]), holds=holds)


def finding(level: Level, code: str = "any") -> Finding:
    return Finding(code, level, "art. 1", "a sentence", {"page": 3})


class TestVerdictOf:
    @pytest.mark.parametrize(
        ("levels", "verdict"),
        [
            ([], Verdict.GO),
            ([Level.NOTE], Verdict.GO),
            ([Level.NOTE, Level.LOOK], Verdict.LOOK),
            ([Level.LOOK, Level.STOP], Verdict.STOP),
        ],
    )
    def test_is_the_weightiest_finding(self, levels: list[Level], verdict: Verdict) -> None:
        assert verdict_of([finding(level) for level in levels]) == verdict


class TestRefusal:
    def test_gives_the_first_reason_its_code_and_lists_them_all(self) -> None:
        error = refusal(Refused, [finding(Level.STOP, "first"), finding(Level.STOP, "second")])

        assert error.error_code == "first"
        assert [reason["code"] for reason in error.facts["reasons"]] == ["first", "second"]
        assert error.facts["page"] == 3


class TestExpectedPage:
    @pytest.mark.parametrize(
        ("by", "stamped", "page"),
        [
            ("CNURC001", 0, 1),
            ("CNHRS001", 1, 2),
            ("KZQZQ001", 3, 4),
            ("UZGIS001", 4, 5),  # not planned, but it may let in
            ("KZALA001", 2, 3),  # neither planned nor of the role: the lowest free page of the territory
            ("CNURC001", 2, None),
            ("TJDYU001", 7, 8),
        ],
    )
    def test_is_the_page_this_office_would_stamp_next(self, by: str, stamped: int, page: int | None) -> None:
        facts = project(plan_of(), clean(stamped))

        assert expected_page(office(by), carnet_on_record(), facts) == page

    def test_is_none_off_the_route(self) -> None:
        route = ROUTE[:2]

        assert expected_page(office("TJDYU001"), carnet_on_record(route), project(plan_of(route), [])) is None


class TestCase:
    @pytest.mark.parametrize(
        ("page", "role"), [(1, "departure"), (2, "exit"), (3, "entry"), (8, "destination")]
    )
    def test_knows_the_role_of_a_page(self, page: int, role: str) -> None:
        assert case(page).role == OfficeRole(role)

    @pytest.mark.parametrize("page", [-3, 0, 9])
    def test_has_neither_operation_nor_role_off_the_route(self, page: int) -> None:
        this = case(page, before=[])

        assert (this.operation, this.own, this.role) == (None, None, "")
