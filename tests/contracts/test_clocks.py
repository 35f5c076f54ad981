"""Clocks are law (invariant 8): a period that binds anybody is a dated row that names its article. Code of the rooms
writes down no length of time, but for those listed here, which are no deadlines."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guarantees.choices import Clock
from guarantees.clocks import period
from guarantees.models import ClockRule

PROJECT = Path(__file__).parents[2]
ROOMS = ("guarantees", "carnets", "checkpoints")
NOT_THE_PRODUCT = {"migrations", "simulation"}  # the rows themselves; pretended journeys

# Where a length of time stands in code, and why it is no deadline.
NO_DEADLINES = {
    "guarantees/clocks.py: Period.after": "the arithmetic of every clock",
    "guarantees/clocks.py: reach": "bounds of the rows themselves, so that a statement need not ask for each",
    "guarantees/deadlines.py: DAY": "from the end of a dated row to the last day that counts",
    "guarantees/liability/history.py: HISTORY": "the months of a chart",
    "guarantees/liability/operations.py: _midnight_after": "counts the days of an age",
    "guarantees/claims/history.py: MOMENT": "the last instant of a day",
    "guarantees/liability/stages.py: TAKEN": "the last instant of a day",
    "guarantees/notices.py: EXCLUSIONS_TOLD_FOR": "how long news is news",
    "checkpoints/phones/devices.py: _ensure_room": "how long an unused phone counts at the cap, by a setting",
    "checkpoints/packs/applying.py: _end_what_left": "the first day that no longer counts: tomorrow",
    "carnets/deadlines.py: _of_operations": "the day after the last of a window",
    "carnets/digest.py: AHEAD": "how far ahead the digest looks",
    "carnets/projection/plan.py: Practices.grace": "the territory's own grace, of its register (art. 39)",
    "carnets/projection/walk.py: CLOCK_TOLERANCE": "how far a device's clock may be wrong",
    "carnets/projection/walk.py: REPORT_MAY_FOLLOW": "which report belongs to which stamp",
    "carnets/projection/walk.py: time_limit": "adds the territory's own days, of its register (art. 20)",
    "carnets/reconciliation/catalogue.py: TOLERANCE": "the same tolerance, for PostgreSQL",
    "carnets/reconciliation/catalogue.py: LATE_AFTER": "adds the territory's own grace, of its register (art. 39)",
    "carnets/reconciliation/job.py: ABANDONED_AFTER": "how long a worker may be silent",
    "carnets/reconciliation/statements.py: SUMMARISE": "the instant after a clock ends",
    "carnets/reconciliation/statements.py: SET_STATUS": "when to look again, after a clock that ends",
    "carnets/tokens.py: _claims": "counts days in a code's date",
    "checkpoints/annex10/daily.py: DAY": "counts the days of the daily files",
    "checkpoints/annex10/daily.py: STRAGGLERS": "how long a stamp's transaction may take",
    "checkpoints/evidence/receipts.py: LOGGED_WITHIN": "how soon a receipt promises the stamp in the log",
    "checkpoints/phones/offline_bundle.py: KEPT_ON_THE_LIST": "how long an unusable one stays on the stop list",
    "checkpoints/phones/standing.py: UNSENT_LATE": "when somebody should look at a phone",
    "checkpoints/phones/standing.py: UNSENT_TOO_LATE": "when somebody must",
    "checkpoints/shift.py: SEEN_LATELY": "when a device counts as silent",
    "checkpoints/shift.py: shift_of_day": "a day of the office's own clock",
    "checkpoints/shift.py: HANDLING": "which look at a carnet belongs to which stamp",
    "checkpoints/risk/scoring.py: indicators_of": "how far back statistics look",
}
LENGTH_IN_SQL = re.compile(r"interval\s*'|make_interval|::interval", re.IGNORECASE)
LENGTHS_IN_PYTHON = {"timedelta", "relativedelta", "monthrange"}


def lengths() -> Iterator[str]:
    """Yield each place in the rooms that writes down a length of time, as `file: function or constant`."""
    for room in ROOMS:
        for path in sorted((PROJECT / room).rglob("*.py")):
            if not NOT_THE_PRODUCT & set(path.relative_to(PROJECT).parts):
                file = path.relative_to(PROJECT).as_posix()
                yield from (f"{file}: {place}" for place in lengths_in(ast.parse(path.read_text())))


def lengths_in(tree: ast.AST, within: str = "") -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        place = ".".join(filter(None, (within, name_of(node)))) or constant_of(node)
        if is_length(node):
            yield place
        yield from lengths_in(node, place)


def name_of(node: ast.AST) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    return ""


def constant_of(node: ast.AST) -> str:
    """Return the name of a module's own constant."""
    is_named = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    return node.targets[0].id if is_named else ""  # type: ignore[attr-defined]


def is_length(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return called in LENGTHS_IN_PYTHON
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and bool(LENGTH_IN_SQL.search(node.value))
    )


class TestTheRooms:
    def test_write_down_no_length_of_time_but_those_that_are_no_deadline(self) -> None:
        """A new one is a deadline, then make it a row of `ClockRule`; or it is none, then say why above."""
        assert set(lengths()) == set(NO_DEADLINES)


@pytest.mark.django_db
@pytest.mark.parametrize("clock", Clock)
class TestEveryClock:
    def test_runs_on_every_day_since_the_convention_and_names_its_article(self, clock: Clock) -> None:
        for year in (1979, 2026, 2060):
            assert period(clock, on=datetime(year, 7, 1, tzinfo=UTC).date()).article

    def test_has_rules_that_leave_no_day_out_and_none_twice(self, clock: Clock) -> None:
        rules = list(ClockRule.objects.filter(clock=clock, territory=None).order_by("valid_from"))

        assert [rule.valid_to for rule in rules] == [*(rule.valid_from for rule in rules[1:]), None]

    def test_is_asked_by_the_product(self, clock: Clock) -> None:
        """A row that nobody reads is no law."""
        asked = re.compile(rf"Clock\.{clock.name}\b|'{clock.value}'")
        files = [
            path
            for room in ROOMS
            for path in (PROJECT / room).rglob("*.py")
            if "migrations" not in path.parts
        ]

        assert any(asked.search(path.read_text()) for path in files if path.name != "choices.py")
