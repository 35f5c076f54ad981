"""The legal clocks: dated rules, calendar arithmetic, and the answer too early / open / lapsed.

Months and years are calendar months and years; a day that the target month lacks becomes that month's last
(31 January + 1 month = 28 or 29 February), as PostgreSQL's own interval arithmetic has it.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from guarantees.choices import Clock
from guarantees.models import ClockRule, CustomsTerritory
from tir.kernel.dated import DaySpan, in_force
from tir.kernel.errors import NotFound
from tir.kernel.kept import kept_for
from tir.kernel.values import value

Day = TypeVar("Day", date, datetime)


class Answer(StrEnum):
    TOO_EARLY = "too_early"
    OPEN = "open"
    LAPSED = "lapsed"


@value
class Period:
    """A length of time as the law writes it."""

    years: int = 0
    months: int = 0
    days: int = 0
    article: str = ""

    def after(self, start: Day) -> Day:
        """Return the day (or instant) this period ends when it begins at `start`."""
        if not self.years and not self.months:
            return start + timedelta(days=self.days)
        months = start.year * 12 + start.month - 1 + self.years * 12 + self.months
        year, month = divmod(months, 12)
        day = min(start.day, monthrange(year, month + 1)[1])
        return start.replace(year=year, month=month + 1, day=day) + timedelta(days=self.days)


@value
class Window:
    """When an act may be done: from `earliest` to `latest`, both inclusive; `None` leaves that side open."""

    earliest: date | None
    latest: date | None
    article: str

    def answer(self, on: date) -> Answer:
        """Return how an act on that day stands: both ends count as open."""
        if self.earliest and on < self.earliest:
            return Answer.TOO_EARLY
        if self.latest and on > self.latest:
            return Answer.LAPSED
        return Answer.OPEN


class ClockRuleMissing(NotFound):
    """No rule says how long this clock runs: reference data is incomplete."""

    code = "clock_rule_missing"


def period(clock: Clock, *, on: date, territory: CustomsTerritory | None = None) -> Period:
    """Return how long `clock` runs under the rule in force on `on`; a territory's own rule goes first.

    Raises ClockRuleMissing when no dated row covers that day.
    """
    own = territory.pk if territory else None
    rule = in_force(schedule(clock, own).rules, on)
    if rule is None:
        raise ClockRuleMissing(
            _(
                "No rule in force on {on} says how long this runs: {clock}. Ask your administrator to add one."
            ).format(on=on, clock=clock.label),
            clock=str(clock),
            on=on,
        )
    return rule.period


@value
class DatedPeriod(DaySpan):
    """A period as the rule in force on those days has it."""

    period: Period = Period()


@value
class Schedule:
    """One clock for one territory as plain facts, for those who judge without a database.

    The rules stand in the order they are asked: the territory's own first, then the latest.
    """

    rules: tuple[DatedPeriod, ...] = ()

    def end(self, start: datetime) -> datetime | None:
        """Return the instant the clock that starts then runs out; `None` when no rule covers that day.

        An instant has no place, so which of two rules holds is read off its UTC day, as `guarantees_clock_end` does:
        where a day of the law starts the clock, ask `period` with the day at the place.
        """
        start = start.astimezone(UTC)
        rule = in_force(self.rules, start.date())
        return rule.period.after(start) if rule else None


def schedule(clock: Clock, territory_id: int | None) -> Schedule:
    """Return a clock's dated rules for a territory, as read within the last minute."""
    rules = _rules()
    return Schedule((*rules.get((clock, territory_id), ()), *rules.get((clock, None), ())))


def reach(*clocks: Clock) -> tuple[timedelta, timedelta]:
    """Return the least and the most that clocks run one after the other, under any rule: what begins outside that reach
    of a day cannot end on it, so a statement need not work it out."""
    lengths = [[_bounds(rule.period) for rule in _rules_anywhere(clock)] for clock in clocks]
    least = sum(min(low for low, _high in bounds) for bounds in lengths)
    most = sum(max(high for _low, high in bounds) for bounds in lengths)
    return timedelta(days=least), timedelta(days=most)


def _bounds(length: Period) -> tuple[int, int]:
    """Return the fewest and the most days a period can be, wherever it begins."""
    fewest = 365 * length.years + 28 * length.months + length.days
    return fewest, 366 * length.years + 31 * length.months + length.days


def _rules_anywhere(clock: Clock) -> list[DatedPeriod]:
    return [rule for (name, _territory), rules in _rules().items() if name == clock for rule in rules]


@kept_for(seconds=60)
def _rules() -> dict[tuple[str, int | None], list[DatedPeriod]]:
    found: dict[tuple[str, int | None], list[DatedPeriod]] = {}
    for rule in ClockRule.objects.order_by("-valid_from"):
        length = Period(rule.years, rule.months, rule.days, rule.article)
        dated = DatedPeriod(rule.valid_from, rule.valid_to, length)
        found.setdefault((rule.clock, rule.territory_id), []).append(dated)
    return found
