"""One state machine: a step is taken from its own statuses and from no other."""

import pytest
from django.db import models

from tir.kernel.errors import Conflict
from tir.kernel.states import Machine, Step


class Door(models.TextChoices):
    OPEN = "open", "standing open"
    SHUT = "shut", "shut"
    GONE = "gone", "taken away"


MACHINE = Machine(
    Door,
    (
        Step("shut", frozenset({Door.OPEN}), Door.SHUT, "Somebody was cold.", by="guest"),
        Step("open", frozenset({Door.SHUT}), Door.OPEN, "Somebody was warm.", by="guest"),
        Step("repair", frozenset({Door.OPEN, Door.SHUT}), None, "It stands as it was left."),
    ),
    refusal=Conflict,
    sentence="It is {status}; possible while: {possible}.",
)


class TestNext:
    @pytest.mark.parametrize(
        ("verb", "status", "after"),
        [
            ("shut", "open", "shut"),
            ("open", "shut", "open"),
            ("repair", "open", None),
            ("repair", "shut", None),
        ],
    )
    def test_is_where_the_verb_leads(self, verb: str, status: str, after: str | None) -> None:
        assert MACHINE.next(verb, status) == after

    @pytest.mark.parametrize(
        ("verb", "status"), [("shut", "shut"), ("open", "open"), ("shut", "gone"), ("repair", "gone")]
    )
    def test_is_refused_from_elsewhere(self, verb: str, status: str) -> None:
        with pytest.raises(Conflict):
            MACHINE.next(verb, status)

    def test_says_what_stands_in_the_way_in_words_and_as_facts(self) -> None:
        with pytest.raises(Conflict) as refused:
            MACHINE.next("repair", "gone")

        assert refused.value.detail == "It is taken away; possible while: standing open, shut."
        assert refused.value.facts == {"status": "gone", "verb": "repair", "possible_from": ["open", "shut"]}


class TestTheTable:
    def test_is_read_by_verb_and_by_status(self) -> None:
        assert [step.verb for step in MACHINE] == ["shut", "open", "repair"]
        assert MACHINE["shut"].by == "guest"
        assert "repair" in MACHINE
        assert "paint" not in MACHINE
        assert MACHINE.verbs("open") == ["shut", "repair"]
        assert MACHINE.verbs("gone") == []
