"""A look at a carnet: by code or by number, what it tells to whom, and that every look stays on record."""

import pytest

from carnets.documents.building import page_token
from carnets.numbering import CarnetNumberInvalid, format_number
from carnets.tokens import PREFIX
from checkpoints.models import Scan, Stamp
from checkpoints.posts.postings import NotPosted, Officer
from checkpoints.recording.scanning import ScanResult, scan
from tests.world import HOUR, SEALS, START, World

AT = START + HOUR


def look(
    world: World, office: str = "CNURC001", *, page: int | None = None, **shown: str | None
) -> ScanResult:
    return scan(**shown, page=page, officer=world.officer(office), occurred_at=AT, at=AT)


def codes(found: ScanResult) -> list[str]:
    return [finding.code for finding in found.findings]


class TestScan:
    def test_names_the_stamp_that_this_office_makes_next_and_makes_none(self, world: World) -> None:
        carnet = world.issue()

        found = look(world, number=carnet.number)

        assert found.verdict == "go"
        assert found.expected is not None
        assert (found.expected.page, found.expected.office, found.seals) == (1, "CNURC001", None)
        assert not Stamp.objects.exists()

    def test_tells_the_seals_to_be_found(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=1, since=START - 9 * HOUR)

        found = look(world, "CNHRS001", number=carnet.number)

        assert found.seals is not None
        assert tuple(found.seals) == SEALS

    def test_judges_the_page_of_the_code_unless_another_is_asked_for(self, world: World) -> None:
        carnet = world.issue()
        code = page_token(carnet, 1)

        assert look(world, qr=code).verdict == "go"
        assert "page_range" in codes(look(world, qr=code, page=15))
        assert list(Scan.objects.order_by("pk").values_list("page", flat=True)) == [1, 15]

    def test_stops_where_code_and_number_are_of_two_carnets(self, world: World) -> None:
        carnet, other = world.issue(), world.issue()
        code = page_token(carnet, 1)

        assert look(world, qr=code, number=carnet.number).verdict == "go"
        found = look(world, qr=code, number=other.number)

        assert (found.verdict, codes(found), found.docket) == ("stop", ["qr_differs"], None)

    def test_stops_at_a_carnet_nobody_knows(self, world: World) -> None:
        found = look(world, number=format_number(99_009_999))

        assert (found.verdict, codes(found)) == ("stop", ["carnet_unknown"])

    def test_refuses_a_mistyped_number(self, world: World) -> None:
        carnet = world.issue()
        assert look(world, number=f" {carnet.number.lower()} ").verdict == "go"

        with pytest.raises(CarnetNumberInvalid):
            look(world, number="no number")
        assert Scan.objects.count() == 1

    def test_tells_a_strange_territory_nothing_until_the_paper_is_in_hand(self, world: World) -> None:
        carnet = world.issue(route=(("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001")))

        typed = look(world, "UZYAL001", number=carnet.number)
        shown = look(world, "UZYAL001", qr=page_token(carnet, 3))

        assert (typed.verdict, codes(typed), typed.docket) == ("look", ["not_planned"], None)
        assert shown.docket is not None
        assert shown.docket.carnet.number == carnet.number

    def test_refuses_who_is_posted_nowhere(self, world: World) -> None:
        carnet, nobody = world.issue(), Officer(world.staff["CN"].pk, [])

        with pytest.raises(NotPosted):
            scan(number=carnet.number, officer=nobody, occurred_at=AT, at=AT)
        look(world, number=carnet.number)
        assert Scan.objects.get().officer == world.officers["CNURC001"]


class TestTheRecord:
    def test_holds_where_and_when_what_was_found(self, world: World) -> None:
        carnet = world.issue()

        scan(
            number=carnet.number, page=15, officer=world.officer("KZHOR001"), occurred_at=AT, at=AT + HOUR
        )  # fmt: skip

        kept = Scan.objects.get()
        assert (kept.purpose, kept.carnet_number, kept.page, kept.code) == ("scan", carnet.number, 15, "")
        assert (kept.occurred_at, kept.recorded_at) == (AT, AT + HOUR)
        assert kept.office is not None
        assert (kept.office.code, kept.verdict) == ("KZHOR001", "stop")
        assert "page_range" in kept.codes

    def test_holds_the_text_that_was_shown_where_it_is_not_genuine(self, world: World) -> None:
        """Who forged it, and from what, can be asked only with the text in hand."""
        carnet = world.issue()
        genuine = page_token(carnet, 1)

        for code in (genuine, genuine[:-9], PREFIX + "A" * 9_000):
            look(world, qr=code)

        kept = list(Scan.objects.order_by("pk").values_list("carnet_number", "code"))
        assert kept == [(carnet.number, ""), ("", genuine[:-9]), ("", PREFIX + "A" * 1_995)]

    @pytest.mark.parametrize(("page", "kept"), [(0, None), (1, 1), (99, 99), (100, None), (-1, None)])
    def test_holds_a_page_only_where_a_carnet_may_have_it(
        self, world: World, page: int, kept: int | None
    ) -> None:
        look(world, number=world.issue().number, page=page)

        assert Scan.objects.get().page == kept
