"""The sheet: what it refuses, what it derives, and when its hash changes."""

from dataclasses import replace
from decimal import Decimal

import pytest

from carnets.documents.sheet import Office
from tests.carnets.documents.samples import DUSHANBE, GOODS, HORGOS, URUMQI, crowded_sheet, sample_sheet


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

    def test_knows_offices_by_their_role(self) -> None:
        sheet = sample_sheet()

        assert sheet.offices_of_departure == (URUMQI,)
        assert sheet.offices_of_destination == (DUSHANBE,)

    def test_knows_several_offices_of_departure_and_destination(self) -> None:
        sheet = crowded_sheet()

        assert (len(sheet.offices_of_departure), len(sheet.offices_of_destination)) == (4, 4)

    @pytest.mark.parametrize(("page", "sequence"), [(1, 1), (2, 1), (3, 2), (8, 4)])
    def test_finds_the_operation_of_a_page(self, page: int, sequence: int) -> None:
        operation = sample_sheet().operation_of(page)

        assert operation is not None
        assert operation.sequence == sequence

    def test_has_no_operation_for_a_reserve_page(self) -> None:
        assert sample_sheet().operation_of(9) is None

    def test_adds_up_the_goods(self) -> None:
        sheet = sample_sheet()

        assert (sheet.total_packages, sheet.total_mass_kg) == (670, Decimal("10525.75"))

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
        assert Office("UZ27010", "Yallama").line("ru") == "UZ27010  Yallama"
