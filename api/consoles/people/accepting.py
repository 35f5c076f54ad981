"""The page behind an invitation's link: the person sets their own password and goes on to sign in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from api.consoles.account import pending
from api.consoles.base import PublicPage
from api.consoles.people.forms import AcceptForm
from tir.kernel.clock import now
from tir.kernel.errors import DomainError
from tir.signin import inviting


@method_decorator(sensitive_post_parameters("password", "again"), name="dispatch")
class InvitationPage(PublicPage):
    """Set one's own password, once."""

    title = _("Welcome")
    template = "consoles/people/accept.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return whom the link is for. Raises LinkNotGood."""
        person = inviting.invited(kwargs["secret"], at=now())
        return {"person": person, "form": AcceptForm()}

    def post(self, request: HttpRequest, secret: str) -> HttpResponseBase:
        """Set the password, open the account, and go on as after any password: to the second factor where the role
        needs one, else to the first page of the role."""
        person, form = inviting.invited(secret, at=now()), AcceptForm(request.POST)
        if not form.is_valid():
            return self.page(request, status=400, person=person, form=form)
        try:
            person = inviting.accept(secret=secret, password=form.cleaned_data["password"], at=now())
        except DomainError as error:
            return self.page(request, status=form.refuse(error), person=person, form=form)
        messages.success(request, str(_("Your password is set.")))
        return redirect(pending.next_step(request, person, leads_to=reverse("console"), at=now()))
