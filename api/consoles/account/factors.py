"""The second factor of one's own account: set up, shown anew, removed. Each asks for the present password."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from api.authentication import caller
from api.consoles.account.account import BOTH, PresentPasswordForm, ShowsCodes, present_password
from api.consoles.account.apps import AppForm, ask_for_app, take_app
from api.consoles.base import ConsolePage
from api.consoles.forms import FormPage
from api.permissions import SIGNED_IN
from tir.kernel.clock import now
from tir.kernel.errors import DomainError
from tir.signin import factors, passkeys, passwords


class OwnAppForm(AppForm):
    present = present_password()


@method_decorator(sensitive_post_parameters("present"), name="dispatch")
class OwnAppPage(ShowsCodes):
    """Set up an app, or another in its place."""

    title, template = _("Set up an authenticator app"), "consoles/account/app.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.page(request, **ask_for_app(request, caller(request), OwnAppForm()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        user, form = caller(request), OwnAppForm(request.POST)
        status = 400
        if form.is_valid():
            try:
                passwords.ensure_right(user, form.cleaned_data["present"], field="present")
                status = take_app(request, user, form)
            except DomainError as error:
                status = form.refuse(error)
        if status:
            return self.page(request, status=status, **ask_for_app(request, user, form))
        return self.shown(request, user)


@method_decorator(sensitive_post_parameters("present"), name="dispatch")
class RecoveryCodesPage(ShowsCodes):
    """New codes; those before them are worth nothing any more."""

    title, form, submit = _("New recovery codes"), PresentPasswordForm, _("Make new codes")
    says = _("The codes you have now stop working.")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = PresentPasswordForm(request.POST)
        if not form.is_valid():
            return self._show(request, form, 400, kwargs)
        try:
            passwords.ensure_right(caller(request), form.cleaned_data["present"], field="present")
        except DomainError as error:
            return self._show(request, form, form.refuse(error), kwargs)
        return self.shown(request, caller(request))


@method_decorator(sensitive_post_parameters("present"), name="dispatch")
class RemovalPage(FormPage):
    """Do without one part of the second factor."""

    allow: ClassVar = BOTH
    form, submit, tone = PresentPasswordForm, _("Remove"), "danger"
    done = _("It is removed.")

    def remove(self, request: HttpRequest, **arguments: Any) -> None:
        raise NotImplementedError

    def act(self, request: HttpRequest, form: PresentPasswordForm, **arguments: Any) -> str:
        passwords.ensure_right(caller(request), form.cleaned_data["present"], field="present")
        self.remove(request, **arguments)
        return reverse("console-account")

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-account")


class RemoveAppPage(RemovalPage):
    title = _("Remove the authenticator app")

    def remove(self, request: HttpRequest, **arguments: Any) -> None:
        factors.remove_app(caller(request))


class RemovePasskeyPage(RemovalPage):
    title = _("Remove a passkey")

    def remove(self, request: HttpRequest, **arguments: Any) -> None:
        factors.remove_passkey(caller(request), arguments["passkey_id"])


class PasskeyForm(PresentPasswordForm):
    name = forms.CharField(
        label=_("What you call it"), max_length=60, help_text=_("The phone, computer or key that holds it.")
    )
    answer = forms.CharField(widget=forms.HiddenInput(), required=False, max_length=20_000)


@method_decorator(sensitive_post_parameters("present"), name="dispatch")
class AddPasskeyPage(ShowsCodes):
    """The browser makes a key pair; what it answers comes with the form."""

    title, form, submit = _("Add a passkey"), PasskeyForm, _("Add the passkey")
    template = "consoles/account/passkey.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form, user = PasskeyForm(request.POST), caller(request)
        if not form.is_valid():
            return self._show(request, form, 400, kwargs)
        is_first = not factors.is_set_up(user)
        try:
            passwords.ensure_right(user, form.cleaned_data["present"], field="present")
            passkeys.register(
                user,
                form.cleaned_data["answer"].encode(),
                name=form.cleaned_data["name"],
                challenge=request.session.pop(passkeys.CHALLENGE, ""),
                origin=f"{request.scheme}://{request.get_host()}",
                at=now(),
            )
        except DomainError as error:
            return self._show(request, form, form.refuse(error), kwargs)
        return self.shown(request, user) if is_first else self._added()

    def _added(self) -> HttpResponse:
        return HttpResponse(status=302, headers={"Location": reverse("console-account")})


class PasskeyOptions(ConsolePage):
    """What the browser is asked to make a key pair for."""

    allow: ClassVar = {"GET": SIGNED_IN}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked, challenge = passkeys.ask_to_register(caller(request), host=request.get_host())
        request.session[passkeys.CHALLENGE] = challenge
        return HttpResponse(asked, content_type="application/json")
