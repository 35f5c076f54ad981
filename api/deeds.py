"""What is written down of calls that people answer for: acts, files that leave, searches by name, signing in and out.

Whatever changes something is an event unless `IN_LEDGERS` says where else it is on record; whatever answers with a file
is one, and so is a question by name or plate. A new address is therefore audited before anybody thinks of it; `NAMED`
only finds it better words. `docs/audit.md` is made of this.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tir.audit.recording import Deed

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CONSOLE: Final = "console-"

_LEDGER = "its row in a ledger of the log says who, where, when and by which device"
_WAITS = "it changes nothing that anybody answers for"
# Calls that change something and have no event: where what they did is on record instead.
IN_LEDGERS: Final[Mapping[str, str]] = {
    "scans": "the look is kept with who looked; it decides nothing",
    "stamps": _LEDGER,
    "stamps-batch": _LEDGER,
    "stamps-import": _LEDGER,
    "unsent": _LEDGER,
    "refusals": _LEDGER,
    "incidents": _LEDGER,
    "controls": _LEDGER,
    "proofs": _LEDGER,
    "guarantee-confirm": "the question and its answer are in a ledger of the log",
    "console-confirm": "the question and its answer are in a ledger of the log",
    "device-heartbeat": "a sign of life, every minute; a loss that it tells is a device event",
    "log-add-checkpoint": "another node's signed checkpoint: it is checked by its signature, not by who brings it",
    "notice-read": "who opened a notice is kept with the notice",
    "console-notice-read": "who opened a notice is kept with the notice",
    "console-notices-read": "who opened a notice is kept with the notice",
    "console-language": _WAITS,
    "auth-second-factor": "it only offers an app's secret; nothing is kept until its code comes back",
    "console-check": "anybody checks a receipt, and nothing is kept of it",
    "console-account-language": _WAITS,
    "console-return-find": "it only finds the carnet whose return is recorded next",
}
# Verb and noun, where they do not follow from the address's name (see `_named`).
NAMED: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("POST", "auth-token"): ("sign_in", "account"),
    ("POST", "console-sign-in"): (
        "sign_in",
        "account",
    ),  # the password; each step after it is on record as well
    ("POST", "console-sign-in-code"): ("sign_in", "account"),
    ("POST", "console-sign-in-passkey"): ("sign_in", "account"),
    ("POST", "console-sign-in-set-up"): ("sign_in", "account"),
    ("POST", "console-invitation"): ("accept", "invitation"),
    ("POST", "users-accept"): ("accept", "invitation"),
    ("POST", "console-new-password"): ("reset", "password"),
    ("POST", "console-account-password"): ("change", "password"),
    ("POST", "console-pack"): ("look_at", "pack"),
    ("POST", "console-pack-apply"): ("apply", "pack"),
    ("POST", "auth-password"): ("change", "password"),
    ("POST", "user-password-link"): ("make", "password_link"),
    ("POST", "console-person-password-link"): ("make", "password_link"),
    ("POST", "console-lost-phone"): ("lose", "device"),
    ("POST", "auth-logout"): ("sign_out", "account"),
    ("POST", "console-sign-out"): ("sign_out", "account"),
    ("POST", "auth-second-factor-confirm"): ("set_up", "second_factor"),
    ("POST", "carnets"): ("issue", "carnet"),
    ("POST", "holders"): ("authorise", "holder"),
    ("POST", "console-holder-new"): ("authorise", "holder"),
    ("POST", "holder-exclusions"): ("exclude", "holder"),
    ("POST", "devices"): ("enrol", "device"),
    ("POST", "number-ranges"): ("give", "number_range"),
    ("POST", "console-stock-give"): ("give", "number_range"),
    ("POST", "claims"): ("open", "claim"),
    ("POST", "claim-proceedings"): ("note_proceedings", "claim"),
    ("POST", "claim-letters"): ("write", "claim_letter"),
    ("POST", "console-claim-letter-notification"): ("write", "claim_letter"),
    ("POST", "console-claim-letter-demand"): ("write", "claim_letter"),
    ("POST", "claim-documents"): ("add", "claim_document"),
    ("POST", "console-claim-document"): ("add", "claim_document"),
    ("POST", "console-claim-proceedings"): ("note_proceedings", "claim"),
    ("POST", "reconciliation-runs"): ("start", "reconciliation"),
    ("POST", "reconciliation-request-answer"): ("answer", "request"),
    ("POST", "reconciliation-request-forward"): ("forward", "request"),
    ("POST", "console-request"): ("answer", "request"),
    ("POST", "carnet-report-lost"): ("report_lost", "carnet"),
    ("POST", "console-carnet-report-lost"): ("report_lost", "carnet"),
    ("POST", "carnet-found"): ("report_found", "carnet"),
    ("POST", "console-carnet-found"): ("report_found", "carnet"),
    ("POST", "carnet-return"): ("record_return", "carnet"),
    ("POST", "console-return-record"): ("record_return", "carnet"),
    ("POST", "claim-notify-holder"): ("notify_holder", "claim"),
    ("POST", "console-claim-notify-holder"): ("notify_holder", "claim"),
    ("POST", "holder-quota"): ("set_quota", "holder"),
    ("POST", "console-holder-quota"): ("set_quota", "holder"),
    ("POST", "console-enquiry-confirm"): ("confirm", "guarantee_enquiry"),
    ("PATCH", "irregularity"): ("resolve", "irregularity"),
    ("POST", "log-cosignatures"): ("cosign", "checkpoint"),
    ("POST", "users"): ("invite", "person"),
    ("PATCH", "user"): ("change", "person"),
    ("POST", "user-deactivate"): ("deactivate", "person"),
    ("POST", "user-reactivate"): ("reactivate", "person"),
    ("POST", "user-hand-over"): ("hand_over", "person"),
    ("POST", "console-person-hand-over"): ("hand_over", "person"),
    ("POST", "console-register-new"): ("add", "register"),
    ("POST", "console-person-post"): ("add", "posting"),
    ("POST", "console-person-posting-end"): ("end", "posting"),
    ("POST", "console-person-invitation-revoke"): ("revoke", "invitation"),
    ("POST", "user-invitation-revoke"): ("revoke", "invitation"),
    ("POST", "user-invitation"): ("invite", "person"),
    ("POST", "console-person-invite-again"): ("invite", "person"),
    ("POST", "user-postings"): ("add", "posting"),
    ("POST", "user-posting-end"): ("end", "posting"),
    ("POST", "service-account-networks"): ("change", "service_account"),
    ("POST", "console-service-account-networks"): ("change", "service_account"),
    ("POST", "oauth-token"): ("sign_in", "service_account"),
    ("POST", "console-forgotten"): ("ask", "password_link"),
    ("POST", "console-account-app"): ("set_up", "second_factor"),
    ("POST", "console-account-app-remove"): ("remove", "second_factor"),
    ("POST", "console-account-codes"): ("make", "recovery_codes"),
    ("POST", "console-account-passkey-add"): ("add", "passkey"),
    ("POST", "console-account-passkey-remove"): ("remove", "passkey"),
    ("POST", "console-account-end-others"): ("end", "session"),
    ("POST", "console-account-session-end"): ("end", "session"),
    ("POST", "console-account-token-end"): ("end", "token"),
    ("POST", "console-account-device-end"): ("revoke", "device"),
}
SIGNS_IN: Final = ("sign_in", "account")
SECRET: Final = "secret"  # noqa: S105  (the argument of a link's address; the event names whose it was)

# Questions that look for a person, a firm or a lorry by what they are called; what was looked for stands in the event.
SEARCHED: Final = ("q", "name", "holder", "officer", "person", "plate")
FEWEST_LETTERS: Final = 3  # a search box asks with every letter
# Kinds of answers that are files to take away. Pictures and the checkpoint of the log are not.
FILES: Final = (
    "application/pdf",
    "text/csv",
    "application/vnd.openxmlformats",
    "text/calendar",
    "application/zip",
)
# Answers in JSON that are a file's contents all the same.
DOSSIERS: Final = frozenset({"claim-dossier-json", "carnet-defence-json"})


def act_of(method: str, route: str) -> tuple[str, str] | None:
    """Return verb and noun of a call that changes something, None for one that is on record elsewhere or only reads."""
    if method in SAFE or route in IN_LEDGERS:
        return None
    return _named(method, route)


@cache
def _named(method: str, route: str) -> tuple[str, str]:
    """Return the words for an address: those of NAMED, else those of its own name: `holder-suspend`, `teams`."""
    if known := NAMED.get((method, route)):
        return known
    name = route.removeprefix(CONSOLE)
    if verb := {"PATCH": "change", "PUT": "replace", "DELETE": "remove"}.get(method):
        return verb, _word(name)
    if name.endswith("s"):
        return "add", _word(name[:-1])
    noun, _hyphen, verb = name.rpartition("-")
    return (_word(verb), _word(noun)) if noun else ("change", _word(name))


def _word(name: str) -> str:
    return name.replace("-", "_")


def deed_done(request: HttpRequest, answer: HttpResponseBase) -> Deed | None:
    """Return what is written down of a call that was not refused, None for nothing."""
    match = request.resolver_match
    if match is None:
        return None
    route, method = match.url_name or "", str(request.method)
    if named := act_of(method, route):
        return Deed(*named, ref_of(request), {"fields": _names_sent(request)})
    if method != "GET":
        return None
    if is_file(route, answer):
        return Deed("export", _word(route.removeprefix(CONSOLE)), ref_of(request), {"of": _asked(request)})
    if sought := _sought(request):
        return Deed("search", _word(route.removeprefix(CONSOLE)), sought, {"by": _asked_by(request)})
    return None


def deed_refused(request: HttpRequest) -> Deed:
    """Return what somebody tried who may not."""
    match = request.resolver_match
    route, method = (match.url_name or "") if match else "", str(request.method)
    verb, noun = act_of(method, route) or (
        "read" if method in SAFE else "add",
        _word(route.removeprefix(CONSOLE)) or "address",
    )
    return Deed(verb, noun, ref_of(request))


def ref_of(request: HttpRequest) -> str:
    """Return which one the address names: its arguments, joined by blanks, but what a one-time link opens with."""
    match = request.resolver_match
    named = match.kwargs.items() if match else ()
    return " ".join(str(said) for name, said in named if said and name != SECRET)


def is_file(route: str, answer: HttpResponseBase) -> bool:
    """Whether an answer is something to take away."""
    if route in DOSSIERS:
        return True
    kind = str(answer.headers.get("Content-Type", ""))
    return kind.startswith(FILES) or "attachment" in answer.headers.get("Content-Disposition", "")


def _sought(request: HttpRequest) -> str:
    said = (" ".join(str(request.GET[name]).split()) for name in SEARCHED if name in request.GET)
    return " ".join(one for one in said if len(one) >= FEWEST_LETTERS).replace("\x00", "")


def _asked_by(request: HttpRequest) -> list[str]:
    return [name for name in SEARCHED if request.GET.get(name)]


def _asked(request: HttpRequest) -> dict[str, str]:
    """Return by what a file was narrowed: whoever reads the event can make the file again."""
    return {
        name[:40]: str(value).replace("\x00", "")[:100]
        for name, value in list(request.GET.items())[:20]
        if value and name not in ("page", "cursor")
    }


def _names_sent(request: HttpRequest) -> list[str]:
    """Return the names of the fields that were sent, never what stood in them: it may be a password or a name."""
    sent = getattr(request, "sent_fields", None)
    names = request.POST if sent is None else sent
    return sorted(str(name)[:40] for name in names if name != "csrfmiddlewaretoken")[:40]
