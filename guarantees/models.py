"""Who guarantees what: territories, associations, holders, guarantees, the liability ledger, claims, legal clocks.

This room knows a carnet only by its number and a TIR operation by number and page, the trade's own natural key.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from guarantees.choices import (
    ClaimStatus,
    Clock,
    DocumentKind,
    EntryKind,
    HolderStatus,
    HolderVerb,
    NoticeKind,
)
from guarantees.liability.models import (
    GuaranteedCarnet,
    LiabilityMonth,
    LiabilityPeriod,
    LiabilityTotal,
    UnfoldedEntry,
)
from tir.kernel.models import AppendOnly

__all__ = [
    "Association", "Claim", "ClaimDocument", "ClaimEvent", "ClockRule", "CustomsTerritory", "Guarantee",
    "GuaranteedCarnet", "Holder", "HolderEvent", "HolderExclusion", "LiabilityEntry", "LiabilityMaximum",
    "LiabilityMonth", "LiabilityPeriod", "LiabilityTotal", "Membership", "Notice", "NoticeMail", "NoticeReading",
    "TerritoryMember", "UnfoldedEntry",
]  # fmt: skip


class DateRange(Func):
    """daterange(valid_from, valid_to): the end is exclusive, and no end means still valid."""

    function = "daterange"
    output_field = DateRangeField()


def never_overlapping(name: str, *same: str) -> ExclusionConstraint:
    """Two dated rows about the same thing may follow each other, never overlap."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (DateRange(F("valid_from"), F("valid_to")), RangeOperators.OVERLAPS),
            *((field, RangeOperators.EQUAL) for field in same),
        ],
    )


def stays(name: str) -> pgtrigger.Protect:
    """A row that the ledger names is never deleted and keeps its key."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Delete | pgtrigger.UpdateOf("id"))


class Dated(models.Model):
    """Valid from the first day up to, not including, the last."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class CustomsTerritory(models.Model):
    """One customs territory; a customs union counts as one (art. 48), so it takes one voucher pair."""

    code = models.CharField(max_length=8, unique=True)
    name_en = models.CharField(max_length=100)
    name_ru = models.CharField(max_length=100, blank=True)
    name_zh = models.CharField(max_length=100, blank=True)
    default_transit_days = models.PositiveSmallIntegerField(default=10)
    grace_hours = models.PositiveSmallIntegerField(default=24)
    mass_tolerance = models.PositiveSmallIntegerField(
        default=20
    )  # per mille, of a mass certified for bulk goods
    reports = models.BooleanField(
        default=True
    )  # its offices record here; where they do not, no stamp is missing

    class Meta:
        verbose_name_plural = "customs territories"

    def __str__(self) -> str:
        return self.code


class TerritoryMember(Dated):
    """A country that belonged to a customs territory in a period."""

    territory = models.ForeignKey(CustomsTerritory, models.PROTECT, related_name="members")
    country = models.CharField(max_length=2)

    class Meta:
        constraints = [never_overlapping("territory_member_once", "country")]

    def __str__(self) -> str:
        return f"{self.country} in {self.territory}"


