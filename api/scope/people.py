"""The people whom an administrator looks after, and when each last used the system."""

from datetime import datetime

from django.db.models import DateTimeField, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.shortcuts import get_object_or_404

from api.scope.tables import EVERYTHING, NOTHING
from checkpoints.models import Device, Posting
from checkpoints.staff.standing import administering
from tir.accounts import assigning
from tir.accounts.models import Reach, User
from tir.accounts.scopes import Place


def people_for(administrator: User, *, at: datetime) -> QuerySet[User]:
    """Return the people of the administrator's own places, and themselves; what is outside looks absent."""
    places = [place for own in administering(administrator, at=at).giving for place in own.places]
    found = Q(pk=administrator.pk)
    for place in places:
        shown = _people_of(place, at)
        if not shown:  # an empty Q bounds nothing, and `|` would forget it
            return User.objects.all()
        found |= shown
    return User.objects.filter(pk__in=User.objects.filter(found).values("pk"))


def person_for(administrator: User, person_id: int, *, at: datetime) -> User:
    """Return one person whom the administrator looks after; Http404 hides the others."""
    return get_object_or_404(with_what_they_have(people_for(administrator, at=at)), pk=person_id)


def with_what_they_have(people: QuerySet[User]) -> QuerySet[User]:
    """Return people with roles, postings, association and last use, in a fixed number of statements."""
    postings = Posting.objects.select_related("office", "order__by", "order__ended_by").order_by(
        "-valid_from"
    )
    return (
        with_last_use(people)
        .select_related("membership__association")
        .prefetch_related("assignments__given_by", "invitations", Prefetch("postings", postings))
    )


def with_last_use(people: QuerySet[User]) -> QuerySet[User]:
    """Return people with `last_used_at`: the latest of sign-in, token and phone heard; None for never.

    Read from what is kept anyway: a call that only reads leaves no trace of its own.
    """
    phones = Device.objects.filter(officer=OuterRef("pk")).order_by().values("officer")
    return people.annotate(
        last_used_at=Greatest(
            "last_login",
            Subquery(phones.annotate(at=Max("last_seen_at")).values("at"), output_field=DateTimeField()),
        )
    )


def _people_of(place: Place, at: datetime) -> Q:
    lasting = Q(postings__valid_to=None) | Q(postings__valid_to__gt=assigning.day_of(at))
    if place.reach == Reach.ALL:
        return EVERYTHING
    if place.reach == Reach.OFFICE:
        return lasting & Q(postings__office__code=place.name)
    if place.reach == Reach.ASSOCIATION:
        return Q(membership__association__code=place.name)
    if place.reach == Reach.TERRITORY and place.country:
        return Q(country=place.country, membership=None) | (
            lasting & Q(postings__office__country=place.country)
        )
    return NOTHING
