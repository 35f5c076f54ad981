"""The rules of issuing, each by a test of its own name: rows where it holds and rows where it does not. No database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from carnets import rules
from carnets.choices import CarnetKind
from carnets.rules import ISSUE, Application, DeclaredGoods, DeclaredVehicle
from guarantees.choices import HolderStatus
from guarantees.clocks import Period
from guarantees.models import Association, Guarantee, Holder
from tests.evidence import Route, legs_of, planned
from tests.world import ROUTE
from tir.kernel.rules import Facts

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
OURS, THEIRS = Association(pk=1, code="071"), Association(pk=2, code="085")
ROUTE_INSIDE_CHINA = (("CNURC001", "CNHRS001"), ("CNHRS001", "CNURC001"))


def holder(**changes: Any) -> Holder:
    """A holder in good standing."""
    standing = {
        "pk": 10,
        "reference": "CHN/071/1001",
        "association": OURS,
        "authorised_from": date(2020, 1, 1),
    }
    return Holder(**{**standing, **changes})


def guarantee(**changes: Any) -> Guarantee:
    """A guarantee in force, for any holder."""
    terms = {"pk": 20, "reference": "CN-2026-0001", "association": OURS, "valid_from": date(2026, 1, 1)}
    return Guarantee(**{**terms, **changes})


def vehicle(expires: date = TODAY + 400 * DAY) -> DeclaredVehicle:
    return DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", expires)


def goods(hs_code: str = "620520") -> DeclaredGoods:
    return DeclaredGoods("Cotton shirts", 420, "CT", Decimal("8200.5"), hs_code)


def application(route: Route = ROUTE, **changes: Any) -> Application:
    """An application that every rule accepts; `changes` break it."""
    sound = Application(
        association=OURS,
        holder=holder(),
        guarantee=guarantee(),
        vouchers=14,
        acceptance_until=TODAY + 30 * DAY,
        vehicles=[vehicle()],
        legs=legs_of(route),
        goods=[goods()],
        issued_on=TODAY,
        acceptance=Period(days=60),
    )
    return replace(sound, **changes)


def assert_rule(rule: Callable[[Application], Facts | None], case: Application, *, holds: bool) -> None:
    """The rule holds, or its sentence names every fact that breaks it."""
    finding = next(each for each in ISSUE if each.check is rule).judge(case)
    assert (finding is None) is holds
    if finding:
        assert finding.facts["field"]
        assert not set("{}") & set(finding.detail), finding.detail


class TestIssue:
    def test_accepts_a_sound_application(self) -> None:
        assert ISSUE.findings(application()) == []

    def test_names_every_broken_rule_at_once(self) -> None:
        case = application(vouchers=5, acceptance_until=TODAY - DAY, goods=[goods("2402")])

        assert [finding.code for finding in ISSUE.findings(case)] == [
            "acceptance_date_out_of_range",
            "voucher_count_unknown",
            "too_few_vouchers",
            "hs_code_form",
            "goods_need_tobacco_alcohol_carnet",
        ]


@pytest.mark.parametrize(("association", "holds"), [(OURS, True), (THEIRS, False)])
def test_holder_belongs_to_the_association(association: Association, holds: bool) -> None:
    case = application(holder=holder(association=association))

    assert_rule(rules.holder_belongs_to_the_association, case, holds=holds)


@pytest.mark.parametrize(
    ("status", "authorised_from", "holds"),
    [
        (HolderStatus.AUTHORISED, TODAY, True),
        (HolderStatus.AUTHORISED, TODAY + DAY, False),
        (HolderStatus.SUSPENDED, date(2020, 1, 1), False),
        (HolderStatus.WITHDRAWN, date(2020, 1, 1), False),
        (HolderStatus.ENDED, date(2020, 1, 1), False),
    ],
)
def test_holder_is_authorised(status: HolderStatus, authorised_from: date, holds: bool) -> None:
    case = application(holder=holder(status=status, authorised_from=authorised_from))

    assert_rule(rules.holder_is_authorised, case, holds=holds)


@pytest.mark.parametrize(("excluded_in", "holds"), [(frozenset(), True), (frozenset({"UZ", "TJ"}), False)])
def test_holder_is_not_excluded_on_the_route(excluded_in: frozenset[str], holds: bool) -> None:
    case = application(excluded_in=excluded_in)

    assert_rule(rules.holder_is_not_excluded_on_the_route, case, holds=holds)


@pytest.mark.parametrize(
    ("allowed", "outstanding", "holds"),
    [(None, 900, True), (3, 2, True), (3, 3, False), (3, 4, False), (0, 0, False)],
)
def test_holder_quota_is_not_used_up(allowed: int | None, outstanding: int, holds: bool) -> None:
    case = application(quota=rules.Quota(allowed=allowed, outstanding=outstanding))

    assert_rule(rules.holder_quota_is_not_used_up, case, holds=holds)


@pytest.mark.parametrize(("association", "holds"), [(OURS, True), (THEIRS, False)])
def test_guarantee_belongs_to_the_association(association: Association, holds: bool) -> None:
    case = application(guarantee=guarantee(association=association))

    assert_rule(rules.guarantee_belongs_to_the_association, case, holds=holds)


@pytest.mark.parametrize(("holder_id", "holds"), [(None, True), (10, True), (11, False)])
def test_guarantee_covers_the_holder(holder_id: int | None, holds: bool) -> None:
    case = application(guarantee=guarantee(holder_id=holder_id))

    assert_rule(rules.guarantee_covers_the_holder, case, holds=holds)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "holds"),
    [
        (TODAY, None, True),
        (TODAY, TODAY + DAY, True),
        (TODAY + DAY, None, False),
        (TODAY - DAY, TODAY, False),
    ],
)
def test_guarantee_is_in_force(valid_from: date, valid_to: date | None, holds: bool) -> None:
    case = application(guarantee=guarantee(valid_from=valid_from, valid_to=valid_to))

    assert_rule(rules.guarantee_is_in_force, case, holds=holds)


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (60, True), (61, False)])
def test_acceptance_date_is_within_the_period(days: int, holds: bool) -> None:
    case = application(acceptance_until=TODAY + days * DAY)

    assert_rule(rules.acceptance_date_is_within_the_period, case, holds=holds)


@pytest.mark.parametrize(
    ("vouchers", "holds"),
    [(4, True), (6, True), (14, True), (20, True), (0, False), (2, False), (8, False), (22, False)],
)
def test_voucher_count_exists(vouchers: int, holds: bool) -> None:
    assert_rule(rules.voucher_count_exists, application(vouchers=vouchers), holds=holds)


@pytest.mark.parametrize(("vouchers", "holds"), [(4, False), (6, False), (14, True)])
def test_vouchers_are_enough(vouchers: int, holds: bool) -> None:
    """The sample route of domain.md 8 takes four pairs: neither 4 nor 6 vouchers do."""
    assert_rule(rules.vouchers_are_enough, application(vouchers=vouchers), holds=holds)


@pytest.mark.parametrize(("route", "holds"), [(ROUTE, True), (ROUTE_INSIDE_CHINA, False)])
def test_a_frontier_is_crossed(route: Route, holds: bool) -> None:
    assert_rule(rules.a_frontier_is_crossed, application(route), holds=holds)


@pytest.mark.parametrize(
    ("route", "holds"),
    [
        (ROUTE, True),
        ((("CNURC001", "CNHRS001"), ("KZHOR001", "KGBIS001")), True),  # one union, one territory
        ((("CNURC001", "KZHOR001"), ("KZHOR001", "KZALA001")), False),
        ((("CNURC001", "CNHRS001"), ("KZHOR001", "UZTAS001")), False),
    ],
)
def test_each_operation_stays_in_one_territory(route: Route, holds: bool) -> None:
    assert_rule(rules.each_operation_stays_in_one_territory, application(route), holds=holds)


@pytest.mark.parametrize(
    ("route", "holds"),
    [
        (ROUTE, True),
        ((("KZHOR001", "KZQZQ001"), ("UZYAL001", "UZTAS001")), False),  # a frontier post for departure
        ((("CNURC001", "CNURC001"), ("KZHOR001", "KZALA001")), False),  # an inland office for exit
        ((("CNURC001", "CNHRS001"), ("KZALA001", "KZALA001")), False),  # an inland office for entry
        ((("CNURC001", "CNHRS001"), ("KZHOR001", "KZQZQ001")), False),  # a frontier post for destination
        (
            (("CNURC001", "CNHRS001"), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001")),
            True,
        ),  # loads more there
    ],
)
def test_offices_are_approved_for_their_roles(route: Route, holds: bool) -> None:
    assert_rule(rules.offices_are_approved_for_their_roles, application(route), holds=holds)


@pytest.mark.parametrize(("unloading_places", "holds"), [(7, True), (8, False)])
def test_departure_and_destination_offices_are_at_most_eight(unloading_places: int, holds: bool) -> None:
    """One office of departure and so many of destination, each with a voucher pair of its own."""
    offices = [replace(planned("KZALA001"), code=f"KZALA{number:03}") for number in range(unloading_places)]
    entry = legs_of([("KZHOR001", "KZALA001")])[0]
    legs = (
        *legs_of(ROUTE[:1]),
        replace(entry, end=offices[0]),
        *(replace(entry, start=here, end=there) for here, there in zip(offices, offices[1:], strict=False)),
    )

    case = application(legs=legs, vouchers=20)
    departures = {"CNURC001", *(office.code for office in offices)}

    assert rules.departure_and_destination_offices_are_at_most_eight(case) == (
        None if holds else {"field": "itinerary", "count": len(departures), "most": 8}
    )


@pytest.mark.parametrize(
    ("expires", "is_heavy_or_bulky", "holds"),
    [(TODAY, False, True), (TODAY - DAY, False, False), (TODAY - DAY, True, True)],
)
def test_approval_certificates_are_valid(expires: date, is_heavy_or_bulky: bool, holds: bool) -> None:
    case = application(vehicles=[vehicle(), vehicle(expires)], is_heavy_or_bulky=is_heavy_or_bulky)

    assert_rule(rules.approval_certificates_are_valid, case, holds=holds)


@pytest.mark.parametrize(
    ("containers", "holds"),
    [
        ((), True),
        (("CSQU3054383", "TEXU3070079"), True),
        (("CSQU3054383", "CSQU3054384"), False),
        (("CSQ03054383",), False),
        (("CSQU305438",), False),
    ],
)
def test_container_numbers_have_their_check_digit(containers: tuple[str, ...], holds: bool) -> None:
    assert_rule(
        rules.container_numbers_have_their_check_digit, application(containers=containers), holds=holds
    )


@pytest.mark.parametrize(
    ("hs_code", "holds"),
    [
        ("", True), ("620520", True), ("62052000", True), ("6205200000", True),
        ("6205", False), ("6205201", False), ("62052A", False), ("٦٢٠٥٢٠", False), ("62052000000", False),
    ],
)  # fmt: skip
def test_commodity_codes_are_well_formed(hs_code: str, holds: bool) -> None:
    case = application(goods=[goods(), goods(hs_code)])

    assert_rule(rules.commodity_codes_are_well_formed, case, holds=holds)


@pytest.mark.parametrize(
    ("hs_code", "kind", "holds"),
    [
        ("220820", CarnetKind.ORDINARY, False),
        ("240220", CarnetKind.ORDINARY, False),
        ("240220", CarnetKind.TOBACCO_ALCOHOL, True),
        ("220110", CarnetKind.ORDINARY, True),
        ("", CarnetKind.ORDINARY, True),
    ],
)
def test_tobacco_and_alcohol_travel_under_their_own_carnet(
    hs_code: str, kind: CarnetKind, holds: bool
) -> None:
    case = application(goods=[goods(hs_code)], kind=kind)

    assert_rule(rules.tobacco_and_alcohol_travel_under_their_own_carnet, case, holds=holds)
