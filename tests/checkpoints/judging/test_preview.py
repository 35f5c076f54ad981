"""A docket before an office: which page it would stamp next, and what is said of it before anything is stamped."""

from collections.abc import Sequence

import pytest

from carnets.choices import StopAction
from carnets.models import Carnet
from carnets.projection.evidence import Certification
from carnets.projection.facts import project
from checkpoints.evidence.dockets import Docket, open_docket
from checkpoints.judging.book import verdict_of
from checkpoints.judging.preview import Preview, expected_page, off_paper, preview_of
from checkpoints.posts.offices import register
from tests.checkpoints.judging.cases import aligned, office
from tests.evidence import Route, certify, clean, plan_of
from tests.world import HOUR, ROUTE, START, World

SUSPENDS = (("CNURC001", "CNHRS001", StopAction.SUSPEND), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001"))


def expected(by: str, stamped: Sequence[Certification], route: Route = ROUTE) -> int | None:
    plan = plan_of(route, vouchers=14)
    return expected_page(aligned(plan, stamped), project(plan, stamped), office(by))


class TestExpectedPage:
    @pytest.mark.parametrize(
        ("by", "stamped", "page"),
        [
            ("CNURC001", clean(0), 1),
            ("CNHRS001", clean(1), 2),
            ("KZQZQ001", clean(3), 4),
            ("KZQZQ001", clean(2), 4),  # its own office, though the entry is not on record yet
            ("UZGIS001", clean(4), 5),  # not planned, but it may let in
            (
                "KZALA001",
                clean(2),
                3,
            ),  # neither planned nor of the role: the lowest free page of the territory
            ("TJDYU001", clean(7), 8),
        ],
    )
    def test_is_the_page_this_office_would_stamp_next(
        self, by: str, stamped: Sequence[Certification], page: int
    ) -> None:
        assert expected(by, stamped) == page

    @pytest.mark.parametrize(("code", "role", "page"), [("KZQZQ001", "entry", 4), ("KZHOR001", "exit", 3)])
    def test_is_the_page_of_its_own_office_before_one_of_its_role(
        self, code: str, role: str, page: int
    ) -> None:
        """It is approved only for what the plan has another office do on the other page of the pair."""
        plan = plan_of(ROUTE, vouchers=14)
        here = office(code, roles=frozenset({role}))

        assert expected_page(aligned(plan, clean(2)), project(plan, clean(2)), here) == page

    def test_is_the_other_half_of_a_pair_before_all_else(self) -> None:
        """Uzbekistan opened pages 3 and 4, which were Kazakhstan's: 4 is what it stamps next, not 6."""
        stamped = [*clean(2), certify(3, office="UZYAL001")]

        assert expected("UZSYA001", stamped) == 4

    @pytest.mark.parametrize(("stamped", "page"), [(clean(2), 3), (clean(3), 5)])
    def test_is_the_first_unused_pair_on_a_detour_or_turned_back(
        self, stamped: Sequence[Certification], page: int
    ) -> None:
        assert expected("CNHRS001", stamped) == page

    def test_is_none_when_no_pair_is_left(self) -> None:
        plan = plan_of(ROUTE, vouchers=14)
        stamped = [*clean(), certify(9, office="UZYAL001"), certify(13, office="UZYAL001")]
        stamped[7] = certify(8, goes_on=True)

        assert expected_page(aligned(plan, stamped), project(plan, stamped), office("CNHRS001")) is None
        assert expected_page(aligned(plan, stamped[:9]), project(plan, stamped[:9]), office("CNHRS001")) == 11

    def test_is_none_when_the_transport_has_ended(self) -> None:
        assert expected("CNHRS001", clean()) is None
        assert expected("TJDYU001", clean()) is None


def seen(carnet: Carnet, office: str, page: int | None = None) -> Preview:
    docket = docket_of(carnet)
    return preview_of(docket, page, register().by_code[office], at=START + HOUR, now=START + HOUR)


def docket_of(carnet: Carnet) -> Docket:
    docket = open_docket(carnet.number, lock=False)
    assert docket is not None
    return docket


def codes(preview: Preview) -> list[str]:
    return [finding.code for finding in preview.findings]


class TestPreviewOf:
    def test_says_go_and_what_is_expected(self, world: World) -> None:
        preview = seen(world.issue(), "CNURC001")

        assert verdict_of(preview.findings) == "go"
        assert preview.expected is not None
        assert (preview.expected.page, preview.expected.role, preview.expected.office) == (
            1,
            "departure",
            "CNURC001",
        )

    @pytest.mark.parametrize(
        ("office", "page", "found"),
        [
            ("CNURC001", 1, []),
            ("CNURC001", 15, ["page_range"]),
            ("CNURC001", 9, ["not_planned"]),
            ("KZHOR001", 1, ["not_planned"]),
        ],
    )
    def test_judges_the_page_that_is_named(
        self, world: World, office: str, page: int, found: list[str]
    ) -> None:
        assert set(found) <= set(codes(seen(world.issue(), office, page)))
        assert bool(found) is bool(codes(seen(world.issue(), office, page)))

    def test_says_where_a_page_was_stamped_already(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=1, since=START - 10 * HOUR)

        first = seen(carnet, "CNURC001", 1).findings[0]

        assert (first.code, first.facts["office"]) == ("voucher_already_stamped", "CNURC001")

    def test_says_when_nothing_is_left_to_stamp(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet)

        assert codes(seen(carnet, "TJDYU001")) == ["nothing_to_stamp"]

    def test_changes_nothing(self, world: World) -> None:
        carnet = world.issue()
        docket = docket_of(carnet)
        before = list(docket.certifications), list(docket.facts)

        preview_of(docket, 1, register().by_code["CNURC001"], at=START, now=START)

        assert (docket.certifications, docket.facts) == before


class TestOffPaper:
    @pytest.mark.parametrize(("page", "is_off"), [(1, False), (14, False), (15, True), (0, True)])
    def test_is_a_page_that_the_carnet_has_not(self, world: World, page: int, is_off: bool) -> None:
        finding = off_paper(docket_of(world.issue()), page, register().by_code["CNURC001"], START)

        assert (finding is not None) is is_off


class TestSuspension:
    @pytest.mark.parametrize(("stamped", "page"), [(1, 2), (2, 3)])
    def test_and_resumption_at_one_office_are_two_pages(self, stamped: int, page: int) -> None:
        assert expected("CNHRS001", clean(stamped, SUSPENDS), SUSPENDS) == page
