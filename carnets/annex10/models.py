"""What an association asks customs about a returned carnet, and the history of each question (Annex 10 par. 2)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from carnets.choices import Reason, RequestStatus, RequestVerb, Source
from tir.kernel.models import AppendOnly, choice_check


class ReconciliationRequest(models.Model):
    """One question about one page: the counterfoil says this, the record says that or nothing.

    Addressed to the customs of the country, and there to the office that should know. Its number is its key;
    `remind_at` is when the next reminder is due, and null once nobody waits any more.
    """

    carnet = models.ForeignKey("carnets.Carnet", models.PROTECT, related_name="reconciliation_requests")
    operation = models.ForeignKey(
        "carnets.TirOperation", models.PROTECT, related_name="reconciliation_requests"
    )
    page = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=11, choices=Reason.choices)
    source = models.CharField(max_length=12, choices=Source.choices)
    differing = ArrayField(models.CharField(max_length=20), default=list)  # names of the fields that differ
    counterfoil = models.JSONField()
    recorded = models.JSONField()
    country = models.CharField(max_length=2)
    office = models.CharField(max_length=8)
    status = models.CharField(max_length=9, choices=RequestStatus.choices, default=RequestStatus.OPEN)
    reminders = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reconciliation_request_open_once",
                fields=["carnet", "page"],
                condition=Q(status=RequestStatus.OPEN),
            ),
            models.CheckConstraint(
                name="reconciliation_request_even_page", condition=Q(page__in=list(range(2, 21, 2)))
            ),
            models.CheckConstraint(
                name="reconciliation_request_waits_while_open",
                condition=Q(status=RequestStatus.OPEN, remind_at__isnull=False, answered_at__isnull=True)
                | (~Q(status=RequestStatus.OPEN) & Q(remind_at__isnull=True, answered_at__isnull=False)),
            ),
            choice_check("reconciliation_request_status_known", "status", RequestStatus),
            choice_check("reconciliation_request_reason_known", "reason", Reason),
        ]
        indexes = [
            models.Index(name="reconciliation_request_due", fields=["remind_at"], condition=Q(status="open")),
            models.Index(name="reconciliation_request_of", fields=["country", "office", "-id"]),
        ]

    def __str__(self) -> str:
        return f"request {self.pk} on page {self.page}"


class ReconciliationRequestEvent(AppendOnly):
    """Who did what about a request, when: asked, reminded, forwarded, answered. The clock itself has no `by`."""

    logged_as = "request_step"

    request = models.ForeignKey(ReconciliationRequest, models.PROTECT, related_name="events")
    verb = models.CharField(max_length=9, choices=RequestVerb.choices)
    reminder = models.PositiveSmallIntegerField(null=True)  # which one, of a reminder
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    office = models.CharField(max_length=8, blank=True)  # whom it went to, or who answered
    remark = models.TextField(blank=True)
    stamps = ArrayField(models.UUIDField(), default=list)  # what a correction left in the ledger

    class Meta(AppendOnly.Meta):
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="reconciliation_reminder_numbered",
                condition=Q(verb=RequestVerb.REMIND, reminder__isnull=False)
                | (~Q(verb=RequestVerb.REMIND) & Q(reminder__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} of {self.request_id}"
