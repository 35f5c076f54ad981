"""One side of an operation: what nobody said is no statement."""

from dataclasses import replace

from carnets.projection.sides import NOTHING, SideFacts


class TestASideOfWhichNothingIsOnRecord:
    def test_states_neither_time_nor_seals_nor_units(self) -> None:
        said = (
            NOTHING.stamp,
            NOTHING.at,
            NOTHING.day,
            NOTHING.seals_intact,
            NOTHING.seals_found,
            NOTHING.seals_agree,
        )

        assert said == (None,) * 6
        assert NOTHING.units_missing is None
        assert not NOTHING.is_reported

    def test_is_not_a_side_on_which_seals_were_said_to_be_missing(self) -> None:
        assert replace(NOTHING, seals_intact=False) != NOTHING
        assert replace(NOTHING, seals_found=()) != NOTHING
        assert SideFacts() == NOTHING
