"""A TIR carnet, its operations, what it carries, and what reconciliation found.

Offices are named by code only: the register of offices belongs to `checkpoints`, one floor up. What an operation says
of its start and its termination is a projection of the stamp ledger, written by `operations.project_carnet` alone.
"""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Replace, Upper

from carnets.annex10.models import (  # noqa: F401  (where Django looks for them)
    ReconciliationRequest,
    ReconciliationRequestEvent,
)
from carnets.choices import (
    VOUCHER_COUNTS,
    CarnetKind,
    CarnetStatus,
    Control,
    IrregularityStatus,
    OfficeRole,
    OperationStatus,
    RunStatus,
    Severity,
)
from guarantees.models import Association, CustomsTerritory, Guarantee, Holder
from tir.kernel.models import AppendOnly


def choice_check(name: str, field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """PostgreSQL refuses a value that the code does not know."""
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": choices.values}))


class NumberRange(models.Model):
    """Carnet numbers given to an association as its stock; `next` is the first not yet used in turn, `issued` counts
    those used, in turn or by name."""

    association = models.ForeignKey(Association, models.PROTECT, related_name="number_ranges")
    first = models.PositiveBigIntegerField(unique=True)
    last = models.PositiveBigIntegerField()
    next = models.PositiveBigIntegerField()
    issued = models.PositiveBigIntegerField(default=0)
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="number_range_apart",
                expressions=[
                    (
                        Func(
                            F("first"),
                            F("last"),
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                name="number_range_issued_fits", condition=Q(issued__lte=F("last") - F("first") + 1)
            ),
            models.CheckConstraint(
                name="number_range_ordered",
                condition=Q(first__gt=25_000_000)
                & Q(last__gte=F("first"))
                & Q(next__gte=F("first"))
                & Q(next__lte=F("last") + 1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"


class Carnet(models.Model):
    """One TIR transport under one guarantee. `acceptance_until` bounds acceptance at departure only: accepted in
    time, the carnet stays valid to the end (art. 9(2)).

    `reconcile_at` says when reconciliation must next look: at once after any change, later when a clock
    comes due, never when nothing is left to happen.
    """

    number = models.CharField(max_length=11)
    kind = models.CharField(max_length=16, choices=CarnetKind.choices, default=CarnetKind.ORDINARY)
    is_heavy_or_bulky = models.BooleanField(default=False)
    holder = models.ForeignKey(Holder, models.PROTECT, related_name="carnets")
    guarantee = models.ForeignKey(Guarantee, models.PROTECT, related_name="carnets")
    association = models.ForeignKey(Association, models.PROTECT, related_name="carnets")
    vouchers = models.PositiveSmallIntegerField()
    packages = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    acceptance_until = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    approval_until = models.DateField(null=True)  # the earliest end among the vehicles' approvals
    plates = ArrayField(models.CharField(max_length=20))
    territories = ArrayField(models.CharField(max_length=8))
    countries = ArrayField(models.CharField(max_length=2))
    status = models.CharField(max_length=20, choices=CarnetStatus.choices, default=CarnetStatus.ISSUED)
    control = models.CharField(max_length=12, choices=Control.choices, default=Control.NONE, blank=True)
    control_reason = models.TextField(blank=True)
    control_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    is_reserved = models.BooleanField(default=True)
    latest_sequence = models.PositiveIntegerField(default=0)
    latest_hash = models.BinaryField(max_length=32, default=bytes(32))
    has_reports = models.BooleanField(default=False)
    reconcile_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="carnet_number_once", fields=["number"]),
            models.CheckConstraint(name="carnet_voucher_count", condition=Q(vouchers__in=VOUCHER_COUNTS)),
            models.CheckConstraint(name="carnet_packages_positive", condition=Q(packages__gt=0)),
            models.CheckConstraint(
                name="carnet_number_form",
                condition=Q(
                    number__regex=r"^([1-9][0-9]{0,7}|(X[A-Z]|[A-Z]X)(2[5-9]|[3-9][0-9]|[1-9][0-9]{2})[0-9]{6})$"
                ),
            ),
            choice_check("carnet_status_known", "status", CarnetStatus),
            choice_check("carnet_control_known", "control", Control),
        ]
        indexes = [
            models.Index(
                name="carnet_due", fields=["reconcile_at", "id"], condition=Q(reconcile_at__isnull=False)
            ),
            GinIndex(name="carnet_by_country", fields=["countries"]),
            models.Index(
                name="carnet_withdrawn", fields=["acceptance_until"], condition=~Q(control=Control.NONE)
            ),
            models.Index(
                name="carnet_open_by_age", fields=["issued_at", "id"], condition=Q(is_reserved=True)
            ),
            models.Index(
                name="carnet_to_accept",
                fields=["association", "acceptance_until"],
                condition=Q(status=CarnetStatus.ISSUED),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TirOperation(models.Model):
    """The part of the transport in one customs territory: operation k has pages 2k−1 and 2k.

    `start_…` and `termination_…` hold what the two offices recorded, side by side, so that discharge, which is
    their comparison (art. 1(e)), is one set-based statement. Expected seals, speeds and counts of rival stamps
    need the whole history of a carnet, so the projection works them out and leaves them here.
    """

    carnet = models.ForeignKey(Carnet, models.PROTECT, related_name="operations", db_index=False)
    sequence = models.PositiveSmallIntegerField()
    territory = models.ForeignKey(CustomsTerritory, models.PROTECT, related_name="+", db_index=False)
    country = models.CharField(max_length=2)
    planned_start = models.CharField(max_length=8)
    planned_end = models.CharField(max_length=8)
    start_role = models.CharField(max_length=11, choices=OfficeRole.choices)
    termination_role = models.CharField(max_length=11, choices=OfficeRole.choices)
    status = models.CharField(
        max_length=10, choices=OperationStatus.choices, default=OperationStatus.EXPECTED
    )

    start_stamp = models.UUIDField(null=True)
    started_at = models.DateTimeField(null=True)
    start_office = models.CharField(max_length=8, blank=True)
    start_is_approved = models.BooleanField(default=True)
    start_partners = ArrayField(models.CharField(max_length=8), null=True)
    start_seals_intact = models.BooleanField(null=True)
    start_seals_expected = ArrayField(models.CharField(max_length=40), null=True)
    start_seals_found = ArrayField(models.CharField(max_length=40), null=True)
    start_is_reported = models.BooleanField(default=False)
    start_vehicles_agree = models.BooleanField(default=True)
    start_speed_kmh = models.PositiveIntegerField(null=True)
    start_rivals = models.PositiveSmallIntegerField(default=0)
    time_limit_at = models.DateTimeField(null=True)
    prescribed_route = models.CharField(max_length=200, blank=True)

    termination_stamp = models.UUIDField(null=True)
    terminated_at = models.DateTimeField(null=True)
    termination_office = models.CharField(max_length=8, blank=True)
    termination_is_approved = models.BooleanField(default=True)
    termination_seals_intact = models.BooleanField(null=True)
    termination_seals_expected = ArrayField(models.CharField(max_length=40), null=True)
    termination_seals_found = ArrayField(models.CharField(max_length=40), null=True)
    termination_is_reported = models.BooleanField(default=False)
    termination_vehicles_agree = models.BooleanField(default=True)
    termination_speed_kmh = models.PositiveIntegerField(null=True)
    termination_rivals = models.PositiveSmallIntegerField(default=0)
    packages_expected = models.PositiveIntegerField(null=True)
    packages = models.PositiveIntegerField(null=True)
    reservation = models.TextField(blank=True)
    is_partial = models.BooleanField(default=False)
    is_suspended = models.BooleanField(default=False)

    guarantor = models.ForeignKey(Association, models.PROTECT, null=True, related_name="+", db_index=False)
    borne = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    borne_currency = models.CharField(max_length=3, blank=True)
    borne_from = models.DateTimeField(null=True)
    discharged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="operation_once", fields=["carnet", "sequence"]),
            models.CheckConstraint(name="operation_sequence", condition=Q(sequence__range=(1, 10))),
            models.CheckConstraint(
                name="operation_discharge_is_earned",
                condition=~Q(status=OperationStatus.DISCHARGED)
                | Q(started_at__isnull=False, terminated_at__isnull=False, discharged_at__isnull=False),
            ),
            models.CheckConstraint(name="operation_borne_not_negative", condition=Q(borne__gte=0)),
            choice_check("operation_status_known", "status", OperationStatus),
        ]
        indexes = [
            models.Index(
                name="operation_to_start",
                fields=["planned_start", "-carnet"],
                condition=Q(started_at__isnull=True),
            ),
            models.Index(
                name="operation_to_end",
                fields=["planned_end", "-carnet"],
                condition=Q(started_at__isnull=False, terminated_at__isnull=True),
            ),
            models.Index(name="operation_suspended", fields=["carnet"], condition=Q(is_suspended=True)),
        ]

    def __str__(self) -> str:
        return f"{self.carnet_id}/{self.sequence}"

    @property
    def pages(self) -> tuple[int, int]:
        """Voucher No. 1 and No. 2 of this operation."""
        return 2 * self.sequence - 1, 2 * self.sequence


class ReopenedDischarge(AppendOnly):
    """A discharge that later evidence took back (art. 10(2)): the decision and its withdrawal stay on record."""

    operation = models.ForeignKey(TirOperation, models.PROTECT, related_name="reopened_discharges")
    discharged_at = models.DateTimeField()
    reopened_at = models.DateTimeField()
    reason = models.TextField()

    def __str__(self) -> str:
        return f"{self.operation} reopened {self.reopened_at:%Y-%m-%d}"


# A plate without the blanks and hyphens that one office writes and another does not; spelt as the index has it.
PLATE = Upper(Replace(Replace("registration", Value(" "), Value("")), Value("-"), Value("")))


class Vehicle(models.Model):
    """A road vehicle on the carnet with its certificate of approval (Annex 3)."""

    carnet = models.ForeignKey(Carnet, models.PROTECT, related_name="vehicles")
    registration = models.CharField(max_length=20)
    country = models.CharField(max_length=2)
    approval_certificate = models.CharField(max_length=40)
    approval_expires = models.DateField()

    class Meta:
        indexes = [models.Index(OpClass(PLATE, name="text_pattern_ops"), name="vehicle_by_plate")]

    def __str__(self) -> str:
        return self.registration


class Container(models.Model):
    """A container on the carnet; its number carries the ISO 6346 check digit."""

    carnet = models.ForeignKey(Carnet, models.PROTECT, related_name="containers")
    number = models.CharField(max_length=11)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="container_number_form", condition=Q(number__regex=r"^[A-Z]{3}[UJZ][0-9]{7}$")
            )
        ]

    def __str__(self) -> str:
        return self.number


class GoodsItem(models.Model):
    """One line of the goods manifest."""

    carnet = models.ForeignKey(Carnet, models.PROTECT, related_name="goods")
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=300)
    hs_code = models.CharField(max_length=10, blank=True)
    packages = models.PositiveIntegerField()
    package_kind = models.CharField(max_length=35)
    gross_mass_kg = models.DecimalField(max_digits=12, decimal_places=3)
    marks = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="goods_position_once", fields=["carnet", "position"]),
            models.CheckConstraint(
                name="goods_hs_code_form", condition=Q(hs_code__regex=r"^([0-9]{6}|[0-9]{8}|[0-9]{10})?$")
            ),
            models.CheckConstraint(
                name="goods_positive", condition=Q(packages__gt=0) & Q(gross_mass_kg__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"


class Irregularity(models.Model):
    """Something about a carnet that reconciliation found and that keeps, or may keep, an operation open."""

    carnet = models.ForeignKey(Carnet, models.PROTECT, related_name="irregularities", db_index=False)
    operation = models.ForeignKey(TirOperation, models.PROTECT, related_name="irregularities")
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


class CarnetReturn(models.Model):
    """A carnet the holder brought back, with what its counterfoils say (Annex 10 par. 2)."""

    carnet = models.OneToOneField(Carnet, models.PROTECT, related_name="carnet_return")
    returned_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    counterfoils = models.JSONField()
    differences = models.JSONField()

    def __str__(self) -> str:
        return f"return of {self.carnet}"


class GuaranteeQuery(AppendOnly):
    """Customs asked whether a guarantee is good for a carnet (Annex 11 art. 10), and what the system answered.

    A number nobody issued is kept as it was asked, without a carnet.
    """

    carnet_number = models.CharField(max_length=11)
    carnet = models.ForeignKey(Carnet, models.PROTECT, null=True, related_name="guarantee_enquiries")
    page = models.PositiveSmallIntegerField(null=True)
    country = models.CharField(max_length=2)
    office = models.CharField(max_length=8, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    is_good = models.BooleanField()
    reasons = models.JSONField()  # of the broken rules: code, article, facts

    def __str__(self) -> str:
        return f"{self.carnet_number} asked by {self.country}"


class GuaranteeConfirmation(AppendOnly):
    """The association's own word on an enquiry, given by hand; a later one goes before an earlier one."""

    enquiry = models.ForeignKey(GuaranteeQuery, models.PROTECT, related_name="confirmations")
    is_good = models.BooleanField()
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AppendOnly.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"confirmation of {self.enquiry_id}"


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
