"""Decisions about people, each a form with its reason: one domain call."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles.formatting import office_name
from api.consoles.forms import Form, FormPage
from api.consoles.people.forms import (
    ChangeForm,
    EndPostingForm,
    Givable,
    HandOverForm,
    InviteForm,
    PasswordLinkForm,
    PersonReasonForm,
    PostForm,
    offered_by,
)
from api.consoles.people.listing import lasting
from api.people import link_to
from api.permissions import MANAGERS
from api.scope.people import people_for, person_for
from carnets.documents.qr import qr_svg
from checkpoints.staff import deciding, inviting, posting
from checkpoints.staff.handing_over import duties_of, hand_over
from checkpoints.staff.standing import administering, home_of, standing_of
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.kernel.errors import DomainError
from tir.signin.links import NewLink
from tir.signin.mailing import mail_link
from tir.signin.models import LinkPurpose


def offered_to(request: HttpRequest) -> Givable:
    return offered_by(administering(caller(request), at=now()), at=now())


class PeopleFormPage(FormPage):
    allow: ClassVar = {"GET": MANAGERS, "POST": MANAGERS}

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-people")

    def shown(self, request: HttpRequest, made: NewLink) -> HttpResponseBase:
        """Show the link and its code, this once: only a digest of the secret is kept."""
        link = link_to(made, request.build_absolute_uri("/"))
        self.template = "consoles/people/link.html"  # type: ignore[misc]
        is_invitation = made.link.purpose == LinkPurpose.INVITATION
        return self.page(
            request,
            title=_("Invitation") if is_invitation else _("Link for a new password"),
            is_invitation=is_invitation,
            person=made.link.user,
            link=link,
            code=mark_safe(qr_svg(link)),  # noqa: S308 - drawn by us, of an address of ours
            expires_at=made.link.expires_at,
            mailed=mail_link(made, link),
        )


class InvitePage(PeopleFormPage):
    """Invite a person; the answer shows the link."""

    title, form, submit = _("Invite a person"), InviteForm, _("Invite")
    template = "consoles/people/invite.html"

    def build(self, request: HttpRequest, *given: Any, **options: Any) -> Form:
        return InviteForm(*given, offered=offered_to(request), **options)

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        """Return the reader's language, and ticked the role that the address names, as a step of setting up does."""
        return {"language": get_language(), f"role_{request.GET.get('role', '')}": True}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Make the account and show the link; what was refused stands beside its field."""
        form: Any = self.build(request, request.POST)
        if not form.is_valid():
            return self._show(request, form, 400, kwargs)
        try:
            made = self._invite(request, form)
        except DomainError as error:
            return self._show(request, form, form.refuse(error, {"roles": "role_officer"}), kwargs)
        return self.shown(request, made)

    def _invite(self, request: HttpRequest, form: InviteForm) -> NewLink:
        said = form.cleaned_data
        country, association = said.get("country", ""), said.get("association", "")
        is_free = "country" in form.fields
        own = administering(caller(request), at=now()).home
        wanted = form.posting_wanted()
        return inviting.invite(
            new=inviting.NewPerson(
                said["username"], said["name"], said["language"], said["email"], country, association
            ),
            roles=form.roles_wanted(home=home_of(country, association) if is_free else own),
            postings=[wanted] if wanted else [],
            by=caller(request),
            reason=said["reason"],
            at=now(),
        )


class PersonFormPage(PeopleFormPage):
    """A form about one person that leads back to their page."""

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-person", kwargs={"person_id": arguments["person_id"]})

    def person(self, request: HttpRequest, arguments: Any) -> User:
        """Return the person of the address. Raises Http404 for one whom the reader does not look after."""
        return person_for(caller(request), int(arguments["person_id"]), at=now())

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        person = self.person(request, kwargs)
        return {"says": f"{person.get_full_name()} · {person.username}"}


class ChangePersonPage(PersonFormPage):
    title, form, submit, done = _("Change"), ChangeForm, _("Save"), _("It is changed.")
    template = "consoles/people/change.html"
    fields: ClassVar = {"roles": "role_officer"}

    def build(self, request: HttpRequest, *given: Any, **options: Any) -> Form:
        person = self.person(request, request.resolver_match.kwargs)  # type: ignore[union-attr]
        return ChangeForm(*given, offered=offered_to(request), held=lasting(person), **options)

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        person = self.person(request, arguments)
        return {"name": person.name, "language": person.language, "email": person.email}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        person = self.person(request, arguments)
        said = form.cleaned_data
        home = standing_of(person, at=now()).home
        deciding.change(
            person_id=person.pk,
            details={name: said[name] for name in ("name", "language", "email")},
            roles=form.roles_wanted(home=home, kept=lasting(person)),
            by=caller(request),
            reason=said["reason"],
            at=now(),
        )
        return self.back(request, **arguments)


class DeactivatePage(PersonFormPage):
    title, form, submit, tone = _("Close the account"), PersonReasonForm, _("Close it"), "danger"
    done = _("The account is closed; its sessions, tokens and phones ended with it.")

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        person, reason = self.person(request, arguments), form.cleaned_data["reason"]
        deciding.deactivate(person_id=person.pk, by=caller(request), reason=reason, at=now())
        return self.back(request, **arguments)


class ReactivatePage(PersonFormPage):
    title, form, submit = _("Open the account again"), PersonReasonForm, _("Open it")
    done = _("The account is open.")

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        person, reason = self.person(request, arguments), form.cleaned_data["reason"]
        deciding.reactivate(person_id=person.pk, by=caller(request), reason=reason, at=now())
        return self.back(request, **arguments)


class InviteAgainPage(PersonFormPage):
    title, form, submit = _("Make another link"), PersonReasonForm, _("Make it")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Make another link and show it; the earlier one ends."""
        form: Any = self.build(request, request.POST)
        if not form.is_valid():
            return self._show(request, form, 400, kwargs)
        try:
            made = inviting.invite_again(
                person_id=self.person(request, kwargs).pk,
                by=caller(request),
                reason=form.cleaned_data["reason"],
                at=now(),
            )
        except DomainError as error:
            return self._show(request, form, form.refuse(error), kwargs)
        return self.shown(request, made)


