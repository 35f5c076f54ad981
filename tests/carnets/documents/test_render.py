"""The printed carnet: its words, its codes read back from the rendered page, its limits."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image

from carnets import tokens
from carnets.documents import titles, words
from carnets.documents.fonts import Fonts
from carnets.documents.paper import TITLE
from carnets.documents.render import render_carnet
from carnets.documents.sheet import SecondLanguage
from carnets.documents.titles import Title
from carnets.documents.typesetting import ELLIPSIS, Setting, Style, Typesetter
from tests.carnets.documents.conftest import Render
from tests.carnets.documents.samples import GOODS, KEY, NUMBER, PLATES, claims, crowded_sheet, sample_sheet

LANGUAGES: list[SecondLanguage | None] = [None, "ru", "zh-hans"]
COVER, PLAN, MANIFEST, FIRST_VOUCHER = range(4)  # with one sheet of manifest, counted from 0
MM_PER_POINT = 25.4 / 72


@contextmanager
def opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    document = pdfium.PdfDocument(pdf)
    yield document
    document.close()


def text_of(pdf: bytes) -> list[str]:
    """The text of each page in one line: where a title wraps is no part of what it says."""
    with opened(pdf) as document:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def squeezed(text: str) -> str:
    """Without spaces: Chinese lines break anywhere."""
    return "".join(text.split())


def image_of(pdf: bytes, index: int, dpi: int) -> Image.Image:
    with opened(pdf) as document:
        return document[index].render(scale=dpi / 72).to_pil().convert("L")


class TestACopy:
    def test_says_so_on_each_page_and_has_no_code(self, fonts: Fonts) -> None:
        sheet = sample_sheet(second_language="ru")
        copy, original = render_carnet(sheet, fonts, is_copy=True), render_carnet(sheet, fonts)

        assert all("COPY" in page and "КОПИЯ" in page for page in text_of(copy))
        assert not any("COPY" in page for page in text_of(original))
        assert zxingcpp.read_barcodes(image_of(original, FIRST_VOUCHER, 200))
        assert not zxingcpp.read_barcodes(image_of(copy, FIRST_VOUCHER, 200))

    def test_names_the_same_document_as_the_original(self, fonts: Fonts) -> None:
        """Whoever compares the two finds one hash at their feet."""
        sheet = sample_sheet()
        hashes = {
            re.search(r"([0-9A-F]{4} ){3}[0-9A-F]{4}", text_of(render_carnet(sheet, fonts, is_copy=kind))[0])[
                0
            ]  # type: ignore[index]
            for kind in (True, False)
        }

        assert len(hashes) == 1


class TestPages:
    @pytest.mark.parametrize("vouchers", [4, 6, 14, 20])
    def test_has_every_voucher_and_five_other_pages(self, fonts: Fonts, vouchers: int) -> None:
        assert len(text_of(render_carnet(sample_sheet(vouchers=vouchers), fonts))) == vouchers + 5

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_of_the_largest_carnet_stay_under_half_a_megabyte(
        self, render: Render, language: SecondLanguage | None
    ) -> None:
        pdf = render(language)

        assert len(text_of(pdf)) == 20 + 5
        assert len(pdf) < 500_000

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_page_says_which_it_is_of_how_many_and_of_which_document(
        self, render: Render, language: SecondLanguage | None
    ) -> None:
        digits = sample_sheet(vouchers=20, language=language).document_hash[:16].upper()
        printed = " ".join(digits[start : start + 4] for start in (0, 4, 8, 12))

        for number, text in enumerate(text_of(render(language)), start=1):
            assert f"page {number} of 25" in text
            assert printed in text
            assert NUMBER in text

    def test_odd_pages_are_voucher_1_and_even_pages_voucher_2(self, render: Render) -> None:
        for page, text in enumerate(text_of(render(None))[FIRST_VOUCHER:-2], start=1):
            kind = 1 if page % 2 else 2
            assert f"VOUCHER No. {kind}" in text
            assert f"COUNTERFOIL No. {kind}" in text
            assert f"{NUMBER} {page} " in text + " "

    def test_a_voucher_names_its_planned_operation(self, render: Render) -> None:
        assert "TIR operation 2: EAEU" in text_of(render(None))[FIRST_VOUCHER + 2]

    def test_a_voucher_beyond_the_plan_is_a_reserve(self, render: Render) -> None:
        assert words.RESERVE.en in text_of(render(None))[FIRST_VOUCHER + 8]

    def test_gives_the_same_bytes_every_time(self, fonts: Fonts, render: Render) -> None:
        assert render_carnet(sample_sheet(vouchers=20, language="ru"), fonts) == render("ru")

    def test_documents_drawn_at_the_same_time_do_not_disturb_each_other(
        self, fonts: Fonts, render: Render
    ) -> None:
        with ThreadPoolExecutor(4) as threads:
            drawn = list(threads.map(lambda _: render_carnet(sample_sheet(20), fonts), range(4)))

        assert set(drawn) == {render("ru")}

    def test_endorses_heavy_goods_on_cover_and_every_voucher(self, fonts: Fonts) -> None:
        pages = text_of(render_carnet(sample_sheet(is_heavy_or_bulky=True), fonts))

        assert all(words.HEAVY_OR_BULKY.en in page for page in [pages[0], *pages[FIRST_VOUCHER:-2]])


class TestTitles:
    @staticmethod
    def _expect(text: str, boxes: dict[int, Title], numbers: range, language: SecondLanguage | None) -> None:
        for number in numbers:
            assert squeezed(boxes[number].en) in squeezed(text)
            assert squeezed(boxes[number].second(language)) in squeezed(text)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_cover_has_boxes_1_to_12(self, render: Render, language: SecondLanguage | None) -> None:
        self._expect(text_of(render(language))[0], titles.COVER, range(1, 13), language)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_manifest_has_boxes_1_to_17(self, render: Render, language: SecondLanguage | None) -> None:
        self._expect(text_of(render(language))[MANIFEST], titles.VOUCHER, range(1, 18), language)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_voucher_1_has_boxes_1_to_23_and_its_counterfoil(
        self, render: Render, language: SecondLanguage | None
    ) -> None:
        text = text_of(render(language))[FIRST_VOUCHER]

        self._expect(text, titles.VOUCHER, range(1, 24), language)
        self._expect(text, titles.COUNTERFOIL_1, range(1, 7), language)
        assert titles.VOUCHER[24].en not in text

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_voucher_2_has_boxes_1_to_28_and_its_counterfoil(
        self, render: Render, language: SecondLanguage | None
    ) -> None:
        text = text_of(render(language))[FIRST_VOUCHER + 1]

        self._expect(text, titles.VOUCHER, range(1, 29), language)
        self._expect(text, titles.COUNTERFOIL_2, range(1, 7), language)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_certified_report_has_its_items(self, render: Render, language: SecondLanguage | None) -> None:
        self._expect(text_of(render(language))[-2], titles.REPORT, range(1, 19), language)


class TestContents:
    def test_cover_shows_what_was_issued(self, render: Render) -> None:
        cover = text_of(render(None))[0]

        for shown in (
            NUMBER,
            "30/11/2026",
            "20 vouchers",
            "CN-2026-000123",
            "1543-5645-343/2025",
            "TJK",
            *PLATES,
        ):
            assert shown in cover.replace("\u00a0", " ")

    @pytest.mark.parametrize(
        "name",
        ["天山公路货运有限公司", "Нұржолыкедені,Қорғас", "霍尔果斯海关", "Б.Қонысбаева", "Дӯстӣ", "Яллама"],
    )
    def test_names_in_every_script_can_be_read_back(self, render: Render, name: str) -> None:
        assert name in squeezed(text_of(render("ru"))[PLAN] + text_of(render("ru"))[COVER])

    @pytest.mark.parametrize("name", ["努尔饶尔", "科内斯巴耶夫", "亚拉马"])
    def test_chinese_names_stand_beside_the_english_ones(self, render: Render, name: str) -> None:
        assert name in squeezed(text_of(render("zh-hans"))[PLAN])

    def test_vouchers_carry_boxes_1_to_12_filled_in(self, render: Render) -> None:
        for text in text_of(render(None))[FIRST_VOUCHER:-2]:
            plain = text.replace("\u00a0", " ")
            for shown in (
                NUMBER,
                "CHN/051/1234567",
                "Urumqi",
                "Dushanbe",
                *PLATES,
                GOODS[0].description,
                "10 525.75",
            ):
                assert shown in plain

    def test_every_font_is_embedded(self, render: Render) -> None:
        pdf = render("ru")

        assert pdf.count(b"/FontFile2") >= 3
        assert b"/Type3" not in pdf


class TestGoods:
    def test_a_long_list_continues_on_further_sheets(self, fonts: Fonts) -> None:
        lines = tuple(replace(GOODS[0], marks=f"MARK-{number:03}") for number in range(100))
        pages = text_of(render_carnet(sample_sheet(language=None, goods=lines), fonts))
        manifest = [page for page in pages if "GOODS MANIFEST" in page]

        assert len(manifest) > 1
        assert all(f"MARK-{number:03}" in " ".join(manifest) for number in range(100))
        assert all("Carried forward" in page for page in manifest[:-1])
        assert "Total: 42 000" in manifest[-1].replace("\u00a0", " ")

    def test_a_voucher_says_how_many_lines_it_leaves_out(self, fonts: Fonts) -> None:
        voucher = text_of(render_carnet(sample_sheet(language=None, goods=GOODS * 10), fonts))[
            FIRST_VOUCHER + 1
        ]

        assert "see the goods manifest" in voucher

    @pytest.mark.parametrize(
        "goods", [(), (replace(GOODS[0], description="long " * 3_000),)], ids=["none", "endless"]
    )
    def test_no_goods_and_endless_goods_still_make_a_document(self, fonts: Fonts, goods: tuple[()]) -> None:
        assert len(text_of(render_carnet(sample_sheet(goods=goods), fonts))) == 19


class TestCodes:
    @pytest.mark.parametrize("dpi", [150, 200])
    def test_every_page_gives_its_own_token_to_an_independent_decoder(self, render: Render, dpi: int) -> None:
        for page in range(1, 21):
            [barcode] = zxingcpp.read_barcodes(image_of(render("ru"), FIRST_VOUCHER + page - 1, dpi))

            assert tokens.verify(barcode.text, (KEY.public_key(),)) == claims(page)

    def test_is_read_from_a_bad_copy(self, render: Render) -> None:
        copy = (
            image_of(render("ru"), FIRST_VOUCHER, 150)
            .rotate(4, fillcolor=255)
            .point(lambda level: level > 140 and 255)
        )

        assert [barcode.text for barcode in zxingcpp.read_barcodes(copy)] == [sample_sheet(20).tokens[0]]

    def test_is_at_least_35_millimetres_wide(self, render: Render) -> None:
        dpi = 200
        [barcode] = zxingcpp.read_barcodes(image_of(render(None), FIRST_VOUCHER, dpi))
        width = barcode.position.top_right.x - barcode.position.top_left.x

        assert width / dpi * 25.4 >= 35

    def test_cover_plan_and_manifest_carry_none(self, render: Render) -> None:
        """A code on the cover would be scanned, and stamp a page nobody meant."""
        assert not [
            code
            for index in (COVER, PLAN, MANIFEST)
            for code in zxingcpp.read_barcodes(image_of(render("ru"), index, 150))
        ]


class TestFit:
    """Nothing is printed over anything else: boxes never overlap (the grid), and text never leaves its box."""

    @staticmethod
    @contextmanager
    def _watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[Setting, Style, float, float]]]:
        seen: list[tuple[Setting, Style, float, float]] = []
        fit = Typesetter.fit

        def watching(self: Typesetter, text: str, style: Style, width: float, height: float) -> Setting:
            setting = fit(self, text, style, width, height)
            seen.append((setting, style, width, height))
            return setting

        monkeypatch.setattr(Typesetter, "fit", watching)
        yield seen

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_titles_are_all_of_one_size(
        self, fonts: Fonts, monkeypatch: pytest.MonkeyPatch, language: SecondLanguage | None
    ) -> None:
        with self._watched(monkeypatch) as seen:
            render_carnet(sample_sheet(language=language), fonts)

        assert {setting.size for setting, style, _, _ in seen if style is TITLE} == {TITLE.largest}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_an_ordinary_carnet_is_printed_without_cutting_a_word(
        self, fonts: Fonts, monkeypatch: pytest.MonkeyPatch, language: SecondLanguage | None
    ) -> None:
        with self._watched(monkeypatch) as seen:
            render_carnet(sample_sheet(language=language), fonts)

        endings = [run.text for setting, *_ in seen for line in setting.lines for run in line.runs]
        assert not [text for text in endings if text.endswith(ELLIPSIS)]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_most_crowded_carnet_stays_in_its_boxes(
        self, fonts: Fonts, monkeypatch: pytest.MonkeyPatch, language: SecondLanguage | None
    ) -> None:
        with self._watched(monkeypatch) as seen:
            render_carnet(crowded_sheet(language), fonts)

        for setting, _, width, height in seen:
            assert setting.height <= height + 0.01
            assert max(line.width for line in setting.lines) * setting.size <= width + 0.01

    def test_nothing_is_printed_in_the_margin(self, render_crowded: Render) -> None:
        for index in (0, 1, 2, 7, 8, 27, 28):
            page = image_of(render_crowded("ru"), index, 72)
            edge = round(7 / MM_PER_POINT)
            assert page.crop((0, 0, page.width, edge)).getextrema() == (255, 255)
            assert page.crop((0, page.height - edge, page.width, page.height)).getextrema() == (255, 255)


class TestSize:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_twenty_vouchers_are_under_500_kilobytes(
        self, render: Render, language: SecondLanguage | None
    ) -> None:
        assert len(render(language)) < 500_000

    def test_the_most_crowded_carnet_is_under_500_kilobytes(self, render_crowded: Render) -> None:
        assert len(render_crowded("zh-hans")) < 500_000
