"""How far a person's roles go, and what an administrator may do about another person: pure, facts in and a refusal out.

An administrator gives only roles that their own assignment names, only within their own place, never to themselves, and
touches nobody who has what they could not give: such a person is their superior, whatever the title.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Final

from django.utils.translation import gettext_lazy as _

from tir.accounts.models import Reach, Role
from tir.kernel.errors import Conflict, Forbidden, Refused
from tir.kernel.values import value

GIVING: Final = frozenset({Role.ADMINISTRATOR, Role.MANAGER})
# How far each role may go; the first is meant when nothing is said.
REACHES: Final[Mapping[str, tuple[Reach, ...]]] = {
    Role.OFFICER: (Reach.OFFICE,),
    Role.ASSOCIATION: (Reach.ASSOCIATION,),
    Role.CUSTOMS_HQ: (Reach.TERRITORY,),
    Role.SECRETARIAT: (Reach.ALL,),
    Role.AUDITOR: (Reach.TERRITORY, Reach.ALL),
    Role.SYSTEM: (Reach.TERRITORY,),
    Role.ADMINISTRATOR: (Reach.TERRITORY, Reach.ALL),
    Role.MANAGER: (Reach.OFFICE, Reach.ASSOCIATION),
}
# Who certifies does not guarantee, who decides does not audit it, who gives roles does not audit who has them.
INCOMPATIBLE: Final = frozenset(
    frozenset(pair)
    for pair in (
        (Role.ASSOCIATION, Role.OFFICER),
        (Role.ASSOCIATION, Role.CUSTOMS_HQ),
        (Role.ASSOCIATION, Role.SECRETARIAT),
        (Role.SECRETARIAT, Role.OFFICER),
        (Role.SECRETARIAT, Role.CUSTOMS_HQ),
        *((Role.AUDITOR, role) for role in Role if role is not Role.AUDITOR),
        *((Role.SYSTEM, role) for role in Role if role not in (Role.SYSTEM, Role.AUDITOR)),
    )
)


class RoleNotYoursToGive(Forbidden):
    """The administrator's own assignment does not name this role, or not all that it would let give."""

    code = "role_not_yours_to_give"


class OutsideYourPlace(Forbidden):
    """The office, country or association lies outside the administrator's own place."""

    code = "outside_your_place"


class OwnAccount(Forbidden):
    """Nobody gives themselves roles or postings, nor ends, closes or opens their own account."""

    code = "own_account"


class Superior(Forbidden):
    """The person has a role that this administrator could not give, so it is not theirs to decide about them."""

    code = "superior"


class RolesIncompatible(Conflict):
    """Two roles that one person may not have at a time."""

    code = "roles_incompatible"


class ReachNotFitting(Refused):
    """The role does not go that far, or the person lacks the country or association that it would be bounded by."""

    code = "reach_not_fitting"


@value
class Place:
    """Where a role counts: one office, one country's customs, one association, or everywhere (then `name` is blank)."""

    reach: str
    name: str = ""
    country: str = ""

    def holds(self, other: "Place") -> bool:
        """Whether all of the other place lies in this one. An association lies in no country's customs."""
        if self.reach == Reach.ALL:
            return True
        if self.reach == Reach.TERRITORY:
            return other.reach in (Reach.OFFICE, Reach.TERRITORY) and other.country == self.country != ""
        return self == other


EVERYWHERE: Final = Place(Reach.ALL)


@value
class Held:
    """A role that somebody has, or is to have, with the places it comes to and the roles it lets give."""

    role: str
    places: tuple[Place, ...]
    gives: frozenset[str] = frozenset()


@value
class Authority:
    """A person with all that they have, or will have; `home` is where they belong without any role."""

    person_id: int | None
    held: tuple[Held, ...]
    home: Place = EVERYWHERE

    @property
    def giving(self) -> tuple[Held, ...]:
        """What lets this person give roles to others."""
        return tuple(one for one in self.held if one.role in GIVING)


def ensure_may_give(by: Authority, wanted: Held) -> None:
    """Raise RoleNotYoursToGive or OutsideYourPlace unless one of the administrator's assignments allows it all."""
    naming = [own for own in by.giving if wanted.role in own.gives and wanted.gives <= own.gives]
    if not naming:
        raise RoleNotYoursToGive(
            _("Your own role does not let you give this one: {role}. Ask who gave you yours.").format(
                role=Role(wanted.role).label
            ),
            field="roles",
            role=wanted.role,
        )
    ensure_within([place for own in naming for place in own.places], wanted.places)


def ensure_within(own: Iterable[Place], wanted: Iterable[Place]) -> None:
    """Raise OutsideYourPlace for the first place that lies in none of one's own."""
    places = tuple(own)
    for place in wanted:
        if not any(one.holds(place) for one in places):
            raise OutsideYourPlace(
                _("{place} is outside what you look after. Ask the administrator there.").format(
                    place=place.name or Reach(place.reach).label
                ),
                place=place.name or place.reach,
            )


def ensure_may_decide_about(by: Authority, person: Authority) -> None:
    """Raise OwnAccount, Superior or OutsideYourPlace unless the administrator could have given the person all they
    have."""
    if by.person_id == person.person_id:
        raise OwnAccount(_("This is your own account. Another administrator must do this."))
    for held in person.held:
        try:
            ensure_may_give(by, held)
        except (RoleNotYoursToGive, OutsideYourPlace) as refusal:
            raise Superior(
                _(
                    "This person has a role that you could not give: {role}. It is not yours to decide."
                ).format(role=Role(held.role).label),
                role=held.role,
            ) from refusal
    ensure_within([place for own in by.giving for place in own.places], [person.home])


def may_decide_about(by: Authority, person: Authority) -> bool:
    """Whether the administrator may decide about the person at all."""
    try:
        ensure_may_decide_about(by, person)
    except Forbidden:
        return False
    return True


def ensure_compatible(roles: Iterable[str]) -> None:
    """Raise RolesIncompatible for two roles that nobody has both."""
    for one, other in combinations(sorted(set(roles)), 2):
        if frozenset((one, other)) in INCOMPATIBLE:
            raise RolesIncompatible(
                _(
                    "One person is not both: {one}, {other}. End one of the two, or invite another person."
                ).format(one=Role(one).label, other=Role(other).label),
                field="roles",
                roles=[one, other],
            )


def reach_of(role: str, wanted: str = "") -> Reach:
    """Return how far the role goes, as wanted or as usual; raise ReachNotFitting for what it may not."""
    reaches = REACHES[role]
    if not wanted:
        return reaches[0]
    if wanted not in reaches:
        raise ReachNotFitting(
            _("This role does not go that far. It may: {reaches}.").format(
                reaches=", ".join(str(reach.label) for reach in reaches)
            ),
            field="roles",
            role=role,
            reaches=[reach.value for reach in reaches],
        )
    return Reach(wanted)
