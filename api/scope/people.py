"""The people whom an administrator looks after, and when each last used the system."""

from datetime import datetime
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)  # fmt: skip
from django.db.models.functions import Coalesce, Greatest
from django.shortcuts import get_object_or_404

from api.scope.tables import EVERYTHING, NOTHING
from checkpoints.models import Device, Posting
from checkpoints.staff.standing import administering
from tir.accounts import assigning
from tir.accounts.models import Reach, User
from tir.accounts.scopes import Place
from tir.signin.models import Authenticator, ClientSecret, Passkey, ServiceAccount, Session, TokenUse
from tir.signin.sessions import still_open
from tir.signin.tokens import still_used


def people_for(administrator: User, *, at: datetime) -> QuerySet[User]:
    """Return the people of the administrator's own places, and themselves; what is outside looks absent.

    Programs are none: nobody invites one or sets its password (`api.scope.services`).
    """
    return accounts_for(administrator, at=at).filter(service_account=None)


def accounts_for(administrator: User, *, at: datetime) -> QuerySet[User]:
    """Return the same with the programs among them, for the list of who has access to what."""
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
    people = with_what_they_have(people_for(administrator, at=at))
    return get_object_or_404(with_what_is_open(people, at=at), pk=person_id)


def with_what_they_have(people: QuerySet[User]) -> QuerySet[User]:
    """Return people with roles, postings, association and last use, in a fixed number of statements."""
    postings = Posting.objects.select_related("office", "order__by", "order__ended_by").order_by(
        "-valid_from"
    )
    return (
        with_last_use(people)
        .select_related("membership__association")
        .prefetch_related("assignments__given_by", "links", Prefetch("postings", postings))
    )


def with_last_use(people: QuerySet[User]) -> QuerySet[User]:
    """Return people with `last_used_at`: the latest of sign-in, browser, token, phone and program's secret; None for
    never.

    Read from what is kept anyway: browsers by the minute, tokens by the hour.
    """
    latest = (
        _latest(Session.objects.filter(user=OuterRef("pk")), "user", "last_seen_at"),
        _latest(TokenUse.objects.filter(user=OuterRef("pk")), "user", "last_used_at"),
        _latest(Device.objects.filter(officer=OuterRef("pk")), "officer", "last_seen_at"),
        _latest(ClientSecret.objects.filter(account__user=OuterRef("pk")), "account__user", "last_used_at"),
    )
    return people.annotate(last_used_at=Greatest("last_login", *latest))


def with_what_is_open(people: QuerySet[User], *, at: datetime) -> QuerySet[User]:
    """Return people with how many browsers, tokens and phones let them in now, and whether by a second factor too."""
    mine = {"user": OuterRef("pk")}
    return people.annotate(
        open_sessions=_count(Session.objects.filter(still_open(at), **mine), "user"),
        open_tokens=_count(TokenUse.objects.filter(still_used(at), **mine), "user"),
        open_phones=_count(Device.objects.filter(officer=OuterRef("pk"), revoked_at=None), "officer"),
        has_second_factor=Exists(Authenticator.objects.filter(**mine))
        | Exists(Passkey.objects.filter(**mine)),
        is_program=Exists(ServiceAccount.objects.filter(**mine)),
    )


def _latest(rows: QuerySet[Any], whose: str, column: str) -> Subquery:
    found = rows.order_by().values(whose).annotate(at=Max(column)).values("at")
    return Subquery(found, output_field=DateTimeField())


def _count(rows: QuerySet[Any], whose: str) -> Coalesce:
    found = rows.order_by().values(whose).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(found, output_field=IntegerField()), 0)


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
