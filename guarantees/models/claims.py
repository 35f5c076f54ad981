"""Claims on an association: what is settled, its history and its papers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from guarantees.choices import ClaimStatus, DocumentKind
from guarantees.models.associations import Association
from guarantees.models.territories import CustomsTerritory
from tir.kernel.models import AppendOnly
from tir.kernel.triggers import Trigger, never_deleted


class Claim(models.Model):
    """What customs and a guaranteeing association settle about one operation that was not discharged (art. 11).

    The claimed association is that of the country whose customs established the irregularity, whoever issued the
    carnet. In a customs union another may have accepted: `accepted_by` bore the operation until then (art. 8(1), 37).
    """

    carnet_number = models.CharField(max_length=11)
    page = models.PositiveSmallIntegerField()
    association = models.ForeignKey(Association, models.PROTECT, related_name="claims")
    accepted_by = models.ForeignKey(Association, models.PROTECT, related_name="+")
    issuer = models.ForeignKey(Association, models.PROTECT, related_name="claims_on_own_carnets")
    territory = models.ForeignKey(CustomsTerritory, models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)
    status = models.CharField(max_length=10, choices=ClaimStatus.choices, default=ClaimStatus.OPENED)
    accepted_at = models.DateTimeField()
    accepted_on = (
        models.DateField()
    )  # the day at the office that accepted: the clocks of art. 11 count from it
    is_fraud = models.BooleanField(default=False)
    reason = models.TextField()
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    debtor = models.CharField(max_length=200, blank=True)
    debtor_pursued_on = models.DateField(null=True, blank=True)
    notified_on = models.DateField(null=True, blank=True)  # the day of receipt, as customs state it
    received_on = models.DateField(null=True, blank=True)  # the same, as the association states it
    holder_notified_on = models.DateField(null=True, blank=True)
    proceedings_began_on = models.DateField(null=True, blank=True)
    decision_enforceable_on = models.DateField(null=True, blank=True)
    claimed_on = models.DateField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    reimbursed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    triggers: ClassVar[tuple[Trigger, ...]] = (never_deleted("claim_stays"),)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="claim_once_an_operation",
                fields=["carnet_number", "page"],
                condition=~Q(status__in=[ClaimStatus.WITHDRAWN, ClaimStatus.REIMBURSED]),
            ),
            models.CheckConstraint(
                name="claim_amount_positive", condition=Q(amount__isnull=True) | Q(amount__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carnet_number}/{self.page} {self.status}"


class ClaimEvent(AppendOnly):
    """Who took which step of a claim, when, with what said: the claim's own history."""

    logged_as = "claim_step"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="events")
    verb = models.CharField(max_length=20)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    remark = models.TextField(blank=True)
    facts = models.JSONField(default=dict)  # what the step said: amount, debtor, grounds, dates

    class Meta(AppendOnly.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.on}"


class ClaimDocument(AppendOnly):
    """A paper that belongs to a claim, as it was handed in; its hash is part of the evidence."""

    logged_as = "claim_document"
    hashed_in = {"content": "sha256"}

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=16, choices=DocumentKind.choices)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=20)
    content = models.BinaryField()
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.BinaryField(max_length=32)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AppendOnly.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="claim_document_once", fields=["claim", "sha256"]),
        ]

    def __str__(self) -> str:
        return self.name
