"""What stands in which box: each value is read from the place of its box, not from anywhere on the page."""

from collections.abc import Iterator
from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from carnets.documents import cover, voucher
from carnets.documents.fonts import Fonts
from carnets.documents.grid import PAGE, REST, Area
from carnets.documents.render import render_carnet
from carnets.documents.sheet import CarnetSheet
from tests.carnets.documents.samples import GOODS, sample_sheet, two_loads_two_unloads

POINT = 72 / 25.4
COVER, PLAN, MANIFEST, FIRST_VOUCHER = range(4)

_OFFICES = voucher.PARTIES.rows(13, 16, REST)
_ROUTE = voucher.ROUTE.columns(34, 34, 72, REST)
_NO_1 = voucher.CERTIFICATE.columns(72, 58, REST)
_NO_2 = voucher.CERTIFICATE.columns(56, 39, 56, REST)
_COUNTRIES = cover.COUNTRIES.columns(REST, REST)
COVER_BOXES = {
    1: cover.VALIDITY.columns(70, REST)[0],
    3: cover.HOLDER,
    6: _COUNTRIES[0],
    7: _COUNTRIES[1],
    8: cover.VEHICLES.columns(58, 76, REST)[0],
    9: cover.VEHICLES.columns(58, 76, REST)[1],
    10: cover.VEHICLES.columns(58, 76, REST)[2],
}
VOUCHER_BOXES = {
    1: _OFFICES[0].columns(REST, 63)[0],
    2: _OFFICES[1],
    4: _OFFICES[2],
    5: _ROUTE[0],
    6: _ROUTE[1],
    7: _ROUTE[2],
    8: _ROUTE[3],
    9: voucher.GOODS.columns(60, REST, 29)[0],
    10: voucher.GOODS.columns(60, REST, 29)[1],
    11: voucher.GOODS.columns(60, REST, 29)[2],
    12: voucher.DECLARATION.columns(52, 48, 36, REST)[0],
    16: voucher.DECLARATION.columns(52, 48, 36, REST)[2],
}


class Paper:
    """A printed carnet, read box by box, in English only."""

    def __init__(self, sheet: CarnetSheet, fonts: Fonts) -> None:
        self.document = pdfium.PdfDocument(render_carnet(replace(sheet, second_language=None), fonts))

    def text(self, index: int, area: Area) -> str:
        left, right = area.left * POINT, area.right * POINT
        top, bottom = (PAGE.height - area.top) * POINT, (PAGE.height - area.bottom) * POINT
        found = self.document[index].get_textpage().get_text_bounded(left, bottom, right, top)
        return " ".join(found.replace("\u00a0", " ").split())

    def cover(self, box: int) -> str:
        return self._value(self.text(COVER, COVER_BOXES[box]), box)

    def voucher(self, page: int, box: int) -> str:
        return self._value(self.text(FIRST_VOUCHER + page - 1, VOUCHER_BOXES[box]), box)

    @staticmethod
    def _value(text: str, box: int) -> str:
        """The box without its title: each begins with its own number."""
        assert text.startswith(f"{box} "), text
        return text


@pytest.fixture(scope="module")
def paper(fonts: Fonts) -> Iterator[Paper]:
    made = Paper(two_loads_two_unloads(), fonts)
    yield made
    made.document.close()


class TestCover:
    @pytest.mark.parametrize(
        ("box", "ends"),
        [
            (1, "30/11/2026"),
            (6, "departure CHN"),
            (7, "destination KAZ, UZB"),
            (8, "01 A 123 BC (UZB) 01 4567 AA (UZB)"),
        ],
    )
    def test_says(self, paper: Paper, box: int, ends: str) -> None:
        assert paper.cover(box).endswith(ends)

    def test_names_the_end_of_a_certificate_of_approval_as_what_it_is(self, paper: Paper) -> None:
        assert "01 A 123 BC: 1543-5645-343/2025, valid until 31/03/2028" in paper.cover(9)

    def test_leaves_out_vehicles_without_a_certificate(self, fonts: Fonts) -> None:
        sheet = sample_sheet(vouchers=4, itinerary=())
        tractor = replace(sheet.vehicles[0], approval_certificate="", approval_expires=None)

        box = Paper(replace(sheet, vehicles=(tractor, sheet.vehicles[1])), fonts).cover(9)

        assert "01 4567 AA: 1543-5645-344/2025" in box
        assert "01 A 123 BC" not in box


