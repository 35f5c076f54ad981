"""Who reads: all that decides what somebody may see, taken once from the account that signed in."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from api.authentication import caller
from checkpoints.posts.offices import Office, register
from checkpoints.posts.postings import Officer, officer_of
from guarantees.days import day_in
from guarantees.models import Association
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.kernel.errors import Forbidden


class NoAssociation(Forbidden):
    """The account has the role of an association but belongs to none."""

    code = "no_association"


class NoCountry(Forbidden):
    """The account is customs' and names no country, so nothing can be decided or asked in its name."""

    code = "no_country"


@dataclass(frozen=True)
class Reader:
    """Roles and what bounds them: a country (ISO 3166-1 alpha-2, blank for none), an association, postings.

    An association counts only for who has its role: a membership left behind by another job shows nothing.
    """

    user_id: int
    roles: frozenset[str]
    country: str = ""
    association: Association | None = None
    known_officer: Officer | None = None  # where authentication has read the postings already

    @cached_property
    def officer(self) -> Officer:
        return self.known_officer or officer_of(self.user_id)

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def office_id_on(self, at: datetime) -> int | None:
        """Return the key of the office where the reader serves that day, if at any."""
        return self.officer.office_id_on(at)

    @cached_property
    def serves(self) -> bool:
        """Whether the reader is posted to an office today."""
        return self.office_id_on(now()) is not None

    def office_on(self, at: datetime) -> Office | None:
        """Return the office where the reader serves that day, if at any."""
        office_id = self.office_id_on(at)
        return None if office_id is None else register().by_id[office_id]

    def own_association(self) -> Association:
        """Return the association the reader acts for; raise NoAssociation when there is none."""
        if self.association is None:
            raise NoAssociation(_("Your account is not attached to an association. Ask your administrator."))
        return self.association

    def own_country(self) -> str:
        """Return the country whose customs the reader acts for; raise NoCountry when the account names none."""
        if not self.country:
            raise NoCountry(_("Your account names no country. Ask your administrator."))
        return self.country

    def day_at(self, at: datetime) -> date:
        """Return the day at the reader's association, else in the reader's country."""
        return self.association.day_at(at) if self.association else day_in(self.country, at)

    def ensure_acts_for(self, country: str) -> None:
        """Raise Forbidden unless the reader's administration is that country's."""
        if self.country != country:
            raise Forbidden(
                _("Only the customs of {country} decide about operations there.").format(country=country),
                country=country,
            )


def reader_of(request: HttpRequest | Request) -> Reader:
    """Return who reads, looked up once a request; whoever is not signed in was refused before."""
    known: Reader | None = getattr(request, "known_reader", None)
    if known is None:
        known = reader_for(caller(request))
        request.known_reader = known  # type: ignore[union-attr]
    return known


def reader_for(user: User) -> Reader:
    """Return the user as a reader."""
    is_member = user.has_role(Role.ASSOCIATION)
    return Reader(
        user_id=user.pk,
        roles=frozenset(user.roles),
        country=user.country,
        association=Association.objects.filter(staff__user=user.pk).first() if is_member else None,
        known_officer=getattr(user, "known_officer", None),
    )
