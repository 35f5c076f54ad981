"""What gunicorn serves."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tir.settings")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def behind_proxy(serve: Application) -> Application:
    """Return the application as it is reached through our own proxy alone: the address of a caller is what the proxy
    says, which puts its own word in the place of the caller's."""

    def served(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = environ.get("HTTP_X_REAL_IP", "") or environ.get("REMOTE_ADDR", "")
        return serve(environ, start_response)

    return served


application: Application = get_wsgi_application()
if os.environ.get("BEHIND_PROXY") == "1":
    application = behind_proxy(application)
