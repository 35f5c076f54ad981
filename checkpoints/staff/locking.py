"""One order of locks for whatever is decided about people, and the question whether the administrator may."""

from datetime import datetime

from checkpoints.staff.standing import administering, standing_of
from tir.accounts.models import User
from tir.accounts.scopes import Authority, ensure_may_decide_about
from tir.kernel.values import value


@value
class Decision:
    """A person, locked, and the administrator who may decide about them."""

    person: User
    by: User
    authority: Authority


def decision_about(person_id: int, *, by: User, at: datetime) -> Decision:
    """Lock both accounts, the lower key first, and return them. Raises OwnAccount, Superior, OutsideYourPlace.

    Both, so that of two administrators who close each other's account at once one comes too late.
    """
    rows = User.objects.select_for_update(of=("self",)).filter(pk__in=(person_id, by.pk)).order_by("pk")
    found = {user.pk: user for user in rows}
    person, administrator = found[person_id], found[by.pk]
    authority = administering(administrator, at=at)
    ensure_may_decide_about(authority, standing_of(person, at=at))
    return Decision(person, administrator, authority)
