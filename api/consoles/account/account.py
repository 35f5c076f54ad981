"""One's own account: where one is signed in, the password, the second factor, the language of one's letters."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from api import signing
from api.authentication import caller
from api.consoles.base import ConsolePage
from api.consoles.forms import Form, FormPage
from api.permissions import SIGNED_IN
from checkpoints.models import Device
from checkpoints.staff.ending import end_device, end_everything
from tir.accounts.models import User
from tir.kernel.clock import now
from tir.signin import factors, passwords
from tir.signin.sessions import kept_key, open_sessions
from tir.signin.tokens import tokens_of

BOTH: dict[str, frozenset[str]] = {"GET": SIGNED_IN, "POST": SIGNED_IN}
SEND: dict[str, frozenset[str]] = {"POST": SIGNED_IN}


class AccountPage(ConsolePage):
    """Everything of one's own account on one page."""

    allow: ClassVar = {"GET": SIGNED_IN}
    title, template = _("Your account"), "consoles/account/account.html"
    is_bounded: ClassVar = False  # tokens and sessions of one's own, which nobody sees behind the wall

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        user, at = caller(request), now()
        return {
            "sessions": [
                {"row": row, "is_here": row.pk == kept_key(request.session.session_key or "")}
                for row in open_sessions(user, at)
            ],
            "tokens": tokens_of(user).filter(expiry__gt=at).select_related("use").order_by("-created"),
            "devices": Device.objects.filter(officer=user, revoked_at=None).select_related("office"),
            "password_set": user.password_changes.order_by("-at").first(),
            "has_app": hasattr(user, "authenticator"),
            "passkeys": user.passkeys.order_by("added_at"),
            "codes_left": factors.codes_left(user),
            "is_needed": factors.is_needed(user),
            "language": dict(settings.LANGUAGES).get(user.language, ""),
        }


def _new_password() -> forms.CharField:
    return forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=passwords.LONGEST,
        help_text=_("At least 12 characters. Three or four words of your own are easy to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def present_password() -> forms.CharField:
    return forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=passwords.LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(Form):
    new = _new_password()


class PasswordForm(Form):
    present = present_password()
    new = _new_password()


class PresentPasswordForm(Form):
    present = present_password()


@method_decorator(sensitive_post_parameters("present", "new"), name="dispatch")
class PasswordPage(FormPage):
    """Another password; everything that the old one opened ends, but this session."""

    allow: ClassVar = BOTH
    title, form, submit = _("Change your password"), PasswordForm, _("Change the password")
    says = _("You are signed out everywhere else, and your phones must be enrolled anew at the office.")
    done = _("Your password is changed. You are signed out everywhere else.")

    def act(self, request: HttpRequest, form: PasswordForm, **arguments: Any) -> str:
        user = caller(request)
        signing.change_own_password(
            request,
            user,
            present=form.cleaned_data["present"],
            new=form.cleaned_data["new"],
            session=request.session.session_key,
            token=None,
            at=now(),
        )
        update_session_auth_hash(request, user)
        return reverse("console-account")

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-account")


class LanguageForm(Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class AccountLanguagePage(FormPage):
    """The language of one's e-mails."""

    allow: ClassVar = BOTH
    title, form, submit = _("Language of your e-mails"), LanguageForm, _("Save")
    done = _("Saved.")

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        return {"language": caller(request).language or "en"}

    def act(self, request: HttpRequest, form: LanguageForm, **arguments: Any) -> str:
        User.objects.filter(pk=caller(request).pk).update(language=form.cleaned_data["language"])
        return reverse("console-account")

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-account")


class EndButton(ConsolePage):
    """End one thing of one's own that is open, and come back."""

    allow: ClassVar = SEND

    def end(self, request: HttpRequest, **named: Any) -> str:
        """End it and return the sentence to show. Raises Http404 for another's."""
        raise NotImplementedError

    def post(self, request: HttpRequest, **named: Any) -> HttpResponseBase:
        messages.success(request, self.end(request, **named))
        return redirect("console-account")


class EndSession(EndButton):
    def end(self, request: HttpRequest, **named: Any) -> str:
        found = open_sessions(caller(request), now()).filter(pk=named["session_id"])
        if not found.delete()[0]:
            raise Http404
        return gettext("The session is ended.")


class EndToken(EndButton):
    def end(self, request: HttpRequest, **named: Any) -> str:
        found = tokens_of(caller(request)).filter(token_key=named["token_key"])
        if not found.delete()[0]:
            raise Http404
        return gettext("The token is ended.")


class EndOwnDevice(EndButton):
    def end(self, request: HttpRequest, **named: Any) -> str:
        device_id: UUID = named["device_id"]
        device = Device.objects.filter(officer=caller(request), pk=device_id, revoked_at=None).first()
        if device is None:
            raise Http404
        end_device(device, reason=gettext("Its officer ended it."), by=caller(request), at=now())
        return gettext("The phone is revoked. What it has not sent can be exported on it and handed in.")


class EndOthers(EndButton):
    """Everything but this session: whoever thinks that somebody else is in begins here."""

    def end(self, request: HttpRequest, **named: Any) -> str:
        user = caller(request)
        reason = gettext("Its officer ended everything.")
        end_everything(user, by=user, reason=reason, at=now(), session=request.session.session_key)
        return gettext("You are signed out everywhere else.")


class ShowsCodes(FormPage):
    """A form whose success is a page of codes, shown once."""

    allow: ClassVar = BOTH

    def shown(self, request: HttpRequest, user: User) -> HttpResponse:
        self.template = "consoles/account/codes.html"  # type: ignore[misc]
        codes = factors.new_recovery_codes(user, at=now())
        return self.page(request, title=_("Recovery codes"), codes=codes, leads_to=reverse("console-account"))

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-account")
