"""Every refusal as RFC 9457 `application/problem+json`: the one place that knows both the domain's errors and HTTP.

A problem has `type`, `title`, `status`, `detail`, a stable `code`, `errors` by field where fields are at fault, and the
facts of the case as further members. Clients decide on `code` and facts; prose is for people and translated.
"""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg2.errorcodes import DISK_FULL
from rest_framework import exceptions
from rest_framework.response import Response

from api.renderers import JsonRenderer
from carnets.issuing import IssueRefused
from tir.kernel.errors import Conflict, DomainError, Forbidden, Malformed, NotFound, Refused
from tir.kernel.rules import Finding
from tir.registers.faults import EntryRefused
from tir.signin.attempts import TooManyAttempts
from tir.signin.hashing import SignInBusy

logger = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"
DOCUMENTED_AT = "/api/v1/problems/#"
MOST_LISTED = 50  # faults of one request
WAIT = {"Retry-After": "2"}  # seconds
RESERVED = frozenset({"type", "title", "status", "detail", "instance", "code", "errors", "error_count"})
RENAMED = {
    "status": "current_status"
}  # the domain's word for where a carnet or claim stands is HTTP's for its answer

TITLES = {
    400: _("The request cannot be read"),
    401: _("Sign in first"),
    403: _("Not for your role"),
    404: _("Not found"),
    405: _("This cannot be done here"),
    406: _("No such format"),
    409: _("The state has changed"),
    413: _("Too large"),
    415: _("No such format"),
    422: _("A rule refuses this"),
    429: _("Too many requests"),
    500: _("A fault on our side"),
    503: _("Not available for a moment"),
}
STATUS_OF: Sequence[tuple[type[DomainError], int]] = (
    (Malformed, 400),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Refused, 422),
    (TooManyAttempts, 429),
    (SignInBusy, 503),
)
CODE_OF = {400: "malformed", 401: "not_signed_in", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
           406: "not_acceptable", 415: "unsupported_media_type", 429: "too_many_requests"}  # fmt: skip
FINER = {"device_revoked": 401, "second_factor_required": 401}  # codes that say more than their status
SENTENCE_OF: "Mapping[type[exceptions.APIException], Any]" = {
    exceptions.NotAuthenticated: _(
        "Sign in at /api/v1/auth/token/ and send the token as Authorization: Token …."
    ),
    exceptions.MethodNotAllowed: _(
        "This address does not take {method}. The Allow header says what it takes."
    ),
    exceptions.NotAcceptable: _("This address has no such format. Send Accept: */* or leave it out."),
    exceptions.Throttled: _("Too many wrong passwords. Wait a quarter of an hour."),
    exceptions.UnsupportedMediaType: _("Send JSON, with Content-Type: application/json."),
}
NOTHING_HERE = _("There is nothing here that you may see. Check the reference.")


class BodyTooLarge(Malformed):
    """The body is larger than this address takes."""

    code = "body_too_large"

    def __init__(self, most: int) -> None:
        super().__init__(
            _("This body is too large: at most {most} bytes are read here. Send less at once.").format(
                most=most
            ),
            most_bytes=most,
        )


class TooManyRequests(DomainError):
    """The account, or the address, has asked for more than its share of the last minute."""

    code = "too_many_requests"

    def __init__(self, wait: int, sentence: "str | Promise") -> None:
        super().__init__(sentence, wait_seconds=wait)
        self.retry_after = wait  # seconds


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field: `sentence` has places in braces for `facts`."""

    field: str
    code: str
    sentence: "str | Promise"
    facts: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        facts = {name: str(value) for name, value in self.facts.items()}
        return {"field": self.field, "code": self.code, "detail": str(self.sentence).format_map(facts)}


class BodyInvalid(Malformed):
    """One or more fields of the request cannot be read; `faults` has one entry a field."""

    code = "body_invalid"

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__(_("Some fields cannot be read. Correct those named under errors and send again."))
        self.faults = tuple(faults)


class SeveralRefused(Refused):
    """Several things are refused at once: `errors` names each, the first gives the code."""

    code = "refused"

    def __init__(self, refusals: Sequence[Refused]) -> None:
        first = refusals[0]
        super().__init__(first.detail, code=first.error_code, field=first.field, **first.facts)
        self.refusals = refusals


def waiting(error: DomainError) -> dict[str, str]:
    """Return the header that says when to come again, for a refusal that passes by itself."""
    seconds = getattr(error, "retry_after", None)
    return {"Retry-After": str(seconds)} if seconds else {}


def http_status_of(error: DomainError) -> int:
    """Return the status that says what kind of refusal this is; 500 for a kind that nobody has given one."""
    if isinstance(error, BodyTooLarge):
        return 413
    if isinstance(error, TooManyRequests):
        return 429
    return next((status for kind, status in STATUS_OF if isinstance(error, kind)), 500)


def problem_members(error: DomainError) -> dict[str, Any]:
    """Return a domain error as the members of a problem document."""
    status = http_status_of(error)
    members = _base(status, error.error_code, str(error.detail))
    errors, count = field_errors(error), _fault_count(error)
    if errors:
        members["errors"] = errors
    if count > len(errors):
        members["error_count"] = count
    facts = {RENAMED.get(name, name): as_json_value(value) for name, value in error.facts.items()}
    members.update({name: value for name, value in facts.items() if name not in RESERVED})
    return members


def field_errors(error: DomainError) -> list[dict[str, Any]]:
    """Return what is wrong by field, the first `MOST_LISTED` of it: an answer is not larger than its question."""
    return [_entry(one) for one in islice(_faults(error), MOST_LISTED)]


def _fault_count(error: DomainError) -> int:
    """Return how many faults there are, listed or not."""
    return sum(1 for _one in _faults(error))


def _faults(error: DomainError) -> Iterator[FieldFault | Finding | DomainError]:
    if isinstance(error, BodyInvalid):
        yield from error.faults
    elif isinstance(error, IssueRefused):
        yield from error.findings
    elif isinstance(error, (SeveralRefused, EntryRefused)):
        for refusal in error.refusals:
            yield from _faults(refusal)
    elif error.field:
        yield error


def _entry(fault: FieldFault | Finding | DomainError) -> dict[str, Any]:
    if isinstance(fault, FieldFault):
        return fault.as_json()
    if isinstance(fault, Finding):
        return {"field": fault.facts.get("field", ""), "code": fault.code, "detail": fault.detail}
    return {"field": fault.field, "code": fault.error_code, "detail": str(fault.detail)}


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: turn whatever a view raised into a problem document; unknown faults stay faults.

    A problem is JSON also where the answer would have been a picture or a page.
    """
    if request := context.get("request"):
        request.accepted_renderer, request.accepted_media_type = JsonRenderer(), JsonRenderer.media_type
    if isinstance(error, DomainError):
        return _respond(problem_members(error), headers=waiting(error))
    if isinstance(error, exceptions.APIException):
        return _respond(_from_framework(error), headers=_headers(error))
    if isinstance(error, Http404):
        return _respond(_base(404, "not_found", str(NOTHING_HERE)))
    if isinstance(error, (OperationalError, InterfaceError)):
        return _database_away(error)
    if isinstance(error, PermissionDenied):
        return _respond(_base(403, "forbidden", str(_("Your role does not allow this."))))
    return None


