"""Who tries passwords from one address is held back before anybody works on one: a password costs the processor
some time on purpose, on the threads that serve stamps.

Right passwords count nothing, so an office behind one address signs in as it likes; after many wrong ones there is a
try every ten seconds from there, for the guilty and for everybody else. How many run side by side the proxy bounds.
"""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from api.consoles.faults import CONSOLE, refusal_page
from api.counting import counters
from api.errors import PROBLEM_JSON, TooManyRequests, problem_members
from tir.kernel.clock import now

MINUTE: Final = 60  # seconds
WRONG_IN_TWO_MINUTES: Final = 20  # from one address
A_TRY_EVERY: Final = 10  # seconds, once there were more
SIGN_IN: Final = "sign_in"  # what such a view says in `cost`
REFUSED: Final = 401


class SignIns:
    """Middleware: who tries passwords from one address is held back before anybody works on one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if getattr(request, "tries_a_password", False) and answer.status_code == REFUSED:
            counters.add(_wrong_from(request), 1, window=MINUTE, at=now().timestamp())
        return answer

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Return the refusal of a try that came too soon, None for one that may go on."""
        taken = getattr(view, "cls", None) or getattr(view, "view_class", None)
        if request.method != "POST" or getattr(taken, "cost", "") != SIGN_IN:
            return None
        request.tries_a_password = True  # type: ignore[attr-defined]
        return _refusal(request, _too_soon()) if is_held_back(request) else None


def is_held_back(request: HttpRequest) -> bool:
    """Whether an address that tried many wrong passwords has had its try of these seconds; counts this one."""
    at = now().timestamp()
    # Of this minute and the one before: who goes on guessing is not let loose at every full minute.
    wrong = sum(counters.seen(_wrong_from(request), window=MINUTE, at=at - ago) for ago in (0, MINUTE))
    if wrong < WRONG_IN_TWO_MINUTES:
        return False
    return counters.add(f"try:{_address(request)}", 1, window=A_TRY_EVERY, at=at) > 1


def _too_soon() -> TooManyRequests:
    return TooManyRequests(
        A_TRY_EVERY, _("Too many wrong passwords from your address. Wait ten seconds, then try again.")
    )


def _wrong_from(request: HttpRequest) -> str:
    return f"wrong:{_address(request)}"


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _refusal(request: HttpRequest, error: TooManyRequests) -> HttpResponse:
    request.tries_a_password = False  # type: ignore[attr-defined]
    if request.path.startswith(CONSOLE):
        return refusal_page(request, error)
    members = problem_members(error)
    answer = JsonResponse(members, status=members["status"], content_type=PROBLEM_JSON)
    answer.headers["Retry-After"] = str(error.wait)
    return answer
