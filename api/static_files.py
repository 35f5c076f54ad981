"""The pages' files, and the scanner's: a progressive web app at /post/, built by `script/assets` into TIR_SCANNER.

The shell (index, service worker, manifest) is asked for anew every time, so a phone learns of a new edition at once;
everything under `assets/` has its content's hash in its name and is kept for good. A directory that is not there is no
fault: then `NotBuilt` answers.
"""

from pathlib import Path
from typing import Any, ClassVar
from wsgiref.headers import Headers

from django.conf import settings as project_settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from whitenoise.media_types import MediaTypes
from whitenoise.middleware import WhiteNoiseMiddleware

from api.headers import permitting
from api.health import Open
from api.permissions import EVERYONE
from tir.kernel.errors import NotFound

AT = "/post/"
KINDS = {".webmanifest": "application/manifest+json", ".wasm": "application/wasm", ".js": "text/javascript"}
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_EVERY_TIME = "no-cache"
# The app speaks to this server alone. WebAssembly reads codes where the browser cannot; photos are blobs of its own.
POLICY = "; ".join(
    (
        "default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'",
        "img-src 'self' data: blob:", "media-src 'self' blob: mediastream:", "worker-src 'self' blob:",
        "connect-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
    )
)  # fmt: skip
SHELL = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": permitting("camera", "screen-wake-lock", "fullscreen"),
    "X-Frame-Options": "DENY",
}


class Files(WhiteNoiseMiddleware):
    """WhiteNoise's own, with the scanner's directory and the headers its files need."""

    def __init__(self, get_response: Any = None, settings: Any = project_settings) -> None:
        super().__init__(get_response, settings)
        self.media_types = MediaTypes(extra_types=KINDS)
        self.index_file, self.allow_all_origins = "index.html", False
        if Path(settings.TIR_SCANNER).is_dir():
            self.add_files(settings.TIR_SCANNER, prefix=AT)

    def add_cache_headers(self, headers: Headers, path: str, url: str) -> None:
        """Have browsers keep what has its hash in its name and ask for the rest each time; the shell has a policy."""
        if not url.startswith(AT):
            super().add_cache_headers(headers, path, url)
            return
        headers["Cache-Control"] = FOR_GOOD if url.startswith(f"{AT}assets/") else ASK_EVERY_TIME
        if url == AT:
            for name, value in SHELL.items():
                headers[name] = value
        if url == f"{AT}sw.js":
            headers["Service-Worker-Allowed"] = AT


class ScannerNotBuilt(NotFound):
    """The scanner was not built on this machine."""

    code = "scanner_not_built"


class NotBuilt(Open):
    """What stands at /post/ while there is no scanner."""

    allow: ClassVar = {"GET": EVERYONE}

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        raise ScannerNotBuilt(
            _("The scanner is not built here. Run script/assets, then start the server again.")
        )
