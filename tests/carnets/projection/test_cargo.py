"""How many packages should be aboard and how many terminate, stop by stop: box 26 beside the manifest.

Each transport is a table: what every office certifies, and what each No. 2 should have said.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from carnets.choices import PackagesBasis
from carnets.projection.evidence import Event
from carnets.projection.facts import OperationFacts, project
from tests.evidence import Cargo, Route, certify, control, plan_of, report, when
from tests.world import HOUR, ROUTE, TWO_UNLOADS

# Stops of the plans, counted from 1: load, exit, entry, …
TWO_LOADS = (("CNURC001", "CNHRS001", "load"), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001"))
FORTY_AND_SIXTY: Cargo = [(1, 5, 40), (2, 5, 60)]
SIXTY_THEN_FORTY: Cargo = [(1, 4, 60), (1, 5, 40)]


def facts_of(
    route: Route,
    cargo: Cargo,
    packages: Mapping[int, int | None],
    events: Sequence[Event] = (),
    also: Mapping[int, Mapping[str, Any]] | None = None,
) -> list[OperationFacts]:
    """Stamp every page of the route with these numbers of packages on its No. 2."""
    said = also or {}
    stamps = [
        certify(page, route=route, **{"packages": packages.get(page), **said.get(page, {})})
        for page in range(1, 2 * len(route) + 1)
    ]
    return project(plan_of(route, cargo=cargo), stamps, events)


def expected(facts: Sequence[OperationFacts]) -> list[int | None]:
    return [operation.packages_expected for operation in facts]


class TestExpectedPackages:
    @pytest.mark.parametrize(
        ("route", "cargo", "packages", "should_be"),
        [
            (ROUTE, [(1, 8, 420)], {2: 420, 4: 420, 6: 420, 8: 420}, [420, 420, 420, 420]),
            # At an inner load the No. 2 certifies what is aboard before more is loaded.
            (TWO_LOADS, FORTY_AND_SIXTY, {2: 40, 4: 100, 6: 100}, [40, 100, 100]),
            # At an unload, what is terminated there; the rest goes on.
            (TWO_UNLOADS, SIXTY_THEN_FORTY, {2: 100, 4: 60, 6: 40}, [100, 60, 40]),
            # A difference accepted once is carried on and never bars again.
            (ROUTE, [(1, 8, 420)], {2: 415, 4: 415, 6: 415, 8: 415}, [420, 415, 415, 415]),
            (ROUTE, [(1, 8, 420)], {2: 425, 4: 425, 6: 425, 8: 425}, [420, 425, 425, 425]),
            # Nobody counted on the way: the manifest still stands at the end.
            (ROUTE, [(1, 8, 420)], {8: 420}, [420, 420, 420, 420]),
            # Short by five, and the shortage shows at the first of two places of unloading, or at the second.
            (TWO_UNLOADS, SIXTY_THEN_FORTY, {2: 95, 4: 55, 6: 40}, [100, 55, 40]),
            (TWO_UNLOADS, SIXTY_THEN_FORTY, {2: 95, 4: 60, 6: 35}, [100, 60, 35]),
            (TWO_UNLOADS, SIXTY_THEN_FORTY, {2: 95, 4: 50, 6: 40}, [100, 55, 40]),
            # Bulk has no count anywhere.
            (ROUTE, [(1, 8, None)], {2: 1, 4: 1, 6: 1, 8: 1}, [None, None, None, None]),
            # Some lines have a count: those are compared.
            (TWO_UNLOADS, [(1, 4, None), (1, 5, 40)], {2: 40, 4: 0, 6: 40}, [40, 0, 40]),
        ],
    )
    def test_are_what_the_plan_and_the_certificates_before_say(
        self, route: Route, cargo: Cargo, packages: dict[int, int | None], should_be: list[int | None]
    ) -> None:
        assert expected(facts_of(route, cargo, packages)) == should_be

    def test_of_a_whole_transport_that_lost_all_but_seven_are_a_hundred(self) -> None:
        """A blank box 26 at the loading office never stops the comparison of the rest."""
        facts = facts_of(TWO_LOADS, FORTY_AND_SIXTY, {6: 7})

        assert expected(facts) == [40, 100, 100]
        assert [operation.are_packages_certified for operation in facts] == [False, False, True]

    @pytest.mark.parametrize("event", [report, control])
    def test_count_what_an_event_on_the_way_found(self, event: Any) -> None:
        """Five packages lost and reported: clean from there on, and the same with five too many."""
        for count in (415, 425):
            counted = event("KZALA001", when(3) + HOUR, packages=count)
            facts = facts_of(ROUTE, [(1, 8, 420)], {2: 420, 4: count, 6: count, 8: count}, [counted])

            # What happened after its No. 1 shows at its own No. 2, and is carried on from there.
            assert expected(facts)[2:] == [count, count]

    def test_count_what_was_presented_at_an_unload(self) -> None:
        facts = facts_of(
            TWO_UNLOADS, SIXTY_THEN_FORTY, {2: 100, 4: 60, 6: 38}, also={4: {"packages_presented": 98}}
        )

        assert expected(facts) == [100, 60, 38]

    def test_cannot_be_said_where_part_goes_on_unplanned(self) -> None:
        facts = facts_of(ROUTE, [(1, 8, 420)], {8: 100}, also={8: {"goes_on": True}})

        assert expected(facts)[3] is None

    def test_are_all_that_is_aboard_where_the_transport_ends_early(self) -> None:
        """Art. 27: the whole load is terminated at another office."""
        facts = facts_of(TWO_UNLOADS, SIXTY_THEN_FORTY, {2: 100, 4: 100}, also={4: {"ends_here": True}})

        assert expected(facts)[1] == 100

    def test_are_loaded_though_the_stamp_of_that_stop_is_missing(self) -> None:
        """Goods that are there later were loaded: a stamp is missing, not the goods."""
        stamps = [certify(page, route=TWO_LOADS, packages=40 if page == 2 else 100) for page in (1, 2, 5, 6)]

        facts = project(plan_of(TWO_LOADS, cargo=FORTY_AND_SIXTY), stamps)

        assert facts[2].packages_expected == 100

    def test_are_taken_over_from_the_paper_of_a_carnet_begun_elsewhere(self) -> None:
        plan = plan_of(ROUTE, cargo=[(1, 8, 420)], is_presented=True)

        facts = project(plan, [certify(7, packages=400), certify(8, packages=400)])

        assert facts[3].packages_expected == 400


class TestCertified:
    @pytest.mark.parametrize(
        ("count", "said", "is_certified"),
        [
            (420, {"packages": 420}, True),
            (420, {"packages": 7}, True),  # certified, and different
            (420, {"packages": None}, False),
            (420, {"packages": None, "packages_basis": PackagesBasis.AS_MANIFEST}, True),
            (
                420,
                {"packages": None, "packages_basis": PackagesBasis.AS_MANIFEST, "seals_intact": False},
                False,
            ),
            (420, {"packages": None, "is_proof": True}, True),
            # Bulk: as in the manifest under intact seals, or a mass within the tolerance; neither is a blank.
            (None, {"packages": None}, False),
            (None, {"packages": 5}, False),
            (None, {"packages": None, "packages_basis": PackagesBasis.AS_MANIFEST}, True),
            (None, {"packages": None, "mass_kg": 8200}, True),
            (
                None,
                {"packages": None, "mass_kg": 9000},
                True,
            ),  # certified, and different: `mass_differs` bars
        ],
    )
    def test_is_a_count_or_the_manifest_under_intact_seals(
        self, count: int | None, said: dict[str, Any], is_certified: bool
    ) -> None:
        facts = facts_of(ROUTE, [(1, 8, count)], {}, also={4: said})

        assert facts[1].are_packages_certified is is_certified
