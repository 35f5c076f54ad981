"""How people and programs prove who they are: sessions, second factors, one-time links, service accounts.

No secret stands here as it is: what can be compared is kept as a digest, what must be read again is sealed.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tir.kernel.models import choice_check
from tir.kernel.triggers import Trigger, never_deleted

USER = settings.AUTH_USER_MODEL


class LinkPurpose(models.TextChoices):
    PASSWORD = "password", _("choose a new password")
    INVITATION = "invitation", _("invitation")


class Session(AbstractBaseSession):
    """A browser that somebody signed in with; `session_key` is a digest of what the cookie says."""

    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="sessions")
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)

    objects: ClassVar = BaseSessionManager()

    @classmethod
    def get_session_store_class(cls) -> type:
        from tir.signin.sessions import SessionStore  # noqa: PLC0415  (Django asks by this name; the store asks us)

        return SessionStore


class TokenUse(models.Model):
    """Whose a token is, where it was got, and when it was last used: all of it that others may read."""

    token = models.OneToOneField("knox.AuthToken", models.CASCADE, primary_key=True, related_name="use")
    user = models.ForeignKey(USER, models.PROTECT, related_name="token_uses")
    expires_at = models.DateTimeField(null=True)
    is_of_device = models.BooleanField(default=False)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    last_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"used at {self.last_used_at:%Y-%m-%d %H:%M}Z"


class OneTimeLink(models.Model):
    """A link that one person may follow once, before it expires: `digest` is of the text in it.

    `made_by` is empty for what a command printed or the person asked for by mail; `withdrawn_by` for what their own act
    replaced.
    """

    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=12, choices=LinkPurpose.choices)
    user = models.ForeignKey(USER, models.PROTECT, related_name="links")
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdraw_reason = models.CharField(max_length=1000, blank=True)
    forgets_factor = models.BooleanField(default=False)  # with its use the second factor is forgotten too

    triggers: ClassVar[tuple[Trigger, ...]] = (never_deleted("link_stays"),)

    class Meta:
        ordering = ["id"]
        constraints = [
            choice_check("link_purpose_known", "purpose", LinkPurpose),
            models.UniqueConstraint(
                name="link_one_open",
                fields=["user", "purpose"],
                condition=Q(used_at__isnull=True) & Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="link_used_or_withdrawn",
                condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(name="link_expires_later", condition=Q(expires_at__gt=F("made_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} for {self.user_id}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has used or withdrawn it; it may have expired all the same."""
        return self.used_at is None and self.withdrawn_at is None


class LinkRequest(models.Model):
    """Somebody asked on a page for a link by mail; whether the name is anybody's shows when it is answered."""

    name = models.CharField(max_length=150)
    site = models.CharField(max_length=300)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                name="link_not_answered", fields=["at"], condition=models.Q(answered_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"asked at {self.at:%Y-%m-%d %H:%M}Z"


class PasswordChange(models.Model):
    """When a password was set, by whom, and how: `by` is the person, or who made the link they followed."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="password_changes")
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=12)  # own, link, invitation
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.how} at {self.at:%Y-%m-%d %H:%M}Z"


class Authenticator(models.Model):
    """An authenticator app of one person (RFC 6238): its secret is sealed; no step is taken twice."""

    user = models.OneToOneField(USER, models.PROTECT, related_name="authenticator")
    secret = models.TextField()
    last_step = models.BigIntegerField()
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"authenticator of {self.user_id}"


class Passkey(models.Model):
    """A passkey (WebAuthn) of one person: the public half, and how often it has signed."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential = models.CharField(max_length=1400, unique=True)  # base64url, as browsers say it
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField()
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code on paper that stands in once for the second factor."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class KnownAddress(models.Model):
    """An address from which a person has signed in: an attack from elsewhere does not shut them out."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="known_addresses")
    address = models.GenericIPAddressField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="known_address_once", fields=["user", "address"])]

    def __str__(self) -> str:
        return self.address


class FailedAttempt(models.Model):
    """A wrong password or code: from where and when; the name is kept as a digest, for people type passwords there."""

    address = models.GenericIPAddressField()
    name = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="failed_by_address", fields=["address", "at"]),
            models.Index(name="failed_by_time", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"from {self.address}"


class ServiceAccount(models.Model):
    """A program that signs in by OAuth 2 client credentials, with the roles of its user and from its networks alone.

    `networks` are CIDR texts; none means from anywhere.
    """

    user = models.OneToOneField(USER, models.PROTECT, related_name="service_account")
    application = models.OneToOneField("oauth2_provider.Application", models.PROTECT, related_name="account")
    purpose = models.CharField(max_length=200)
    networks = ArrayField(models.CharField(max_length=43), default=list, blank=True)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.purpose


class ClientSecret(models.Model):
    """One secret of a service account, shown once; two overlap while programs are changed over."""

    account = models.ForeignKey(ServiceAccount, models.PROTECT, related_name="secrets")
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"secret of {self.made_at:%Y-%m-%d}"
