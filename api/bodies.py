"""How much of a request is read: whatever its transfer encoding, and no more than its address takes.

A body that is too large is read to its end, as far as `MOST_DRAINED`: a client that is still sending would otherwise
see its connection break instead of the answer.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from api.consoles.faults import CONSOLE, refusal_page
from api.endpoints import MOST_BYTES
from api.errors import PROBLEM_JSON, BodyTooLarge, problem_members, request_unreadable

MOST_DRAINED: Final = 20_000_000
AT_A_TIME: Final = 64 * 1024


class Bodies:
    """Middleware: it stands before all that reads a body (CSRF reads forms), and asks the view how much it takes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Return the refusal of a body that is too large for its address, None for one that may be read."""
        taken = getattr(view, "cls", None) or getattr(view, "view_class", None)
        most: int = getattr(taken, "most_bytes", MOST_BYTES)
        if _is_chunked(request):
            return self._read_chunks(request, most)
        if _declared(request) > most:
            _drain(_parts(request._stream.read))
            return _too_large(request, most)
        return None

    def _read_chunks(self, request: HttpRequest, most: int) -> HttpResponse | None:
        """Put what came in chunks in the place of a body whose length was declared."""
        parts = _parts(request.META["wsgi.input"].read)
        body = bytearray()
        try:
            for part in parts:
                body += part
                if len(body) > most:
                    _drain(parts, already=len(body))
                    return _too_large(request, most)
        except OSError:  # cut off, or chunks that are none
            return request_unreadable(request)
        request._stream, request.META["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
        return None


def _is_chunked(request: HttpRequest) -> bool:
    """Whether the body comes in chunks, and the server says where it ends (`wsgi.input_terminated`)."""
    comes_in_chunks = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    return comes_in_chunks and bool(request.META.get("wsgi.input_terminated"))


def _declared(request: HttpRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "")
    return int(length) if length.isdigit() else 0


def _parts(read: Callable[[int], bytes]) -> Iterator[bytes]:
    while part := read(AT_A_TIME):
        yield part


def _drain(parts: Iterator[bytes], *, already: int = 0) -> None:
    """Read and forget, until there is no more or it is enough."""
    for part in parts:
        already += len(part)
        if already > MOST_DRAINED:
            return


def _too_large(request: HttpRequest, most: int) -> HttpResponse:
    """Return the refusal, as a page where pages are asked for."""
    error = BodyTooLarge(most)
    if request.path.startswith(CONSOLE):
        return refusal_page(request, error)
    members = problem_members(error)
    answer = JsonResponse(members, status=members["status"], content_type=PROBLEM_JSON)
    vars(answer)["refusal_code"] = error.code  # for the line that tells of it: see `api.requests`
    return answer
