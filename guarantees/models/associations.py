"""Guaranteeing associations, what each owes at most, and who acts for them."""

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tir.kernel.dated import Dated, never_overlapping
from tir.kernel.places import day_at
from tir.kernel.triggers import Trigger, stays


class Association(models.Model):
    """A guaranteeing association (Annex 9 Part I), one a country: issuer of its holders' carnets and guarantor,
    on its own territory, of everybody's (art. 8)."""

    code = models.CharField(max_length=3, unique=True)
    country = models.CharField(max_length=2, unique=True)
    country_alpha3 = models.CharField(max_length=3)
    name = models.CharField(max_length=200)
    name_local = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(
        max_length=40
    )  # IANA, of the capital: what reaches it, reaches it on a day there
    quota_penalty = models.PositiveIntegerField(default=5)  # carnets off a quota, for each open notification
    quota_blocked_from = models.PositiveSmallIntegerField(default=3)  # so many open notifications: no carnet
    stock_alarm = models.PositiveIntegerField(default=500)  # numbers left when the stock is called low

    triggers: ClassVar[tuple[Trigger, ...]] = (stays("association_stays"),)

    class Meta:
        constraints = [
            models.CheckConstraint(name="association_code_digits", condition=Q(code__regex=r"^[0-9]{3}$")),
            models.CheckConstraint(
                name="association_time_zone_named",
                condition=Q(time_zone__regex=r"^[A-Z][A-Za-z]+(/[A-Za-z_+-]+)+$"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def day_at(self, instant: datetime) -> date:
        """Return the day of the calendar at the association: receipt and issue count by it."""
        return day_at(instant, self.time_zone)


class LiabilityMaximum(Dated):
    """The most an association owes for one carnet on its territory (art. 8(3)); each party sets its own."""

    association = models.ForeignKey(Association, models.PROTECT, related_name="maxima")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)

    class Meta:
        verbose_name_plural = "liability maxima"
        constraints = [
            never_overlapping("liability_maximum_once", "association"),
            models.CheckConstraint(name="liability_maximum_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.association_id}: {self.amount} {self.currency}"


class ExchangeRate(Dated):
    """What one unit of a currency is worth in another, in a period: how a claim is held against a maximum."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=8)  # of `quote` for one of `base`

    class Meta:
        constraints = [
            never_overlapping("exchange_rate_once", "base", "quote"),
            models.CheckConstraint(name="exchange_rate_positive", condition=Q(rate__gt=0)),
            models.CheckConstraint(name="exchange_rate_of_two_currencies", condition=~Q(base=F("quote"))),
        ]

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate} {self.quote}"


class Membership(models.Model):
    """A user who acts for an association."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="membership")
    association = models.ForeignKey(Association, models.PROTECT, related_name="staff")

    def __str__(self) -> str:
        return f"{self.user} for {self.association}"
