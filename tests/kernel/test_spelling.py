"""One common form for what is painted, stamped or typed in several ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tir.kernel.spelling import are_spelt_differently, common_form, common_forms, tidy


class TestCommonForm:
    @pytest.mark.parametrize(
        "typed",
        [
            "AB 1023", "ab1023", "AB-1023", "AB–1023", "AB—1023", "AB.1023", "AB·1023", "AB\u00a01023", "ＡＢ１０２３",
            "A\u200bB1023", "AB\t1023", "АВ1023", "ΑΒ1023", " AB 10 23 ",
        ],
    )  # fmt: skip
    def test_is_one_for_every_way_of_writing(self, typed: str) -> None:
        """Case, blanks, no-break and zero-width ones, dashes, dots, full width, Cyrillic and Greek twins."""
        assert common_form(typed) == "AB1023"

    def test_is_one_for_composed_and_decomposed_letters(self) -> None:
        assert common_form("É1") == common_form("E\u03011") != common_form("E1")

    @pytest.mark.parametrize(
        ("one", "other"), [("AB1023", "AB1024"), ("A0", "AO"), ("A1", "AI"), ("ABC", "ACB"), ("B8", "88")]
    )
    def test_keeps_apart_what_is_another_thing(self, one: str, other: str) -> None:
        assert common_form(one) != common_form(other)

    @given(st.text(max_size=40))
    def test_is_its_own_common_form(self, typed: str) -> None:
        assert common_form(common_form(typed)) == common_form(typed)

    @given(st.text(max_size=40))
    def test_folds_only_what_is_tidy(self, typed: str) -> None:
        assert common_form(tidy(typed)) == common_form(typed)


class TestCommonForms:
    def test_are_none_for_no_list(self) -> None:
        assert common_forms(None) == common_forms([]) == frozenset()
        assert common_forms(["a-1", "A 1", "B2"]) == {"A1", "B2"}


class TestAreSpeltDifferently:
    @pytest.mark.parametrize(
        ("one", "other", "differently"),
        [
            (["AB1"], ["ab-1"], False),
            (["АВ1"], ["AB1"], True),  # Cyrillic letters
            (["AB1"], ["AB2"], False),  # another thing altogether
            (["AB1", "ΑΒ2"], ["AB1", "AB2"], True),
            ([], ["AB1"], False),
        ],
    )
    def test_where_only_folded_letters_make_them_equal(
        self, one: list[str], other: list[str], differently: bool
    ) -> None:
        assert are_spelt_differently(one, other) is differently
