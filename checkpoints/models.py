"""Where and by whom carnets are stamped, and the ledger of those stamps.

A stamp is evidence: who certified what, on which voucher, at which office, when. It is never edited; a correction
is a cancelling stamp followed by a new one. Each stamp carries the hash of its predecessor on the same carnet.
"""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from carnets.choices import Made, OfficeRole, PackagesBasis
from carnets.models import Carnet
from carnets.vouchers import MOST_PAGES
from checkpoints.annex10.models import SafetirFile, SafetirRecord
from checkpoints.choices import (
    ABOUT_SEALS,
    ControlKind,
    ControlResult,
    CrossingMode,
    DrawnBy,
    IncidentKind,
    Lane,
    ProofKind,
    RefusalReason,
    Verdict,
)
from checkpoints.phones.models import Device, DeviceEvent
from checkpoints.risk.models import RiskProfile
from guarantees.models import CustomsTerritory
from tir.kernel.dated import Dated, DateRange
from tir.kernel.models import AppendOnly, choice_check

__all__ = [
    "BorderCrossing", "ControlPhoto", "ControlRecord", "CustomsOffice", "Device", "DeviceEvent", "Incident",
    "IncidentPhoto", "Posting", "Proof", "ProofAcceptance", "Refusal", "RiskProfile", "SafetirFile", "SafetirRecord",
    "Scan", "Stamp", "StampOrigin",
]  # fmt: skip


class CustomsOffice(Dated):
    """A customs office approved for TIR (art. 45), with the roles it may play."""

    code = models.CharField(max_length=8, unique=True)
    country = models.CharField(max_length=2)
    territory = models.ForeignKey(CustomsTerritory, models.PROTECT, related_name="offices")
    name_en = models.CharField(max_length=100)
    name_ru = models.CharField(max_length=100, blank=True)
    name_zh = models.CharField(max_length=100, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    time_zone = models.CharField(max_length=40)
    roles = ArrayField(models.CharField(max_length=11, choices=OfficeRole.choices))

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="office_code_form", condition=Q(code__regex=r"^[A-Z]{2}[A-Z0-9]{6}$")
            ),
            models.CheckConstraint(
                name="office_position",
                condition=Q(latitude__range=(-90, 90)) & Q(longitude__range=(-180, 180)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_en}"


class BorderCrossing(Dated):
    """Two frontier offices that face each other, agreed between adjacent states (art. 45).

    While customs control does not apply there (inside a customs union) no voucher is stamped.
    """

    code = models.CharField(max_length=20, unique=True)
    name_en = models.CharField(max_length=100)
    name_ru = models.CharField(max_length=100, blank=True)
    name_zh = models.CharField(max_length=100, blank=True)
    office_a = models.ForeignKey(CustomsOffice, models.PROTECT, related_name="crossings_a")
    office_b = models.ForeignKey(CustomsOffice, models.PROTECT, related_name="crossings_b")
    mode = models.CharField(max_length=5, choices=CrossingMode.choices, default=CrossingMode.ROAD)
    remarks = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(name="crossing_pair_once", fields=["office_a", "office_b"]),
            models.CheckConstraint(name="crossing_joins_two", condition=~Q(office_a=F("office_b"))),
        ]

    def __str__(self) -> str:
        return self.name_en


