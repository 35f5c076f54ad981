"""A walk that takes up where the last one ended comes to what a walk from the beginning does."""

from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from carnets.choices import StopAction
from carnets.projection.alignment import align
from carnets.projection.facts import projection_of
from carnets.projection.standing import standing_certifications
from carnets.projection.walk import page_ahead
from tests.carnets.projection.test_alignment import PASSING, TO_ALMATY
from tests.evidence import SEALS, Journey, certify, clean, happened_at, journeys, plan_of, when
from tests.world import HOUR, ROUTE, TWO_UNLOADS


class TestGoingOn:
    """A walk that takes up where the last one ended, which is every stamp's but the first."""

    @settings(max_examples=300)
    @given(journeys(), st.booleans(), st.data())
    def test_comes_to_what_a_walk_from_the_beginning_does(
        self, journey: Journey, is_in_order: bool, data: st.DataObject
    ) -> None:
        stamps = journey.certifications
        arrived = sorted(stamps, key=happened_at) if is_in_order else data.draw(st.permutations(stamps))
        plan = plan_of(data.draw(st.sampled_from([ROUTE, TWO_UNLOADS])))

        before = None
        for count in range(len(arrived) + 1):
            anew = projection_of(plan, arrived[:count])
            before = projection_of(plan, arrived[:count], before=before)

            assert before.facts == anew.facts
            assert before.journey.sides == anew.journey.sides
            assert (before.seals, before.journey.packages, before.journey.aboard) == (
                anew.seals,
                anew.journey.packages,
                anew.journey.aboard,
            )

    def test_happens_for_each_page_in_its_turn_and_for_no_other(self) -> None:
        plan, way = plan_of(), clean()
        alignments = [align(plan, standing_certifications(way[:count])) for count in range(len(way) + 1)]

        ahead = [page_ahead(*two) for two in pairwise(alignments)]
        assert ahead == list(range(1, 9))
        skipped = align(plan, standing_certifications([*way[:3], *way[4:]]))
        assert page_ahead(skipped, alignments[-1]) is None  # page 4, when page 8 is known

    def test_does_not_where_the_next_page_tells_what_was_done_on_the_last(self) -> None:
        """Page 4 looked like an unload until the lorry entered another territory."""
        plan, way = plan_of(TO_ALMATY), [*clean(3, TO_ALMATY), PASSING]
        before = projection_of(plan, way)
        entered = [*way, certify(5, office="UZYAL001")]

        after = projection_of(plan, entered, before=before)

        assert before.alignment.does(4) is StopAction.UNLOAD
        assert after.alignment.does(4) is StopAction.EXIT
        assert after.facts == projection_of(plan, entered).facts

    def test_does_not_where_an_earlier_page_says_something_else_now(self) -> None:
        plan, way = plan_of(), clean(3)
        grown = [*way, certify(2, when(2) - HOUR, seals_found=("B-1",), id=UUID(int=77)), certify(4)]

        after = projection_of(plan, grown, before=projection_of(plan, way))

        assert after.facts[0].termination.seals_found == ("B-1",)
        assert after.facts == projection_of(plan, grown).facts

    def test_leaves_what_was_known_before_as_it_was(self) -> None:
        """A stamp is judged, refused and corrected: each try begins at the same point."""
        plan, way = plan_of(), clean(3)
        before = projection_of(plan, way)
        tries: list[dict[str, Any]] = [
            {"seals_found": ("B-1",), "packages": 7},
            {"packages": None, "vehicles": ("99ZZ999",)},
            {"seals_removed": SEALS},
        ]

        for said in tries:
            stamped = [*way, certify(4, **said)]
            assert projection_of(plan, stamped, before=before) == projection_of(plan, stamped)
        assert before == projection_of(plan, way)
