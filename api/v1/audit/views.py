"""What people did, took away, looked for and were refused."""

from datetime import time
from typing import Any, ClassVar

from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint, ListEndpoint, documented_list
from api.errors import instant
from api.filtering import Filter, moment
from api.openapi import documented
from api.permissions import AUDIT
from api.scope.audit import acts_of, audit_event_for, audit_events_for
from api.scope.reader import reader_of
from tir.audit.models import AuditEvent
from tir.log.models import AdministrativeAct

TAG = "audit"


class AuditEventOut(BaseModel):
    """One event. `code` is blank for what was done, else that of the refusal; `count` is more than one for refusals
    that have no event of their own."""

    id: int
    at: str
    person: str
    roles: list[str]
    country: str
    address: str | None
    device: str
    request_id: str
    verb: str
    noun: str
    ref: str
    status: int
    code: str
    fields: dict[str, Any]
    count: int


class ActOut(BaseModel):
    """A change of a row that the database wrote down by itself, with what then stood in it."""

    verb: str
    noun: str
    ref: str
    at: str
    content: dict[str, Any]


class WholeAuditEventOut(AuditEventOut):
    acts: list[ActOut]


@documented_list("List audit events", operation="list_audit_events", rows=AuditEventOut, tag=TAG)
class AuditEvents(ListEndpoint):
    """What people of the caller's country did, took away, looked for and were refused, the latest first."""

    allow: ClassVar = {"GET": AUDIT}
    filters = (
        Filter("person", "person", "Only by this account."),
        Filter("verb", "verb", "Only this verb, as `sign_in`, `export`, `search`."),
        Filter("noun", "noun", "Only about this kind of thing."),
        Filter("ref", "ref", "Only about this one."),
        Filter("code", "code", "Only refused with this code."),
        Filter("request_id", "request_id", "Only of this request."),
        Filter("from", "at__gte", "From this instant or day on.", read=moment("from", time.min)),
        Filter("to", "at__lte", "Up to this instant or day.", read=moment("to", time.max)),
    )

    def found(self, request: Request) -> Any:
        return audit_events_for(reader_of(request))

    def present(self, rows: list[AuditEvent], request: Request) -> list[dict[str, Any]]:
        return [present_event(event) for event in rows]


class OneAuditEvent(Endpoint):
    """One event, with what the database wrote down of it itself."""

    allow: ClassVar = {"GET": AUDIT}

    @documented(
        "Read an audit event",
        operation="read_audit_event",
        answers={200: WholeAuditEventOut},
        problems=(404,),
        tag=TAG,
    )
    def get(self, request: Request, event_id: str) -> Response:
        event = audit_event_for(reader_of(request), int(event_id))
        return Response({**present_event(event), "acts": [present_act(act) for act in acts_of(event)]})


def present_event(event: AuditEvent) -> dict[str, Any]:
    """Return an audit event as the API says it; `count` is how many refusals alike it stands for."""
    names = ("person", "roles", "country", "address", "device", "request_id", "verb", "noun", "ref", "status")
    return {
        "id": event.pk,
        "at": instant(event.at),
        **{name: getattr(event, name) for name in names},
        "code": event.code,
        "fields": event.fields,
        "count": event.count,
    }


def present_act(act: AdministrativeAct) -> dict[str, Any]:
    return {
        "verb": act.verb, "noun": act.noun, "ref": act.ref, "at": instant(act.at), "content": act.content,
    }  # fmt: skip
