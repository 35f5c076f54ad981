"""What stands in which box of a voucher: each value is read from the place of its box, not from the whole page."""

import pytest

from carnets.documents import voucher
from carnets.documents.fonts import Fonts
from carnets.documents.grid import REST, Area
from tests.carnets.documents.boxes import FIRST_VOUCHER, Paper
from tests.carnets.documents.samples import sample_sheet

_NO_1 = voucher.CERTIFICATE.columns(72, 58, REST)
_NO_2 = voucher.CERTIFICATE.columns(56, 39, 56, REST)


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
