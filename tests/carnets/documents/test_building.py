"""From a carnet's rows to its sheet: who, where, on which pages, in which second language, and one token a page."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from carnets import tokens
from carnets.documents.building import build_sheet, language_of, page_token
from carnets.documents.sheet import CarnetSheet, PrintedOffice
from carnets.models import Carnet
from carnets.rules import DeclaredGoods, DeclaredVehicle
from tests.world import World

OFFICES = {"KZALA001": PrintedOffice("KZALA001", "Almaty", "Алматы")}
DRIVES_ON = (("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001", "unload"), ("KZALA001", "KZQZQ001"),
             ("UZYAL001", "UZTAS001"))  # fmt: skip


def sheet_of(world: World, **changes: object) -> CarnetSheet:
    return build_sheet(world.issue(route=DRIVES_ON, **changes), OFFICES)  # type: ignore[arg-type]


class TestTheSheet:
    def test_names_holder_association_and_guarantee(self, world: World) -> None:
        world.holder.name_local = "丝路货运"
        world.holder.save()

        sheet = sheet_of(world)

        assert (sheet.holder.holder_id, sheet.holder.country) == (world.holder.reference, "CHN")
        assert sheet.holder.name == f"{world.holder.name} / 丝路货运"
        assert (sheet.association.code, sheet.association.country) == ("071", "CHN")
        assert sheet.guarantee_reference == world.guarantee.reference
        assert (sheet.issue_date, sheet.valid_until) == (date(2026, 3, 2), date(2026, 4, 1))

    def test_gives_each_stop_the_pages_that_it_certifies(self, world: World) -> None:
        """An inner unload is one visit and two pages: No. 2 of one pair and No. 1 of the next."""
        sheet = sheet_of(world)

        assert [(stop.office.code, str(stop.does), stop.pages) for stop in sheet.stops] == [
            ("CNURC001", "load", (1,)),
            ("CNHRS001", "exit", (2,)),
            ("KZHOR001", "entry", (3,)),
            ("KZALA001", "unload", (4, 5)),
            ("KZQZQ001", "exit", (6,)),
            ("UZYAL001", "entry", (7,)),
            ("UZTAS001", "unload", (8,)),
        ]
        assert [stop.country for stop in sheet.stops] == ["CHN", "CHN", "KAZ", "KAZ", "KAZ", "UZB", "UZB"]

    def test_plans_an_operation_a_pair_with_the_roles_of_its_ends(self, world: World) -> None:
        sheet = sheet_of(world)

        assert [
            (leg.pages, leg.territory, str(leg.start_role), str(leg.end_role)) for leg in sheet.itinerary
        ] == [
            ((1, 2), "CN", "departure", "exit"),
            ((3, 4), "EAEU", "entry", "destination"),
            ((5, 6), "EAEU", "destination", "exit"),
            ((7, 8), "UZ", "entry", "destination"),
        ]

    def test_takes_the_names_of_offices_from_who_asks(self, world: World) -> None:
        sheet = sheet_of(world)

        assert sheet.stops[3].office == OFFICES["KZALA001"]
        assert sheet.stops[0].office == PrintedOffice("CNURC001", "")

    def test_lists_units_goods_and_where_they_go(self, world: World) -> None:
        sheet = sheet_of(
            world,
            vehicles=[DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", date(2027, 4, 6))],
            containers=["CSQU3054383"],
            goods=[DeclaredGoods("Boilers", 4, "PX", Decimal(8200), "840310", equipment="CSQU3054383")],
        )

        (vehicle,) = sheet.vehicles
        assert (vehicle.registration, vehicle.country, vehicle.approval_certificate) == (
            "01KZ123ABC",
            "KAZ",
            "1543-5645",
        )
        assert sheet.containers == ("CSQU3054383",)
        first = sheet.goods[0]
        assert (first.description, first.packages, first.unit, first.load, first.unload) == (
            "Boilers",
            4,
            "CSQU3054383",
            1,
            7,
        )

    def test_is_the_same_for_the_same_carnet(self, world: World) -> None:
        carnet = world.issue()

        assert build_sheet(carnet, OFFICES).document_hash == build_sheet(carnet, OFFICES).document_hash
        assert build_sheet(carnet, {}).document_hash == build_sheet(carnet, OFFICES).document_hash
        assert build_sheet(world.issue(), OFFICES).document_hash != build_sheet(carnet, OFFICES).document_hash


class TestTheSecondLanguage:
    @pytest.mark.parametrize(
        ("territories", "language"),
        [
            (["CN", "EAEU"], "ru"),
            (["CN", "MN"], "ru"),
            (["CN", "PK"], "zh-hans"),
            (["PK", "IR"], None),
            ([], None),
        ],
    )
    def test_is_what_most_posts_of_the_route_read(self, territories: list[str], language: str | None) -> None:
        assert language_of(Carnet(territories=territories)) == language

    def test_asked_for_goes_first(self, world: World) -> None:
        carnet = world.issue()

        assert build_sheet(carnet, OFFICES).second_language == "ru"
        assert build_sheet(carnet, OFFICES, language="zh-hans").second_language == "zh-hans"


class TestTokens:
    def test_say_of_each_page_what_an_officer_must_know_without_a_network(self, world: World) -> None:
        carnet = world.issue()

        read = [tokens.verify(token, tokens.verification_keys()) for token in build_sheet(carnet, {}).tokens]

        assert [claims.page for claims in read] == list(range(1, 15))
        assert {claims.number for claims in read} == {carnet.number}
        first = read[0]
        assert (first.holder_id, first.last_acceptance_date) == (world.holder.reference, date(2026, 4, 1))
        assert (first.plates, first.territories) == (("01KZ123ABC",), ("CN", "EAEU", "UZ", "TJ"))
        assert (first.issuer, first.guarantee) == ("071", world.guarantee.reference)
        assert page_token(carnet, 5) == build_sheet(carnet, {}).tokens[4]


@pytest.mark.parametrize(
    ("issued_at", "printed"),
    [
        (datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), date(2026, 3, 2)),  # midnight at the Chinese association
    ],
)
def test_the_day_of_issue_is_the_day_at_the_association(
    world: World, issued_at: datetime, printed: date
) -> None:
    carnet = world.issue(at=issued_at, acceptance_until=date(2026, 4, 1))

    assert build_sheet(carnet, OFFICES).issue_date == printed
