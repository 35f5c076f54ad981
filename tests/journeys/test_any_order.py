"""Invariant 1: order does not matter. The same evidence, delivered in any order, in any batches, more than once, with
reconciliation running at any moment in between, ends in the same facts, statuses, liability and irregularities."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.evidence import Journey
from tests.journeys.delivering import EVERYTHING_ARRIVED, Copy, Post, journeys_and_posts
from tests.world import HOUR, START, World, add_kyrgyzstan, reconcile

NO_SHRINKING = set(Phase) - {Phase.shrink, Phase.explain}  # a smaller story is not worth ten minutes
WITHDRAWN = st.sampled_from([""] * 5 + ["lost", "stolen", "invalidated"])


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
        journey, shuffled = journey_and_posts
        in_order = sorted(journey.everything, key=lambda thing: (thing.occurred_at, thing.id))
        straight, crooked, beside = Copy(world), Copy(world), Copy(world)
        if withdrawn:
            for copy in (straight, crooked, beside):
                copy.withdraw(withdrawn, START + withdrawn_after * HOUR)

        straight.receive(Post(in_order, None))
        for post in shuffled:
            crooked.receive(post, beside)
        reconcile(EVERYTHING_ARRIVED)

        assert crooked.picture == straight.picture
        assert beside.picture == straight.picture
