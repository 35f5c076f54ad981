"""An irregularity in words: its sentence and article from the catalogue, its facts, and which clock runs next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from api.consoles.formatting import NOTHING, day, moment
from api.scope.reader import Reader
from carnets.choices import IrregularityStatus, Severity
from carnets.models import Irregularity
from carnets.reconciliation.catalogue import about
from guarantees.choices import Clock
from tir.accounts.models import Role

WORST_FIRST: Final = {Severity.BLOCK: 0, Severity.HIGH: 1, Severity.FLAG: 2, Severity.INFO: 3}
FACTS: "Final[Mapping[str, str | Promise]]" = {
    "acceptance_until": _("last day for acceptance"),
    "accepted_at": _("accepted"),
    "accepted_on": _("accepted on"),
    "amount": _("amount"),
    "approval_until": _("approved until"),
    "at": _("certified"),
    "before": _("stamped before, at"),
    "country": _("country"),
    "currency": _("currency"),
    "entered_at": _("entered at"),
    "expected": _("expected"),
    "found": _("found"),
    "issued_at": _("issued"),
    "left_at": _("left at"),
    "missing": _("missing"),
    "office": _("office"),
    "packages": _("packages"),
    "planned": _("planned office"),
    "planned_office": _("planned office"),
    "plates": _("plates"),
    "reservation": _("reservation"),
    "rivals": _("further stamps"),
    "since": _("since"),
    "speed_kmh": _("speed, km/h"),
    "standing": _("stamp that stands"),
    "started_at": _("started"),
    "suspended_at": _("suspended"),
    "terminated_at": _("terminated"),
    "time_limit": _("time limit"),
}


@dataclass(frozen=True, slots=True)
class IrregularityInWords:
    """An irregularity as a reader is told of it."""

    row: Irregularity
    sentence: "str | Promise"
    article: str
    clock: "str | Promise"
    may_resolve: bool

    @property
    def order(self) -> tuple[bool, int, int]:
        """Sort what is open first, then the worst, then the oldest."""
        return (
            self.row.status != IrregularityStatus.OPEN,
            WORST_FIRST[Severity(self.row.severity)],
            self.row.pk,
        )

    @property
    def facts(self) -> list[tuple[Any, str]]:
        return [(FACTS.get(name, name), _said(value)) for name, value in self.row.facts.items()]


def in_words(row: Irregularity, reader: Reader | None = None) -> IrregularityInWords:
    """Return the irregularity in words; the customs of its country, if they read it, may resolve it."""
    entry = about(row.code, row.page)
    clock = Clock(row.next_clock).label if row.next_clock else ""
    is_open = row.status == IrregularityStatus.OPEN
    may = reader is not None and reader.has_role(Role.CUSTOMS_HQ) and reader.country == row.operation.country
    return IrregularityInWords(row, entry.message, entry.article, clock, is_open and may)


def worst_of(still_open: Iterable[IrregularityInWords]) -> IrregularityInWords | None:
    """Return the one that keeps the carnet open first of all, or None."""
    return min(still_open, key=lambda item: item.order, default=None)


def _said(value: Any) -> str:
    """Return a fact as people write it; reconciliation left instants and days in it as ISO 8601 has them."""
    if value in (None, "", []):
        return NOTHING
    if isinstance(value, list):
        return ", ".join(map(str, value))
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return str(value)
    return day(at.date()) if len(value) == len("2026-01-31") else moment(at)
