"""The page behind an invitation's link: the person sets their own password and is signed in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from api.consoles.base import PublicPage
from api.consoles.people.forms import AcceptForm
from tir.accounts import inviting
from tir.kernel.clock import now
from tir.kernel.errors import DomainError

BACKEND = "django.contrib.auth.backends.ModelBackend"


@method_decorator(sensitive_post_parameters("password", "again"), name="dispatch")
class InvitationPage(PublicPage):
    """Set one's own password, once."""

    title = _("Welcome")
    template = "consoles/people/accept.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return whom the link is for. Raises InvitationUnknown."""
        person = inviting.invited(kwargs["secret"], at=now())
        return {"person": person, "form": AcceptForm()}

    def post(self, request: HttpRequest, secret: str) -> HttpResponseBase:
        """Set the password, open the account, sign in, and go to the first page of the role."""
        person, form = inviting.invited(secret, at=now()), AcceptForm(request.POST)
        if not form.is_valid():
            return self.page(request, status=400, person=person, form=form)
        try:
            person = inviting.accept(secret=secret, password=form.cleaned_data["password"], at=now())
        except DomainError as error:
            return self.page(request, status=form.refuse(error), person=person, form=form)
        login(request, person, backend=BACKEND)
        messages.success(request, str(_("Your password is set, and you are signed in.")))
        return redirect("console")
