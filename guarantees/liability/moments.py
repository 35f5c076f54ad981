"""The instant that figures are for: now, or a past one."""

from dataclasses import dataclass
from datetime import date, datetime

from guarantees.liability.choices import Side
from guarantees.models import Association
from tir.kernel.places import day_at

# Calendar days (UTC) since acceptance, entry or issue.
AGE_BANDS = ((0, 30), (30, 90), (90, 180), (180, 365), (365, None))
PERIOD_OF = {  # which rows of `LiabilityPeriod p` are an association's on a side
    Side.ISSUED: "p.page = 0 AND p.association_id = %(association)s",
    Side.UNDER_WAY: "p.page > 0 AND p.issuer_id = %(association)s",
    Side.TERRITORY: "p.page > 0 AND p.association_id = %(association)s",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What counts is when the world changed (`LiabilityEntry.at`), as in law, not when we heard of it: a stamp that a
    post sends a week late counts from the day it was made, and a figure asked for again later has it.

    `is_now` reads the totals; a past instant is worked out from the months before it and the ledger since.
    """

    at: datetime
    is_now: bool = False

    @property
    def day(self) -> date:
        """The day of the calendar in UTC: ages and months count by it, for one figure adds up many places."""
        return day_at(self.at, "UTC")

    @property
    def month(self) -> datetime:
        """The first instant of the calendar month."""
        return self.at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class View:
    """Whose liability, in which currency, at which moment."""

    association: Association
    currency: str
    moment: Moment

    @property
    def day(self) -> date:
        """The day at the association, by which its maxima and ceilings are dated."""
        return self.association.day_at(self.moment.at)

    @property
    def parameters(self) -> dict[str, object]:
        """What every statement about the view is given: days and months of UTC, as the totals are kept."""
        return {
            "association": self.association.pk,
            "currency": self.currency,
            "at": self.moment.at,
            "day": self.moment.day,
            "month": self.moment.month,
            "bounds": [low for low, _high in AGE_BANDS],
        }
