"""What gunicorn serves."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tir.settings")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def behind_proxy(serve: Application) -> Application:
    """Return the application as it is reached through our own proxy alone: the address of a caller is what the proxy
    says, which puts its own word in the place of the caller's."""

    def served(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = environ.get("HTTP_X_REAL_IP", "") or environ.get("REMOTE_ADDR", "")
        return serve(environ, start_response)

    return served


def _ensure_kind() -> None:
    """Refuse to serve a database that is not what this installation says it is; the workers make connections of their
    own, so none is left to them."""
    from tir.kernel.sandbox import ensure_kind  # noqa: PLC0415  (models can be loaded only once Django is set up)

    ensure_kind()
    connections.close_all()


application: Application = get_wsgi_application()
_ensure_kind()
if os.environ.get("BEHIND_PROXY") == "1":
    application = behind_proxy(application)
