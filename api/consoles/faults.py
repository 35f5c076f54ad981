"""Refusals and faults as pages: what happened, its code, and what to do next."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from api import errors
from api.consoles.policy import protect
from tir.kernel.errors import DomainError

CONSOLE = "/console/"


def refusal_page(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return what the API would say about this error, as a page."""
    if isinstance(error, DomainError):
        said = errors.problem_members(error)
        answer = _page(request, said["status"], said["code"], said["detail"])
        for name, value in errors.waiting(error).items():
            answer.headers[name] = value
        return answer
    if isinstance(error, Http404):
        return _page(request, 404, "not_found", str(errors.NOTHING_HERE))
    if isinstance(error, PermissionDenied):
        return _page(request, 403, "forbidden", _("Your role does not allow this."))
    errors.logger.error("database unavailable", exc_info=error)
    connection.close()
    return _bare(
        request, 503, "database_unavailable", _("The database is not reachable. Try again in a moment.")
    )


def not_found_page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that does not exist: as a page under /console/, as a problem document elsewhere."""
    if not request.path.startswith(CONSOLE):
        return errors.address_not_found(request, exception)
    return _page(request, 404, "no_such_address", _("There is no such page. Choose one from the menu."))


def form_expired_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from our own page, or that came after the session ended."""
    if not request.path.startswith(CONSOLE):
        return errors.request_unreadable(request)
    return _page(
        request,
        403,
        "form_expired",
        _("This form is too old or came from elsewhere. Go back, reload, send it again."),
    )


def server_fault_page(request: HttpRequest) -> HttpResponse:
    """Answer when we failed, without asking the database for anything."""
    if not request.path.startswith(CONSOLE):
        return errors.server_failed(request)
    return _bare(
        request, 500, "server_fault", _("Something failed on our side. It was logged. Try again in a moment.")
    )


def _page(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    from api.consoles.base import frame  # noqa: PLC0415 - pages are made of refusals too

    return _rendered(request, status, {**frame(request), "code": code, "detail": detail})


def _bare(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    return _rendered(request, status, {"is_bare": True, "code": code, "detail": detail})


def _rendered(request: HttpRequest, status: int, context: dict[str, Any]) -> HttpResponse:
    title = errors.TITLES.get(status, errors.TITLES[500])
    context = {"languages": settings.LANGUAGES, "title": title, "status": status, **context}
    answer = render(request, "consoles/fault.html", context, status=status)
    vars(answer)["refusal_code"] = context["code"]  # for the line that tells of it: see `api.requests`
    protect(answer)
    return answer
