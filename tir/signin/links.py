"""One-time links: a text that one person gets, may follow once, and only until it expires. What is kept is a digest.

`make` gives the text to be shown once, `read` says whom it is for, `use` takes it. A new link of the same purpose takes
the place of the ones before it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tir.accounts.models import User
from tir.kernel.errors import NotFound
from tir.signin.models import LinkPurpose, OneTimeLink
from tir.signin.secrets import digest_of, new_secret


class LinkNotGood(NotFound):
    """The link is unknown, was used, was replaced by another, or has expired: which of them is not said."""

    code = "link_not_good"


@transaction.atomic
def make(*, user: User, purpose: LinkPurpose, by: User | None, lasts: timedelta, at: datetime) -> str:
    """Return the text of a new link for a user; earlier ones for the same purpose open nothing any more."""
    _open(user, purpose).update(withdrawn_at=at)
    secret = new_secret()
    OneTimeLink.objects.create(
        digest=digest_of(secret), purpose=purpose, user=user, made_by=by, made_at=at, expires_at=at + lasts
    )
    return secret


def read(secret: str, *, purpose: LinkPurpose, at: datetime) -> OneTimeLink:
    """Return a link that is good, without using it. Raises LinkNotGood."""
    found = (
        OneTimeLink.objects.select_related("user")
        .filter(digest=digest_of(secret), purpose=purpose, used_at=None, withdrawn_at=None, expires_at__gt=at)
        .first()
    )
    if found is None or not found.user.is_active:
        raise LinkNotGood(_("This link was used, replaced or has expired. Ask for a new one."))
    return found


@transaction.atomic
def use(secret: str, *, purpose: LinkPurpose, at: datetime) -> OneTimeLink:
    """Take a link: of two who follow it at once, one finds it used. Raises LinkNotGood."""
    OneTimeLink.objects.select_for_update().filter(digest=digest_of(secret)).first()
    found = read(secret, purpose=purpose, at=at)
    found.used_at = at
    found.save(update_fields=["used_at"])
    return found


def withdraw(user: User, *, purpose: LinkPurpose, at: datetime) -> None:
    """Let no link of this purpose open anything for the user any more."""
    _open(user, purpose).update(withdrawn_at=at)


def _open(user: User, purpose: LinkPurpose) -> QuerySet[OneTimeLink]:
    return OneTimeLink.objects.filter(user=user, purpose=purpose, used_at=None, withdrawn_at=None)
