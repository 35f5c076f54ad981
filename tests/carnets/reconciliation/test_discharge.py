"""Discharge is earned (invariant 6): each thing that the two records must agree on is broken alone and bars the
operation's discharge, and with everything in agreement the operation is discharged."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from carnets import irregularities, issuing
from carnets.choices import OperationStatus
from carnets.models import Carnet
from carnets.projection.facts import OperationFacts, SideFacts, project
from carnets.rules import DeclaredVehicle
from guarantees.models import Guarantee, HolderExclusion
from tests.evidence import Journey, journeys, plan_of
from tests.journeys.delivering import EVERYTHING_ARRIVED, Copy, Post
from tests.world import HOUR, START, World, add_kyrgyzstan, reconcile

DAY = timedelta(days=1)
LATER = START + 60 * DAY
LIMIT = START + 32 * HOUR
NO_SHRINKING = set(Phase) - {Phase.shrink, Phase.explain}

But = dict[int, dict[str, Any] | None]


def at(hour: float) -> dict[str, Any]:
    return {"at": START + hour * HOUR}


def delayed(hours: int, **said: Any) -> But:
    """The lorry reached page 4 so many hours after hour 32, and the later offices after that."""
    rest: But = {page: at(32 + hours + 10 * (page - 4)) for page in range(5, 9)}
    return {3: {"time_limit_at": LIMIT}, 4: {**at(32 + hours), **said}, **rest}


def sealed_with(*seals: str, since: int) -> But:
    """From that page on these seals are found: one change of seals, whoever looks later."""
    return {page: {"seals_found": seals} for page in range(since, 9)}


# What is broken, and which operations it bars. Pages 3 and 4 are the second operation, in Kazakhstan.
BROKEN: dict[str, tuple[But, set[int]]] = {
    "no start": ({3: None}, {2}),
    "no termination": ({4: None}, {2}),
    "neither": ({3: None, 4: None}, {2}),
    "terminated before it started": ({3: at(42), 4: at(41)}, {2}),
    "started before the operation before it ended": ({2: at(35), 3: at(34)}, {2}),
    "another seal found at entry": (sealed_with("A-10023", "Z-9", since=3), {2}),
    "a seal missing at exit": (sealed_with("A-10023", since=4), {2}),
    "seals broken at entry without a report": ({3: {"seals_intact": False}}, {2}),
    "seals broken at exit without a report": ({4: {"seals_intact": False}}, {2}),
    "packages short": ({4: {"packages": 419}}, {2}),
    "packages over": ({4: {"packages": 421}}, {2}),
    "packages short where all are unloaded": ({8: {"packages": 419}}, {4}),
    "another vehicle at entry": ({3: {"vehicles": ("99ZZ999",)}}, {2}),
    "another vehicle at exit": ({4: {"vehicles": ("99ZZ999",)}}, {2}),
    "a reservation": ({4: {"reservation": "two cartons wet"}}, {2}),
    "late beyond the grace": (delayed(25), {2}),
    "entry by an office not approved for it": ({3: {"office": "KZALA001"}}, {2}),
    "exit by an office not approved for it": ({4: {"office": "KZALA001"}, 5: {"office": "UZGIS001"}}, {2}),
    "entry that does not face the exit": ({4: {"office": "KZHOR001"}}, {3}),
    "suspended too long": (
        {4: {"is_suspension": True}, **{page: at(41 + 31 * 24 + 10 * (page - 4)) for page in range(5, 9)}},
        {3},
    ),
}
# What looks like a fault and is explained or tolerated.
EXPLAINED: dict[str, But] = {
    "everything in agreement": {},
    "late within the grace": delayed(24),
    "another approved office of the territory": {5: {"office": "UZGIS001"}},
    "suspended, and resumed in time": {
        4: {"is_suspension": True},
        **{page: at(41 + 29 * 24 + 10 * (page - 4)) for page in range(5, 9)},
    },
    "a part unloaded under way": {
        4: {"packages": 20, "is_partial": True},
        6: {"packages": 400},
        8: {"packages": 400},
    },
}


def discharged(carnet: Carnet) -> set[int]:
    return set(carnet.operations.filter(status=OperationStatus.DISCHARGED).values_list("sequence", flat=True))


def assert_discharged_but(carnet: Carnet, barred: set[int]) -> None:
    """Exactly these operations stay undischarged, and with any of them the guarantee stays charged."""
    carnet.refresh_from_db()
    assert discharged(carnet) == {1, 2, 3, 4} - barred, list(
        carnet.irregularities.values_list("code", "page")
    )
    assert (carnet.status == "discharged") is not bool(barred)
    assert carnet.is_reserved is bool(barred)
    assert Guarantee.objects.get(pk=carnet.guarantee_id).exposure == (carnet.amount if barred else 0)


class TestDischarge:
    @pytest.mark.parametrize("what", BROKEN)
    def test_is_barred_where_this_alone_is_broken(self, world: World, what: str) -> None:
        but, barred = BROKEN[what]
        carnet = world.issue()
        world.travel(carnet, but=but)

        reconcile(LATER)

        assert_discharged_but(carnet, barred)

    @pytest.mark.parametrize("what", EXPLAINED)
    def test_is_given_where_all_agrees(self, world: World, what: str) -> None:
        carnet = world.issue()
        world.travel(carnet, but=EXPLAINED[what])

        reconcile(LATER)

        assert_discharged_but(carnet, set())

    @pytest.mark.parametrize(("page", "office"), [(3, "KZHOR001"), (4, "KZQZQ001")])
    def test_is_given_where_a_certified_report_explains_the_seals(
        self, world: World, page: int, office: str
    ) -> None:
        carnet = world.issue()
        broken = {page: {"seals_intact": False, "seals_found": ("A-10023",), "seals_affixed": ("N-1",)}}
        rest = {later: {"seals_found": ("A-10023", "N-1")} for later in range(page + 1, 9)}
        world.travel(carnet, but={**broken, **rest})
        reconcile(LATER)
        assert_discharged_but(carnet, {2})

        world.report(carnet, office, START + (1 + 10 * page) * HOUR, now=LATER, seals_broken=["A-10024"])
        reconcile(LATER + HOUR)

        assert_discharged_but(carnet, set())

    @pytest.mark.parametrize("control", ["lost", "stolen"])
    def test_is_barred_from_the_control_list_on(self, world: World, control: str) -> None:
        """What was certified before the carnet was reported stays good."""
        carnet = world.issue()
        issuing.report_lost(
            number=carnet.number, reason="by a test", by=world.staff["CN"], at=START + 25 * HOUR,
            is_stolen=control == "stolen",
        )  # fmt: skip
        world.travel(carnet, is_offline=True)

        reconcile(LATER)

        assert discharged(carnet) == {1}

    def test_is_barred_where_two_stamps_claim_one_page(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet)
        world.stamp(carnet, 4, START + 42 * HOUR, is_offline=True)

        reconcile(LATER)

        assert_discharged_but(carnet, {2})

    def test_is_barred_where_the_holder_is_excluded(self, world: World) -> None:
        carnet = world.issue()
        HolderExclusion.objects.create(
            holder=world.holder, country="KZ", valid_from=START.date(), reason="by a test"
        )
        world.travel(carnet, is_offline=True)

        reconcile(LATER)

        assert_discharged_but(carnet, {2})

    @pytest.mark.parametrize(
        "changes",
        [
            {"acceptance_until": START.date()},
            {"vehicles": [DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", START.date())]},
        ],
        ids=["accepted after the last day", "approval expired before the start"],
    )
    def test_is_barred_where_the_transport_should_not_have_started(
        self, world: World, changes: dict[str, Any]
    ) -> None:
        carnet = world.issue(**changes)
        world.travel(carnet, since=START + DAY, is_offline=True)

        reconcile(START + 6 * DAY)

        assert_discharged_but(carnet, {1})

    @pytest.mark.parametrize(
        ("what", "is_discharged"),
        [("a reservation", True), ("packages short", True), ("no start", False), ("no termination", False)],
    )
    def test_is_given_where_customs_accept_the_facts_but_never_without_both_records(
        self, world: World, what: str, is_discharged: bool
    ) -> None:
        but, barred = BROKEN[what]
        carnet = world.issue()
        world.travel(carnet, but=but)
        reconcile(LATER)
        for item in carnet.irregularities.filter(status="open"):
            irregularities.resolve(
                irregularity_id=item.pk, reason="by a test", by=world.staff["CN"], at=LATER
            )

        reconcile(LATER + HOUR)

        assert_discharged_but(carnet, set() if is_discharged else barred)

    def test_is_taken_back_with_the_evidence_it_stood_on(self, world: World) -> None:
        """Discharged for good is only what stays agreed: a later cancellation or rival reopens (art. 10(2))."""
        carnet = world.issue()
        world.travel(carnet)
        reconcile(START + 5 * DAY)
        assert_discharged_but(carnet, set())

        start = carnet.operations.get(sequence=2).start_stamp
        world.stamp(carnet, 3, START + 6 * DAY, cancels=start, cancel_reason="another lorry")
        reconcile(LATER)

        assert_discharged_but(carnet, {2})

    @settings(
        max_examples=60, phases=NO_SHRINKING, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(journey=journeys())
    def test_is_given_exactly_where_it_is_earned(self, world: World, journey: Journey) -> None:
        """Whatever happened on the road, against the invariant said a second time, in Python."""
        if "KG" not in world.associations:
            add_kyrgyzstan(world)
        copy = Copy(world)
        copy.receive(Post(journey.certifications, None))
        reports = [report for report in journey.reports if copy.report(report, at=EVERYTHING_ARRIVED - DAY)]

        reconcile(EVERYTHING_ARRIVED)

        facts = project(plan_of(), journey.certifications, reports)
        earned = {own.sequence for index, own in enumerate(facts) if is_earned(facts, index)}
        assert discharged(copy.carnet) == earned, list(
            copy.carnet.irregularities.values_list("code", "page", "facts")
        )


def is_earned(facts: Sequence[OperationFacts], index: int) -> bool:
    own, before = facts[index], facts[index - 1] if index else None
    start, end = own.start, own.termination
    if start.at is None or end.at is None or own.time_limit_at is None:
        return False
    packages_agree = own.packages in (None, own.packages_expected) or own.packages_expected is None
    in_time = end.at <= own.time_limit_at + 24 * HOUR
    return (
        start.at <= end.at
        and follows(before, own)
        and all(is_sound(side) for side in (start, end))
        and packages_agree
        and not own.reservation
        and in_time
    )


def follows(before: OperationFacts | None, own: OperationFacts) -> bool:
    """The operation begins after the one before it, at an office that faces it, and soon enough after a suspension."""
    if before is None or own.start.at is None:
        return True
    left = before.termination.at
    in_order = own.start.at >= (left or before.start.at or own.start.at)
    if left is None:
        return in_order
    if before.is_suspended:
        return in_order and own.start.at <= left + 30 * DAY
    return in_order and (not own.partners or before.termination.office in own.partners)


def is_sound(side: SideFacts) -> bool:
    if side.seals_intact is False:
        sealed = side.is_reported
    else:
        sealed = None in (side.seals_found, side.seals_expected) or side.seals_found == side.seals_expected
    return sealed and side.vehicles_agree and side.is_approved and side.rivals == 0
