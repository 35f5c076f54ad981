"""Holders of TIR carnets, who excludes them, and their history."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from guarantees.choices import HolderStatus, HolderVerb
from guarantees.models.associations import Association
from tir.kernel.dated import Dated, never_overlapping
from tir.kernel.models import AppendOnly, choice_check


class Holder(models.Model):
    """A person authorised to use TIR carnets. The reference is AAA/BBB/X…: country, association, number.

    `quota` is how many carnets they may have out at once; without one, only the guarantee's limits hold.
    """

    reference = models.CharField(max_length=18, unique=True)
    association = models.ForeignKey(Association, models.PROTECT, related_name="holders")
    name = models.CharField(max_length=200)
    name_local = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300)
    country = models.CharField(max_length=2)
    status = models.CharField(max_length=12, choices=HolderStatus.choices, default=HolderStatus.AUTHORISED)
    authorised_from = models.DateField()
    quota = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="holder_reference_form",
                condition=Q(reference__regex=r"^[A-Z]{3}/[0-9]{3}/[0-9]{1,10}$"),
            ),
            choice_check("holder_status_known", "status", HolderStatus),
        ]

    def __str__(self) -> str:
        return self.reference


class HolderExclusion(Dated):
    """A country has excluded the holder from TIR on its territory (art. 38).

    Recording it here is the notice to the association and to the international organization, due within a week of
    `decided_on` (art. 38(2)). Lifting sets the end; who did it stands in the holder's history.
    """

    holder = models.ForeignKey(Holder, models.PROTECT, related_name="exclusions")
    country = models.CharField(max_length=2)
    reason = models.TextField()
    decided_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            never_overlapping("holder_exclusion_once", "holder", "country"),
            models.CheckConstraint(
                name="holder_exclusion_in_a_country", condition=Q(country__regex=r"^[A-Z]{2}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} excluded from {self.country}"


class HolderEvent(AppendOnly):
    """Who did what about a holder, when and why: the holder's own history."""

    logged_as = "holder_event"

    holder = models.ForeignKey(Holder, models.PROTECT, related_name="events")
    verb = models.CharField(max_length=9, choices=HolderVerb.choices)
    country = models.CharField(max_length=2, blank=True)  # of an exclusion
    quota = models.PositiveIntegerField(null=True, blank=True)  # as it was set
    on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta(AppendOnly.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.holder_id} {self.verb} {self.on}"
