"""What comes with the day on which a role begins or ends: the column follows, and who comes into a role that needs a
second factor signs in anew, and sets one up on the way, as if the role had been given that day.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tir.accounts import assigning
from tir.accounts.models import User
from tir.signin import factors, sessions, tokens


def bring_up(user: User, *, at: datetime) -> bool:
    """Bring an account up to the day, in the database too where one has come; return whether its sessions and own
    tokens ended with it. Phones stay: what they may do is no more than before."""
    if user.roles_until is None or assigning.day_of(at) < user.roles_until:
        return False
    with transaction.atomic():
        kept = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        before = list(kept.roles)
        assigning.follow(kept, at=at)
        has_ended = end_what_a_password_opened(kept, before=before)
    user.roles, user.roles_until = kept.roles, kept.roles_until
    return has_ended


def end_what_a_password_opened(person: User, *, before: Collection[str]) -> bool:
    """End sessions and own tokens of who comes into a role that needs a second factor and has none; return whether.
    Who needed one before is not asked again: nor is anybody for a role of a later day."""
    comes_into_it = factors.is_needed(person) and not factors.are_needing(before)
    if not comes_into_it or factors.is_set_up(person):
        return False
    sessions.end_sessions(person)
    tokens.end_own_tokens(person)
    return True


def bring_all_up(*, at: datetime) -> int:
    """Bring every account up to the day whose day has come; return how many."""
    due = User.objects.filter(roles_until__lte=assigning.day_of(at)).order_by("pk")
    people = list(due)
    for person in people:
        bring_up(person, at=at)
    return len(people)
