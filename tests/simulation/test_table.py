"""The comparison as a person reads it."""

from dataclasses import replace

from checkpoints.simulation.comparing import compare_truth
from tests.simulation.truths import CLEAN, RECORDED, TRUTH, shown


class TestTable:
    def test_lines_numbers_up_to_the_right(self) -> None:
        lines = shown(compare_truth(TRUTH, RECORDED)).splitlines()

        assert lines[0].split() == ["irregularity", "planted", "found", "missed", "unexpected", "law"]
        assert lines[2].split() == ["pkg_short", "1", "1", "0", "0", "art.", "28"]
        assert lines[3].startswith("all ")
        assert len({line.index("found") for line in lines[:1]} | {lines[2].rindex("1") - 4}) == 1

    def test_shows_no_more_differences_than_fit_a_screen(self) -> None:
        many = replace(TRUTH, carnets=tuple(replace(CLEAN, number=f"X{index}") for index in range(40)))

        assert shown(compare_truth(many, {})).endswith("and 15 more")
