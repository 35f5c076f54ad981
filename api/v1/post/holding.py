"""What a phone holds: the bundle of its office, and the carnets due there. Both are compressed on the way, for they
hold no secret and repeat nothing of the request."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar

from django.http import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller, officer_behind
from api.endpoints import Endpoint
from api.errors import instant
from api.feeding import place_asked
from api.filtering import Filter, instant_asked
from api.openapi import documented
from api.pagination import NewestFirst
from api.permissions import OFFICERS
from api.renderers import JsonRenderer
from api.v1.post.bodies import BundleOut, DueOut
from api.v1.post.presenting import present_held, present_offices
from api.wording import in_active_language
from carnets.tokens import public_jwks, verification_keys
from checkpoints.choices import IncidentKind, RefusalReason
from checkpoints.phones import offline_bundle
from checkpoints.posts.offices import Office
from checkpoints.posts.territories import territories
from guarantees.choices import Clock
from guarantees.exposure import is_guaranteed
from guarantees.territories import binding_in
from tir.kernel.clock import now
from tir.kernel.sandbox import is_sandbox, kind
from tir.log import published
from tir.log.witnessing import cosigned

TAG = "posts"
LANGUAGES = {"en": "en", "ru": "ru", "zh": "zh-hans"}
SINCE = OpenApiParameter(
    "since", str, description="Only carnets withdrawn from this instant on: the `as_of` of the list you hold."
)
AFTER = Filter(
    "after",
    "",
    "Only carnets decided about from this index of the log on: `log.size` of the list you hold. It loses nothing, "
    "whatever the clocks say; where the log is not the one you name, the whole list comes.",
)
LOG = Filter("log", "", "The log that `after` is of: `log.origin` of the list you hold.")
REGISTERS = frozenset(
    {"keys", "offices", "territories", "exclusions", "excluding", "has_guarantor", "reasons"}
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of the bundle you hold."
)


@method_decorator(gzip_page, name="dispatch")
class Bundle(Endpoint):
    """What a phone needs to judge without a network."""

    allow: ClassVar = {"GET": OFFICERS}
    version = Filter("version", "", "The `version` you hold: what it names is left out of the answer.")

    @documented(
        "What a phone holds to judge offline",
        operation="read_bundle",
        answers={200: BundleOut, 304: None},
        parameters=(SINCE, AFTER.parameter, LOG.parameter, version.parameter, IF_NONE_MATCH),
        tag=TAG,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """What a phone needs to judge without a network. Registers that its `version` names are left out, and what
        has not changed at all since its ETag is a 304."""
        at = now()
        office = officer_behind(request).office_on(at)
        log = (
            _log_now()
        )  # before the list is read: what is withdrawn meanwhile is told twice, and never not at all
        held = _place_held(request, log)
        content = present_bundle(
            office, caller(request).get_username(), at, instant_asked(request, "since"), after=held
        )
        if content["version"] == self.version.value(request):
            content = {name: part for name, part in content.items() if name not in REGISTERS}
        etag = _etag(content)
        answer = get_conditional_response(request._request, etag=etag) or Response(_dated(content, at, log))
        said = {"ETag": etag, "As-Of": str(instant(at)), "Cache-Control": "private, no-cache"}
        for name, value in said.items():
            answer.headers[name] = value
        patch_vary_headers(answer, ("Accept-Language", "Authorization"))
        return answer


def _etag(content: Mapping[str, Any]) -> str:
    """Name the content, whenever it was read: weak, because it is the same content compressed or not."""
    return f'W/"{_digest(content)}"'


def _digest(content: Mapping[str, Any]) -> str:
    return sha256(JsonRenderer().render(content)).hexdigest()[:16]


def _dated(content: Mapping[str, Any], at: datetime, log: Mapping[str, Any] | None) -> dict[str, Any]:
    as_of = instant(at)
    return {"as_of": as_of, "log": log, **content, "stop_list": {"as_of": as_of, **content["stop_list"]}}


def _log_now() -> dict[str, Any] | None:
    """Return the newest published checkpoint, which a phone keeps as a witness; nothing before there is one."""
    try:
        newest = published.newest_checkpoint(published.newest_log())
    except published.NoLog:
        return None
    return {"origin": newest.log.origin, "size": newest.size, "checkpoint": cosigned(newest)}


def _place_held(request: Request, log: Mapping[str, Any] | None) -> int | None:
    """Return up to where in the log the caller holds the stop list; None where that is no place in the newest one."""
    after = place_asked(request, AFTER.name)
    is_of_it = log is not None and LOG.value(request) in ("", log["origin"])
    return after if after is not None and log is not None and is_of_it and after <= log["size"] else None


def present_bundle(
    office: Office, username: str, at: datetime, since: datetime | None, *, after: int | None = None
) -> dict[str, Any]:
    """Return the bundle without the instants at which it was read."""
    registers = _registers(office, at)
    return {
        "version": _digest(registers),
        "sandbox": is_sandbox(),
        "installation": kind(),
        "office": _own_office(office),
        "officer": {"username": username},
        "stop_list": {
            "complete": since is None and after is None,
            "entries": [
                {"number": entry.number, "control": entry.control, "since": instant(entry.since)}
                for entry in offline_bundle.stop_list(office, on=office.day(at), since=since, after=after)
            ],
        },
        **registers,
    }


def _registers(office: Office, at: datetime) -> dict[str, Any]:
    """Return what changes a few times a year."""
    day = office.day(at)
    excluding = binding_in(office.facts.country, on=day)
    return {
        "keys": public_jwks(verification_keys()),
        "offices": present_offices(offline_bundle.offices_for_phones(), in_active_language),
        "territories": [_territory(row, at) for row in offline_bundle.territories_for_phones()],
        "exclusions": [_exclusion(row) for row in offline_bundle.exclusions_by(excluding, on=day)],
        "excluding": sorted(excluding),
        "has_guarantor": is_guaranteed(office.facts.country, on=day),
        "reasons": {
            "refusal": _named_codes(RefusalReason.choices),
            "incident": _named_codes(IncidentKind.choices),
        },
    }


def _own_office(office: Office) -> dict[str, Any]:
    return {
        "code": office.code,
        "country": office.facts.country,
        "territory": office.territory,
        "name": _names(office),
        "roles": sorted(office.facts.roles),
        "time_zone": office.time_zone,
    }


def _names(named: Any) -> dict[str, str]:
    """Return a name in the three languages, English where there is none."""
    return {
        "en": named.name_en,
        "ru": named.name_ru or named.name_en,
        "zh": named.name_zh or named.name_en,
    }


def _territory(row: Any, at: datetime) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": _names(row),
        "default_transit_days": row.default_transit_days,
        "grace_hours": row.grace_hours,
        "mass_tolerance": row.mass_tolerance,
        "suspension_days": offline_bundle.days_of(Clock.SUSPENSION, row.pk, at=at),
        "longest_offline_days": offline_bundle.days_of(Clock.LONGEST_OFFLINE, row.pk, at=at),
        "longest_time_limit_days": offline_bundle.days_of(Clock.LONGEST_TIME_LIMIT, row.pk, at=at),
        "reports": row.reports,
    }


def _exclusion(row: Any) -> dict[str, Any]:
    return {
        "holder": row.holder.reference,
        "country": row.country,
        "valid_from": str(row.valid_from),
        "valid_to": row.valid_to and str(row.valid_to),
    }


def _named_codes(choices: Sequence[tuple[str, Any]]) -> list[dict[str, Any]]:
    return [{"code": code, "name": _in_every_language(label)} for code, label in choices]


def _in_every_language(label: Any) -> dict[str, str]:
    said = {}
    for name, language in LANGUAGES.items():
        with translation.override(language):
            said[name] = str(label)
    return said


class MostRecentlyIssued(NewestFirst):
    """Carnets due, in pages as large as a phone takes them."""

    page_size = 200
    page_size_name = "limit"
    max_page_size = 200


LIMIT = OpenApiParameter("limit", int, description="At most 200, which is also what is given unasked.")
CURSOR = OpenApiParameter("cursor", str, description="Follow `next` as it is.")
EXPECTED = OpenApiParameter("expected", bool, description="The carnets due here; there is no other list.")


@method_decorator(gzip_page, name="dispatch")
class DueCarnets(Endpoint):
    """The carnets whose next stamp is planned at the caller's office, with their evidence."""

    allow: ClassVar = {"GET": OFFICERS}

    @documented(
        "Carnets due at the office",
        operation="list_due_carnets",
        answers={200: DueOut},
        parameters=(EXPECTED, LIMIT, CURSOR),
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        at = now()
        office = officer_behind(request).office_on(at)
        pages = MostRecentlyIssued()
        rows = pages.page(offline_bundle.carnets_due_at(office, on=office.day(at)), request)
        codes = {key: territory.code for key, territory in territories().items()}
        carnets = [present_held(docket, codes) for docket in offline_bundle.dockets_of(rows)]
        return Response({"as_of": instant(at), "next": pages.link(pages.next), "carnets": carnets})
