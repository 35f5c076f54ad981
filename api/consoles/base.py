"""What every page shares: a table of who may open it, the frame around it, and how a refusal is shown."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.views import View

from api.authentication import caller
from api.consoles.faults import refusal_page
from api.consoles.menu import menu_items_for
from api.consoles.policy import CONTENT_POLICY, protect
from api.limits import charged
from api.parsing import field_invalid, text_fault
from api.permissions import EVERYONE, ByRole, Roles
from api.scope import walls
from api.scope.reader import reader_of
from guarantees.notices import unread
from tir.accounts.models import Role
from tir.kernel.characters import control_in
from tir.kernel.clock import now
from tir.kernel.errors import DomainError
from tir.kernel.sandbox import kind
from tir.log.standing import stands_still

TOLD_OF_THE_LOG = (Role.CUSTOMS_HQ, Role.ASSOCIATION, Role.SECRETARIAT, Role.OFFICER)
SHOWN_AS_PAGES = (DomainError, Http404, PermissionDenied, OperationalError, InterfaceError)


class ConsolePage(View):
    """A page that says in `allow` which roles may use which method; a method not named is denied.

    Whoever is not signed in is sent to do so and comes back here. A domain error, or something that is not there for
    this reader, is answered as a page in the console's look with the API's status and code.
    """

    allow: ClassVar[Mapping[str, Roles]] = {}
    title: ClassVar["str | Promise"] = ""
    template: ClassVar[str] = ""
    policy: ClassVar[str] = CONTENT_POLICY
    cost: ClassVar[str] = ""
    is_bounded: ClassVar[bool] = True  # what is read, is read as in `api.scope.walls`
    menu: ClassVar["str | Promise"] = (
        ""  # its name in the navigation; `api.consoles.menu` says where it stands
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer = self._answer(request, *args, **kwargs)
        except SHOWN_AS_PAGES as error:
            answer = refusal_page(request, error)
        add_never_cache_headers(answer)
        return protect(answer, self.policy)

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in self.methods():
            return self.http_method_not_allowed(request, *args, **kwargs)
        _ensure_readable(request)
        if ByRole().has_permission(cast(Any, request), cast(Any, self)):
            with charged(self._cost(request), str(request.user.pk)):
                return self._answered(request, *args, **kwargs)
        return _to_sign_in(request)

    def _answered(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do what the page does; what is only read is read behind the wall, also while a long answer is sent."""
        if request.method == "POST" or not (self.is_bounded and request.user.is_authenticated):
            return super().dispatch(request, *args, **kwargs)
        reader = reader_of(request)
        with walls.within(reader):
            answer = super().dispatch(request, *args, **kwargs)
        if isinstance(answer, StreamingHttpResponse):
            answer.streaming_content = walls.through(reader, answer.streaming_content)  # type: ignore[arg-type]
        return answer

    def _cost(self, request: HttpRequest) -> str:
        """Return what `api.limits` counts the answer as: a list that is asked for as a file is an export."""
        return "export" if request.GET.get("export") else self.cost

    def methods(self) -> list[str]:
        """Return the methods that some role may use here; every other is a 405."""
        return [*self.allow, *(["HEAD"] if "GET" in self.allow else [])]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.page(request, **self.context(request, *args, **kwargs))

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what the page's template shows."""
        return {}

    def page(self, request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render the page's template in the frame."""
        context.setdefault("title", self.title)
        return render(request, self.template, {**frame(request), **context}, status=status)


def _ensure_readable(request: HttpRequest) -> None:
    """Raise BodyInvalid for control characters in the address bar: no link of ours and no keyboard puts them there."""
    for name, values in request.GET.lists():
        for value in values:
            if control_in(name + value):
                raise field_invalid(name, text_fault(value) or "control_character")


class PublicPage(ConsolePage):
    """A page for whoever is not signed in."""

    allow: ClassVar[Mapping[str, Roles]] = {"GET": EVERYONE, "POST": EVERYONE}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame around every page needs."""
    here = request.get_full_path() if request.method == "GET" else reverse("console")
    common = {"languages": settings.LANGUAGES, "here": here, "installed": kind()}
    if not request.user.is_authenticated:
        return common
    reader = reader_of(request)
    return {
        **common,
        "menu": menu_items_for(caller(request), request.path),
        "unread": unread(caller(request)),
        "acting_for": reader.association or reader.country,
        "log_stands_still": reader.has_role(*TOLD_OF_THE_LOG) and stands_still(now()),
    }


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page and back; htmx would otherwise put that page into a corner of this one."""
    query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    address = f"{reverse('console-sign-in')}?{query}".rstrip("?")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponse(status=302, headers={"Location": address})
