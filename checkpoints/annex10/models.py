"""The daily SafeTIR files and their records, as they were sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guarantees.models import Association
from tir.kernel.models import AppendOnly


class SafetirFile(AppendOnly):
    """The termination records of one day, as they were sent; made once, never made again."""

    logged_as = "safetir_file"

    day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    sha256 = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"SafeTIR {self.day}"


class SafetirRecord(AppendOnly):
    """One record of a daily file: a new termination, or the cancelling of one that was sent before.

    `cause` is the stamp that brought it about: its own, what took it back, or what showed that it ends something else.
    """

    logged_as = "safetir_record"

    file = models.ForeignKey(SafetirFile, models.PROTECT, related_name="records", db_index=False)
    position = models.PositiveIntegerField()
    update = models.CharField(max_length=1, choices=[("N", _("new")), ("C", _("cancelled"))])
    stamp = models.ForeignKey("checkpoints.Stamp", models.PROTECT, related_name="safetir_records")
    cause = models.ForeignKey("checkpoints.Stamp", models.PROTECT, related_name="+", db_index=False)
    association = models.ForeignKey(
        Association, models.PROTECT, null=True, related_name="+", db_index=False
    )  # none of a carnet that was issued elsewhere
    country = models.CharField(max_length=2)
    content = models.JSONField()

    class Meta(AppendOnly.Meta):
        ordering = ["file", "position"]
        constraints = [
            models.UniqueConstraint(name="safetir_position_once", fields=["file", "position"]),
            models.UniqueConstraint(name="safetir_change_once", fields=["stamp", "cause", "update"]),
            models.CheckConstraint(name="safetir_update_known", condition=Q(update__in=["N", "C"])),
        ]

    def __str__(self) -> str:
        return f"{self.update} {self.stamp_id}"
