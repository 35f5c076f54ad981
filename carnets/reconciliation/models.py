"""What the comparison of the records found, and the runs of the job that compares them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from carnets.choices import IrregularityStatus, RunStatus, Severity
from guarantees.models import CustomsTerritory
from tir.kernel.dated import Dated
from tir.kernel.models import choice_check

GRAVE = (Severity.HIGH, Severity.BLOCK)  # what is of such severity bars discharge


class Irregularity(models.Model):
    """Something about a carnet that reconciliation found and that keeps, or may keep, an operation open."""

    carnet = models.ForeignKey(
        "carnets.Carnet", models.PROTECT, related_name="irregularities", db_index=False
    )
    operation = models.ForeignKey("carnets.TirOperation", models.PROTECT, related_name="irregularities")
    page = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=5, choices=Severity.choices)
    bars_discharge = models.BooleanField()
    facts = models.JSONField()
    status = models.CharField(
        max_length=8, choices=IrregularityStatus.choices, default=IrregularityStatus.OPEN
    )
    opened_at = models.DateTimeField()
    next_clock = models.CharField(max_length=24, blank=True)
    next_clock_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    close_reason = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "irregularities"
        constraints = [
            models.UniqueConstraint(
                name="irregularity_open_once",
                fields=["carnet", "operation", "page", "code"],
                condition=Q(status=IrregularityStatus.OPEN),
            ),
            models.CheckConstraint(
                name="irregularity_closed_when_not_open",
                condition=Q(status=IrregularityStatus.OPEN, closed_at__isnull=True)
                | (~Q(status=IrregularityStatus.OPEN) & Q(closed_at__isnull=False)),
            ),
            choice_check("irregularity_severity_known", "severity", Severity),
        ]
        indexes = [
            models.Index(name="irregularity_open", fields=["code", "-id"], condition=Q(status="open")),
            models.Index(name="irregularity_of_carnet", fields=["carnet"]),
        ]

    def __str__(self) -> str:
        return f"{self.code} on page {self.page}"


class SeverityRule(Dated):
    """How grave an irregularity is in a period, where a territory's own practice is not as the catalogue has it.

    A row without a territory holds everywhere; one with a territory goes before it. The day that counts is the day of
    the certificate. High severity bars discharge; what bars because a statement is missing or disagrees goes on
    doing so whatever its severity.
    """

    code = models.CharField(max_length=40)
    territory = models.ForeignKey(CustomsTerritory, models.PROTECT, null=True, blank=True, related_name="+")
    severity = models.CharField(max_length=5, choices=Severity.choices)
    article = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="severity_rule_once", fields=["code", "territory", "valid_from"], nulls_distinct=False
            ),
            choice_check("severity_rule_severity_known", "severity", Severity),
            models.CheckConstraint(  # minor delays are disregarded (art. 39): being late never bars
                name="severity_rule_late_is_never_grave", condition=~Q(code="late", severity__in=GRAVE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.severity} ({self.article})"


class ReconciliationRun(models.Model):
    """One run of the reconciliation job, whoever started it, with what it did so far."""

    status = models.CharField(max_length=8, choices=RunStatus.choices, default=RunStatus.QUEUED)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    carnets = models.PositiveIntegerField(default=0)
    examined = models.PositiveIntegerField(default=0)
    discharged = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    flagged = models.PositiveIntegerField(default=0)
    cured = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)

    class Meta:
        constraints = [choice_check("run_status_known", "status", RunStatus)]

    def __str__(self) -> str:
        return f"run {self.pk} {self.status}"