class Posting(Dated):
    """An officer serves at an office in a period; one office at a time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="postings")
    office = models.ForeignKey(CustomsOffice, models.PROTECT, related_name="postings")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="posting_one_at_a_time",
                expressions=[
                    (DateRange(F("valid_from"), F("valid_to")), RangeOperators.OVERLAPS),
                    ("user", RangeOperators.EQUAL),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.office}"


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
    sequence = models.PositiveIntegerField()
    page = models.PositiveSmallIntegerField()
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
    packages = models.PositiveIntegerField(null=True)
    packages_basis = models.CharField(
        max_length=11, choices=PackagesBasis.choices, default=PackagesBasis.COUNTED
    )
    packages_presented = models.PositiveIntegerField(null=True)
    mass_kg = models.PositiveIntegerField(null=True)
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
    hash_version = models.PositiveSmallIntegerField()
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    receipt = models.JSONField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(name="stamp_chain", fields=["carnet", "sequence"]),
            models.CheckConstraint(name="stamp_page", condition=Q(page__range=(1, MOST_PAGES))),
            choice_check("stamp_made_known", "made", Made),
            models.CheckConstraint(
                name="stamp_cancel_has_reason",
                condition=Q(cancels__isnull=True, cancel_reason="")
                | (Q(cancels__isnull=False) & ~Q(cancel_reason="")),
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


class Statement(AppendOnly):
    """What an office states besides stamps: a refusal to start, a certified report.

    `officer` put it on record and answers for it. Where that was by handing in what a phone had left unsent,
    `certified_by` is the officer whom the phone named and `device` that phone. `receipt` is the hash of the statement
    and our signed promise over it; nothing for one of before receipts were signed.
    """

    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+")
    certified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    receipt = models.JSONField(null=True)

    class Meta(AppendOnly.Meta):
        abstract = True


class Refusal(Statement):
    """An office refused to start a TIR operation, and said why."""

    logged_as = "refusal"

    id = models.UUIDField(primary_key=True)
    carnet = models.ForeignKey(Carnet, models.PROTECT, related_name="refusals")
    page = models.PositiveSmallIntegerField()
    office = models.ForeignKey(CustomsOffice, models.PROTECT, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=24, choices=RefusalReason.choices)
    text = models.TextField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.carnet_id}/{self.page} refused: {self.reason}"


class Incident(Statement):
    """A certified report (art. 25): what happened to seals, vehicle or goods on the way, drawn up by an office."""

    logged_as = "report"

    id = models.UUIDField(primary_key=True)
    carnet = models.ForeignKey(Carnet, models.PROTECT, related_name="incidents")
    kind = models.CharField(max_length=16, choices=IncidentKind.choices)
    description = models.TextField()
    seals_broken = ArrayField(models.CharField(max_length=40), default=list)
    seals_affixed = ArrayField(models.CharField(max_length=40), default=list)
    vehicles = ArrayField(models.CharField(max_length=35), default=list)
    packages = models.PositiveIntegerField(null=True)  # on board afterwards, if they were counted
    drawn_by = models.CharField(max_length=7, choices=DrawnBy.choices, default=DrawnBy.CUSTOMS)
    drawn_at = models.DateTimeField()
    office = models.ForeignKey(CustomsOffice, models.PROTECT, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} at {self.office_id}"

    @property
    def is_about_seals(self) -> bool:
        return bool(self.kind in ABOUT_SEALS or self.seals_broken or self.seals_affixed)


class IncidentPhoto(AppendOnly):
    """A picture that belongs to a certified report; its hash is part of the evidence."""

    logged_as = "report_photo"
    hashed_in = {"content": "sha256"}

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="photos")
    content_type = models.CharField(max_length=20)
    content = models.BinaryField()
    sha256 = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"photo of {self.incident_id}"


class ControlRecord(AppendOnly):
    """A control by an office on the way (art. 24 and others): what was checked, with which result, and what was done
    to the seals. Needs no certified report."""

    logged_as = "control"

    id = models.UUIDField(primary_key=True)
    carnet = models.ForeignKey(Carnet, models.PROTECT, related_name="controls")
    kind = models.CharField(max_length=11, choices=ControlKind.choices)
    result = models.CharField(max_length=12, choices=ControlResult.choices)
    against = models.PositiveSmallIntegerField(null=True)  # the page whose certificate is found wrong
    reason = models.TextField(blank=True)
    text = models.TextField(blank=True)
    seals_found = ArrayField(models.CharField(max_length=40), null=True)
    seals_removed = ArrayField(models.CharField(max_length=40), default=list)
    seals_affixed = ArrayField(models.CharField(max_length=40), default=list)
    packages = models.PositiveIntegerField(null=True)
    mass_kg = models.PositiveIntegerField(null=True)
    device = models.CharField(max_length=60, blank=True)  # scales, scanner: by name and number
    office = models.ForeignKey(CustomsOffice, models.PROTECT, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    hash = models.BinaryField(max_length=32)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                name="control_against_a_page",
                condition=Q(against__isnull=True) | Q(against__range=(1, MOST_PAGES)),
            ),
            choice_check("control_kind_known", "kind", ControlKind),
            choice_check("control_result_known", "result", ControlResult),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.result}"


class ControlPhoto(AppendOnly):
    """A picture that belongs to a control; its hash is part of the evidence."""

    logged_as = "control_photo"
    hashed_in = {"content": "sha256"}

    control = models.ForeignKey(ControlRecord, models.PROTECT, related_name="photos")
    content_type = models.CharField(max_length=20)
    content = models.BinaryField()
    sha256 = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"photo of {self.control_id}"


class Proof(AppendOnly):
    """A paper offered in place of a missing stamp: counterfoil, the next country's entry, a customs document."""

    logged_as = "proof"
    hashed_in = {"file": "sha256"}

    id = models.UUIDField(primary_key=True)
    carnet = models.ForeignKey(Carnet, models.PROTECT, related_name="proofs")
    page = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=32, choices=ProofKind.choices)
    issuer = models.CharField(max_length=200)
    date = models.DateField()
    packages = models.PositiveIntegerField(null=True)
    seals = ArrayField(models.CharField(max_length=40), null=True)
    file = models.BinaryField(null=True)
    file_type = models.CharField(max_length=40, blank=True)
    sha256 = models.BinaryField(max_length=32, null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(name="proof_of_a_page", condition=Q(page__range=(1, MOST_PAGES))),
            choice_check("proof_kind_known", "kind", ProofKind),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for page {self.page}"


class ProofAcceptance(AppendOnly):
    """A person of the territory accepted a proof: from then on it stands where no stamp does, dated as the proof."""

    logged_as = "proof_acceptance"

    proof = models.OneToOneField(Proof, models.PROTECT, primary_key=True, related_name="acceptance")
    office = models.ForeignKey(CustomsOffice, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"acceptance of {self.proof_id}"
