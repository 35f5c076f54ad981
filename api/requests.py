"""Every request at the door: its id, who it turns out to come from, and what is written down of how it ended.

A line of the log for each refusal and fault, an audit event for each deed (`api.deeds`), figures for all
(`api.metrics`).
On the way of every stamp: it does there what a few microseconds hold, and no more.
"""

import logging
from time import perf_counter
from typing import Any, Final

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from api import errors
from api.authentication import device_behind
from api.consoles.faults import CONSOLE, refusal_page
from api.deeds import IN_LEDGERS, SAFE, SIGNS_IN, deed_done, deed_refused
from api.metrics import observe
from tir.accounts.models import Role, User
from tir.audit import asking as asked
from tir.audit.acting import SayWho
from tir.audit.asking import Asking
from tir.audit.recording import record, record_refusal
from tir.kernel.clock import now
from tir.signin.hashing import SignInBusy

logger = logging.getLogger("tir.requests")
HEADER: Final = "X-Request-ID"
FORBIDDEN, FAULT = 403, 500
SECURITY: Final = frozenset({401, FORBIDDEN, 429})


class Requests:
    """The outermost of the middlewares: what the others refuse is seen too."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = perf_counter()
        asking = asking_of(request)
        before = asked.begin(asking)
        try:
            answer: HttpResponseBase = self.get_response(request)
            _stop_saying_who(request)
            answer = self._written_down(request, answer, asking)
        finally:
            asked.end(before)
        answer.headers[HEADER] = asking.request_id
        observe(asking.route, str(request.method), answer.status_code, perf_counter() - started)
        return answer

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Note which address it is; have the database's own record of administrative acts name who asks."""
        match, asking = request.resolver_match, asked.current()
        if match is None or asking is None:
            return
        asking.route = route = match.url_name or ""
        if request.method not in SAFE and route not in IN_LEDGERS:
            request.says_who = SayWho(asking)  # type: ignore[attr-defined]
            connection.execute_wrappers.append(request.says_who)  # type: ignore[attr-defined]

    def _written_down(
        self, request: HttpRequest, answer: HttpResponseBase, asking: Asking
    ) -> HttpResponseBase:
        """Write down how a request ended; what cannot be written down is not handed out."""
        if answer.status_code >= 400:  # noqa: PLR2004  (HTTP's own border)
            _note_refusal(request, answer, asking)
            return answer
        deed = None if asking.route in IN_LEDGERS else deed_done(request, answer)
        if deed is None:
            return answer
        try:
            _note_device(request, asking)
            record(deed, asking=asking, at=now(), country=_country_of(asking), status=answer.status_code)
        except DatabaseError as error:
            logger.error("not audited", extra={"verb": deed.verb, "noun": deed.noun, "ref": deed.ref})
            if request.method in SAFE:
                answer.close()
                return _unavailable(request, error)
        return answer


def asking_of(request: HttpRequest) -> Asking:
    """Return who asks, with an id of the caller's own if it is one, else a new one."""
    own = request.META.get("HTTP_X_REQUEST_ID", "")
    return Asking(
        own if own and asked.is_request_id(own) else asked.new_request_id(),
        request.META.get("REMOTE_ADDR", ""),
        person_of=lambda: person_behind(request),
    )


def person_behind(request: HttpRequest) -> User | None:
    """Return the account that a token or a session was found to belong to; looks nothing up."""
    known = request.__dict__.get("_cached_user") or request.__dict__.get("user")
    # Its type, for a session's user who was not asked for yet would be looked up to answer `isinstance`.
    return known if type(known) is User else None


def _stop_saying_who(request: HttpRequest) -> None:
    wrapper = request.__dict__.get("says_who")
    if wrapper is not None and wrapper in connection.execute_wrappers:
        connection.execute_wrappers.remove(wrapper)


def _note_refusal(request: HttpRequest, answer: HttpResponseBase, asking: Asking) -> None:
    """Write a line for a refusal; and an event where somebody may not, or could not sign in."""
    status, code = answer.status_code, code_of(answer)
    deed = deed_refused(request)
    is_audited = status == FORBIDDEN or (status in SECURITY and (deed.verb, deed.noun) == SIGNS_IN)
    try:
        _note_device(request, asking)
        if is_audited:
            country = _country_of(asking)
            record_refusal(deed, asking=asking, at=now(), country=country, status=status, code=code)
    except DatabaseError:
        logger.error("not audited", extra={"verb": deed.verb, "noun": deed.noun, "ref": deed.ref})
    level = logging.ERROR if status >= FAULT else logging.WARNING if status in SECURITY else logging.INFO
    if code == SignInBusy.code:  # no fault of ours: they were sent away, so that others are served
        level = logging.WARNING
        vars(answer)["_has_been_logged"] = True  # or Django would write a second line, of an error
    logger.log(level, "refused", extra={"method": request.method, "status": status, "code": code})


def code_of(answer: HttpResponseBase) -> str:
    """Return the stable code of a refusal, as the body or page has it; a form shown again has that of its status."""
    said = getattr(answer, "data", None)
    code = said.get("code", "") if isinstance(said, dict) else getattr(answer, "refusal_code", "")
    return str(code or errors.CODE_OF.get(answer.status_code, "refused"))


def _note_device(request: HttpRequest, asking: Asking) -> None:
    """Look up which enrolled device sent it: only where something is written down."""
    if hasattr(request, "auth"):
        asking.device = str(device_behind(request) or "")  # type: ignore[arg-type]


def _country_of(asking: Asking) -> str:
    """Return whose headquarters see the event: the person's own, or that of the association they act for."""
    person = asking.who()
    if person is None or person.country or not person.has_role(Role.ASSOCIATION):
        return person.country if person else ""
    membership = getattr(person, "membership", None)
    return membership.association.country if membership else ""


def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    if request.path.startswith(CONSOLE):
        return refusal_page(request, error)
    return errors.database_away(request, error)


def _named_by_signal(sender: Any, user: Any = None, **_more: Any) -> None:
    if isinstance(user, User):
        asked.name_person(user)


def _named_by_failure(sender: Any, credentials: Any = None, **_more: Any) -> None:
    """Name the account that somebody failed to sign in to, if there is one: what else stands in the field of the name
    may be a password."""
    name = str((credentials or {}).get("username") or "")
    if asked.current() is not None and 0 < len(name) <= 150 and "\x00" not in name:  # noqa: PLR2004
        asked.name_person(User.objects.filter(username=name).first())


# Django tells who signs in and out; its sessions would otherwise be asked, which a sign-out has just ended.
user_logged_in.connect(_named_by_signal)
user_logged_out.connect(_named_by_signal)
user_login_failed.connect(_named_by_failure)
