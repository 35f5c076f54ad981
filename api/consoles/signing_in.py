"""Signing in and out, the language, and where each role begins."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.forms import UsernameField
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.i18n import set_language

from api import errors, signing
from api.authentication import caller
from api.consoles.account import pending
from api.consoles.base import ConsolePage, PublicPage
from api.consoles.careful import CarefulForm
from api.consoles.menu import menu_items_for
from api.permissions import REGISTRARS, SIGNED_IN
from api.scope.reader import reader_of
from checkpoints.posts.missing import is_at_work, missing
from guarantees.models import Association
from tir.kernel.clock import now
from tir.signin import passwords
from tir.signin.attempts import TooManyAttempts
from tir.signin.hashing import SignInBusy

MOST_OF_A_NAME = 150  # characters, as the accounts have it
LOCKED = _("Too many wrong passwords. Wait a quarter of an hour, then try again.")
WRONG = _("Username or password is wrong. After five wrong ones you must wait.")


class SignInForm(CarefulForm):
    """A name longer than any account's is refused before anybody looks it up, as the API refuses it."""

    username = UsernameField(
        label=_("Username"),
        max_length=MOST_OF_A_NAME,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=passwords.LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class SignInPage(PublicPage):
    """Ask for username and password, and go on to the second factor where the account has or needs one."""

    title = _("Sign in")
    template = "consoles/sign-in.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect(_next(request))
        return self._form(request, SignInForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Go on; 401 for a wrong password, 429 once there were too many, 503 while too many sign in at once."""
        form = SignInForm(request.POST)
        if not form.is_valid():
            return self._form(request, form, status=401)
        name, password = form.cleaned_data["username"], form.cleaned_data["password"]
        try:
            user = signing.person_with(request, name, password, at=now())
        except (TooManyAttempts, SignInBusy) as error:
            form.add_error(None, str(error.detail))
            answer = self._form(request, form, status=errors.http_status_of(error))
            for header, value in errors.waiting(error).items():
                answer.headers[header] = value
            vars(answer)["refusal_code"] = (
                error.error_code
            )  # for the line that tells of it: see `api.requests`
            return answer
        if user is not None and not signing.is_shut_out(request):
            return redirect(pending.next_step(request, user, leads_to=_next(request), at=now()))
        is_out = signing.is_shut_out(request)
        form.add_error(None, LOCKED if is_out else WRONG)
        return self._form(request, form, status=429 if is_out else 401)

    def _form(self, request: HttpRequest, form: SignInForm, status: int = 200) -> HttpResponse:
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
    """Send each role to the first page of its menu; who sets a country up to what is missing, until it works; an
    association without a holder to where it authorises one."""

    allow: ClassVar = {"GET": SIGNED_IN}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if caller(request).has_role(*REGISTRARS) and _is_being_set_up(reader_of(request).country):
            return redirect("console-setup")
        if _has_no_holder_yet(reader_of(request).association):
            return redirect("console-holders")
        return redirect(menu_items_for(caller(request), request.path)[0].address)


def _is_being_set_up(country: str) -> bool:
    return not is_at_work(country) and any(not step.is_done for step in missing(country))


def _has_no_holder_yet(association: Association | None) -> bool:
    return association is not None and not association.holders.exists()


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
