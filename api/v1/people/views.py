"""People: list, invite, change, close and open accounts, and who has access to what."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller
from api.endpoints import ActEndpoint, Endpoint, ListEndpoint, documented_act, documented_list
from api.filtering import Filter, as_code
from api.openapi import documented
from api.pagination import ByKey
from api.parsing import parse
from api.permissions import EVERYONE, MANAGERS
from api.scope.people import (
    accounts_for,
    people_for,
    person_for,
    with_what_is_open,
    with_what_they_have,
)
from api.v1.people.bodies import (
    AcceptedOut,
    AcceptInvitationBody,
    AccessOut,
    ChangePersonBody,
    InviteBody,
    InvitedOut,
    LinkOut,
    PasswordLinkBody,
    PersonOut,
    PersonReasonBody,
    WholePersonOut,
)
from api.v1.people.presenting import (
    present_access,
    present_person,
    present_whole_person,
    sent_link,
)
from api.v1.people.reading import details_said, new_person, posting_wanted, roles_wanted
from checkpoints.staff import deciding
from checkpoints.staff import inviting as invitations
from tir.accounts import assigning
from tir.accounts.models import Role, User
from tir.audit.asking import name_person
from tir.kernel.clock import now
from tir.kernel.dated import covering
from tir.signin import inviting

TAG = "people"
SEARCH = Filter("search", "search", "A part of the name or of the name to sign in with.")
ROLE = Filter("role", "role", "Who has this role today.", choices=Role.values)
OFFICE = Filter("office", "office", "Who is posted there today.", read=as_code)
STATUS = Filter("status", "status", "Open accounts, or closed.", choices=("active", "closed"))
NARROWING = (SEARCH, ROLE, OFFICE, STATUS)


def asked(request: Request, rows: QuerySet[User]) -> QuerySet[User]:
    """Return people as far as the query asks for them."""
    at = now()
    if part := SEARCH.value(request):
        rows = rows.filter(Q(name__icontains=part) | Q(username__icontains=part))
    if role := ROLE.value(request):
        rows = rows.filter(roles__contains=[role])
    if office := OFFICE.value(request):
        posted = covering(assigning.day_of(at), of="postings") & Q(postings__office__code=OFFICE.read(office))
        rows = rows.filter(posted)
    if said := STATUS.value(request):
        rows = rows.filter(is_active=said == "active")
    return with_what_they_have(rows)


def whole_person(request: Request, person_id: int) -> dict[str, Any]:
    """Return a person as they stand now."""
    return present_whole_person(person_for(caller(request), person_id, at=now()), at=now())


@documented_list("List people", operation="list_people", rows=PersonOut, also=NARROWING, tag=TAG)
class People(ListEndpoint):
    """The people whom the caller looks after; POST invites another."""

    allow: ClassVar = {"GET": MANAGERS, "POST": MANAGERS}
    pagination = ByKey

    def found(self, request: Request) -> Any:
        return asked(request, people_for(caller(request), at=now()))

    def present(self, rows: list[User], request: Request) -> list[dict[str, Any]]:
        return [present_person(person, at=now()) for person in rows]

    @documented(
        "Invite a person",
        operation="invite_person",
        body=InviteBody,
        answers={201: InvitedOut},
        problems=(409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Make an account with roles and postings, and the link by which its person opens it, once, within a week."""
        body = parse(InviteBody, request)
        made = invitations.invite(
            new=new_person(body),
            roles=roles_wanted(body.roles),
            postings=[posting_wanted(each) for each in body.postings],
            by=caller(request),
            reason=body.reason,
            at=now(),
        )
        person = person_for(caller(request), made.link.user_id, at=now())
        answer = {
            "person": present_person(person, at=now()),
            "invitation": sent_link(made, address=request.build_absolute_uri("/")),
        }
        location = {"Location": f"/api/v1/users/{person.pk}/"}
        return Response(answer, status=status.HTTP_201_CREATED, headers=location)


