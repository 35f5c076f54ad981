"""Setting text: the right face for every letter, and never more than the box holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnets.documents.fonts import Fonts
from carnets.documents.typesetting import ELLIPSIS, Setting, Style, Typesetter

PLAIN = Style(9, 5)
NAMES = {
    "kazakh": "Нұр жолы кедені, Қорғас, Үш-Арал, Ақжол, Өскемен, Іле",
    "uzbek": "Оʻзбекистон, Ўзбекистон, Ғиждувон, Қарши, Ҳазорасп",
    "tajik": "Дӯстӣ, Панҷакент, Ҳисор",
    "mongolian": "Замын-Үүд, Өмнөговь",
    "russian": "Объединённый подъезд, ёмкость",
    "azerbaijani": "Qırmızı Körpü, Şəki, Biləsuvar",
    "chinese": "霍尔果斯口岸，乌鲁木齐海关（新疆）",
    "turkish": "İstanbul, Ağrı, Gürbulak",
    "georgian": "წითელი ხიდი",
}


def written(setting: Setting) -> list[str]:
    return ["".join(run.text for run in line.runs) for line in setting.lines]


@pytest.fixture(scope="module")
def typesetter(fonts: Fonts) -> Typesetter:
    return Typesetter(fonts)


class TestFaces:
    @pytest.mark.parametrize("bold", [False, True])
    @pytest.mark.parametrize("text", NAMES.values(), ids=NAMES.keys())
    def test_every_letter_of_the_corridor_has_a_glyph(
        self, typesetter: Typesetter, text: str, bold: bool
    ) -> None:
        line = typesetter.line(text, bold=bold)

        assert "".join(run.text for run in line.runs) == text

    def test_a_mixed_name_is_split_into_runs(self, typesetter: Typesetter, fonts: Fonts) -> None:
        line = typesetter.line("Horgos 霍尔果斯 Қорғас", bold=False)

        assert [(run.face, run.text) for run in line.runs] == [
            (fonts.sans, "Horgos "),
            (fonts.cjk, "霍尔果斯"),
            (fonts.sans, " Қорғас"),
        ]

    def test_what_no_face_has_is_shown_as_unknown(self, typesetter: Typesetter) -> None:
        assert typesetter.line("A\U0001f69aB", bold=False).runs[0].text == "A\N{REPLACEMENT CHARACTER}B"


class TestFit:
    def test_short_text_keeps_its_size(self, typesetter: Typesetter) -> None:
        assert typesetter.fit("Urumqi", PLAIN, 200, 20).size == PLAIN.largest

    def test_text_too_long_for_a_line_wraps_at_a_space(self, typesetter: Typesetter) -> None:
        assert written(typesetter.fit("Tianshan Road Freight", PLAIN, 60, 100)) == [
            "Tianshan",
            "Road Freight",
        ]

    def test_text_too_long_for_the_box_shrinks(self, typesetter: Typesetter) -> None:
        setting = typesetter.fit("Tianshan Road Freight", PLAIN, 60, 14)

        assert PLAIN.smallest <= setting.size < PLAIN.largest
        assert " ".join(written(setting)) == "Tianshan Road Freight"

    def test_text_too_long_for_any_size_is_cut_visibly(self, typesetter: Typesetter) -> None:
        lines = written(typesetter.fit("word " * 500, PLAIN, 60, 20))

        assert lines[-1].endswith(ELLIPSIS)

    def test_a_word_wider_than_the_box_is_broken(self, typesetter: Typesetter) -> None:
        lines = written(typesetter.fit("A" * 40, PLAIN, 60, 100))

        assert len(lines) > 1
        assert "".join(lines) == "A" * 40

    def test_chinese_breaks_without_spaces_but_not_before_a_comma(self, typesetter: Typesetter) -> None:
        lines = written(typesetter.fit("霍尔果斯，乌鲁木齐", PLAIN, 9 * 4.5, 100))

        assert lines == ["霍尔果", "斯，乌鲁", "木齐"]

    def test_a_no_break_space_keeps_a_plate_together(self, typesetter: Typesetter) -> None:
        lines = written(typesetter.fit("01\u00a0A\u00a0123\u00a0BC / 01\u00a04567\u00a0AA", PLAIN, 90, 100))

        assert lines == ["01\u00a0A\u00a0123\u00a0BC /", "01\u00a04567\u00a0AA"]

    def test_newlines_part_paragraphs_and_other_controls_vanish(self, typesetter: Typesetter) -> None:
        assert written(typesetter.fit("one\x00\ntwo\x1b", PLAIN, 200, 100)) == ["one", "two"]

    @given(st.text(max_size=300), st.floats(20, 300), st.floats(12, 100))
    def test_whatever_the_text_it_stays_inside(
        self, typesetter: Typesetter, text: str, width: float, height: float
    ) -> None:
        setting = typesetter.fit(text, PLAIN, width, height)

        assert setting.height <= height + 0.001
        assert max(line.width for line in setting.lines) * setting.size <= width + 0.001
