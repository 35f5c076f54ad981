"""After the password: the code of the second factor, a passkey, or setting one up where the role needs one."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api import signing
from api.consoles.account import pending
from api.consoles.account.apps import AppForm, ask_for_app, take_app
from api.consoles.base import PublicPage
from api.consoles.forms import Form
from api.permissions import EVERYONE
from tir.accounts.models import User
from tir.audit.asking import name_person
from tir.kernel.clock import now
from tir.kernel.errors import DomainError
from tir.signin import factors, passkeys

LOCKED = _("Too many wrong ones. Wait a quarter of an hour, then try again.")


class CodeForm(Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Six digits from your app, or one of the recovery codes you wrote down."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )


class PendingPage(PublicPage):
    """A page for whoever has given the right password, and nothing else yet."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in self.allow and pending.pending_user(request, now()) is None:
            return redirect("console-sign-in")
        return super().dispatch(request, *args, **kwargs)

    def person(self, request: HttpRequest) -> User:
        found = pending.pending_user(request, now())
        if found is None:
            raise signing.SecondFactorRequired
        name_person(found)
        return found

    def let_in(self, request: HttpRequest) -> str:
        """Open the session and return where the person wanted to go."""
        address = pending.pending_address(request, reverse("console"))
        pending.open_session(request, self.person(request), at=now())
        return address


class CodePage(PendingPage):
    """Ask for the code of the app, or offer the passkey."""

    title = _("Second factor")
    template = "consoles/account/code.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {
            "form": kwargs.get("form") or CodeForm(),
            "has_passkey": self.person(request).passkeys.exists(),
        }

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Go on with the right code; 401 for a wrong one, 429 after too many."""
        form, at = CodeForm(request.POST), now()
        if not form.is_valid():
            return self.page(request, status=400, **self.context(request, form=form))
        if signing.is_code_right(request, self.person(request), form.cleaned_data["code"], at=at):
            return redirect(self.let_in(request))
        is_out = signing.is_shut_out(request)
        form.add_error("code", LOCKED if is_out else signing.CODE_NOT_RIGHT)
        return self.page(request, status=429 if is_out else 401, **self.context(request, form=form))


class PasskeyStep(PendingPage):
    """What a browser asks the passkey to sign, and the signature that comes back; both JSON, for the page's script."""

    allow: ClassVar = {"GET": EVERYONE, "POST": EVERYONE}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked, challenge = passkeys.ask_to_sign(self.person(request), host=request.get_host())
        request.session[passkeys.CHALLENGE] = challenge
        return HttpResponse(asked, content_type="application/json")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Let in whose passkey has signed; 401 for anything else."""
        challenge = request.session.pop(passkeys.CHALLENGE, "")
        origin = f"{request.scheme}://{request.get_host()}"
        user, at = self.person(request), now()
        try:
            passkeys.check(user, request.body, challenge=challenge, origin=origin, at=at)
        except DomainError as error:
            return JsonResponse({"detail": str(error.detail)}, status=401)
        return JsonResponse({"next": self.let_in(request)})


class SetUpPage(PendingPage):
    """Set up the app that the role needs, before the first page opens; then show the codes to write down."""

    title = _("Set up a second factor")
    template = "consoles/account/app.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if factors.is_set_up(self.person(request)):
            return redirect("console-sign-in-code")
        return self.page(request, **ask_for_app(request, self.person(request), AppForm(), is_first=True))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        user = self.person(request)
        if factors.is_set_up(user):
            return redirect("console-sign-in-code")
        form = AppForm(request.POST)
        status = take_app(request, user, form)
        if status:
            return self.page(request, status=status, **ask_for_app(request, user, form, is_first=True))
        address = self.let_in(request)
        codes = factors.new_recovery_codes(user, at=now())
        self.template = "consoles/account/codes.html"  # type: ignore[misc]
        return self.page(request, title=_("Recovery codes"), codes=codes, leads_to=address)
