"""What people did and were refused: one row an event, never changed, in the log of everything on record."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tir.kernel.models import AppendOnly


class AuditEvent(AppendOnly):
    """Who did what, from where, in which request, and how it ended.

    A person is named, not referred to: an account may be renamed, and the row still says who it was then. `fields` are
    the names of what was sent, never what stood in them, but for the few that say which things a file was of.
    """

    logged_as = "audit_event"

    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    person = models.CharField(
        max_length=150, blank=True
    )  # a user name; blank where nobody known was signed in
    roles = ArrayField(models.CharField(max_length=16), default=list)
    country = models.CharField(max_length=2, blank=True)  # whose headquarters see it: the person's
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=36, blank=True)
    request_id = models.CharField(max_length=64)
    verb = models.CharField(max_length=40)
    noun = models.CharField(max_length=40)
    ref = models.CharField(max_length=100, blank=True)
    status = models.PositiveSmallIntegerField()  # of HTTP
    code = models.CharField(max_length=60, blank=True)  # of the refusal; blank: it was done
    fields = models.JSONField(default=dict)
    count = models.PositiveIntegerField(
        default=1
    )  # more: as many refusals alike that have no row of their own

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["country", "-id"], name="audit_by_country"),
            models.Index(fields=["person", "-id"], name="audit_by_person"),
            models.Index(fields=["noun", "ref", "-id"], name="audit_by_noun"),
            models.Index("request_id", name="audit_by_request"),
            models.Index("at", name="audit_by_day"),
        ]

    def __str__(self) -> str:
        return (
            f"{self.at:%Y-%m-%d %H:%M:%S} {self.person or self.address}: {self.verb} {self.noun} {self.ref}"
        )


class RefusalCount(models.Model):
    """How many refusals an address got in one minute: over `MOST_A_MINUTE` they are only counted."""

    network = models.CharField(max_length=45)  # an IPv4 address, or the first half of an IPv6 one
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint("network", "minute", name="refusals_once_a_minute")]

    def __str__(self) -> str:
        return f"{self.network} {self.minute:%H:%M}: {self.count}"
