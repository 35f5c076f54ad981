"""One-time links: a text that one person, and nobody else, may follow once, and only until it expires.

An invitation is one, and so is the way back for who forgot a password. No e-mail is needed: whoever makes a link sees
it, and a code of it to scan. Only a digest is kept, so a lost link is not shown again; another is made, and the one
before it opens nothing.

`make` gives the text, `read` says whom it is for, `use` takes it, `withdraw` ends it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tir.accounts.models import User
from tir.kernel.errors import NotFound
from tir.kernel.values import value
from tir.signin.models import LinkPurpose, OneTimeLink
from tir.signin.secrets import digest_of, new_secret

INVITED_FOR = timedelta(days=7)  # a week: a post that is written to on Monday answers within it
REPLACED = "another one took its place"


class LinkNotGood(NotFound):
    """The link is unknown, was used, withdrawn or replaced, or has expired: which of them is not said."""

    code = "link_not_good"


@value
class NewLink:
    """A new link and its text, to be shown once."""

    link: OneTimeLink
    secret: str


@transaction.atomic
def make(
    *, user: User, purpose: LinkPurpose, by: User | None, at: datetime, forgets_factor: bool = False
) -> NewLink:
    """Make a link for a user; earlier ones for the same purpose open nothing any more. With `forgets_factor` whoever
    uses it may do without the second factor that they had: not before, for until then it still guards the account."""
    User.objects.select_for_update(of=("self",)).get(
        pk=user.pk
    )  # of two who make one at once, the second replaces
    withdraw(user, purpose=purpose, by=by, reason=REPLACED, at=at)
    secret = new_secret()
    link = OneTimeLink.objects.create(
        digest=digest_of(secret),
        purpose=purpose,
        user=user,
        made_by=by,
        made_at=at,
        expires_at=at + lasts(purpose),
        forgets_factor=forgets_factor,
    )
    return NewLink(link, secret)


def lasts(purpose: LinkPurpose) -> timedelta:
    """Return for how long a link is good."""
    return INVITED_FOR if purpose == LinkPurpose.INVITATION else timedelta(hours=settings.LINK_HOURS)


def read(secret: str, *, purpose: LinkPurpose, at: datetime) -> OneTimeLink:
    """Return a link that is good, without using it. Raises LinkNotGood."""
    found = (
        OneTimeLink.objects.select_related("user")
        .filter(digest=digest_of(secret), purpose=purpose, used_at=None, withdrawn_at=None, expires_at__gt=at)
        .first()
    )
    is_to_open = purpose == LinkPurpose.INVITATION  # an account that is closed until then
    if found is None or found.user.is_active == is_to_open:
        raise LinkNotGood(
            _("This link is not valid: it may have been used, withdrawn or expired. Ask for another one.")
        )
    return found


@transaction.atomic
def use(secret: str, *, purpose: LinkPurpose, at: datetime) -> OneTimeLink:
    """Take a link: of two who follow it at once, one finds it used. Raises LinkNotGood."""
    OneTimeLink.objects.select_for_update().filter(digest=digest_of(secret)).first()
    found = read(secret, purpose=purpose, at=at)
    found.used_at = at
    found.save(update_fields=["used_at"])
    return found


def withdraw(user: User, *, purpose: LinkPurpose, by: User | None, reason: str, at: datetime) -> bool:
    """Let no link of this purpose open anything for the user any more; return whether one did."""
    found = open_links(user, purpose)
    return bool(found.update(withdrawn_at=at, withdrawn_by=by, withdraw_reason=reason))


def open_links(user: User, purpose: LinkPurpose) -> QuerySet[OneTimeLink]:
    """Return what nobody has used or withdrawn, the one link if any."""
    return OneTimeLink.objects.filter(user=user, purpose=purpose, used_at=None, withdrawn_at=None)
