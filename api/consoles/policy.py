"""What a page may load and run: our own files, nothing inline, nothing from elsewhere."""

from typing import Final

from django.http.response import HttpResponseBase

from api.headers import permitting

CONTENT_POLICY: Final = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",  # Bootstrap draws its arrows as data: pictures
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip

# For a page that reads codes: the camera's picture, and WebAssembly where the browser reads no codes itself.
READING_CODES: Final = "; ".join((
    CONTENT_POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"),
    "media-src 'self' blob: mediastream:",
))  # fmt: skip

# A second factor is a key of the browser's.
FOR_PAGES: Final = ("publickey-credentials-create", "publickey-credentials-get")


def protect(answer: HttpResponseBase, policy: str = CONTENT_POLICY) -> HttpResponseBase:
    """Put the policy on an answer; a page that reads codes may use the camera, and no page anything else but keys and
    the whole screen."""
    answer.headers["Content-Security-Policy"] = policy
    camera = ("camera",) if policy == READING_CODES else ()
    answer.headers["Permissions-Policy"] = permitting(*FOR_PAGES, *camera)
    return answer
