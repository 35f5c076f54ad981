"""A situation as JSON: what the phone at that office holds, and what it is asked."""

from typing import Any
from uuid import UUID

from api.errors import instant
from api.v1.post.presenting import present_certification, present_held
from carnets.projection.evidence import Certification, Event, Report
from checkpoints.evidence.dockets import Docket
from checkpoints.posts.offices import Office
from tests.judging.places import CODES, Json
from tests.judging.situations import Situation
from tir.kernel.places import day_at, end_of_day

OF_THE_PAGE = ("page", "office", "occurred_at", "recorded_at")


def present(situation: Situation) -> Json:
    """Return the case without what is expected of it."""
    docket = situation.docket
    return {
        "name": situation.name,
        "office": situation.office.code,
        "now": instant(situation.now),
        "at": instant(situation.at),
        "online": situation.is_online,
        "has_guarantor": situation.has_guarantor,
        "excluding": sorted(situation.here.excluding),
        "qr": situation.qr,
        "number": situation.number,
        "carnet": docket and _held(docket, situation),
        "own": _own(docket, situation) if docket else [],
        "page": situation.page,
        "seen": situation.said and _seen(situation.said),
    }


def _held(docket: Docket, situation: Situation) -> Json:
    """Return the carnet as the server last told it: without what was done on the phone since."""
    held = present_held(docket, CODES)
    own = {str(each) for each in situation.own}
    held["stamps"] = [stamp for stamp in held["stamps"] if stamp["id"] not in own]
    held["events"] = [event for event in held["events"] if event["id"] not in own]
    held["refused"] = [page for page in held["refused"] if page not in situation.own_refusals]
    return held


def _seen(said: Certification) -> Json:
    words = present_certification(said)
    return {name: value for name, value in words.items() if name not in OF_THE_PAGE} | _prose(said)


def _prose(said: Certification) -> Json:
    return {"reservation": said.reservation} if said.reservation else {}


def _own(docket: Docket, situation: Situation) -> list[Json]:
    """Return what lies in the phone's queue, as it is sent."""
    stamps = [_own_stamp(each) for each in docket.certifications if each.id in situation.own]
    reports = [_own_report(each) for each in docket.events.happened if each.id in situation.own]
    refusals = [{"kind": "refusal", "body": {"page": page}} for page in sorted(situation.own_refusals)]
    return [*stamps, *reports, *refusals]


def _own_stamp(said: Certification) -> Json:
    words = present_certification(said)
    body = {name: words[name] for name in words if name not in {"office", "recorded_at", "made", "vouched"}}
    if said.time_limit_at is not None:
        body["time_limit"] = str(day_at(said.time_limit_at, said.office.time_zone))
    return {"kind": "stamp", "office": said.office.code, "body": body | _prose(said)}


def _own_report(event: Event) -> Json:
    kind = "seals_broken" if event.explains_seals and not _names_seals(event) else "other"
    body = {
        "id": str(event.id), "kind": kind, "seals_broken": list(event.seals_removed),
        "seals_affixed": list(event.seals_affixed), "vehicles": list(event.vehicles), "occurred_at": instant(event.at),
    } | ({} if event.packages is None else {"packages": event.packages})  # fmt: skip
    return {"kind": "incident", "office": event.office, "body": body}


def _names_seals(event: Event) -> bool:
    return bool(event.seals_removed or event.seals_affixed)


def can_be_own(thing: Certification | Event, by: Office) -> bool:
    """Whether a phone of that office could have made this and not sent it yet."""
    if isinstance(thing, Certification):
        limit, zone = thing.time_limit_at, by.time_zone
        is_day = limit is None or end_of_day(day_at(limit, zone), zone) == limit
        return thing.office == by.facts and is_day
    return (
        isinstance(thing, Report) and thing.office == by.code and thing.explains_seals >= _names_seals(thing)
    )


def identities(things: list[Any]) -> frozenset[UUID]:
    return frozenset(thing.id for thing in things)
