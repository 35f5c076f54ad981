"""The phones and tablets that officers enrol at their offices."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from checkpoints.choices import DeviceEventKind
from tir.kernel.models import AppendOnly, choice_check


class Device(models.Model):
    """A phone or tablet at an office, enrolled by an officer who serves there; its token is revoked with it.

    `token_digest` is what is kept of its token, also after the token itself is gone: a revoked device is told so.
    `queue_hash` names what it had not sent when last seen; its browser said whether it keeps its storage
    (`is_persisted`) and how much of it is free, in bytes.
    """

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=60)
    lane = models.CharField(max_length=20, blank=True)  # the traffic lane where it is used
    office = models.ForeignKey("checkpoints.CustomsOffice", models.PROTECT, related_name="devices")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="devices")
    token_digest = models.CharField(max_length=128, unique=True)
    enrolled_at = models.DateTimeField()
    app_version = models.CharField(max_length=40, blank=True)
    last_seen_at = models.DateTimeField(null=True)
    unsent = models.PositiveIntegerField(default=0)
    oldest_unsent_at = models.DateTimeField(null=True)
    queue_hash = models.BinaryField(max_length=32, null=True)  # null where an old app does not say
    is_persisted = models.BooleanField(null=True)
    free_bytes = models.BigIntegerField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoke_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-enrolled_at"]
        constraints = [
            models.CheckConstraint(
                name="device_revoked_by_someone",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class DeviceEvent(AppendOnly):
    """What became of a device, when, and by whom: enrolled, revoked, found emptied, and who settled that loss and why.

    `unsent` and `oldest_unsent_at` are what was known to be lost with its storage.
    """

    logged_as = "device_event"

    device = models.ForeignKey(Device, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=DeviceEventKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1000, blank=True)
    unsent = models.PositiveIntegerField(null=True)
    oldest_unsent_at = models.DateTimeField(null=True)
    settles = models.OneToOneField("self", models.PROTECT, null=True, related_name="settlement")

    class Meta(AppendOnly.Meta):
        ordering = ["at", "id"]
        constraints = [
            choice_check("device_event_kind_known", "kind", DeviceEventKind),
            models.CheckConstraint(
                name="device_loss_says_how_much",
                condition=Q(kind=DeviceEventKind.STORAGE_LOST, unsent__isnull=False)
                | (~Q(kind=DeviceEventKind.STORAGE_LOST) & Q(unsent__isnull=True)),
            ),
            models.CheckConstraint(
                name="device_loss_settled_with_reason",
                condition=(Q(kind=DeviceEventKind.LOSS_SETTLED, settles__isnull=False) & ~Q(reason=""))
                | (~Q(kind=DeviceEventKind.LOSS_SETTLED) & Q(settles__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}Z"
