"""A TIR carnet, its stops and operations, and what became of it.

Offices are named by code only: the register of offices belongs to `checkpoints`, one floor up. What an operation says
of its start and its termination is a projection of the stamp ledger, written by `projection.writing` alone.
"""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value

from carnets.annex10.models import ReconciliationRequest, ReconciliationRequestEvent
from carnets.cargo.models import Consignment, ConsignmentDocument, Container, GoodsItem, Vehicle
from carnets.choices import (
    LIABILITY_BEFORE_END,
    CarnetKind,
    CarnetSource,
    CarnetStatus,
    Control,
    LiabilityStatus,
    OfficeRole,
    OperationStatus,
    StopAction,
)
from carnets.guarantee_queries.models import GuaranteeConfirmation, GuaranteeQuery
from carnets.reconciliation.models import Irregularity, ReconciliationRun, SeverityRule
from carnets.vouchers import MOST_OPERATIONS, VOUCHER_COUNTS, pages_of
from guarantees.choices import LiabilityEnding
from guarantees.models import Association, CustomsTerritory, Guarantee, Holder
from tir.kernel.models import AppendOnly, choice_check, one_of

__all__ = [
    "Carnet", "CarnetEvent", "CarnetReturn", "Consignment", "ConsignmentDocument", "Container", "GoodsItem",
    "GuaranteeConfirmation", "GuaranteeQuery", "Irregularity", "NumberRange", "ReconciliationRequest",
    "ReconciliationRequestEvent", "ReconciliationRun", "ReopenedDischarge", "SeverityRule", "Stop", "TirOperation",
    "Vehicle",
]  # fmt: skip


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
    comes due, never when nothing is left to happen. A carnet *received* was issued elsewhere: guarantee, holder and
    issuer are then what was told, not rows of ours; who reads these three of any carnet asks `source` first.
    """

    number = models.CharField(max_length=11)
    source = models.CharField(max_length=8, choices=CarnetSource.choices, default=CarnetSource.ISSUED)
    kind = models.CharField(max_length=16, choices=CarnetKind.choices, default=CarnetKind.ORDINARY)
    is_heavy_or_bulky = models.BooleanField(default=False)
    holder: "models.ForeignKey[Holder, Holder]" = models.ForeignKey(  # type: ignore[misc]
        Holder, models.PROTECT, null=True, related_name="carnets"
    )
    guarantee: "models.ForeignKey[Guarantee, Guarantee]" = models.ForeignKey(  # type: ignore[misc]
        Guarantee, models.PROTECT, null=True, related_name="carnets"
    )
    association: "models.ForeignKey[Association, Association]" = models.ForeignKey(  # type: ignore[misc]
        Association, models.PROTECT, null=True, related_name="carnets"
    )
    told = models.JSONField(default=dict)  # of a received carnet: holder, guarantee and issuer in words
    continues = models.CharField(max_length=11, blank=True)  # the carnet whose transport this one carries on
    vouchers = models.SmallIntegerField()
    packages = models.PositiveIntegerField(
        null=True
    )  # counted on the manifest; null where no line has a count
    issued_at = models.DateTimeField()
    issued_on = models.DateField()  # the day at the issuing association
    is_backdated = models.BooleanField(
        default=False
    )  # issued in a sandbox as of a past instant, to be played quickly
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    acceptance_until = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    approval_until = models.DateField(null=True)  # the earliest end among the vehicles' approvals
    plates = ArrayField(models.CharField(max_length=35))
    territories = ArrayField(models.CharField(max_length=8))
    countries = ArrayField(models.CharField(max_length=2))
    plan = (
        models.JSONField()
    )  # stops, cargo and units as judging needs them: a stamp reads them with the carnet
    status = models.CharField(max_length=20, choices=CarnetStatus.choices, default=CarnetStatus.ISSUED)
    control = models.CharField(max_length=12, choices=Control.choices, default=Control.NONE, blank=True)
    control_reason = models.TextField(blank=True)
    control_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    is_reserved = models.BooleanField(default=True)
    latest_sequence = models.IntegerField(default=0)
    latest_hash = models.BinaryField(max_length=32, default=bytes(32))
    has_events = models.BooleanField(
        default=False
    )  # reports, controls, refusals or proofs, to be read besides stamps
    reconcile_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="carnet_number_once", fields=["number"]),
            models.CheckConstraint(name="carnet_voucher_count", condition=Q(vouchers__in=VOUCHER_COUNTS)),
            models.CheckConstraint(
                name="carnet_issued_here_is_guaranteed_here",
                condition=Q(source=CarnetSource.RECEIVED)
                | Q(holder__isnull=False, guarantee__isnull=False, association__isnull=False),
            ),
            models.CheckConstraint(
                name="carnet_number_form",
                condition=Q(
                    number__regex=r"^([1-9][0-9]{0,7}|(X[A-Z]|[A-Z]X)(2[5-9]|[3-9][0-9]|[1-9][0-9]{2})[0-9]{6})$"
                ),
            ),
            choice_check("carnet_source_known", "source", CarnetSource),
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


class CarnetEvent(AppendOnly):
    """Who decided what about a carnet, when and why: issued, invalidated, reported lost or found, returned."""

    logged_as = "carnet_event"

    carnet = models.ForeignKey(Carnet, models.PROTECT, related_name="events")
    verb = models.CharField(max_length=13)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    contents = models.JSONField(
        null=True
    )  # of an issue: all that the carnet says; see `carnets_contents.sql`

    class Meta(AppendOnly.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.carnet_id} {self.verb}"


class Stop(models.Model):
    """An office on the planned itinerary, and what the lorry does there."""

    carnet = models.ForeignKey(Carnet, models.PROTECT, related_name="stops")
    position = models.PositiveSmallIntegerField()
    office = models.CharField(max_length=8)
    territory = models.ForeignKey(CustomsTerritory, models.PROTECT, related_name="+", db_index=False)
    does = models.CharField(max_length=7, choices=StopAction.choices)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="stop_position_once", fields=["carnet", "position"]),
            choice_check("stop_action_known", "does", StopAction),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.office} {self.does}"


class TirOperation(models.Model):
    """The part of the transport on one pair of vouchers: operation k has pages 2k−1 and 2k.

    `planned_…` is what was issued (nothing for a pair beyond the plan), `territory` and `country` where its stamps are.
    `start_…` and `termination_…` hold what the two offices recorded, side by side, so that discharge, which is
    their comparison (art. 1(e)), is one set-based statement. What needs the whole history of a carnet (seals and
    packages expected, speeds, rivals) the projection works out and leaves here; spelling is folded there, never in SQL.
    """

    carnet = models.ForeignKey(Carnet, models.PROTECT, related_name="operations", db_index=False)
    sequence = models.SmallIntegerField()
    territory = models.ForeignKey(CustomsTerritory, models.PROTECT, related_name="+", db_index=False)
    country = models.CharField(max_length=2)
    planned_territory = models.ForeignKey(
        CustomsTerritory, models.PROTECT, null=True, related_name="+", db_index=False
    )
    planned_start = models.CharField(max_length=8, blank=True)
    planned_end = models.CharField(max_length=8, blank=True)
    start_role = models.CharField(max_length=11, choices=OfficeRole.choices)
    termination_role = models.CharField(max_length=11, choices=OfficeRole.choices)
    status = models.CharField(
        max_length=10, choices=OperationStatus.choices, default=OperationStatus.EXPECTED
    )
    was_refused = models.BooleanField(default=False)  # some office refused to start it, and said why
    is_disputed = models.BooleanField(default=False)  # a control found a discrepancy against one of its pages
    is_gap = models.BooleanField(
        default=False
    )  # nothing on record here, though the stamps around do not meet

    start_stamp = models.UUIDField(null=True)
    started_at = models.DateTimeField(null=True)
    started_on = models.DateField(null=True)  # the day at the office
    start_office = models.CharField(max_length=8, blank=True)
    start_is_planned_office = models.BooleanField(default=True)
    start_is_approved = models.BooleanField(default=True)
    start_has_role = models.BooleanField(default=True)
    start_partners = ArrayField(models.CharField(max_length=8), null=True)
    start_seals_intact = models.BooleanField(null=True)
    start_seals_expected = ArrayField(models.CharField(max_length=40), null=True)
    start_seals_found = ArrayField(models.CharField(max_length=40), null=True)
    start_seals_agree = models.BooleanField(null=True)  # null: nothing stated, or nothing to compare with
    start_is_reported = models.BooleanField(default=False)
    start_is_spelt_differently = models.BooleanField(default=False)
    start_units_missing = ArrayField(models.CharField(max_length=35), null=True)
    start_speed_kmh = models.IntegerField(null=True)
    start_rivals = models.SmallIntegerField(default=0)
    start_is_unplanned = models.BooleanField(default=False)
    start_is_unconfirmed = models.BooleanField(default=False)
    start_is_recorded_late = models.BooleanField(default=False)
    are_seals_unknown = models.BooleanField(default=False)
    is_after_unload = models.BooleanField(default=False)
    time_limit_at = models.DateTimeField(null=True)
    is_time_limit_set = models.BooleanField(
        default=False
    )  # box 20 was filled in; else it is the territory's practice
    prescribed_route = models.CharField(max_length=200, blank=True)

    termination_stamp = models.UUIDField(null=True)
    terminated_at = models.DateTimeField(null=True)
    terminated_on = models.DateField(null=True)
    termination_office = models.CharField(max_length=8, blank=True)
    termination_is_planned_office = models.BooleanField(default=True)
    termination_is_approved = models.BooleanField(default=True)
    termination_has_role = models.BooleanField(default=True)
    termination_seals_intact = models.BooleanField(null=True)
    termination_seals_expected = ArrayField(models.CharField(max_length=40), null=True)
    termination_seals_found = ArrayField(models.CharField(max_length=40), null=True)
    termination_seals_agree = models.BooleanField(null=True)
    termination_is_reported = models.BooleanField(default=False)
    termination_is_spelt_differently = models.BooleanField(default=False)
    termination_units_missing = ArrayField(models.CharField(max_length=35), null=True)
    termination_speed_kmh = models.IntegerField(null=True)
    termination_rivals = models.SmallIntegerField(default=0)
    termination_is_unplanned = models.BooleanField(default=False)
    termination_is_unconfirmed = models.BooleanField(default=False)
    termination_is_recorded_late = models.BooleanField(default=False)
    are_seals_checked = models.BooleanField(default=True)
    packages_expected = models.IntegerField(null=True)
    packages = models.IntegerField(null=True)
    are_packages_certified = models.BooleanField(default=False)
    does_mass_differ = models.BooleanField(default=False)
    reservation = models.TextField(blank=True)
    is_partial = models.BooleanField(default=False)
    is_suspended = models.BooleanField(default=False)
    is_final = models.BooleanField(default=False)  # the transport ends with it
    heard_at = models.DateTimeField(null=True)  # when its No. 2 counts as heard, from which a quiet time runs
    is_followed = models.BooleanField(default=False)  # the next pair's No. 1 is on record

    liability = models.CharField(max_length=8, choices=LiabilityStatus.choices, default=LiabilityStatus.NONE)
    liability_ended_by = models.CharField(max_length=12, choices=LiabilityEnding.choices, blank=True)
    guarantor = models.ForeignKey(Association, models.PROTECT, null=True, related_name="+", db_index=False)
    borne = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    borne_currency = models.CharField(max_length=3, blank=True)
    borne_from = models.DateTimeField(null=True)
    discharged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="operation_once", fields=["carnet", "sequence"]),
            models.CheckConstraint(
                name="operation_sequence", condition=Q(sequence__range=(1, MOST_OPERATIONS))
            ),
            models.CheckConstraint(
                name="operation_discharge_is_earned",
                condition=~Q(status=OperationStatus.DISCHARGED)
                | Q(started_at__isnull=False, terminated_at__isnull=False, discharged_at__isnull=False),
            ),
            models.CheckConstraint(name="operation_borne_not_negative", condition=Q(borne__gte=0)),
            choice_check("operation_status_known", "status", OperationStatus),
            models.CheckConstraint(
                name="operation_liability_ends_by_something",
                condition=Q(
                    one_of("liability_ended_by", LiabilityEnding.values), liability=LiabilityStatus.ENDED
                )
                | Q(one_of("liability", LIABILITY_BEFORE_END), liability_ended_by=""),
            ),
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
        return pages_of(self.sequence)

    @property
    def has_evidence(self) -> bool:
        """Whether any of its two pages has a stamp."""
        return self.started_at is not None or self.terminated_at is not None


class ReopenedDischarge(AppendOnly):
    """A discharge that later evidence took back (art. 10(2)): the decision and its withdrawal stay on record."""

    logged_as = "reopened_discharge"

    operation = models.ForeignKey(TirOperation, models.PROTECT, related_name="reopened_discharges")
    discharged_at = models.DateTimeField()
    reopened_at = models.DateTimeField()
    reason = models.TextField()

    def __str__(self) -> str:
        return f"{self.operation} reopened {self.reopened_at:%Y-%m-%d}"


class CarnetReturn(models.Model):
    """A carnet the holder brought back, with what its counterfoils say (Annex 10 par. 2)."""

    carnet = models.OneToOneField(Carnet, models.PROTECT, related_name="carnet_return")
    returned_at = models.DateTimeField()
    returned_on = models.DateField()  # the day at the association that received it
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    counterfoils = models.JSONField()
    differences = models.JSONField()

    def __str__(self) -> str:
        return f"return of {self.carnet}"
