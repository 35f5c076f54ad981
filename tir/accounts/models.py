"""Who signs in. What a person may see follows from roles here and from what other rooms attach to them:
an association by `guarantees.Membership`, an office by `checkpoints.Posting`."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OFFICER = "officer", _("checkpoint officer")
    ASSOCIATION = "association", _("guaranteeing association")
    CUSTOMS_HQ = "customs_hq", _("customs headquarters")
    SECRETARIAT = "secretariat", _("international organization")
    AUDITOR = "auditor", _("auditor (read only)")
    SYSTEM = "system", _("another administration's system")


class User(AbstractUser):
    """A person or a system. `country` (ISO 3166-1 alpha-2) bounds what customs roles see; blank means none is set,
    and an auditor with none sees every country."""

    roles = ArrayField(models.CharField(max_length=16, choices=Role.choices), default=list, blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(
        max_length=8, choices=settings.LANGUAGES, blank=True
    )  # of e-mails; blank: English

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="user_roles_known", condition=models.Q(roles__contained_by=[role.value for role in Role])
            )
        ]

    def has_role(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)
