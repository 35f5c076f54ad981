"""The ledger of stamps, and every look at a carnet. A wing's own tables stand in the wing, and are handed out here.

A stamp is evidence: who certified what, on which voucher, at which office, when. It is never edited; a correction
is a cancelling stamp followed by a new one. Each stamp carries the hash of its predecessor on the same carnet.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least
from django.db.models.lookups import Exact, GreaterThanOrEqual, IsNull
from django.utils.translation import gettext_lazy as _

from carnets.choices import Made, OfficeRole, PackagesBasis
from carnets.models import Carnet
from carnets.vouchers import MOST_PAGES
from checkpoints.annex10.models import SafetirFile, SafetirRecord
from checkpoints.choices import Lane, Verdict
from checkpoints.phones.models import Device, DeviceEvent
from checkpoints.posts.models import BorderCrossing, CustomsOffice, Posting, PostingOrder
from checkpoints.recording.models import (
    ControlPhoto,
    ControlRecord,
    Incident,
    IncidentPhoto,
    Proof,
    ProofAcceptance,
    Refusal,
)
from checkpoints.risk.models import RiskProfile
from tir.kernel.models import AppendOnly, choice_check

__all__ = [
    "BorderCrossing", "ControlPhoto", "ControlRecord", "CustomsOffice", "Device", "DeviceEvent", "Incident",
    "IncidentPhoto", "Posting", "PostingOrder", "Proof", "ProofAcceptance", "Refusal", "RiskProfile", "SafetirFile",
    "SafetirRecord", "Scan", "Stamp", "StampOrigin",
]  # fmt: skip


class Stamp(AppendOnly):
    """One certification on one voucher page, exactly as the officer made it (boxes 16–28).

    `id` is made by the client, so that a retry is recognised. `hash` covers the columns of its `hash_version`
    (`evidence.chain`), so that a column added later breaks no old hash; never `receipt`: what was answered the first
    time (statuses and warnings then), kept so that a replay gets the same answer. `made` says how it came here, and
    `is_vouched` whether a signed-in officer online, an enrolled device or a system account sent it.
    """

    logged_as = "stamp"

    id = models.UUIDField(primary_key=True)
    carnet = models.ForeignKey(Carnet, models.PROTECT, related_name="stamps", db_index=False)
    sequence = models.IntegerField()
    page = models.SmallIntegerField()
    role = models.CharField(max_length=11, choices=OfficeRole.choices)
    office = models.ForeignKey(CustomsOffice, models.PROTECT, related_name="stamps", db_index=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    made = models.CharField(max_length=9, choices=Made.choices)
    is_vouched = models.BooleanField()
    seals_intact = models.BooleanField(null=True)
    seals_found = ArrayField(models.CharField(max_length=40), null=True)
    seals_affixed = ArrayField(models.CharField(max_length=40), null=True)
    seals_removed = ArrayField(models.CharField(max_length=40), null=True)
    packages = models.IntegerField(null=True)
    packages_basis = models.CharField(
        max_length=11, choices=PackagesBasis.choices, default=PackagesBasis.COUNTED
    )
    packages_presented = models.IntegerField(null=True)
    mass_kg = models.IntegerField(null=True)
    reservation = models.TextField(blank=True)
    registration_no = models.CharField(max_length=40, blank=True)
    time_limit_at = models.DateTimeField(null=True)
    prescribed_route = models.CharField(max_length=200, blank=True)
    vehicles = ArrayField(models.CharField(max_length=35), null=True)
    containers = ArrayField(models.CharField(max_length=17), null=True)
    goes_on = (
        models.BooleanField()
    )  # part is terminated here, the rest travels on (box 24: partial termination)
    ends_here = models.BooleanField()
    is_suspension = models.BooleanField()
    is_unplanned = models.BooleanField()
    cancels = models.UUIDField(null=True)
    cancel_reason = models.TextField(blank=True)
    hash_version = models.SmallIntegerField()
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    receipt = models.JSONField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(name="stamp_chain", fields=["carnet", "sequence"]),
            models.CheckConstraint(name="stamp_page", condition=Q(page__range=(1, MOST_PAGES))),
            choice_check("stamp_made_known", "made", Made),
            models.CheckConstraint(
                name="stamp_counts_nothing_negative",
                condition=GreaterThanOrEqual(Least("packages", "packages_presented", "mass_kg"), 0),
            ),
            models.CheckConstraint(
                name="stamp_cancel_has_reason",
                condition=Exact(IsNull(F("cancels"), True), Exact(F("cancel_reason"), "")),
            ),
        ]
        indexes = [
            models.Index(name="stamp_of_office", fields=["office", "-recorded_at"]),
            models.Index(
                name="stamp_at_destination", fields=["-recorded_at"], condition=Q(role=OfficeRole.DESTINATION)
            ),
            # The ledger grows in the order of this column: a day is found in a few blocks, and a stamp pays nothing.
            BrinIndex(name="stamp_recorded", fields=["recorded_at"], autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.role} on page {self.page} at {self.occurred_at:%Y-%m-%d %H:%M}Z"


class StampOrigin(AppendOnly):
    """How a stamp reached us, where that was by a device or by a file; beside the ledger, whose hash does not cover it.

    `certified_by` is the officer whom an imported file names as having made the stamp; the ledger's own `officer`
    is who put it on record and answers for it. `clock_offset` is what had to be added to the device's clock when the
    stamp was made, in milliseconds, as the device itself had measured it.
    """

    logged_as = "stamp_origin"

    stamp = models.OneToOneField(Stamp, models.PROTECT, primary_key=True, related_name="origin")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="stamps")
    certified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    clock_offset = models.BigIntegerField(null=True)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                name="stamp_origin_says_something",
                condition=Q(device__isnull=False)
                | Q(certified_by__isnull=False)
                | Q(clock_offset__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"origin of {self.stamp_id}"


class Scan(AppendOnly):
    """Every look at a carnet and every refused stamp: a refusal is data too."""

    class Purpose(models.TextChoices):
        SCAN = "scan", _("scan")
        STAMP = "stamp", _("refused stamp")

    purpose = models.CharField(max_length=5, choices=Purpose.choices)
    carnet_number = models.CharField(max_length=24, blank=True)
    code = models.TextField(
        blank=True
    )  # as scanned, where it is not genuine: nothing else says what was shown
    page = models.PositiveSmallIntegerField(null=True)
    office = models.ForeignKey(CustomsOffice, models.PROTECT, null=True, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    verdict = models.CharField(max_length=4, choices=Verdict.choices)
    codes = ArrayField(models.CharField(max_length=40), default=list)
    risk_points = models.PositiveSmallIntegerField(null=True)
    lane = models.CharField(max_length=6, choices=Lane.choices, blank=True)

    class Meta(AppendOnly.Meta):
        constraints = [choice_check("scan_verdict_known", "verdict", Verdict)]
        indexes = [models.Index(name="scan_at_office", fields=["office", "-recorded_at"])]

    def __str__(self) -> str:
        return f"{self.carnet_number} {self.verdict}"