class Association(models.Model):
    """A guaranteeing association (Annex 9 Part I), one a country: issuer of its holders' carnets and guarantor,
    on its own territory, of everybody's (art. 8)."""

    code = models.CharField(max_length=3, unique=True)
    country = models.CharField(max_length=2, unique=True)
    country_alpha3 = models.CharField(max_length=3)
    name = models.CharField(max_length=200)
    name_local = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=40, default="UTC")  # of its seat: where its days begin
    quota_penalty = models.PositiveIntegerField(default=5)  # carnets off a quota, for each open notification
    quota_blocked_from = models.PositiveSmallIntegerField(default=3)  # so many open notifications: no carnet
    stock_alarm = models.PositiveIntegerField(default=500)  # numbers left when the stock is called low

    class Meta:
        constraints = [
            models.CheckConstraint(name="association_code_digits", condition=Q(code__regex=r"^[0-9]{3}$")),
        ]
        triggers = [stays("association_stays")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


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


class Membership(models.Model):
    """A user who acts for an association."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="membership")
    association = models.ForeignKey(Association, models.PROTECT, related_name="staff")

    def __str__(self) -> str:
        return f"{self.user} for {self.association}"


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
            models.CheckConstraint(name="holder_status_known", condition=Q(status__in=HolderStatus.values)),
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
        constraints = [never_overlapping("holder_exclusion_once", "holder", "country")]

    def __str__(self) -> str:
        return f"{self.holder} excluded from {self.country}"


class HolderEvent(AppendOnly):
    """Who did what about a holder, when and why: the holder's own history."""

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


class Guarantee(Dated):
    """Security for the carnets of one holder, or of an association's pool when no holder is named.

    `exposure` runs with the issuer's ledger entries and PostgreSQL keeps it within the ceiling, so two issues
    at the same instant can never pass it.
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
        triggers = [stays("guarantee_stays")]

    def __str__(self) -> str:
        return self.reference


class LiabilityEntry(AppendOnly):
    """One movement of liability. Without a page it is the issuer's reservation for the whole carnet;
    with a page it is what the guarantor of that operation's territory bears.

    `at` is when the world changed, `recorded_at` when the ledger learnt of it; figures as of a date use `at`.

    The trigger that follows the ledger refuses an unknown association or guarantee, a statement at a time, and neither
    is ever deleted; PostgreSQL's own keys would look both up again for each of a million discharges.
    """

    association = models.ForeignKey(
        Association, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    guarantee = models.ForeignKey(Guarantee, models.PROTECT, related_name="entries", db_constraint=False)
    carnet_number = models.CharField(max_length=11)
    page = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
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
                condition=Q(kind__in=[EntryKind.RESERVED, EntryKind.BORNE], amount__gt=0)
                | Q(kind__in=[EntryKind.RELEASED, EntryKind.RELIEVED], amount__lt=0),
            ),
            models.CheckConstraint(
                name="entry_page_follows_kind",
                condition=Q(kind__in=[EntryKind.RESERVED, EntryKind.RELEASED], page__isnull=True)
                | Q(kind__in=[EntryKind.BORNE, EntryKind.RELIEVED], page__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carnet_number}/{self.page or '-'} {self.kind} {self.amount} {self.currency}"


class ClockRule(Dated):
    """How long a clock runs, by law or by a territory's own practice, in a period of the rule's validity.

    A row without a territory holds everywhere; one with a territory goes before it.
    """

    clock = models.CharField(max_length=24, choices=Clock.choices)
    territory = models.ForeignKey(
        CustomsTerritory, models.PROTECT, null=True, blank=True, related_name="clocks"
    )
    years = models.PositiveSmallIntegerField(default=0)
    months = models.PositiveSmallIntegerField(default=0)
    days = models.PositiveSmallIntegerField(default=0)
    article = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="clock_rule_once", fields=["clock", "territory", "valid_from"], nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock} ({self.article})"


class Claim(models.Model):
    """What customs and a guaranteeing association settle about one operation that was not discharged (art. 11).

    The claimed association is the guarantor of the territory, whoever issued the carnet.
    """

    carnet_number = models.CharField(max_length=11)
    page = models.PositiveSmallIntegerField()
    association = models.ForeignKey(Association, models.PROTECT, related_name="claims")
    issuer = models.ForeignKey(Association, models.PROTECT, related_name="claims_on_own_carnets")
    territory = models.ForeignKey(CustomsTerritory, models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)
    status = models.CharField(max_length=10, choices=ClaimStatus.choices, default=ClaimStatus.OPENED)
    accepted_at = models.DateTimeField()
    is_fraud = models.BooleanField(default=False)
    reason = models.TextField()
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    debtor = models.CharField(max_length=200, blank=True)
    debtor_pursued_on = models.DateField(null=True, blank=True)
    notified_on = models.DateField(null=True, blank=True)
    holder_notified_on = models.DateField(null=True, blank=True)
    proceedings_began_on = models.DateField(null=True, blank=True)
    decision_enforceable_on = models.DateField(null=True, blank=True)
    claimed_on = models.DateField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    reimbursed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="claim_once_an_operation",
                fields=["carnet_number", "page"],
                condition=~Q(status=ClaimStatus.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="claim_amount_positive", condition=Q(amount__isnull=True) | Q(amount__gt=0)
            ),
        ]
        triggers = [pgtrigger.Protect(name="claim_stays", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.carnet_number}/{self.page} {self.status}"


class ClaimEvent(AppendOnly):
    """Who took which step of a claim, when, with what said: the claim's own history."""

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


class Notice(AppendOnly):
    """Something one person is told once: a deadline that nears, a ceiling that fills, a claim that arrived.

    `subject` names the thing (a claim's clock, a guarantee), `threshold` the mark it passed; the sentence is made from
    `facts` in the reader's language when it is read.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=24, choices=NoticeKind.choices)
    subject = models.CharField(max_length=80)
    threshold = models.CharField(max_length=16)
    facts = models.JSONField()
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(name="notice_once", fields=["recipient", "kind", "subject", "threshold"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.threshold}"


class NoticeReading(AppendOnly):
    """That a notice was read, and when: the notice itself never changes."""

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="reading")
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.notice_id} read"


class NoticeMail(AppendOnly):
    """That a notice went out in an e-mail, and when."""

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="mail")
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.notice_id} mailed"
