"""Reading the ledger: what an association owes, as issuer and as guarantor of its territory, at any moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from guarantees.liability.choices import Side, Stage
from guarantees.liability.figures import LARGEST, Figures, Total, figures
from guarantees.liability.history import Point, history
from guarantees.liability.moments import Moment, View
from guarantees.liability.stages import AtStage, stages, statuses, worst_case
from guarantees.models import Association, LiabilityTotal
from tir.kernel.kept import kept_for

DEFAULT_CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class Liability:
    """Both sides of an association's liability at one moment, in one currency."""

    view: View
    sides: Mapping[Side, Figures]
    ceiling: Decimal
    stages: Mapping[Side, Mapping[Stage, AtStage]]
    claims: Mapping[str, Total]
    history: Mapping[Side, tuple[Point, ...]]

    @property
    def issued(self) -> Total:
        return self.sides[Side.ISSUED].total

    def worst_case(self, side: Side) -> Decimal:
        """Return the most still to be paid on one side's operations: see `stages.worst_case`."""
        return worst_case(dict(self.stages[side]))


def liability(view: View, *, largest: int = LARGEST) -> Liability:
    """Return what the association owes, or owed, with the `largest` parts of each breakdown and 24 months before."""
    sides = figures(view, largest=largest)
    totals = {side: found.total for side, found in sides.items()}
    points = history(view, now=totals)
    return Liability(
        view=view,
        sides=sides,
        ceiling=points[Side.ISSUED][-1].ceiling,
        stages={side: stages(view, side, totals[side]) for side in (Side.UNDER_WAY, Side.TERRITORY)},
        claims=statuses(view),
        history=points,
    )


def view_of(association: Association, *, moment: Moment, currency: str = "") -> View:
    """Return the view in `currency`, or in that of the association's own maximum on the day."""
    return View(association, currency or currency_of(association, moment.at), moment)


def currency_of(association: Association, as_of: datetime) -> str:
    """Return the currency of the association's maximum on that day."""
    maximum = association.maxima.in_force_on(association.day_at(as_of)).first()
    return maximum.currency if maximum else DEFAULT_CURRENCY


def currencies_of(association: Association) -> list[str]:
    """Return every currency in which the association ever owed something, or others on its carnets."""
    found = LiabilityTotal.objects.filter(association=association, dimension="total")
    return sorted(set(found.values_list("currency", flat=True)))


@kept_for(seconds=60)
def association_codes() -> dict[int, str]:
    """Return the three-digit code of every association by its key."""
    return dict(Association.objects.values_list("pk", "code"))
