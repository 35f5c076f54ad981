"""Signing in and out, the language, and where each role begins."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.i18n import set_language

from api.authentication import caller
from api.consoles.base import ConsolePage, PublicPage
from api.consoles.careful import CarefulForm
from api.consoles.menu import menu_items_for
from api.permissions import REGISTRARS, SIGNED_IN
from checkpoints.posts.missing import is_empty

MOST_OF_A_NAME = 150  # characters, as the accounts have it
LOCKED = _("Too many wrong passwords. Wait a quarter of an hour, then try again.")
WRONG = _("Username or password is wrong. After five wrong ones you must wait.")


class SignInForm(CarefulForm, AuthenticationForm):
    """Django's own; a name longer than any account's is refused before anybody looks it up, as the API refuses it."""

    username = UsernameField(max_length=MOST_OF_A_NAME, widget=forms.TextInput(attrs={"autofocus": True}))

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        return super().clean()


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class SignInPage(PublicPage):
    """Open a session with username and password."""

    cost = "sign_in"
    title = _("Sign in")
    template = "consoles/sign-in.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect(_next(request))
        return self._form(request, SignInForm(request))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Open a session and go on; 401 for a wrong password, 429 once there were too many."""
        form = SignInForm(request, request.POST)
        form.error_messages = {"invalid_login": WRONG, "inactive": WRONG}
        if form.is_valid():
            login(request, form.get_user())
            return redirect(_next(request))
        if getattr(request, "axes_locked_out", False):
            form.errors.clear()
            form.add_error(None, LOCKED)
            return self._form(request, form, status=429)
        return self._form(request, form, status=401)

    def _form(self, request: HttpRequest, form: AuthenticationForm, status: int = 200) -> HttpResponse:
        return self.page(request, status=status, form=form, next=_next(request))


class SignOutButton(ConsolePage):
    """End the session."""

    allow: ClassVar = {"POST": SIGNED_IN}

    def post(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        return redirect("console-sign-in")


class LanguageButton(PublicPage):
    """Remember the reader's language in a cookie and go back."""

    allow: ClassVar = {"POST": PublicPage.allow["POST"]}

    def post(self, request: HttpRequest) -> HttpResponseBase:
        return set_language(request)


class LandingPage(ConsolePage):
    """Send each role to the first page of its menu, and who sets up an empty installation to what is missing."""

    allow: ClassVar = {"GET": SIGNED_IN}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if caller(request).has_role(*REGISTRARS) and is_empty():
            return redirect("console-setup")
        return redirect(menu_items_for(caller(request), request.path)[0].address)


class RootPage(PublicPage):
    """The bare address leads to the consoles, which lead on."""

    allow: ClassVar = {"GET": PublicPage.allow["GET"]}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("console")


def locked_out(request: HttpRequest, answer: HttpResponse, credentials: Any) -> HttpResponse:
    """Let the view's own answer stand, which says how long to wait: axes would put a line of English in its place."""
    return answer


def _next(request: HttpRequest) -> str:
    """Return where to go after signing in, if it is one of our own addresses: without a slash at its beginning it would
    be taken for the name of one."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=settings.BEHIND_TLS)
    return asked if is_ours and asked.startswith("/") else reverse("console")
