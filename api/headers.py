"""Headers that every answer has, whatever answered: what a browser may do with it, and who may embed it.

A page says its own policy (`api.consoles.policy`, `api.static_files`); what says none is data, and loads nothing.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

POLICY: Final = "Content-Security-Policy"
OF_DATA: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# A browser shows a PDF by a viewer of its own, as an object with styles; the paper itself loads nothing.
OF_PDF: Final = f"{OF_DATA}; object-src 'self'; style-src 'unsafe-inline'"
PERMISSIONS: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "camera", "display-capture", "fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi",
        "payment", "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "serial", "usb",
    )
)  # fmt: skip
NOT_MODIFIED: Final = 304  # what the browser kept stays under the headers that it came with


def permitting(*features: str) -> str:
    """Return the policy on features with some allowed to this site itself."""
    allowed = PERMISSIONS
    for feature in features:
        allowed = allowed.replace(f"{feature}=()", f"{feature}=(self)")
    return allowed


class Headers:
    """Middleware: it stands before what answers files, so that these have the headers too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if answer.status_code == NOT_MODIFIED:
            return answer
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        kind = answer.headers.get("Content-Type", "")
        if kind.startswith(
            "text/html"
        ):  # what is no page has no features, and a poor network carries each byte
            answer.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if "javascript" not in kind:  # a worker takes the policy of its script for its own
            answer.headers.setdefault(POLICY, OF_PDF if kind.startswith("application/pdf") else OF_DATA)
        return answer
