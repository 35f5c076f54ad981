"""Where a person serves, and handing their duties to a colleague."""

from typing import Any, ClassVar

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller
from api.endpoints import ActEndpoint, Endpoint, documented_act
from api.openapi import documented
from api.parsing import parse
from api.permissions import MANAGERS
from api.scope.people import person_for
from api.v1.people.bodies import (
    EndPostingBody,
    HandedOverOut,
    HandOverBody,
    PostBody,
    PostingOut,
    PostingsOut,
)
from api.v1.people.presenting import present_handed_over, present_posting
from api.v1.people.reading import posting_wanted
from api.v1.people.views import TAG
from checkpoints.staff import posting
from checkpoints.staff.handing_over import hand_over
from tir.accounts.models import User
from tir.kernel.clock import now


class Postings(Endpoint):
    """Every posting of a person, past ones too; POST posts them to an office."""

    allow: ClassVar = {"GET": MANAGERS, "POST": MANAGERS}

    @documented(
        "List a person's postings",
        operation="list_postings",
        answers={200: PostingsOut},
        problems=(404,),
        tag=TAG,
    )
    def get(self, request: Request, person_id: str) -> Response:
        person = person_for(caller(request), int(person_id), at=now())
        return Response({"results": [present_posting(each) for each in person.postings.all()]})

    @documented(
        "Post a person to an office",
        operation="post_person",
        body=PostBody,
        answers={201: PostingOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request, person_id: str) -> Response:
        """Post a person to an office from a day on, perhaps in a shift; `moves` ends where they serve that day."""
        body = parse(PostBody, request)
        person = person_for(caller(request), int(person_id), at=now())
        made = posting.post(
            person_id=person.pk,
            wanted=posting_wanted(body),
            by=caller(request),
            reason=body.reason,
            at=now(),
        )
        return Response(present_posting(made), status=status.HTTP_201_CREATED)


@documented_act(
    "End a posting", operation="end_posting", answer=PostingOut, problems=(404, 409, 422), tag=TAG
)
class EndPosting(ActEndpoint):
    """End a posting, from today at the office or a later day on."""

    allow: ClassVar = {"POST": MANAGERS}
    body = EndPostingBody

    def act(
        self, request: Request, body: EndPostingBody, *, person_id: str, posting_id: str
    ) -> dict[str, Any]:
        person = person_for(caller(request), int(person_id), at=now())
        ended = posting.end_posting(
            person_id=person.pk,
            posting_id=int(posting_id),
            on=body.on,
            by=caller(request),
            reason=body.reason,
            at=now(),
        )
        return present_posting(ended)


@documented_act(
    "Hand duties over", operation="hand_over", answer=HandedOverOut, problems=(404, 409, 422), tag=TAG
)
class HandOver(ActEndpoint):
    """Give a colleague the person's postings, unread notices and, if wanted, roles; end their phones, if wanted."""

    allow: ClassVar = {"POST": MANAGERS}
    body = HandOverBody

    def act(self, request: Request, body: HandOverBody, *, person_id: str) -> dict[str, Any]:
        person = person_for(caller(request), int(person_id), at=now())
        colleague: User = person_for(caller(request), body.to, at=now())
        done = hand_over(
            person_id=person.pk,
            to_id=colleague.pk,
            on=body.on,
            roles=body.roles,
            end_phones=body.end_phones,
            by=caller(request),
            reason=body.reason,
            at=now(),
        )
        return present_handed_over(done)
