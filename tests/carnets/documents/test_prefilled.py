"""The words that are printed into boxes: plates, offices, endorsements, totals."""

from dataclasses import replace
from decimal import Decimal

import pytest

from carnets.documents.prefilled import endorsements, holder_lines, office_list, plate_line, totals_lines
from carnets.documents.sheet import PrintedOffice
from tests.carnets.documents.samples import ALMATY, DUSHANBE, URUMQI, sample_sheet, two_loads_two_unloads

NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("is_heavy", "is_tobacco", "said"),
    [
        (False, False, ""),
        (True, False, "HEAVY OR BULKY GOODS"),
        (False, True, "TOBACCO/ALCOHOL"),
        (True, True, "HEAVY OR BULKY GOODS   TOBACCO/ALCOHOL"),
    ],
)
def test_endorsements_are_those_of_the_carnet(is_heavy: bool, is_tobacco: bool, said: str) -> None:
    sheet = sample_sheet(language=None, is_heavy_or_bulky=is_heavy, is_tobacco_alcohol=is_tobacco)

    assert endorsements(sheet) == said


def test_a_plate_is_kept_on_one_line() -> None:
    plates = plate_line(sample_sheet()).split(" / ")

    assert plates == [plate.replace(" ", NO_BREAK) for plate in ("01 A 123 BC (UZB)", "01 4567 AA (UZB)")]


def test_holder_has_id_name_address_and_country() -> None:
    holder = replace(sample_sheet().holder, holder_id="CHN/051/1", name="Tianshan", address="88 Beijing Road")

    assert [line.strip() for line in holder_lines(holder).splitlines()] == [
        "CHN/051/1   Tianshan",
        "88 Beijing Road, CHN",
    ]


def test_offices_have_all_their_names_while_there_is_a_line_for_each() -> None:
    assert office_list((URUMQI, ALMATY), None).splitlines() == [
        "1. CN940010  Urumqi / 乌鲁木齐海关",
        "2. KZ51100  Almaty / Алматы",
    ]
    assert office_list((DUSHANBE,), "zh-hans") == "1. TJ10100  Dushanbe / 杜尚别 / Душанбе"


def test_many_offices_run_on_by_code_and_english_name() -> None:
    many = tuple(PrintedOffice(f"KZ5110{number}", f"Post {number}", "Бекет") for number in range(1, 8))

    said = office_list(many, "ru")

    assert "\n" not in said
    assert "Бекет" not in said
    assert said.startswith(f"1.{NO_BREAK}KZ51101  Post 1   2.{NO_BREAK}KZ51102  Post 2")
    assert said.endswith("Post 7")


def test_totals_are_of_what_is_on_board_by_where_it_goes() -> None:
    sheet = two_loads_two_unloads(second_language=None)
    on_board = sheet.contents_of(3)
    assert on_board is not None

    first, *ahead = totals_lines(sheet, on_board).splitlines()

    assert (on_board.packages, on_board.mass_kg) == (100, Decimal("2920.5"))
    assert first.startswith("100 ")
    assert [line.rsplit(": ", 1)[1] for line in ahead] == ["40", "60"]
    assert [line[:2] for line in ahead] == ["1.", "2."]
