"""Customs territories, who belongs to them, and how long each legal clock runs there."""

from django.db import models

from guarantees.choices import Clock
from tir.kernel.dated import Dated, never_overlapping


class CustomsTerritory(models.Model):
    """One customs territory; a customs union counts as one (art. 48), so it takes one voucher pair."""

    code = models.CharField(max_length=8, unique=True)
    name_en = models.CharField(max_length=100)
    name_ru = models.CharField(max_length=100, blank=True)
    name_zh = models.CharField(max_length=100, blank=True)
    default_transit_days = models.PositiveSmallIntegerField(default=10)
    grace_hours = models.PositiveSmallIntegerField(default=24)
    mass_tolerance = models.PositiveSmallIntegerField(
        default=20
    )  # per mille, of a mass certified for bulk goods
    reports = models.BooleanField(
        default=True
    )  # its offices record here; where they do not, no stamp is missing

    class Meta:
        verbose_name_plural = "customs territories"

    def __str__(self) -> str:
        return self.code


class TerritoryMember(Dated):
    """A country that belonged to a customs territory in a period.

    Where `exclusions_bind_union`, what this member decides under art. 38 holds in the whole territory.
    """

    territory = models.ForeignKey(CustomsTerritory, models.PROTECT, related_name="members")
    country = models.CharField(max_length=2)
    exclusions_bind_union = models.BooleanField(default=False)

    class Meta:
        constraints = [never_overlapping("territory_member_once", "country")]

    def __str__(self) -> str:
        return f"{self.country} in {self.territory}"


class ClockRule(Dated):
    """How long a clock runs, by law or by a territory's own practice, in a period of the rule's validity.

    A row without a territory holds everywhere; one with a territory goes before it.
    """

    clock = models.CharField(max_length=24, choices=Clock.choices)
    territory = models.ForeignKey(
        CustomsTerritory, models.PROTECT, null=True, blank=True, related_name="clocks"
    )
    years = models.PositiveSmallIntegerField(default=0)
    months = models.PositiveSmallIntegerField(default=0)
    days = models.PositiveSmallIntegerField(default=0)
    article = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="clock_rule_once", fields=["clock", "territory", "valid_from"], nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock} ({self.article})"
