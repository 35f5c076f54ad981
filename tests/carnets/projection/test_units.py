"""Which vehicles and containers should be there. Hand-made tables; the law: art. 1(d), 25."""

from collections.abc import Sequence
from typing import Any

import pytest

from carnets.choices import UnitKind
from carnets.projection.plan import Unit
from carnets.projection.units import Train, missing, move_train_past_event, move_train_past_stamp, set_down
from tests.evidence import certify, report, when

TRACTOR, RIGID = Unit("T1", UnitKind.TRACTOR), Unit("R1", UnitKind.RIGID)
TRAILER, SECOND = Unit("S1", UnitKind.TRAILER), Unit("S2", UnitKind.TRAILER)
BOX, OTHER_BOX = Unit("CSQU3054383", UnitKind.CONTAINER), Unit("TEXU3070079", UnitKind.CONTAINER)


def lacking(units: Sequence[Unit], vehicles: Any = None, containers: Any = None) -> tuple[str, ...]:
    return missing(Train.of(tuple(units)), certify(4, vehicles=vehicles, containers=containers))


class TestMissing:
    @pytest.mark.parametrize(
        ("units", "vehicles", "containers", "absent"),
        [
            ([RIGID], None, None, ()),  # nothing stated, nothing compared
            ([RIGID], ("R1",), None, ()),
            ([RIGID], ("r-1", "X9"), None, ()),  # what is there besides is a note
            ([RIGID], ("X9",), None, ("R1",)),
            ([RIGID], (), None, ("R1",)),
            ([TRACTOR, TRAILER], ("X9", "S1"), None, ()),  # another tractor before the same trailer
            ([TRACTOR, TRAILER], ("T1",), None, ("S1",)),  # a trailer left behind
            ([TRACTOR, TRAILER, SECOND], ("T1", "S1"), None, ("S2",)),
            ([TRACTOR, BOX], ("X9",), None, ()),  # a list of plates says nothing about containers
            ([TRACTOR, BOX], None, ("CSQU 305438-3",), ()),
            ([TRACTOR, BOX], None, (), ("CSQU3054383",)),
            (
                [TRACTOR, TRAILER, BOX],
                ("X9",),
                ("CSQU3054383",),
                (),
            ),  # another chassis under the same container
            (
                [TRAILER, BOX, OTHER_BOX],
                ("X9",),
                ("CSQU3054383",),
                ("S1", "TEXU3070079"),
            ),  # one of two containers under another chassis: the sealed unit is not whole
            ([TRACTOR, BOX, OTHER_BOX], None, ("CSQU3054383",), ("TEXU3070079",)),
        ],
    )
    def test_is_what_should_be_among_the_units_stated(
        self, units: Sequence[Unit], vehicles: Any, containers: Any, absent: tuple[str, ...]
    ) -> None:
        assert lacking(units, vehicles, containers) == absent


class TestPassStamp:
    def test_misses_a_unit_once(self) -> None:
        train = Train.of((TRACTOR, TRAILER, SECOND))
        said = certify(4, vehicles=("T1", "S1"))
        assert missing(train, said) == ("S2",)

        move_train_past_stamp(train, said, after_unload=False)

        assert missing(train, certify(5, vehicles=("T1", "S1"))) == ()

    def test_lets_a_unit_stay_where_it_was_unloaded(self) -> None:
        train = Train.of((TRACTOR, TRAILER, SECOND))

        move_train_past_stamp(train, certify(5, vehicles=("T1", "S1")), after_unload=True)

        assert set(train.units) == {"T1", "S1"}


class TestSetDown:
    def test_lets_emptied_units_go(self) -> None:
        train = Train.of((TRACTOR, TRAILER, SECOND))

        set_down(train, frozenset({"S2", "NOT-OURS"}))

        assert missing(train, certify(5, vehicles=("T1", "S1"))) == ()


class TestPassEvent:
    def test_lets_the_vehicle_of_a_report_go_on_in_place_of_one(self) -> None:
        train = Train.of((RIGID,))

        move_train_past_event(train, report("KZALA001", when(3), vehicles=("99 zz 999",)))

        assert missing(train, certify(4, vehicles=("99ZZ999",))) == ()
        move_train_past_stamp(train, certify(4, vehicles=("99ZZ999",)), after_unload=False)
        assert missing(train, certify(5, vehicles=("R1",))) == ("99ZZ999",)

    def test_changes_nothing_by_naming_the_carnets_own(self) -> None:
        train = Train.of((RIGID,))

        move_train_past_event(train, report("KZALA001", when(3), vehicles=("R1",)))

        assert missing(train, certify(4, vehicles=("X9",))) == ("R1",)
