"""What offices put on record beside stamps: refusals to start, certified reports, controls, and proofs."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from carnets.models import Carnet
from carnets.vouchers import MOST_PAGES
from checkpoints.choices import (
    ABOUT_SEALS,
    ControlKind,
    ControlResult,
    DrawnBy,
    IncidentKind,
    ProofKind,
    RefusalReason,
)
from checkpoints.posts.models import CustomsOffice
from tir.kernel.models import AppendOnly, choice_check


class Statement(AppendOnly):
    """What an office states besides stamps: a refusal to start, a certified report.

    `officer` put it on record and answers for it. Where that was by handing in what a phone had left unsent,
    `certified_by` is the officer whom the phone named and `device` that phone. `receipt` is the hash of the statement
    and our signed promise over it; nothing for one of before receipts were signed.
    """

    device = models.ForeignKey("checkpoints.Device", models.PROTECT, null=True, related_name="+")
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
