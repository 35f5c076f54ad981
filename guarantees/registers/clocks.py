"""How long each legal clock runs: by the Convention everywhere, or by one territory's own practice."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guarantees.choices import Clock
from guarantees.models import ClockRule
from guarantees.registers.territories import TERRITORY_UNKNOWN, territory_of
from guarantees.territories import countries_of
from tir.kernel.values import value
from tir.registers.entering import Act, Register
from tir.registers.faults import EntryFixed, EntryUnknown, Faults


@value
class ClockEntry:
    """A clock's length from a day on; without a territory it holds everywhere."""

    clock: str
    article: str
    valid_from: date
    territory: str = ""
    years: int = 0
    months: int = 0
    days: int = 0
    valid_to: date | None = None


def _read(row: ClockRule) -> ClockEntry:
    territory = row.territory.code if row.territory else ""
    return ClockEntry(
        row.clock, row.article, row.valid_from, territory, row.years, row.months, row.days, row.valid_to
    )


def _check(entry: ClockEntry, old: ClockEntry | None, faults: Faults) -> None:
    faults.unless(
        entry.clock in Clock.values,
        "clock",
        _("There is no such clock. Give one of: {clocks}.").format(clocks=", ".join(Clock.values)),
    )
    if entry.territory:
        known = territory_of(entry.territory) is not None
        faults.unless(known, "territory", TERRITORY_UNKNOWN, EntryUnknown)
    faults.text(entry.article, "article", most=60)
    for field, most in (("years", 30), ("months", 360), ("days", 10_000)):
        faults.range(getattr(entry, field), field, 0, most)
    faults.unless(
        entry.years + entry.months + entry.days > 0, "days", _("A clock runs one day at least: fill one in.")
    )
    if old is not None:
        length = (entry.years, entry.months, entry.days)
        faults.unless(
            length == (old.years, old.months, old.days),
            "days",
            _("How long it ran from a day stays. Enter the new length from a later day."),
            EntryFixed,
        )


def _write(entry: ClockEntry, row: ClockRule | None, _act: Act) -> None:
    row = row or ClockRule(
        clock=entry.clock,
        territory=territory_of(entry.territory) if entry.territory else None,
        valid_from=entry.valid_from,
    )
    row.years, row.months, row.days = entry.years, entry.months, entry.days
    row.article, row.valid_to = entry.article, entry.valid_to
    row.save()


def _countries(entry: ClockEntry) -> frozenset[str]:
    territory = territory_of(entry.territory) if entry.territory else None
    return frozenset() if territory is None else countries_of(territory.pk, on=entry.valid_from)


def _rows() -> Any:
    return ClockRule.objects.select_related("territory").order_by("clock", "territory__code", "valid_from")


CLOCKS = Register[ClockEntry](
    noun="clock_rule",
    entry=ClockEntry,
    lookup={"clock": "clock", "territory": "territory__code", "valid_from": "valid_from"},
    rows=_rows,
    read=_read,
    faults=_check,
    write=_write,
    countries=_countries,
)
