"""The register of customs offices, the border crossings between them, and who serves where."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q

from carnets.choices import OfficeRole
from checkpoints.choices import CrossingMode
from guarantees.models import CustomsTerritory
from tir.kernel.dated import Dated, DateRange
from tir.kernel.triggers import Trigger, never_deleted


class CustomsOffice(Dated):
    """A customs office approved for TIR (art. 45), with the roles it may play."""

    code = models.CharField(max_length=8, unique=True)
    country = models.CharField(max_length=2)
    territory = models.ForeignKey(CustomsTerritory, models.PROTECT, related_name="offices")
    name_en = models.CharField(max_length=100)
    name_ru = models.CharField(max_length=100, blank=True)
    name_zh = models.CharField(max_length=100, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    time_zone = models.CharField(max_length=40)
    roles = ArrayField(models.CharField(max_length=11, choices=OfficeRole.choices))

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="office_code_form", condition=Q(code__regex=r"^[A-Z]{2}[A-Z0-9]{6}$")
            ),
            models.CheckConstraint(
                name="office_position",
                condition=Q(latitude__range=(-90, 90)) & Q(longitude__range=(-180, 180)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_en}"


class BorderCrossing(Dated):
    """Two frontier offices that face each other, agreed between adjacent states (art. 45).

    While customs control does not apply there (inside a customs union) no voucher is stamped.
    """

    code = models.CharField(max_length=20, unique=True)
    name_en = models.CharField(max_length=100)
    name_ru = models.CharField(max_length=100, blank=True)
    name_zh = models.CharField(max_length=100, blank=True)
    office_a = models.ForeignKey(CustomsOffice, models.PROTECT, related_name="crossings_a")
    office_b = models.ForeignKey(CustomsOffice, models.PROTECT, related_name="crossings_b")
    mode = models.CharField(max_length=5, choices=CrossingMode.choices, default=CrossingMode.ROAD)
    remarks = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(name="crossing_pair_once", fields=["office_a", "office_b"]),
            models.CheckConstraint(name="crossing_joins_two", condition=~Q(office_a=F("office_b"))),
        ]

    def __str__(self) -> str:
        return self.name_en


class Posting(Dated):
    """An officer serves at an office in a period; one office at a time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="postings")
    office = models.ForeignKey(CustomsOffice, models.PROTECT, related_name="postings")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="posting_one_at_a_time",
                expressions=[
                    (DateRange(F("valid_from"), F("valid_to")), RangeOperators.OVERLAPS),
                    ("user", RangeOperators.EQUAL),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.office}"


class PostingOrder(models.Model):
    """Who ordered a posting, and why; the shift it is for, by the clock of the office; who ended it, and why.

    A shift may end after midnight: then `shift_ends` is earlier than `shift_begins`. A posting that was made before
    orders were kept, or with sample data, has none.
    """

    posting = models.OneToOneField(Posting, models.PROTECT, related_name="order")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=1000)
    shift = models.CharField(max_length=40, blank=True)
    shift_begins = models.TimeField(null=True)
    shift_ends = models.TimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=1000, blank=True)

    triggers: ClassVar[tuple[Trigger, ...]] = (never_deleted("posting_order_stays"),)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="posting_order_shift_whole",
                condition=Q(shift="", shift_begins__isnull=True, shift_ends__isnull=True)
                | (~Q(shift="") & Q(shift_begins__isnull=False, shift_ends__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"order of {self.posting}"
