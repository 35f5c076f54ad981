"""What was proposed, who said what to it, and how many must approve."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tir.kernel.dated import Dated
from tir.kernel.models import AppendOnly, choice_check
from tir.kernel.triggers import Trigger, never_deleted


class ApprovalStatus(models.TextChoices):
    OPEN = "open", _("waits for approval")
    DONE = "done", _("approved and carried out")
    REFUSED = "refused", _("refused")
    DEAD = "dead", _("void: what it was about has changed")


class Word(models.TextChoices):
    APPROVE = "approve", _("approved")
    REFUSE = "refuse", _("refused")


class Approval(models.Model):
    """Something that one person proposed and others must approve before it counts.

    `content` is the whole of what would be entered, as texts; `stands_on` the hash of what was on record when it was
    proposed. Once that is another, the approval is dead, and stays to be read.
    """

    kind = models.CharField(max_length=24)
    subject = models.CharField(max_length=120)  # the natural key of what it is about
    content = models.JSONField()
    stands_on = models.CharField(max_length=64)
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    country = models.CharField(max_length=2, blank=True)  # whose business it is; blank: no country's alone
    needed = models.PositiveSmallIntegerField()
    status = models.CharField(
        max_length=8, choices=ApprovalStatus.choices, default=ApprovalStatus.OPEN, db_index=True
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    source = models.CharField(max_length=60, blank=True)  # the pack it came from
    ended_at = models.DateTimeField(null=True, blank=True)

    triggers: ClassVar[tuple[Trigger, ...]] = (never_deleted("approval_stays"),)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="approval_open_once", fields=["kind", "subject"], condition=Q(status="open")
            ),
            models.CheckConstraint(name="approval_by_one_at_least", condition=Q(needed__gte=1)),
            models.CheckConstraint(
                name="approval_ends_with_its_status",
                condition=Q(status="open", ended_at__isnull=True) | (~Q(status="open") & Q(ended_at__isnull=False)),
            ),
            choice_check("approval_status_known", "status", ApprovalStatus),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.status}"


class ApprovalWord(AppendOnly):
    """What one person said to a proposal: once, and never the one who proposed it."""

    logged_as = "approval_word"

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="words")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    word = models.CharField(max_length=8, choices=Word.choices)
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta(AppendOnly.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="approval_word_once", fields=["approval", "by"]),
            choice_check("approval_word_known", "word", Word),
        ]

    def __str__(self) -> str:
        return f"{self.approval_id} {self.word}"


class ApprovalRule(Dated):
    """How many must approve a kind of proposal whose amount lies from `amount_from` up to, not including, `amount_to`.

    Where no rule holds, one other person must.
    """

    kind = models.CharField(max_length=24)
    currency = models.CharField(max_length=3, blank=True)  # blank: any
    amount_from = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    amount_to = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    needed = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="approval_rule_needs_one", condition=Q(needed__gte=1)),
            models.CheckConstraint(
                name="approval_rule_range",
                condition=Q(amount_to__isnull=True) | Q(amount_to__gt=F("amount_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.amount_from}: {self.needed}"
