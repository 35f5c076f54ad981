"""Which seals should be found, event by event. Hand-made tables; the law: art. 19, 22, 24, 25, 35."""

from collections.abc import Sequence
from typing import Any

import pytest

from carnets.choices import StopAction
from carnets.projection.seals import (
    SealSet,
    SealsFound,
    compare,
    move_seals_past_event,
    move_seals_past_stamp,
)
from tests.evidence import SEALS, certify, control, report, territory_id, when

KZ = territory_id("EAEU")


def sealed(*seals: str, affixed_in: int | None = None) -> SealSet:
    found = SealSet()
    found.affix(seals, affixed_in)
    return found


class TestSealSet:
    def test_expects_nothing_while_nobody_stated_any(self) -> None:
        assert SealSet().expected is None
        assert sealed("B", "A").expected == ("A", "B")

    def test_knows_a_seal_in_any_spelling_and_keeps_the_first(self) -> None:
        seals = sealed("AB 55")
        seals.affix(["ab-55"])
        assert seals.expected == ("AB 55",)

        seals.remove(["ав55"])  # Cyrillic letters that look the same
        assert seals.expected == ()

    def test_replaces_all_at_once(self) -> None:
        seals = sealed(*SEALS)
        seals.replace(["N-1"])

        assert seals.expected == ("N-1",)


class TestCompare:
    @pytest.mark.parametrize(
        ("expected", "found", "agree"),
        [
            (SEALS, SEALS, True),
            (SEALS, (*SEALS, "X-1"), True),  # one more is an exporter's own
            (SEALS, SEALS[:1], False),
            (SEALS, (), False),
            (SEALS, None, None),
            (None, SEALS, None),
            ((), (), True),
            (SEALS, ("A 10023", "a10024"), True),
        ],
    )
    def test_asks_that_all_expected_are_among_those_found(
        self, expected: Any, found: Any, agree: bool | None
    ) -> None:
        assert compare(certify(4, seals_found=found), expected).agree is agree

    @pytest.mark.parametrize(
        ("intact", "agree", "in_order"),
        [
            (True, True, True),
            (True, None, True),
            (True, False, False),  # a list given is compared even when the box is ticked
            (None, True, True),
            (None, None, False),
            (False, True, False),
        ],
    )
    def test_calls_in_order_only_what_was_stated(
        self, intact: bool | None, agree: bool | None, in_order: bool
    ) -> None:
        assert SealsFound(intact=intact, agree=agree).are_in_order is in_order

    @pytest.mark.parametrize(
        ("intact", "found", "stated"),
        [(None, None, False), (True, None, True), (None, (), True), (False, None, True)],
    )
    def test_takes_a_blank_for_no_statement(self, intact: bool | None, found: Any, stated: bool) -> None:
        assert SealsFound(intact=intact, found=found).are_stated is stated


class TestPassStamp:
    @pytest.mark.parametrize(
        ("does", "said", "expected"),
        [
            (StopAction.ENTRY, {}, SEALS),
            (StopAction.ENTRY, {"seals_affixed": ("K-1",)}, (*SEALS, "K-1")),  # added (art. 22)
            (StopAction.EXIT, {"seals_found": SEALS[:1]}, SEALS[:1]),  # one break is one irregularity
            (StopAction.EXIT, {"seals_found": (*SEALS, "X-1")}, SEALS),  # an extra one stays a note
            (StopAction.UNLOAD, {"seals_affixed": ("N-1",)}, ("N-1",)),  # opened: what was there is gone
            (StopAction.UNLOAD, {}, SEALS),
            (StopAction.LOAD, {"seals_removed": SEALS, "seals_affixed": ("N-1",)}, ("N-1",)),
            (StopAction.LOAD, {"seals_removed": SEALS[:1], "seals_affixed": ("N-1",)}, ("A-10024", "N-1")),
            (StopAction.EXIT, {"seals_removed": SEALS}, SEALS),  # others' stay
            (StopAction.ENTRY, {"seals_removed": SEALS}, SEALS),
        ],
    )
    def test_moves_the_set(self, does: StopAction, said: dict[str, Any], expected: Sequence[str]) -> None:
        seals = sealed(*SEALS, affixed_in=territory_id("CN"))

        move_seals_past_stamp(seals, certify(4, **{"seals_found": None, **said}), does, is_visit=False)

        assert seals.expected == tuple(expected)

    @pytest.mark.parametrize(
        ("office", "does", "is_off"),
        [
            ("KZQZQ001", StopAction.EXIT, True),
            ("KZQZQ001", StopAction.SUSPEND, True),
            ("KZQZQ001", StopAction.ENTRY, False),
            ("UZYAL001", StopAction.EXIT, False),
        ],
    )
    def test_lets_an_office_take_off_what_its_own_territory_put_on(
        self, office: str, does: StopAction, is_off: bool
    ) -> None:
        """A national electronic seal, on at entry and off at exit, beside the exporter's own."""
        seals = sealed(*SEALS, affixed_in=territory_id("CN"))
        seals.affix(["E-77"], KZ)

        move_seals_past_stamp(
            seals, certify(4, office=office, seals_found=None, seals_removed=("E-77",)), does, is_visit=False
        )

        assert ("E-77" not in (seals.expected or ())) is is_off

    def test_leaves_a_seal_with_the_territory_that_put_it_on_first(self) -> None:
        """Kazakhstan writes China's seal down once more as it enters; it takes it off no more for that."""
        seals = sealed(*SEALS, affixed_in=territory_id("CN"))
        move_seals_past_stamp(seals, certify(3, seals_affixed=SEALS), StopAction.ENTRY, is_visit=False)

        move_seals_past_stamp(seals, certify(4, seals_removed=SEALS), StopAction.EXIT, is_visit=False)

        assert seals.expected == SEALS

    def test_takes_the_list_at_the_second_page_of_a_visit_for_the_new_set(self) -> None:
        seals = sealed(*SEALS)

        move_seals_past_stamp(seals, certify(5, seals_found=("N-1",)), StopAction.UNLOAD, is_visit=True)

        assert seals.expected == ("N-1",)

    def test_counts_a_seal_on_both_pages_of_a_visit_once(self) -> None:
        seals = sealed(*SEALS)
        move_seals_past_stamp(seals, certify(4, seals_affixed=("N-1",)), StopAction.UNLOAD, is_visit=False)
        move_seals_past_stamp(
            seals, certify(5, seals_found=None, seals_affixed=("N-1",)), StopAction.UNLOAD, is_visit=True
        )

        assert seals.expected == ("N-1",)


class TestPassEvent:
    def test_takes_off_what_was_broken_and_puts_on_what_was_affixed(self) -> None:
        seals = sealed(*SEALS)

        move_seals_past_event(
            seals, report("KZALA001", when(3), seals_removed=SEALS[:1], seals_affixed=("N-1",))
        )

        assert seals.expected == ("A-10024", "N-1")

    def test_of_a_control_replaces_seals_without_a_report(self) -> None:
        seals = sealed(*SEALS)

        move_seals_past_event(
            seals, control("KZALA001", when(3), seals_removed=SEALS, seals_affixed=("C-7",))
        )

        assert seals.expected == ("C-7",)

    def test_drawn_up_after_the_stamp_affixes_only_then(self) -> None:
        seals = sealed(*SEALS)

        move_seals_past_event(
            seals, report("KZALA001", when(3), seals_removed=SEALS, seals_affixed=("N-1",)), is_affixed=False
        )

        assert seals.expected == ()
