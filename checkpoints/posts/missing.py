"""What a country still lacks before a carnet can be issued and stamped there: the steps of setting up, in order."""

from typing import Any

from django.db.models import QuerySet

from carnets.models import NumberRange
from checkpoints.models import BorderCrossing, CustomsOffice, Posting
from guarantees.models import (
    Association,
    ClockRule,
    CustomsTerritory,
    Guarantee,
    LiabilityMaximum,
    TerritoryMember,
)
from tir.accounts.models import Role, User
from tir.kernel.values import value

OFFICES_WANTED = 2  # a carnet is opened at one and closed at another


@value
class Step:
    """One step: how many there are of what it asks for, and how many there must be."""

    name: str
    found: int
    wanted: int = 1

    @property
    def is_done(self) -> bool:
        return self.found >= self.wanted


def missing(country: str = "") -> list[Step]:
    """Return every step with what is there, in a country or, without one, anywhere."""
    return [
        Step("headquarters", _people(Role.CUSTOMS_HQ, country)),
        Step("territories", CustomsTerritory.objects.count()),
        Step("members", _in(country, TerritoryMember.objects.all(), "country")),
        Step("associations", _in(country, Association.objects.all(), "country")),
        Step("maxima", _in(country, LiabilityMaximum.objects.all(), "association__country")),
        Step("offices", _in(country, CustomsOffice.objects.all(), "country"), OFFICES_WANTED),
        Step("crossings", _crossings(country)),
        Step("guarantees", _in(country, Guarantee.objects.all(), "association__country")),
        Step("number-ranges", _in(country, NumberRange.objects.all(), "association__country")),
        Step("clocks", ClockRule.objects.count()),
        Step("people", _in(country, Posting.objects.all(), "office__country")),
    ]


def is_empty() -> bool:
    """Whether nobody has begun: no territory is on record."""
    return not CustomsTerritory.objects.exists()


def _in(country: str, rows: "QuerySet[Any]", column: str) -> int:
    return rows.filter(**{column: country}).count() if country else rows.count()


def _people(role: str, country: str) -> int:
    rows = User.objects.filter(is_active=True, roles__contains=[role])
    return rows.filter(country=country).count() if country else rows.count()


def _crossings(country: str) -> int:
    rows = BorderCrossing.objects.all()
    if not country:
        return rows.count()
    return (rows.filter(office_a__country=country) | rows.filter(office_b__country=country)).count()