class PasswordLinkPage(PersonFormPage):
    """A link for a colleague who forgot the password; the answer shows it."""

    title, form, submit = _("Link for a new password"), PasswordLinkForm, _("Make it")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Make the link and show it; one made before ends."""
        form: Any = self.build(request, request.POST)
        if not form.is_valid():
            return self._show(request, form, 400, kwargs)
        try:
            made = deciding.make_password_link(
                person_id=self.person(request, kwargs).pk,
                forgets_factor=form.cleaned_data["forget"],
                by=caller(request),
                reason=form.cleaned_data["reason"],
                at=now(),
            )
        except DomainError as error:
            return self._show(request, form, form.refuse(error), kwargs)
        return self.shown(request, made)


class RevokeInvitationPage(PersonFormPage):
    title, form, submit, tone = _("Revoke the invitation"), PersonReasonForm, _("Revoke it"), "danger"
    done = _("The invitation is revoked; its link opens nothing.")

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        person, reason = self.person(request, arguments), form.cleaned_data["reason"]
        inviting.revoke_invitation(person_id=person.pk, by=caller(request), reason=reason, at=now())
        return self.back(request, **arguments)


class PostPersonPage(PersonFormPage):
    title, form, submit, done = _("Post to an office"), PostForm, _("Post"), _("The posting is recorded.")

    def build(self, request: HttpRequest, *given: Any, **options: Any) -> Form:
        return PostForm(*given, offered=offered_to(request), **options)

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        person, said = self.person(request, arguments), form.cleaned_data
        posting.post(
            person_id=person.pk,
            wanted=form.posting_wanted(moves=said["moves"]),
            by=caller(request),
            reason=said["reason"],
            at=now(),
        )
        return self.back(request, **arguments)


class EndPostingPage(PersonFormPage):
    title, form, submit = _("End the posting"), EndPostingForm, _("End it")
    done, tone = _("The posting ends."), "danger"
    fields: ClassVar = {"valid_from": "on"}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        person, said = self.person(request, arguments), form.cleaned_data
        posting.end_posting(
            person_id=person.pk,
            posting_id=int(arguments["posting_id"]),
            on=said["on"],
            by=caller(request),
            reason=said["reason"],
            at=now(),
        )
        return self.back(request, **arguments)


class HandOverPage(PersonFormPage):
    title, form, submit = _("Hand duties over"), HandOverForm, _("Hand over")
    template = "consoles/people/hand-over.html"
    done = _("The duties are handed over.")
    fields: ClassVar = {"office": "to", "valid_from": "on"}

    def build(self, request: HttpRequest, *given: Any, **options: Any) -> Form:
        person = self.person(request, request.resolver_match.kwargs)  # type: ignore[union-attr]
        others = people_for(caller(request), at=now()).filter(is_active=True)
        colleagues = others.exclude(pk__in=(person.pk, caller(request).pk)).order_by("username")[:500]
        return HandOverForm(*given, colleagues=colleagues, **options)

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        duties = duties_of(self.person(request, kwargs), at=now())
        named = {
            "offices": map(office_name, duties.offices),
            "roles": [Role(each).label for each in duties.roles],
        }
        return {**super().context(request, *args, **kwargs), "duties": duties, **named}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        person, said = self.person(request, arguments), form.cleaned_data
        hand_over(
            person_id=person.pk,
            to_id=int(said["to"]),
            on=said["on"],
            roles=said["roles"],
            end_phones=said["end_phones"],
            by=caller(request),
            reason=said["reason"],
            at=now(),
        )
        return self.back(request, **arguments)