class TestVouchers:
    @pytest.mark.parametrize("page", range(1, 15))
    @pytest.mark.parametrize(
        ("box", "ends"),
        [
            (2, "1. CN940300 Kashgar / 喀什海关 2. CN940010 Urumqi / 乌鲁木齐海关"),
            (5, "departure CHN"),
            (6, "destination KAZ, UZB"),
            (7, "01 A 123 BC (UZB) / 01 4567 AA (UZB)"),
        ],
    )
    def test_say_on_every_page(self, paper: Paper, page: int, box: int, ends: str) -> None:
        assert paper.voucher(page, box).endswith(ends)

    @pytest.mark.parametrize(
        ("pages", "documents"),
        [
            ((1, 2), "CMR 0001, 30/10/2026"),
            ((3, 4, 5, 6), "CMR 0001, 30/10/2026; CMR 0002"),
            ((7, 8, 9, 10), "manifest CMR 0002"),
        ],
    )
    def test_name_the_documents_of_what_is_on_board(
        self, paper: Paper, pages: tuple[int, ...], documents: str
    ) -> None:
        assert all(paper.voucher(page, 8).endswith(documents) for page in pages)

    @pytest.mark.parametrize(
        ("pages", "goods"),
        [
            ((1, 2), ["Walnuts"]),
            ((3, 4, 5, 6), ["Walnuts", "Cotton shirts", "Hangers"]),
            ((7, 8, 9, 10), ["Cotton shirts", "Hangers"]),
            ((11, 12, 13, 14), []),
        ],
    )
    def test_list_what_is_on_board(self, paper: Paper, pages: tuple[int, ...], goods: list[str]) -> None:
        for page in pages:
            box = paper.voucher(page, 10)
            assert [name for name in ("Walnuts", "Cotton shirts", "Hangers") if name in box] == goods

    @pytest.mark.parametrize(
        ("pages", "total"),
        [
            ((1, 2), "40 (2 000.0 kg) 1. KZ51100 Almaty / Алматы: 40"),
            ((3, 6), "100 (2 920.5 kg) 1. KZ51100 Almaty / Алматы: 40 2. UZ22010 Sariosiyo / Сариосиё: 60"),
            ((7, 10), "60 (920.5 kg) 1. UZ22010 Sariosiyo / Сариосиё: 60"),
        ],
    )
    def test_total_what_is_on_board_by_office_of_destination(
        self, paper: Paper, pages: tuple[int, ...], total: str
    ) -> None:
        for page in pages:
            assert paper.voucher(page, 12).endswith(total)

    def test_say_how_shared_packages_count(self, paper: Paper) -> None:
        assert "3. 0 CT (packed with another line); Hangers for the shirts" in paper.voucher(3, 10)

    def test_say_where_each_line_goes_when_they_go_different_ways(self, paper: Paper) -> None:
        assert "1. 40 BG; Walnuts; HS 080231; CN940300 → KZ51100" in paper.voucher(1, 10)

    def test_leave_room_on_reserve_pages_and_name_no_route_there(self, paper: Paper) -> None:
        box, band = paper.voucher(11, 10), paper.text(FIRST_VOUCHER + 10, voucher.PLAN)

        assert "reserve: to be filled in as on board" in box
        assert band == "Reserve: no TIR operation planned on this voucher"
        assert paper.text(FIRST_VOUCHER + 10, voucher.PAGE_NUMBER) == "11"

    def test_fill_reserve_pages_where_the_goods_are_always_the_same(self, fonts: Fonts) -> None:
        sheet = sample_sheet()

        assert "420 CT; Dried apricots" in Paper(sheet, fonts).voucher(13, 10)

    @pytest.mark.parametrize(
        ("page", "area", "title"),
        [
            (1, _NO_1[1], "22 Miscellaneous (itinerary"),
            (1, _NO_1[2], "23 Officer's signature"),
            (2, _NO_2[0].rows(12.5, 9, 10, 10, REST)[4], "22 Miscellaneous (itinerary"),
            (2, _NO_2[1], "23 Officer's signature"),
            (2, _NO_2[2].rows(12.5, 9, 13, REST)[2], "26 Number of packages"),
            (2, _NO_2[2].rows(12.5, 9, 13, REST)[3], "27 Reservations"),
            (2, _NO_2[3], "28 Officer's signature"),
        ],
    )
    def test_have_each_title_in_its_own_box_once(
        self, paper: Paper, page: int, area: Area, title: str
    ) -> None:
        text = paper.text(FIRST_VOUCHER + page - 1, area)

        assert text.startswith(title)
        assert text.count(title.split(" ", 1)[1]) == 1


