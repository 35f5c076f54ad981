"""A password that was forgotten: the link by mail where mail is set up, else by a manager; and the page it leads to."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from api.consoles.account.account import NewPasswordForm
from api.consoles.base import PublicPage
from api.consoles.forms import Form, FormPage
from api.permissions import EVERYONE
from checkpoints.staff.ending import reset_password
from tir.audit.asking import name_person
from tir.kernel.clock import now
from tir.signin import links, mailing
from tir.signin.addresses import address_of
from tir.signin.models import LinkPurpose


class NameForm(Form):
    username = forms.CharField(label=_("Username"), max_length=150)


class ForgottenPage(FormPage, PublicPage):
    """Ask for a link. The answer is the same for a name that exists and one that does not, and takes as long: who it is
    is looked up later, by the worker that writes the mail."""

    allow: ClassVar = {"GET": EVERYONE, "POST": EVERYONE}
    title, form, submit = _("Forgotten password"), NameForm, _("Send me a link")
    template = "consoles/account/forgotten.html"
    done = _(
        "If there is such an account with an e-mail address, a link is on its way. It works once, for a day."
    )

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {"by_mail": settings.LINKS_BY_MAIL}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not settings.LINKS_BY_MAIL:
            return self._show(request, NameForm(), 409, kwargs)
        return super().post(request, **kwargs)

    def act(self, request: HttpRequest, form: NameForm, **arguments: Any) -> str:
        mailing.ask(
            form.cleaned_data["username"], site=f"{request.scheme}://{request.get_host()}",
            address=address_of(request.META), at=now(),
        )  # fmt: skip
        return reverse("console-sign-in")

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-sign-in")


@method_decorator(sensitive_post_parameters("new"), name="dispatch")
class NewPasswordPage(FormPage, PublicPage):
    """Where a one-time link leads: a new password, and everything that the old one opened is ended. Reading the page
    does not use the link, for mail programs read links too."""

    allow: ClassVar = {"GET": EVERYONE, "POST": EVERYONE}
    title, form, submit = _("Choose a new password"), NewPasswordForm, _("Save the password")
    says = _("You are signed out everywhere, and your phones must be enrolled anew at the office.")
    done = _("Your password is changed. Sign in with it.")

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        link = links.read(kwargs["secret"], purpose=LinkPurpose.PASSWORD, at=now())
        return {"title": _("A new password for {name}").format(name=link.user.username)}

    def act(self, request: HttpRequest, form: NewPasswordForm, **arguments: Any) -> str:
        name_person(reset_password(arguments["secret"], new=form.cleaned_data["new"], at=now()))
        return reverse("console-sign-in")
