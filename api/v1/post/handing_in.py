"""The hand-in of what another phone left unsent: stamps, refusals and reports, by one rule."""

from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import officer_behind
from api.endpoints import MOST_WITH_PHOTOS, Endpoint
from api.openapi import documented
from api.parsing import Body, field_missing, request_body
from api.permissions import OFFICERS
from api.v1.checkpoints.batching import answer_each
from api.v1.checkpoints.bodies import StampBody
from api.v1.checkpoints.deeds import refusal_deed, report_deed
from api.v1.checkpoints.evidence_bodies import IncidentBody, RefusalBody
from api.v1.checkpoints.presenting import present_deed, present_outcome
from api.v1.checkpoints.reading import ReadItem, items_in, stamp_request
from api.v1.post.holding import TAG
from api.v1.post.unsent_bodies import HandedInOut, UnsentEnvelope, UnsentFile
from checkpoints.phones.handing_in import HandIn, UnsentDeed, hand_in
from checkpoints.posts.postings import Officer, always_at
from tir.kernel.clock import now
from tir.kernel.sandbox import Kind, ensure_from_here

# The lists of a file in the order in which they are put on record: a lorry is refused before it is let go after all,
# and a report explains what is found at the stamp.
LISTS: dict[str, type[Body]] = {"refusals": RefusalBody, "incidents": IncidentBody, "stamps": StampBody}
KINDS = {"refusals": "refusal", "incidents": "incident", "stamps": "stamp"}


@method_decorator(gzip_page, name="dispatch")
class Unsent(Endpoint):
    """What a colleague's phone left unsent: a result for each item, as for a batch."""

    allow: ClassVar = {"POST": OFFICERS}
    most_bytes = MOST_WITH_PHOTOS

    @documented(
        "Hand in what a colleague's phone left unsent",
        operation="hand_in_unsent",
        body=UnsentFile,
        answers={200: HandedInOut},
        problems=(422,),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Put on record what another officer of the office made, under the name of both: stamps, refusals to start and
        certified reports. What the phone had sent after all is a `duplicate`."""
        body, officer, at = request_body(request), officer_behind(request), now()
        head, lists = items_in(UnsentFile, UnsentEnvelope, LISTS, body)
        if not any(lists.values()):
            raise field_missing("stamps")
        if head.installation is not None:
            ensure_from_here(Kind(head.installation))
        at_home = always_at(officer.office_on(at), officer)
        handed = hand_in(certified_by=head.officer, device_id=head.device, by=officer, at=at)
        results = [
            {**result, "kind": KINDS[name]}
            for name, items in lists.items()
            for result in _answers(name, items, handed, at_home)
        ]
        return Response({"results": results})


def _answers(name: str, items: list[ReadItem], handed: HandIn, at_home: Officer) -> list[dict[str, Any]]:
    if name == "stamps":
        read_stamp = partial(stamp_request, officer=at_home)
        return answer_each(items, read_stamp, handed.record_stamps, present_outcome)
    read = refusal_of if name == "refusals" else report_of
    return answer_each(items, partial(read, at=handed.at), handed.record_deeds, present_deed)


def refusal_of(body: RefusalBody, at: datetime) -> UnsentDeed:
    """Return a refusal as `refusal_deed` does; one without id or time cannot be put on record once."""
    _ensure_dated(body)
    return refusal_deed(body, at)


def report_of(body: IncidentBody, at: datetime) -> UnsentDeed:
    """Do the same for a report."""
    _ensure_dated(body)
    return report_deed(body, at)


def _ensure_dated(body: RefusalBody | IncidentBody) -> None:
    for name in ("id", "occurred_at"):
        if getattr(body, name) is None:
            raise field_missing(name)
