"""What legal transports asked of the projection: pairs after a detour, bulk that ends in parts, containers loaded one
after the other, a list of seals where none were on record."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from carnets.choices import PackagesBasis, StopAction, UnitKind
from carnets.projection.alignment import LegSpan, align
from carnets.projection.evidence import Certification, OfficeFacts
from carnets.projection.facts import OperationFacts, project
from carnets.projection.plan import Plan, PlannedConsignment, PlannedLeg, PlannedStop, Unit
from carnets.projection.standing import standing_certifications

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
TERRITORIES = {"CN": 1, "KZ": 2, "UZ": 3, "TJ": 4, "AF": 5}
LOAD, EXIT, ENTRY, UNLOAD = StopAction.LOAD, StopAction.EXIT, StopAction.ENTRY, StopAction.UNLOAD
ALL_ROLES = frozenset({"departure", "entry", "exit", "destination"})
# Loaded in China, unloaded at two offices of Tajikistan.
TWO_UNLOADS = (
    ("CN1", LOAD, "CN2", EXIT),
    ("KZ1", ENTRY, "KZ2", EXIT),
    ("TJ1", ENTRY, "TJ2", UNLOAD),
    ("TJ2", UNLOAD, "TJ3", UNLOAD),
)
FIRST_UNLOAD, LAST_UNLOAD = 6, 7  # positions of the two


def plan(legs: tuple[tuple[str, StopAction, str, StopAction], ...] = TWO_UNLOADS, **said: Any) -> Plan:
    positions: dict[tuple[str, StopAction], int] = {}
    made = []
    for start, starts, end, ends in legs:
        stops = [
            PlannedStop(positions.setdefault((office, does), len(positions) + 1), office, does)
            for office, does in ((start, starts), (end, ends))
        ]
        made.append(PlannedLeg(stops[0], stops[1], TERRITORIES[start[:2]]))
    said.setdefault("consignments", (consignment(FIRST_UNLOAD, 60), consignment(LAST_UNLOAD, 40)))
    return Plan(legs=tuple(made), **said)


def consignment(unload: int, packages: int | None, *units: str, load: int = 1) -> PlannedConsignment:
    return PlannedConsignment(load, unload, packages, Decimal(6000), frozenset(units))


def office(code: str) -> OfficeFacts:
    return OfficeFacts(
        code=code, country=code[:2], latitude=40.0, longitude=70.0, roles=ALL_ROLES, faces=(),
        territory_id=TERRITORIES[code[:2]], territory=code[:2], time_zone="UTC", approved_from=date(2000, 1, 1),
    )  # fmt: skip


def stamp(page: int, code: str, **said: Any) -> Certification:
    at = START + page * timedelta(hours=10)
    seals = {"seals_affixed": ("S-1",)} if page == 1 else {"seals_intact": True}
    return Certification(UUID(int=page), page, office(code), at, at, **{**seals, **said})


def facts(of: Plan, *stamps: Certification) -> dict[int, OperationFacts]:
    return {operation.sequence: operation for operation in project(of, stamps)}


class TestPairsAfterADetour:
    """Afghanistan comes in between: every later pair has a number more than its leg."""

    ROAD = (
        stamp(1, "CN1"), stamp(2, "CN2", packages=100), stamp(3, "KZ1"), stamp(4, "KZ2", packages=100),
        stamp(5, "AF1", is_unplanned=True), stamp(6, "AF2", packages=100),
        stamp(7, "TJ1", is_unplanned=True), stamp(8, "TJ2", packages=60),
        stamp(9, "TJ2", is_unplanned=True), stamp(10, "TJ3", packages=40),
    )  # fmt: skip

    def test_take_the_legs_in_turn_and_not_those_of_their_number(self) -> None:
        spans = align(plan(), standing_certifications(self.ROAD)).spans

        assert spans[3] is None
        assert [(span.first, span.last) for k, span in spans.items() if span and k > 3] == [(2, 2), (3, 3)]

    def test_compare_each_unload_with_what_ends_there(self) -> None:
        operations = facts(plan(), *self.ROAD)

        assert (operations[4].packages_expected, operations[4].is_final) == (60, False)
        assert (operations[5].packages_expected, operations[5].is_final) == (40, True)

    def test_take_the_leg_of_their_office_while_the_detour_is_not_on_record(self) -> None:
        unheard = [each for each in self.ROAD if each.page not in (5, 6)]

        assert facts(plan(), *unheard)[4].packages_expected == 60

    def test_take_a_later_leg_where_a_pair_was_left_out(self) -> None:
        """The first unload is not on record, with its pages: the next pair is that of the second."""
        left_out = [*self.ROAD[:4], stamp(7, "TJ2"), stamp(8, "TJ3", packages=40)]

        assert align(plan(), standing_certifications(left_out)).spans[4].first == 3  # type: ignore[union-attr]

    def test_take_a_later_leg_where_a_pair_was_left_out_whatever_office_they_start_at(self) -> None:
        """The pair of the first unload is left out, and the next begins where the plan has no stop."""
        left_out = [*self.ROAD[:4], stamp(7, "TJ9")]
        in_turn = [*self.ROAD[:4], stamp(5, "TJ9")]

        spans = [align(plan(), standing_certifications(road)).spans for road in (left_out, in_turn)]

        assert spans[0][4] == LegSpan(3, 3)
        assert spans[1][3] == LegSpan(2, 2)

    def test_take_no_stop_further_on_whose_office_they_entered_by(self) -> None:
        """The lorry came in at the office where it was to unload last: it is at the first leg there all the same."""
        entered = [*self.ROAD[:4], stamp(5, "TJ2"), stamp(6, "TJ2", packages=60)]

        assert align(plan(), standing_certifications(entered)).spans[3].first == 2  # type: ignore[union-attr]


class TestPairsBeyondThePlan:
    def test_leave_those_before_them_without_evidence(self) -> None:
        operations = facts(plan(), stamp(1, "CN1"), stamp(13, "AF1", is_unplanned=True))

        assert operations[7].has_evidence
        assert not operations[6].has_evidence
        assert operations[6].territory_id is None


BULK = (consignment(FIRST_UNLOAD, None), consignment(LAST_UNLOAD, None))


def upto_first_unload(**said: Any) -> tuple[Certification, ...]:
    before = [stamp(1, "CN1"), stamp(2, "CN2"), stamp(3, "KZ1"), stamp(4, "KZ2"), stamp(5, "TJ1")]
    return (*before, stamp(6, "TJ2", **said))


class TestBulkInParts:
    def test_is_certified_by_the_mass_of_what_ends(self) -> None:
        ended = facts(plan(consignments=BULK), *upto_first_unload(mass_kg=6050))[3]

        assert (ended.are_packages_certified, ended.does_mass_differ) == (True, False)

    def test_differs_where_the_mass_of_all_that_was_on_board_is_stated(self) -> None:
        ended = facts(plan(consignments=BULK), *upto_first_unload(mass_kg=12_000))[3]

        assert ended.does_mass_differ

    def test_is_weighed_also_where_other_goods_are_counted(self) -> None:
        mixed = (consignment(FIRST_UNLOAD, None), consignment(LAST_UNLOAD, 40))
        weighed = facts(plan(consignments=mixed), *upto_first_unload(mass_kg=6000))[3]
        blank = facts(plan(consignments=mixed), *upto_first_unload())[3]

        assert weighed.are_packages_certified
        assert not blank.are_packages_certified

    def test_may_end_in_part_where_the_rest_goes_on(self) -> None:
        road = (
            *upto_first_unload(mass_kg=6000), stamp(7, "TJ2"), stamp(8, "TJ3", mass_kg=2400, goes_on=True),
            stamp(9, "TJ3", is_unplanned=True), stamp(10, "TJ4", mass_kg=3600, ends_here=True),
        )  # fmt: skip
        operations = facts(plan(consignments=BULK), *road)

        for sequence in (4, 5):
            assert operations[sequence].are_packages_certified
            assert not operations[sequence].does_mass_differ


TWO_LOADS = (
    ("CN1", LOAD, "CN2", LOAD),
    ("CN2", LOAD, "CN3", EXIT),
    ("KZ1", ENTRY, "KZ2", UNLOAD),
)
CONTAINERS = (Unit("C1", UnitKind.CONTAINER), Unit("C2", UnitKind.CONTAINER))


class TestContainersLoadedOneAfterTheOther:
    PLAN = plan(
        TWO_LOADS,
        units=CONTAINERS,
        consignments=(consignment(6, 60, "C1"), consignment(6, 40, "C2", load=2)),
    )
    FIRST = (stamp(1, "CN1", containers=("C1",)), stamp(2, "CN2", containers=("C1",), packages=60))

    def test_are_missed_only_once_their_goods_are_loaded(self) -> None:
        operations = facts(self.PLAN, *self.FIRST, stamp(3, "CN2", containers=("C1", "C2")))

        assert operations[1].start.units_missing is None
        assert operations[1].termination.units_missing is None

    def test_are_missed_when_they_were_loaded(self) -> None:
        road = (*self.FIRST, stamp(3, "CN2"), stamp(4, "CN3", containers=("C1",), packages=100))

        assert facts(self.PLAN, *road)[2].termination.units_missing == ("C2",)


class TestAListWhereNoSealIsOnRecord:
    def test_is_the_baseline_of_what_follows(self) -> None:
        """Nobody wrote a seal down; a country added its own and took it off again; then a list is given."""
        nothing = replace(stamp(1, "CN1"), seals_affixed=None)
        road = (
            nothing, replace(stamp(2, "CN2"), packages_basis=PackagesBasis.AS_MANIFEST),
            stamp(3, "KZ1", seals_affixed=("N-1",)), stamp(4, "KZ2", seals_removed=("N-1",), packages=100),
            stamp(5, "TJ1", seals_intact=None, seals_found=("S-1",)), stamp(6, "TJ2", packages=60),
        )  # fmt: skip
        operations = facts(plan(), *road)

        assert operations[1].are_seals_unknown
        assert not operations[3].are_seals_unknown
        assert operations[3].termination.seals_expected == ("S-1",)
