"""Programs that act for an administration or an association: who may open one, and with which roles."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from checkpoints.staff.inviting import association_named, ensure_fitting, ensure_free
from checkpoints.staff.standing import administering, held_as, home_of
from guarantees.models import Association, Membership
from tir.accounts import assigning
from tir.accounts.assigning import Wanted
from tir.accounts.models import Reach, Role, User
from tir.accounts.scopes import EVERYWHERE, ensure_compatible, ensure_may_give, reach_of
from tir.kernel.values import value
from tir.signin import services
from tir.signin.models import ServiceAccount

MOST_OF_A_NAME = 150  # letters
ROLES = (Role.ASSOCIATION, Role.CUSTOMS_HQ, Role.SECRETARIAT, Role.SYSTEM)  # what a program may have


@value
class NewProgram:
    """A program to let in: its name and purpose, its roles, from where it may come, and for whom it acts where that is
    not whoever opens it."""

    name: str
    purpose: str
    roles: Sequence[str]
    networks: Sequence[str] = ()
    country: str = ""
    association: str = ""


@transaction.atomic
def open_program(*, new: NewProgram, by: User, at: datetime) -> tuple[ServiceAccount, str]:
    """Make an account that no password opens, with its service account; return that with its first secret.

    Whoever opens it gives roles of their own, headquarters `system` too, and an administrator those that they may give.
    Raises UsernameTaken, RoleNotYoursToGive, OutsideYourPlace, RolesIncompatible, ReachNotFitting, AssociationUnknown,
    NetworkInvalid.
    """
    own = administering(by, at=at)
    association_named(new.association)
    home = home_of(new.country, new.association) if new.country or new.association else own.home
    ensure_compatible(role for role in new.roles if role != Role.SYSTEM)
    wanted = [Wanted(role, reach_of(role)) for role in dict.fromkeys(new.roles)]
    for each in wanted:
        if home != own.home or each.role not in _of_ones_own(by):
            ensure_may_give(own, held_as(each.role, each.reach, (), home=home, offices=(home,)))
        ensure_fitting(each, home)
    ensure_free(new.name, field="name")
    country = by.country if home == own.home else new.country
    user = User.objects.create_user(
        new.name, country=country, name=new.purpose[:MOST_OF_A_NAME], date_joined=at
    )
    if home.reach == Reach.ASSOCIATION:
        Membership.objects.create(user=user, association=Association.objects.get(code=home.name))
    assigning.give(person=user, wanted=wanted, by=by, reason=new.purpose, at=at)
    return services.open_account(user=user, purpose=new.purpose, networks=new.networks, by=by, at=at)


def _of_ones_own(by: User) -> frozenset[str]:
    """Return the roles that somebody gives a program without being anybody's administrator."""
    also = {Role.SYSTEM} if by.has_role(Role.CUSTOMS_HQ) else set()
    return frozenset(by.roles) | also


@value
class GivableToProgram:
    """What somebody may give a program: roles, and whether it may act for others than they do."""

    roles: frozenset[str]
    is_for_others: bool


def offered_roles(by: User, *, at: datetime) -> GivableToProgram:
    """Return what a form offers; whether all of it goes together is judged when a program is opened."""
    own = administering(by, at=at)
    gives = frozenset().union(*(each.gives for each in own.giving))
    is_everywhere = any(EVERYWHERE in each.places for each in own.giving)
    return GivableToProgram(frozenset(ROLES) & (gives | _of_ones_own(by)), is_everywhere)