class OnePerson(Endpoint):
    """One person with everything that was decided about them."""

    allow: ClassVar = {"GET": MANAGERS, "PATCH": MANAGERS}

    @documented(
        "Read a person", operation="read_person", answers={200: WholePersonOut}, problems=(404,), tag=TAG
    )
    def get(self, request: Request, person_id: int) -> Response:
        return Response(whole_person(request, int(person_id)))

    @documented(
        "Change a person",
        operation="change_person",
        body=ChangePersonBody,
        answers={200: WholePersonOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def patch(self, request: Request, person_id: int) -> Response:
        """Change name, language or e-mail, and what the person may do from today on."""
        body = parse(ChangePersonBody, request)
        person = person_for(caller(request), int(person_id), at=now())
        deciding.change(
            person_id=person.pk,
            details=details_said(body),
            roles=None if body.roles is None else roles_wanted(body.roles),
            by=caller(request),
            reason=body.reason,
            at=now(),
        )
        return Response(whole_person(request, person.pk))


@documented_act(
    "Close an account", operation="deactivate_person", answer=WholePersonOut, problems=(404, 409), tag=TAG
)
class Deactivate(ActEndpoint):
    """Close an account: nobody signs in with it, and its sessions, tokens, phones and open links end."""

    allow: ClassVar = {"POST": MANAGERS}
    body = PersonReasonBody

    def act(self, request: Request, body: PersonReasonBody, *, person_id: str) -> dict[str, Any]:
        person = person_for(caller(request), int(person_id), at=now())
        deciding.deactivate(person_id=person.pk, by=caller(request), reason=body.reason, at=now())
        return whole_person(request, person.pk)


@documented_act(
    "Open a closed account",
    operation="reactivate_person",
    answer=WholePersonOut,
    problems=(404, 409),
    tag=TAG,
)
class Reactivate(ActEndpoint):
    """Open a closed account, with the password it had."""

    allow: ClassVar = {"POST": MANAGERS}
    body = PersonReasonBody

    def act(self, request: Request, body: PersonReasonBody, *, person_id: str) -> dict[str, Any]:
        person = person_for(caller(request), int(person_id), at=now())
        deciding.reactivate(person_id=person.pk, by=caller(request), reason=body.reason, at=now())
        return whole_person(request, person.pk)


@documented_act(
    "Invite a person again",
    operation="invite_person_again",
    answer=LinkOut,
    problems=(404, 409),
    tag=TAG,
)
class InviteAgain(ActEndpoint):
    """Make another link for who has not accepted; the earlier one ends."""

    allow: ClassVar = {"POST": MANAGERS}
    body = PersonReasonBody
    status = status.HTTP_201_CREATED

    def act(self, request: Request, body: PersonReasonBody, *, person_id: str) -> dict[str, Any]:
        person = person_for(caller(request), int(person_id), at=now())
        made = invitations.invite_again(person_id=person.pk, by=caller(request), reason=body.reason, at=now())
        return sent_link(made, address=request.build_absolute_uri("/"))


@documented_act(
    "Revoke an invitation",
    operation="revoke_invitation",
    answer=WholePersonOut,
    problems=(404, 409),
    tag=TAG,
)
class RevokeInvitation(ActEndpoint):
    """End the open invitation of a person."""

    allow: ClassVar = {"POST": MANAGERS}
    body = PersonReasonBody

    def act(self, request: Request, body: PersonReasonBody, *, person_id: str) -> dict[str, Any]:
        person = person_for(caller(request), int(person_id), at=now())
        invitations.revoke_invitation(person_id=person.pk, by=caller(request), reason=body.reason, at=now())
        return whole_person(request, person.pk)


@documented_act(
    "Make a link for a new password",
    operation="make_password_link",
    answer=LinkOut,
    problems=(404, 409),
    tag=TAG,
)
class PasswordLink(ActEndpoint):
    """Make a link by which a person who forgot the password chooses a new one, once, within a day; everything that the
    old one opened then ends. Nobody makes one for themselves, or for who has a role that they could not give."""

    allow: ClassVar = {"POST": MANAGERS}
    body = PasswordLinkBody
    status = status.HTTP_201_CREATED

    def act(self, request: Request, body: PasswordLinkBody, *, person_id: str) -> dict[str, Any]:
        person = person_for(caller(request), int(person_id), at=now())
        made = deciding.make_password_link(
            person_id=person.pk,
            forgets_factor=body.forget_second_factor,
            by=caller(request),
            reason=body.reason,
            at=now(),
        )
        return sent_link(made, address=request.build_absolute_uri("/"))


class Accept(Endpoint):
    """Accept an invitation: the person sets their own password."""

    authentication_classes = ()
    allow: ClassVar = {"POST": EVERYONE}

    @documented(
        "Accept an invitation",
        operation="accept_invitation",
        body=AcceptInvitationBody,
        answers={200: AcceptedOut},
        problems=(404, 422),
        tag=TAG,
        public=True,
    )
    def post(self, request: Request) -> Response:
        """Set the password of the account that the link was made for; the link has then been used."""
        body = parse(AcceptInvitationBody, request)
        person = inviting.accept(secret=body.secret, password=body.password, at=now())
        name_person(person)
        return Response({"username": person.username, "roles": list(person.roles)})


@documented_list("Who has access to what", operation="list_access", rows=AccessOut, also=NARROWING, tag=TAG)
class Access(ListEndpoint):
    """Everybody whom the caller looks after, programs too: roles, places, by whose decision, what is open, and when it
    was last used."""

    allow: ClassVar = {"GET": MANAGERS}
    pagination = ByKey

    def found(self, request: Request) -> Any:
        at = now()
        return with_what_is_open(asked(request, accounts_for(caller(request), at=at)), at=at)

    def present(self, rows: list[User], request: Request) -> list[dict[str, Any]]:
        return [present_access(person, at=now()) for person in rows]