class TestUnits:
    def test_are_listed_separately(self, fonts: Fonts) -> None:
        goods = (
            replace(GOODS[0], description="Copper", unit="CSQU3054383"),
            replace(GOODS[0], description="Loose parts", unit=""),
            replace(GOODS[0], description="Zinc", unit="TEXU3070079"),
            replace(GOODS[0], description="Lead", unit="CSQU3054383"),
            replace(GOODS[0], description="Pipes", unit="01 4567 AA"),
        )
        sheet = sample_sheet(goods=goods, containers=("CSQU3054383", "TEXU3070079"))

        manifest = Paper(sheet, fonts).document[MANIFEST].get_textpage().get_text_bounded()

        shown = (
            "(a) container: CSQU3054383", "Copper", "Lead",
            "(a) container: TEXU3070079", "Zinc",
            "(a) road vehicle: 01 4567 AA", "Pipes",
            "(a) load compartment", "Loose parts",
        )  # fmt: skip
        at = sorted(shown, key=manifest.rindex)  # the first "(a) load compartment" is box 9's own title
        assert [name for name in at if name.startswith("(a)")] == [
            name for name in shown if name.startswith("(a)")
        ]
        assert all(name in manifest for name in shown)

    def test_are_named_again_on_every_sheet_and_never_alone_at_its_foot(self, fonts: Fonts) -> None:
        goods = tuple(
            replace(GOODS[0], marks=f"M-{n:03}", unit="CSQU3054383" if n < 140 else "TEXU3070079")
            for n in range(300)
        )
        sheet = sample_sheet(goods=goods, containers=("CSQU3054383", "TEXU3070079"))

        document = Paper(sheet, fonts).document
        sheets = [page.get_textpage().get_text_bounded() for page in document]
        sheets = [text for text in sheets if "GOODS MANIFEST" in text]

        assert len(sheets) > 5
        for text in sheets:
            assert text.index("(a) container") < text.index("(b) M-")
            assert text.rindex("(a) container") < text.rindex("(b) M-")
        assert sum(text.count("(b) M-") for text in sheets) == 300

    def test_of_bulk_have_a_kind_and_no_number(self, fonts: Fonts) -> None:
        wheat = replace(GOODS[0], description="Wheat", packages=None, package_kind="VR")
        made = Paper(sample_sheet(goods=(wheat,)), fonts)

        assert "1. VR (in bulk); Wheat" in made.voucher(1, 10)
        assert made.voucher(1, 12).endswith("— (4 410.5 kg) 1. TJ10100 Dushanbe / Душанбе: —")


class TestPlan:
    def test_names_each_stop_with_its_pages_and_packages(self, paper: Paper) -> None:
        text = "".join(paper.document[PLAN].get_textpage().get_text_bounded().split())

        for line in (
            "1 loads (departure) CN CN CN940300 Kashgar / 喀什海关 1 + 40",
            "2 loads (departure) CN CN CN940010 Urumqi / 乌鲁木齐海关 2, 3 + 60",
            "5 unloads (destination) EAEU EAEU KZ51100 Almaty / Алматы 6, 7 − 40",
            "8 unloads (destination) UZ UZ UZ22010 Sariosiyo / Сариосиё 10 − 60",
        ):
            assert "".join(line.split()) in text

    def test_stands_on_no_other_sheet(self, paper: Paper) -> None:
        assert "Planned itinerary" in paper.document[PLAN].get_textpage().get_text_bounded()
        assert "Planned itinerary" not in paper.document[COVER].get_textpage().get_text_bounded()