def _database_away(error: Exception) -> Response:
    """Answer when PostgreSQL is away, restarting or full: nothing was committed, and sending again is safe."""
    logger.error("database unavailable", exc_info=error)
    connection.close()
    return _respond(_base(503, "database_unavailable", str(why_away(error))), headers=WAIT)


def why_away(error: Exception) -> "str | Promise":
    """Return what to tell of a database that does not take what was sent."""
    if getattr(error.__cause__ or error, "pgcode", None) == DISK_FULL:
        return _(
            "The disk of the database is full, and nothing was recorded. Tell who runs this system, and send the same "
            "request again later: a stamp is recorded once."
        )
    return _(
        "The database is not reachable. Send the same request again in a moment: a stamp is recorded once."
    )


def database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer outside of an endpoint what an endpoint answers when the database is away."""
    logger.error("database unavailable", exc_info=error)
    connection.close()
    return _problem(503, "database_unavailable", str(why_away(error)), headers=WAIT)


def request_unreadable(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Answer a request that Django itself could not read: a foreign host name, a broken header."""
    detail = str(_("The request cannot be read. Check host name, headers and encoding."))
    return _problem(400, "malformed", detail)


def address_not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Answer an address that does not exist."""
    sentence = _("No such address. See /api/v1/docs/ for those that exist.")
    if not request.path.endswith("/"):
        sentence = _("No such address: most end with a slash. See /api/v1/docs/ for those that exist.")
    return _problem(404, "no_such_address", str(sentence))


def server_failed(request: HttpRequest) -> JsonResponse:
    """Answer when we failed: say so, promise nothing, leak nothing."""
    detail = str(_("Something failed on our side. Send the same request again: a stamp is recorded once."))
    return _problem(500, "server_fault", detail)


def _problem(status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> JsonResponse:
    answer = JsonResponse(
        _base(status, code, detail), status=status, content_type=PROBLEM_JSON, headers=headers
    )
    vars(answer)["refusal_code"] = code  # for the line that tells of it: see `api.requests`
    return answer


def _base(status: int, code: str, detail: str) -> dict[str, Any]:
    return {
        "type": f"{DOCUMENTED_AT}{code}",
        "title": str(TITLES.get(status, TITLES[500])),
        "status": status,
        "detail": detail,
        "code": code,
    }


def _from_framework(error: exceptions.APIException) -> dict[str, Any]:
    is_known = error.default_code in FINER
    code = str(error.default_code) if is_known else CODE_OF.get(error.status_code, str(error.default_code))
    sentence = SENTENCE_OF.get(type(error))
    detail = (
        str(sentence).format_map({"method": _method_of(error)}) if sentence else _first_text(error.detail)
    )
    return _base(error.status_code, code, detail)


def _method_of(error: exceptions.APIException) -> str:
    """Return the method that DRF names, in quotes, in its own sentence."""
    named = re.search(r'"(\w+)"', _first_text(error.detail))
    return named[1] if named else "this method"


def _first_text(detail: Any) -> str:
    while isinstance(detail, (list, dict)):
        detail = next(iter(detail.values() if isinstance(detail, dict) else detail), "")
    return str(detail)


def _headers(error: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _respond(members: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(members, status=members["status"], content_type=PROBLEM_JSON, headers=headers)


def as_json_value(value: Any) -> Any:
    """Return a fact as JSON has it: instants in UTC, amounts as strings."""
    if isinstance(value, Mapping):
        return {str(name): as_json_value(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_json_value(item) for item in value]
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, (date, Decimal, UUID)):
        return str(value)
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def instant(value: datetime | None) -> str | None:
    """Return an instant as ISO 8601 in UTC with a Z."""
    return None if value is None else value.isoformat().replace("+00:00", "Z")
