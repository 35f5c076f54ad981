"""Where a holder is excluded from TIR on a day (art. 38): one answer for issue, post, question and comparison.

An exclusion holds in the country that decided it; where the law of a customs union says so (`TerritoryMember.
exclusions_bind_union`), in the whole union. `guarantees_excluded` is the same in SQL.
"""

from collections.abc import Iterable
from datetime import date

from guarantees.models import Holder, HolderExclusion
from guarantees.territories import binding_in


def excluded_in(holder: Holder | int, *, on: date, countries: Iterable[str]) -> tuple[str, ...]:
    """Return those of `countries` in which the holder is excluded on that day, in the order given.

    `on` is the day at the place where it matters: at the office that accepts, or at the association that issues.
    """
    deciding = _deciding(holder, on)
    return tuple(country for country in countries if deciding & binding_in(country, on=on))


def _deciding(holder: Holder | int, on: date) -> frozenset[str]:
    found = HolderExclusion.objects.in_force_on(on).filter(holder=holder)
    return frozenset(found.values_list("country", flat=True))
