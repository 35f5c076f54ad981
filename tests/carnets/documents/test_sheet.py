"""The sheet: what it refuses, what it derives, and when its hash changes."""

from dataclasses import replace
from decimal import Decimal

import pytest

from carnets.documents.sheet import PrintedOffice
from tests.carnets.documents.samples import (
    DUSHANBE,
    GOODS,
    HORGOS,
    STOPS,
    URUMQI,
    crowded_sheet,
    sample_sheet,
    two_loads_two_unloads,
)


class TestCarnetSheet:
    @pytest.mark.parametrize("vouchers", [0, 2, 5, 22])
    def test_refuses_a_size_that_is_not_printed(self, vouchers: int) -> None:
        with pytest.raises(ValueError, match="vouchers"):
            sample_sheet(vouchers=vouchers)

    def test_refuses_a_missing_token(self) -> None:
        with pytest.raises(ValueError, match="tokens"):
            sample_sheet(tokens=("TIR1:",))

    def test_refuses_more_operations_than_vouchers(self) -> None:
        with pytest.raises(ValueError, match="operations"):
            sample_sheet(vouchers=4, itinerary=sample_sheet().itinerary)

    def test_knows_offices_by_what_is_done_there(self) -> None:
        sheet = sample_sheet()

        assert [stop.office for stop in sheet.departures] == [URUMQI]
        assert [stop.office for stop in sheet.destinations] == [DUSHANBE]

    def test_knows_several_offices_of_departure_and_destination(self) -> None:
        sheet = crowded_sheet()

        assert (len(sheet.departures), len(sheet.destinations)) == (4, 4)

    def test_counts_no_suspension_nor_transit_among_departures_and_destinations(self) -> None:
        stops = tuple(
            replace(stop, does=does, country=country)
            for stop, does, country in zip(
                STOPS,
                ("load", "exit", "entry", "suspend", "resume", "exit", "entry", "unload"),
                ("TUR", "TUR", "BGR", "BGR", "POL", "POL", "BLR", "BLR"),
                strict=True,
            )
        )

        sheet = sample_sheet(stops=stops)

        assert (sheet.departure_countries, sheet.destination_countries) == (("TUR",), ("BLR",))

    @pytest.mark.parametrize(("page", "sequence"), [(1, 1), (2, 1), (3, 2), (8, 4)])
    def test_finds_the_operation_of_a_page(self, page: int, sequence: int) -> None:
        operation = sample_sheet().operation_of(page)

        assert operation is not None
        assert operation.sequence == sequence

    def test_has_no_operation_for_a_reserve_page(self) -> None:
        assert sample_sheet().operation_of(9) is None

    def test_adds_up_the_goods(self) -> None:
        whole = sample_sheet().everything

        assert (whole.packages, whole.mass_kg) == (670, Decimal("10525.75"))

    def test_counts_nothing_where_all_is_bulk(self) -> None:
        bulk = replace(GOODS[0], packages=None, package_kind="VR")

        assert sample_sheet(goods=(bulk,)).everything.packages is None
        assert sample_sheet(goods=(bulk, GOODS[1])).everything.packages == 96

    @pytest.mark.parametrize(
        ("pages", "lines", "packages"),
        [
            ((1, 2), [1], 40),
            ((3, 4), [1, 2, 3], 100),
            ((5, 6), [1, 2, 3], 100),
            ((7, 8), [2, 3], 60),
            ((9, 10), [2, 3], 60),
        ],
    )
    def test_knows_what_is_on_board_at_a_page_s_own_start(
        self, pages: tuple[int, int], lines: list[int], packages: int
    ) -> None:
        for page in pages:
            contents = two_loads_two_unloads().contents_of(page)

            assert contents is not None
            assert [number for number, _line in contents.lines] == lines
            assert contents.packages == packages

    def test_knows_not_what_will_be_on_board_at_a_reserve_page(self) -> None:
        assert two_loads_two_unloads().contents_of(11) is None
        assert sample_sheet().contents_of(11) == sample_sheet().everything

    @pytest.mark.parametrize(("mass", "places"), [("1000", 0), ("1E+3", 0), ("1.50", 1), ("0.125", 3)])
    def test_shows_weights_in_full(self, mass: str, places: int) -> None:
        assert sample_sheet(goods=(replace(GOODS[0], gross_mass_kg=Decimal(mass)),)).mass_places == places


class TestDocumentHash:
    def test_is_the_same_for_the_same_content(self) -> None:
        assert sample_sheet().document_hash == sample_sheet().document_hash

    @pytest.mark.parametrize(
        "change",
        [
            {"version": 2},
            {"remarks": "."},
            {"goods": GOODS[:1]},
            {"second_language": None},
            {"seals": ("A1",)},
            {"tokens": ("TIR1:",) * 14},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_changes_with_the_content(self, change: dict[str, object]) -> None:
        assert sample_sheet(**change).document_hash != sample_sheet().document_hash


class TestOffice:
    @pytest.mark.parametrize(
        ("language", "line"),
        [
            (None, "CN940200  Horgos / 霍尔果斯海关"),
            ("ru", "CN940200  Horgos / Хоргос / 霍尔果斯海关"),
            ("zh-hans", "CN940200  Horgos / 霍尔果斯海关"),
        ],
    )
    def test_gives_every_name_once(self, language: None, line: str) -> None:
        assert HORGOS.line(language) == line

    def test_needs_no_other_name_than_the_english_one(self) -> None:
        assert PrintedOffice("UZ27010", "Yallama").line("ru") == "UZ27010  Yallama"
