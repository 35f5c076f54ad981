"""Guarantees and the liability ledger."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from guarantees.choices import EntryKind
from guarantees.models.associations import Association
from guarantees.models.holders import Holder
from tir.kernel.dated import Dated, never_overlapping
from tir.kernel.models import AppendOnly, one_of
from tir.kernel.triggers import Trigger, stays


class Guarantee(Dated):
    """Security for the carnets of one holder, or of an association's pool when no holder is named.

    `exposure` runs with the issuer's ledger entries and PostgreSQL keeps it within `ceiling`, so two issues at the same
    instant can never pass it. `ceiling` and `max_open_carnets` follow the dated rows of `GuaranteeCeiling`: they hold
    the terms in force, or what is in use while terms were lowered below that. `guarantees.ceilings` keeps them.
    """

    reference = models.CharField(max_length=35, unique=True)
    association = models.ForeignKey(Association, models.PROTECT, related_name="guarantees")
    holder = models.ForeignKey(Holder, models.PROTECT, null=True, blank=True, related_name="guarantees")
    amount_per_carnet = models.DecimalField(max_digits=14, decimal_places=2)
    ceiling = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3)
    max_open_carnets = models.PositiveIntegerField(null=True, blank=True)
    exposure = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    open_carnets = models.PositiveIntegerField(default=0)

    triggers: ClassVar[tuple[Trigger, ...]] = (
        stays("guarantee_stays"),
        Trigger("guarantee_has_a_ceiling", "AFTER INSERT", "guarantees_first_ceiling"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="guarantee_exposure_within_ceiling",
                condition=Q(exposure__gte=0) & Q(exposure__lte=F("ceiling")),
            ),
            models.CheckConstraint(name="guarantee_amount_positive", condition=Q(amount_per_carnet__gt=0)),
            models.CheckConstraint(
                name="guarantee_open_carnets_within_limit",
                condition=Q(max_open_carnets__isnull=True) | Q(open_carnets__lte=F("max_open_carnets")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class GuaranteeCeiling(Dated):
    """How much a guarantee covers, and how many open carnets, in a period; the first begins with the guarantee."""

    guarantee = models.ForeignKey(Guarantee, models.PROTECT, related_name="ceilings")
    ceiling = models.DecimalField(max_digits=16, decimal_places=2)
    max_open_carnets = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            never_overlapping("guarantee_ceiling_once", "guarantee"),
            models.CheckConstraint(name="guarantee_ceiling_not_negative", condition=Q(ceiling__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.guarantee_id}: {self.ceiling}"


class LiabilityEntry(AppendOnly):
    """One movement of liability. Without a page it is the issuer's reservation for the whole carnet;
    with a page it is what the guarantor of that operation's territory bears.

    `at` is when the world changed, `recorded_at` when the ledger learnt of it; figures as of a date use `at`.

    The trigger that follows the ledger refuses an unknown association or guarantee, a statement at a time, and neither
    is ever deleted; PostgreSQL's own keys would look both up again for each of a million discharges.
    """

    logged_as = "liability_entry"

    association = models.ForeignKey(
        Association, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    guarantee = models.ForeignKey(
        Guarantee, models.PROTECT, related_name="entries", db_index=False, db_constraint=False
    )
    carnet_number = models.CharField(max_length=11)
    page = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    cause = models.CharField(max_length=40)

    class Meta(AppendOnly.Meta):
        verbose_name_plural = "liability entries"
        indexes = [
            models.Index(name="entry_of_carnet", fields=["carnet_number", "page"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="entry_sign_follows_kind",
                condition=Q(one_of("kind", [EntryKind.RESERVED, EntryKind.BORNE]), amount__gt=0)
                | Q(one_of("kind", [EntryKind.RELEASED, EntryKind.RELIEVED]), amount__lt=0)
                | Q(kind=EntryKind.REIMBURSED, amount=0),
            ),
            models.CheckConstraint(
                name="entry_page_follows_kind",
                condition=Q(one_of("kind", [EntryKind.RESERVED, EntryKind.RELEASED]), page__isnull=True)
                | Q(
                    one_of("kind", [EntryKind.BORNE, EntryKind.RELIEVED, EntryKind.REIMBURSED]),
                    page__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carnet_number}/{self.page or '-'} {self.kind} {self.amount} {self.currency}"
