"""What a person has and where it counts: assignments, with the offices and the association that bound them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from checkpoints.models import Posting
from checkpoints.posts.offices import register
from guarantees.models import Membership
from tir.accounts import assigning
from tir.accounts.models import Assignment, Reach, User
from tir.accounts.scopes import EVERYWHERE, Authority, Held, Place
from tir.kernel.dated import covering


def standing_of(person: User, *, at: datetime) -> Authority:
    """Return all that the person has or will have. What is bounded by nothing that we know counts as everywhere, so
    that it is nobody's to decide but theirs who look after all."""
    today = assigning.day_of(at)
    posted = Posting.objects.filter(user=person).exclude(valid_to__lte=today)
    offices = _places(posted.values_list("office_id", flat=True))
    home = home_of(person.country, _association_of(person))
    held = [
        held_as(each.role, each.reach, each.gives, home=home, offices=offices or (home,))
        for each in assigning.lasting(person, on=today)
    ]
    return Authority(person.pk, tuple(held), home)


def administering(person: User, *, at: datetime) -> Authority:
    """Return what an administrator may use now: assignments and postings in force today, and no more."""
    today = assigning.day_of(at)
    assigned = Assignment.objects.filter(covering(today), person=person)
    posted = Posting.objects.in_force_on(today).filter(user=person)
    offices = _places(posted.values_list("office_id", flat=True))
    home = home_of(person.country, _association_of(person))
    held = [held_as(each.role, each.reach, each.gives, home=home, offices=offices) for each in assigned]
    return Authority(person.pk, tuple(held) if person.is_active else (), home)


def home_of(country: str, association: str) -> Place:
    """Return where a person belongs without any role: an association, a country's customs, or nowhere in particular."""
    if association:
        return Place(Reach.ASSOCIATION, association)
    return Place(Reach.TERRITORY, country, country) if country else EVERYWHERE


def held_as(role: str, reach: str, gives: Sequence[str], *, home: Place, offices: tuple[Place, ...]) -> Held:
    """Return a role with the places that its reach comes to."""
    places = (EVERYWHERE,) if reach == Reach.ALL else offices if reach == Reach.OFFICE else (home,)
    return Held(role, places, frozenset(gives))


def office_place(code: str) -> Place:
    return Place(Reach.OFFICE, code, code[:2])


def _places(office_ids: Iterable[int]) -> tuple[Place, ...]:
    return tuple(office_place(register().by_id[each].code) for each in sorted(set(office_ids)))


def _association_of(person: User) -> str:
    code = Membership.objects.filter(user=person).values_list("association__code", flat=True).first()
    return code or ""
