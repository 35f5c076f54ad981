"""What PostgreSQL keeps beside the liability ledger, so that a million open operations are counted in no time.

`LiabilityEntry` stays the only thing anybody writes. A trigger on it writes the period an entry begins or ends and puts
the entry in the queue `UnfoldedEntry`; `folding.fold_chunk` adds queued entries to the totals and takes them off the
queue in one transaction. A figure is the totals plus what is still queued, read in one snapshot: exact at every
instant, and no two stamps ever wait for each other's totals. `folding.discrepancies` proves all of it against the
ledger.

Keys to other tables are not enforced here a second time: the ledger's own are, and rows come from nowhere else.
"""

from django.db import models
from django.db.models import F, Q

from guarantees.liability.choices import Dimension, Side
from tir.kernel.models import AppendOnly

WHOLE_CARNET = 0  # the page of a period that is the issuer's reservation


class GuaranteedCarnet(AppendOnly):
    """What the ledger must know of a carnet to say whose liability it is: written once, when the carnet is issued."""

    logged_as = "guaranteed_carnet"

    carnet_number = models.CharField(max_length=11, primary_key=True)
    holder = models.ForeignKey("guarantees.Holder", models.PROTECT, related_name="+", db_index=False)
    corridor = models.CharField(max_length=5)  # countries of departure and of destination, as in CN-TJ
    issued_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.carnet_number} {self.corridor}"


class LiabilityPeriod(models.Model):
    """From when until when an association was liable for one carnet (page 0) or one operation.

    `since` is what its age counts from: issue, acceptance or entry, also when a discharge was taken back in between.
    `begins_at` and `ends_at` are the `at` of the two entries; no end means liable still.
    """

    entry_id = models.BigIntegerField()
    association = models.ForeignKey(
        "guarantees.Association", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    issuer = models.ForeignKey(
        "guarantees.Association", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    guarantee = models.ForeignKey(
        "guarantees.Guarantee", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    holder = models.ForeignKey(
        "guarantees.Holder", models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    carnet_number = models.CharField(max_length=11)
    page = models.PositiveSmallIntegerField()
    country = models.CharField(max_length=2)
    corridor = models.CharField(max_length=5, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    since = models.DateTimeField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="liable_once", fields=["carnet_number", "page"], condition=Q(ends_at__isnull=True)
            ),
            models.CheckConstraint(
                name="liability_ends_after_it_begins",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("begins_at")),
            ),
            models.CheckConstraint(name="liability_positive", condition=Q(amount__gt=0)),
        ]
        # Each holds what its side's lists filter and add up, so that a million open rows are read from it alone.
        indexes = [
            models.Index(
                name="open_on_territory",
                fields=["association", "since", "id"],
                include=["currency", "amount", "holder", "issuer", "corridor", "begins_at"],
                condition=Q(ends_at__isnull=True, page__gt=0),
            ),
            models.Index(
                name="open_under_way",
                fields=["issuer", "since", "id"],
                include=["currency", "amount", "holder", "guarantee", "country", "corridor", "begins_at"],
                condition=Q(ends_at__isnull=True, page__gt=0),
            ),
            models.Index(
                name="open_issued_by",  # with the issuer, whom the wall asks for: see `api.scope.walls`
                fields=["association", "since", "id"],
                include=["currency", "amount", "holder", "guarantee", "corridor", "begins_at", "issuer"],
                condition=Q(ends_at__isnull=True, page=0),
            ),
            models.Index(
                name="open_of_holder", fields=["holder", "since", "id"], condition=Q(ends_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carnet_number}/{self.page} {self.amount} {self.currency}"


class UnfoldedEntry(models.Model):
    """An entry that the totals do not hold yet, and the period it begins or ends."""

    entry_id = models.BigIntegerField(primary_key=True)
    period_id = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "unfolded entries"

    def __str__(self) -> str:
        return str(self.entry_id)


class Figure(models.Model):
    """An amount and a number of carnets or operations, of one association on one side, for one key of one dimension."""

    association = models.ForeignKey(
        "guarantees.Association", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    side = models.CharField(max_length=9, choices=Side.choices)
    currency = models.CharField(max_length=3)
    dimension = models.CharField(max_length=9, choices=Dimension.choices)
    key = models.CharField(max_length=20, blank=True)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    number = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.side} {self.dimension} {self.key}: {self.amount} {self.currency}"


class LiabilityTotal(Figure):
    """What all folded entries add up to."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="liability_total_once", fields=["association", "side", "currency", "dimension", "key"]
            )
        ]


class LiabilityMonth(Figure):
    """What the folded entries of one calendar month (UTC, by `at`) add up to: the way back to any past day."""

    month = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="liability_month_once",
                fields=["association", "side", "currency", "dimension", "month", "key"],
                include=["amount", "number"],  # a past day reads a quarter of a million of these
            )
        ]
