"""The history of the registers: every version of every entry, and the packs that were applied."""

from django.conf import settings
from django.db import models

from tir.kernel.models import AppendOnly


class Change(AppendOnly):
    """One version of an entry: who entered it, when and why, by a pack (`source`) or by hand."""

    logged_as = "register_change"

    noun = models.CharField(max_length=24)
    key = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    content = models.JSONField()  # the whole entry, as texts
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    source = models.CharField(max_length=60, blank=True)

    class Meta(AppendOnly.Meta):
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="change_version_once", fields=["noun", "key", "version"])]

    def __str__(self) -> str:
        return f"{self.noun} {self.key} v{self.version}"


class AppliedPack(AppendOnly):
    """That a country pack was applied: by whom, when, and the SHA-256 of each of its files."""

    logged_as = "applied_pack"

    name = models.CharField(max_length=60)
    software = models.CharField(max_length=20)
    files = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_over = models.BooleanField(default=False)  # whether it went over edits made by hand

    class Meta(AppendOnly.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d}"
