"""Invariant 1: order does not matter. The same evidence, delivered in any order, in any batches, more than once, ends
in the same facts, statuses, liability and irregularities. What a machine has discharged it takes back for no latecomer.
"""

from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from carnets.models import Carnet
from checkpoints.models import Stamp
from tests.evidence import Journey
from tests.journeys.delivering import (
    EVERYTHING_ARRIVED,
    Copy,
    Post,
    differences,
    in_order,
    journeys_and_posts,
    let_stamps_come_late,
)
from tests.world import HOUR, START, World, add_kyrgyzstan, flagged, reconcile

NO_SHRINKING = set(Phase) - {Phase.shrink, Phase.explain}  # a smaller story is not worth ten minutes
WITHDRAWN = st.sampled_from([""] * 5 + ["lost", "stolen", "invalidated"])
DAY = timedelta(days=1)


class TestDelivery:
    @settings(
        max_examples=40, phases=NO_SHRINKING, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        journey_and_posts=journeys_and_posts(),
        withdrawn=WITHDRAWN,
        withdrawn_after=st.sampled_from([0, 25, 60, 200]),
    )
    def test_in_any_order_ends_the_same(
        self,
        world: World,
        journey_and_posts: tuple[Journey, list[Post]],
        withdrawn: str,
        withdrawn_after: int,
    ) -> None:
        """Once in one batch by the clock, once as it came, alone and beside another carnet's stamps."""
        if "KG" not in world.associations:
            add_kyrgyzstan(world)
            let_stamps_come_late()
        journey, shuffled = journey_and_posts
        straight, crooked, beside = Copy(world), Copy(world), Copy(world)
        if withdrawn:
            for copy in (straight, crooked, beside):
                copy.withdraw(withdrawn, START + withdrawn_after * HOUR)

        straight.receive(Post(in_order(journey)))
        for post in shuffled:
            crooked.receive(post, beside)
        reconcile(EVERYTHING_ARRIVED)

        assert differences(crooked.picture, straight.picture) == {}
        assert differences(beside.picture, straight.picture) == {}


class TestALatecomer:
    """A discharge is final (art. 10(2)): what comes after it is flagged, and only a cancelled record takes it back."""

    def discharged(self, world: World) -> Carnet:
        carnet = world.issue()
        world.travel(carnet)
        reconcile(START + 5 * DAY)
        assert self.statuses(carnet) == ["discharged"] * 4
        return carnet

    def statuses(self, carnet: Carnet) -> list[str]:
        return list(carnet.operations.order_by("sequence").values_list("status", flat=True))

    def test_that_claims_a_page_opens_duplicate_and_reopens_nothing(self, world: World) -> None:
        carnet = self.discharged(world)

        world.stamp(carnet, 4, START + 42 * HOUR, is_offline=True, now=START + 4 * DAY)
        reconcile(START + 6 * DAY)

        carnet.refresh_from_db()
        assert flagged(carnet) == {("duplicate", 4)}
        assert (self.statuses(carnet), carnet.status, carnet.is_reserved) == (
            ["discharged"] * 4,
            "discharged",
            False,
        )

    def test_that_claims_a_page_earlier_than_the_stamp_on_it_reopens_nothing_either(
        self, world: World
    ) -> None:
        """It stands from now on, with other packages: that is flagged, and a person decides."""
        carnet = self.discharged(world)

        world.stamp(carnet, 4, START + 40 * HOUR, is_offline=True, now=START + 4 * DAY, packages=7)
        reconcile(START + 6 * DAY)

        assert {("duplicate", 4), ("pkg_short", 4)} <= flagged(carnet)
        assert self.statuses(carnet) == ["discharged"] * 4

    def test_that_takes_a_record_back_reopens_what_it_was_discharged_on(self, world: World) -> None:
        carnet = self.discharged(world)
        stamp = Stamp.objects.get(carnet=carnet, page=4)

        world.stamp(carnet, 4, START + 5 * DAY, cancels=stamp.pk, cancel_reason="another lorry")
        reconcile(START + 6 * DAY)

        carnet.refresh_from_db()
        assert self.statuses(carnet) == ["discharged", "started", "discharged", "discharged"]
        assert carnet.is_reserved
