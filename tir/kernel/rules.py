"""Rules as data: a name, a code, the legal basis, the sentence people read, and a pure check.

A check takes a case (plain facts) and returns `None` when the rule holds, or the facts that break it.
A rule is named as the fact that must hold; its code names what is wrong when it does not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.utils.functional import Promise

from tir.kernel.values import value

Facts = Mapping[str, Any]
Case = TypeVar("Case")
NOT_SAID = "—"


class Level(StrEnum):
    """How much a broken rule weighs: it stops the lorry, asks for a closer look, or is only noted."""

    STOP = "stop"
    LOOK = "look"
    NOTE = "note"


@value
class Finding:
    """One rule that does not hold, for one case."""

    code: str
    level: Level
    article: str
    message: "str | Promise"
    facts: Facts

    @property
    def detail(self) -> str:
        """The sentence for people, in the active language, with the facts filled in."""
        return str(self.message).format_map(_Blank({name: said(value) for name, value in self.facts.items()}))


@value
class Rule(Generic[Case]):
    name: str
    code: str
    level: Level
    article: str
    message: "str | Promise"
    check: Callable[[Case], Facts | None]
    eased: Callable[[Case], bool] | None = None  # where it asks for a closer look only

    def judge(self, case: Case) -> Finding | None:
        facts = self.check(case)
        return None if facts is None else self.finding(case, facts)

    def finding(self, case: Case, facts: Facts) -> Finding:
        """Return what a case that breaks this rule is told."""
        level = Level.LOOK if self.eased is not None and self.eased(case) else self.level
        return Finding(self.code, level, self.article, self.message, facts)


@dataclass(slots=True)
class RuleBook(Generic[Case]):
    """An ordered set of rules about one kind of case; all are judged, so a caller sees every reason at once."""

    title: str
    rules: list[Rule[Case]] = field(default_factory=list)

    def rule(
        self,
        code: str,
        *,
        article: str,
        message: "str | Promise",
        level: Level = Level.STOP,
        eased: Callable[[Case], bool] | None = None,
    ) -> Callable[[Callable[[Case], Facts | None]], Callable[[Case], Facts | None]]:
        """Add a rule to the book; where `eased` says so, a broken one asks for a closer look instead."""

        def register(check: Callable[[Case], Facts | None]) -> Callable[[Case], Facts | None]:
            self.rules.append(Rule(check.__name__, code, level, article, message, check, eased))
            return check

        return register

    def findings(self, case: Case) -> list[Finding]:
        """Return what every rule that does not hold has found, in the order of the book."""
        found = []
        for rule in self.rules:
            facts = rule.check(case)
            if facts is not None:
                found.append(rule.finding(case, facts))
        return found

    def __iter__(self) -> Iterator[Rule[Case]]:
        return iter(self.rules)


def said(value: Any) -> str:
    """Return a fact as people read it: a choice by its name in their language, a list without brackets."""
    if value is None:
        return NOT_SAID
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(said(item) for item in value)
    return str(getattr(value, "label", value))


class _Blank(dict[str, Any]):
    """Lets a message name a fact that one case does not have, rather than fail while refusing."""

    def __missing__(self, key: str) -> str:
        return NOT_SAID
