"""What people are told, that they read it, and that it was mailed."""

from django.conf import settings
from django.db import models

from guarantees.choices import NoticeKind
from tir.kernel.models import AppendOnly


class Notice(AppendOnly):
    """Something one person is told once: a deadline that nears, a ceiling that fills, a claim that arrived.

    `subject` names the thing (a claim's clock, a guarantee), `threshold` the mark it passed; the sentence is made from
    `facts` in the reader's language when it is read.
    """

    logged_as = "notice"

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
