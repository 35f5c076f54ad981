"""How the pairs that were used lie along the plan. Hand-made tables; offices by their codes."""

from collections.abc import Sequence

import pytest

from carnets.projection.alignment import Alignment, align
from carnets.projection.evidence import Certification
from carnets.projection.standing import standing_certifications
from tests.evidence import Route, certify, clean, office_facts, plan_of, territory_id
from tests.world import LONG_AGO, ROUTE, TWO_UNLOADS

TWO_LOADS = (("CNURC001", "CNHRS001", "load"), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001"))
THERE_AND_BACK = (("KZALA001", "KZQZQ001"), ("UZYAL001", "UZYAL001"), ("KZQZQ001", "KGBIS001"))

TO_ALMATY = (("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001"))
PASSING = certify(4, office="KGBIS001", goes_on=True)  # an office that may certify an exit and an unload


def aligned(stamped: Sequence[Certification], route: Route = ROUTE) -> Alignment:
    return align(plan_of(route), standing_certifications(stamped))


def by(*pages: tuple[int, str]) -> list[Certification]:
    return [certify(page, office=office) for page, office in pages]


class TestSpans:
    @pytest.mark.parametrize(
        ("stamped", "spans"),
        [
            (clean(0), {}),
            (clean(4), {1: 0, 2: 1}),
            (clean(8), {1: 0, 2: 1, 3: 2, 4: 3}),
            # Uzbekistan left out: pair 3 is Tajikistan's.
            ([*clean(4), *by((5, "TJDUS001"), (6, "TJDYU001"))], {1: 0, 2: 1, 3: 3}),
            # Pages 5 and 6 skipped instead.
            ([*clean(4), *by((7, "TJDUS001"), (8, "TJDYU001"))], {1: 0, 2: 1, 4: 3}),
            # One country more, which the plan has no more of: a detour, and what follows moves on by a pair.
            ([*clean(4), *by((5, "CNHRS001"), (6, "CNHRS001"), (7, "UZYAL001"), (8, "UZSYA001"), (9, "TJDUS001"))],
             {1: 0, 2: 1, 3: None, 4: 2, 5: 3}),
            # Turned back into the country it came from.
            ([*clean(4), *by((5, "KZQZQ001"))], {1: 0, 2: 1, 3: None}),
        ],
    )  # fmt: skip
    def test_are_the_legs_in_the_territory_of_the_stamps(
        self, stamped: Sequence[Certification], spans: dict[int, int | None]
    ) -> None:
        found = aligned(stamped).spans

        assert {k: None if span is None else span.first for k, span in found.items()} == spans

    def test_tell_two_passages_of_one_territory_apart(self) -> None:
        """Out of Kazakhstan, through Uzbekistan, and into Kazakhstan again."""
        stamped = [certify(page, route=THERE_AND_BACK) for page in (1, 2, 3, 4, 5)]

        spans = aligned(stamped, THERE_AND_BACK).spans

        assert [span.first for span in spans.values() if span] == [0, 1, 2]

    def test_cover_an_inner_stop_that_was_left_out(self) -> None:
        """Almaty, the first of two places of unloading, was passed by: pair 2 goes on to Bishkek."""
        spans = aligned([*clean(3, TWO_UNLOADS), *by((4, "KGBIS001"))], TWO_UNLOADS).spans

        assert spans[2] is not None
        assert (spans[2].first, spans[2].last) == (1, 2)


class TestNextLeg:
    @pytest.mark.parametrize(
        ("stamped", "leg"),
        [(clean(0), 0), (clean(1), 1), (clean(4), 2), ([*clean(2), *by((5, "UZYAL001"))], 3), (clean(8), 4)],
    )
    def test_is_the_first_not_passed(self, stamped: Sequence[Certification], leg: int) -> None:
        """A leg is passed when it or a later one has a stamp in its territory."""
        assert aligned(stamped).next_leg == leg


class TestDoes:
    @pytest.mark.parametrize(
        ("route", "stamped", "page", "does"),
        [
            (ROUTE, [], 1, "load"),
            (ROUTE, [], 2, "exit"),
            (ROUTE, [], 3, "entry"),
            (ROUTE, [], 8, "unload"),
            (TWO_LOADS, [], 2, "load"),
            (TWO_LOADS, [], 3, "load"),
            (TWO_LOADS, [], 4, "exit"),
            (TWO_UNLOADS, [], 4, "unload"),
            (TWO_UNLOADS, [], 5, "unload"),
            (ROUTE, [certify(4, is_suspension=True)], 4, "suspend"),
            (ROUTE, [certify(4, ends_here=True)], 4, "unload"),
            (
                ROUTE,
                [certify(4, ends_here=True, office=office_facts("KZQZQ001", approved_to=LONG_AGO))],
                4,
                "exit",
            ),
            (TO_ALMATY, [*clean(3, TO_ALMATY), PASSING], 4, "unload"),  # nothing shows that it left
            (TO_ALMATY, [*clean(3, TO_ALMATY), PASSING, *by((5, "KGBIS001"))], 4, "unload"),
            (
                TO_ALMATY,
                [*clean(3, TO_ALMATY), PASSING, *by((6, "UZSYA001"))],
                4,
                "exit",
            ),  # its start not on record
            (TO_ALMATY, [*clean(3, TO_ALMATY), PASSING, *by((5, "UZYAL001"))], 4, "exit"),
            (ROUTE, by((3, "UZYAL001")), 3, "entry"),
            (ROUTE, [*clean(4), *by((5, "CNHRS001"))], 6, "exit"),  # a detour enters and leaves
            (ROUTE, [], 9, "entry"),
            (ROUTE, [], 10, "exit"),
        ],
    )
    def test_follows_from_what_was_said_then_from_the_plan(
        self, route: Route, stamped: Sequence[Certification], page: int, does: str
    ) -> None:
        assert aligned(stamped, route).does(page) == does


UNAPPROVED = office_facts("KZQZQ001", approved_to=LONG_AGO)


class TestIsFinal:
    @pytest.mark.parametrize(
        ("stamped", "sequence", "is_final"),
        [
            (clean(8), 4, True),
            (clean(8), 3, False),
            ([*clean(7), certify(8, goes_on=True)], 4, False),
            ([*clean(7), certify(8, is_suspension=True)], 4, False),
            ([*clean(3), certify(4, ends_here=True)], 2, True),
            ([*clean(3), certify(4, ends_here=True, goes_on=True)], 2, False),
            ([*clean(3), certify(4, ends_here=True, office=UNAPPROVED)], 2, False),
            ([*clean(4), *by((5, "TJDUS001"), (6, "TJDYU001"))], 3, True),
            ([*clean(7)], 4, False),
        ],
    )
    def test_is_the_last_unload_or_an_end_declared(
        self, stamped: Sequence[Certification], sequence: int, is_final: bool
    ) -> None:
        alignment = aligned(stamped)

        assert alignment.is_final(sequence) is is_final
        assert alignment.is_over is any(alignment.is_final(each) for each in alignment.spans)

    def test_is_over_when_the_association_has_it_back(self) -> None:
        returned = align(plan_of(is_over=True), standing_certifications(clean(2)))

        assert returned.is_over
        assert not aligned(clean(2)).is_over


class TestIsVisit:
    @pytest.mark.parametrize(
        ("route", "stamped", "sequence", "is_visit"),
        [
            (TWO_UNLOADS, clean(5, TWO_UNLOADS), 3, True),
            (TWO_UNLOADS, clean(5, TWO_UNLOADS), 2, False),
            (TWO_LOADS, clean(3, TWO_LOADS), 2, True),
            (ROUTE, clean(3), 2, False),
            (TWO_UNLOADS, clean(4, TWO_UNLOADS), 3, False),
        ],
    )
    def test_is_two_pages_at_one_load_or_unload(
        self, route: Route, stamped: Sequence[Certification], sequence: int, is_visit: bool
    ) -> None:
        assert aligned(stamped, route).is_visit(sequence) is is_visit


class TestIsPlanned:
    @pytest.mark.parametrize(
        ("stamped", "page", "territory", "is_planned"),
        [
            ([], 3, "EAEU", True),
            ([], 3, "UZ", False),
            (by((3, "UZYAL001")), 4, "UZ", True),  # the pair is whose who stamped it
            (by((3, "UZYAL001")), 4, "EAEU", False),
            ([], 9, "CN", False),
            (by((9, "CNHRS001")), 10, "CN", True),
        ],
    )
    def test_goes_by_the_other_page_then_by_the_plan(
        self, stamped: Sequence[Certification], page: int, territory: str, is_planned: bool
    ) -> None:
        assert aligned(stamped).is_planned(page, territory_id(territory)) is is_planned
