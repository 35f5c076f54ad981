"""Who signs in, what each may do, since when and by whose decision.

Where a person may do it other rooms say: an office by `checkpoints.Posting`, an association by `guarantees.Membership`.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tir.kernel.dated import Dated
from tir.kernel.models import AppendOnly, choice_check, one_of
from tir.kernel.triggers import Trigger, never_deleted


class Role(models.TextChoices):
    OFFICER = "officer", _("checkpoint officer")
    ASSOCIATION = "association", _("guaranteeing association")
    CUSTOMS_HQ = "customs_hq", _("customs headquarters")
    SECRETARIAT = "secretariat", _("international organization")
    AUDITOR = "auditor", _("auditor (read only)")
    SYSTEM = "system", _("another administration's system")
    ADMINISTRATOR = "administrator", _("administrator")  # of a country's people and registers, or of all
    MANAGER = "manager", _("manager of a team")  # of the people of an office or an association


class Reach(models.TextChoices):
    """How far a role goes, seen from the person who has it."""

    OFFICE = "office", _("own office")  # wherever the person is posted that day
    TERRITORY = "territory", _("own territory")  # one administration's part of it: the person's country
    ASSOCIATION = "association", _("own association")
    ALL = "all", _("everywhere")


class PersonVerb(models.TextChoices):
    INVITED = "invited", _("invited")
    REVOKED = "revoked", _("invitation revoked")
    ACCEPTED = "accepted", _("accepted the invitation")
    CHANGED = "changed", _("changed")
    DEACTIVATED = "deactivated", _("deactivated")
    REACTIVATED = "reactivated", _("reactivated")
    HANDED_OVER = "handed_over", _("handed duties over")
    LINK = "link", _("given a link for a new password")


class User(AbstractUser):
    """A person or a system. `country` (ISO 3166-1 alpha-2) bounds what customs roles see; blank means none is set,
    and an auditor with none sees every country.

    `roles` is what the assignments in force come to, kept here because every request reads it; it holds up to, not
    including, `roles_until` (see `tir.accounts.assigning`). PostgreSQL writes an assignment for a role that comes
    without one.
    """

    name = models.CharField(max_length=150, blank=True)  # of the person, as they write it
    roles = ArrayField(models.CharField(max_length=16, choices=Role.choices), default=list, blank=True)
    roles_until = models.DateField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(
        max_length=8, choices=settings.LANGUAGES, blank=True
    )  # of e-mails; blank: English

    triggers: ClassVar[tuple[Trigger, ...]] = (
        Trigger("roles_on_record", "AFTER INSERT OR UPDATE OF roles", "accounts_roles_on_record"),
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="user_roles_known", condition=models.Q(roles__contained_by=[role.value for role in Role])
            ),
            # What a person may do follows from roles; these two flags of Django's would say otherwise, or nothing.
            models.CheckConstraint(
                name="user_no_superuser", condition=Q(is_superuser=False) & Q(is_staff=False)
            ),
        ]

    def has_role(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)

    def get_full_name(self) -> str:
        return self.name or self.get_username()


class Assignment(Dated):
    """A role that a person has, how far it goes, from when to when, and who gave and who ended it, and why.

    An administrator or manager may give the roles named in `gives`, within their own reach. `given_by` is empty for
    what a command gave, and for what stood in an account before assignments were kept.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=16)
    reach = models.CharField(max_length=11)
    gives = ArrayField(models.CharField(max_length=16, choices=Role.choices), default=list, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    reason = models.CharField(max_length=1000)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=1000, blank=True)

    triggers: ClassVar[tuple[Trigger, ...]] = (never_deleted("assignment_stays"),)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(name="assignment_of", fields=["person", "valid_from"])]
        constraints = [
            choice_check("assignment_role_known", "role", Role),
            choice_check("assignment_reach_known", "reach", Reach),
            models.CheckConstraint(
                name="assignment_days_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="assignment_gives_known", condition=Q(gives__contained_by=[role.value for role in Role])
            ),
            models.CheckConstraint(
                name="assignment_gives_to_others",
                condition=one_of("role", (Role.ADMINISTRATOR, Role.MANAGER)) | Q(gives=[]),
            ),
            models.CheckConstraint(
                name="assignment_not_by_oneself",
                condition=Q(given_by__isnull=True) | ~Q(given_by=F("person")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role} @ {self.reach}"

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


class PersonEvent(AppendOnly):
    """Who did what about a person, when and why. `by` is empty for a command of whoever runs the server."""

    logged_as = "person_event"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="events")
    verb = models.CharField(max_length=11)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=1000)
    facts: Any = models.JSONField(default=dict)  # what changed, by name

    class Meta(AppendOnly.Meta):
        ordering = ["id"]
        constraints = [choice_check("person_event_verb_known", "verb", PersonVerb)]

    def __str__(self) -> str:
        return f"{self.person_id} {self.verb}"

    @property
    def verb_label(self) -> str:
        return str(PersonVerb(self.verb).label)
