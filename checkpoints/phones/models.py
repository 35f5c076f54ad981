"""The phones and tablets that officers enrol at their offices."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Device(models.Model):
    """A phone or tablet at an office, enrolled by an officer who serves there; its token is revoked with it.

    `token_digest` is what is kept of its token, also after the token itself is gone: a revoked device is told so.
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
