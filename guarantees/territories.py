"""Which countries make up a customs territory on a day; a customs union is one territory of several (art. 48)."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import pycountry

from guarantees.models import TerritoryMember
from tir.kernel.kept import kept_for


@lru_cache(maxsize=512)
def alpha3(alpha2: str) -> str:
    """Return the ISO alpha-3 code that carnets and SafeTIR use, or what was given where ISO knows no such country."""
    country = pycountry.countries.get(alpha_2=alpha2)
    return str(country.alpha_3) if country else alpha2


def countries_of(territory_id: int, *, on: date) -> frozenset[str]:
    """Return the countries that belong to a territory on that day."""
    return frozenset(row.country for row in _members(on) if row.territory_id == territory_id)


def territories_of(country: str, *, on: date) -> frozenset[int]:
    """Return the territories (by key) that a country belongs to on that day: one, or none."""
    return frozenset(row.territory_id for row in _members(on) if row.country == country)


def binding_in(country: str, *, on: date) -> frozenset[str]:
    """Return the countries whose exclusions hold in `country` on that day: its own, and those of the members of its
    union whose decisions bind the whole of it (art. 38)."""
    territories = territories_of(country, on=on)
    others = (
        row.country for row in _members(on) if row.exclusions_bind_union and row.territory_id in territories
    )
    return frozenset({country, *others})


def bound_by(country: str, *, on: date) -> frozenset[str]:
    """Return the countries in which an exclusion by `country` holds on that day: its own, and its whole union where
    that binds it."""
    own = [row for row in _members(on) if row.country == country and row.exclusions_bind_union]
    return frozenset({country}).union(*(countries_of(row.territory_id, on=on) for row in own))


def _members(on: date) -> list[TerritoryMember]:
    return [row for rows in _all_members().values() for row in rows if row.covers(on)]


@kept_for(seconds=60)
def _all_members() -> Mapping[int, list[TerritoryMember]]:
    found: dict[int, list[TerritoryMember]] = {}
    for row in TerritoryMember.objects.order_by("pk"):
        found.setdefault(row.territory_id, []).append(row)
    return found
