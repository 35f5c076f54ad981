"""The first administrator, whom nobody could invite: made by a command of whoever runs the server."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tir.accounts import assigning
from tir.accounts.assigning import Wanted
from tir.accounts.models import Assignment, Reach, Role, User
from tir.kernel.dated import covering
from tir.kernel.errors import Conflict
from tir.signin import inviting
from tir.signin.links import NewLink

FIRST = "first administrator"


class AdministratorThere(Conflict):
    """Somebody looks after all people already, and can invite another."""

    code = "administrator_there"


@transaction.atomic
def add_administrator(*, username: str, reason: str, at: datetime) -> NewLink:
    """Make an account that may give every role everywhere, and its link. Without a reason only while there is none.

    Raises AdministratorThere, AlreadyAccepted for an account that is in use.
    """
    there = (
        _looking_after_all(at).exclude(person__username=username).values_list("person__username", flat=True)
    )
    if not reason and (names := sorted(set(there))):
        raise AdministratorThere(
            _("{names} can invite another. If nobody can sign in any more, say --again and why.").format(
                names=", ".join(names)
            ),
        )
    person = User.objects.filter(username=username).first() or _account(username, at=at)
    made = inviting.invite(person=person, by=None, reason=reason or FIRST, at=at)
    if not _looking_after_all(at, active=False).filter(person=person).exists():
        wanted = Wanted(Role.ADMINISTRATOR, Reach.ALL, frozenset(Role))
        assigning.give(person=person, wanted=[wanted], by=None, reason=reason or FIRST, at=at)
    return made


def _looking_after_all(at: datetime, *, active: bool = True) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(covering(assigning.day_of(at)), role=Role.ADMINISTRATOR, reach=Reach.ALL)
    return rows.filter(person__is_active=True) if active else rows


def _account(username: str, *, at: datetime) -> User:
    person = User(username=username, is_active=False, date_joined=at)
    person.set_unusable_password()
    person.save()
    return person
