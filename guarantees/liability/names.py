"""The names of a breakdown's keys, every register read once however many rows there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guarantees.ceilings import ceilings_on
from guarantees.liability.choices import Dimension
from guarantees.liability.figures import Figures
from guarantees.models import Association, Guarantee, Holder


@dataclass(frozen=True, slots=True)
class Named:
    """What people call a part: its public key, its name, and for a guarantee its ceiling."""

    key: str
    name: str
    ceiling: Decimal | None = None


class Names:
    """Looks up the keys of all these figures, with the ceilings in force on the day; countries and corridors are their
    own names."""

    def __init__(self, figures: Iterable[Figures], day: date) -> None:
        keys: dict[str, set[int]] = {}
        for each in figures:
            for dimension, breakdown in each.by.items():
                keys.setdefault(dimension, set()).update(
                    int(part.key) for part in breakdown.parts if part.key.isdigit()
                )
        self._holders = Holder.objects.in_bulk(keys.get(Dimension.HOLDER, ()))
        self._guarantees = Guarantee.objects.in_bulk(keys.get(Dimension.GUARANTEE, ()))
        self._ceilings = ceilings_on(self._guarantees, day)
        self._issuers = Association.objects.in_bulk(keys.get(Dimension.ISSUER, ()))

    def of(self, dimension: Dimension, key: str) -> Named:
        """Return the name of a part; the blank key of those without a holder stays blank."""
        if dimension == Dimension.HOLDER and key:
            holder = self._holders[int(key)]
            return Named(holder.reference, holder.name)
        if dimension == Dimension.ISSUER:
            issuer = self._issuers[int(key)]
            return Named(issuer.code, issuer.name)
        if dimension == Dimension.GUARANTEE:
            guarantee = self._guarantees[int(key)]
            return Named(guarantee.reference, guarantee.reference, self._ceilings.get(int(key), Decimal(0)))
        return Named(key, key)
