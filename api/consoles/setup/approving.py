"""What waits for a second person, on a page: what is proposed, by whom and why; a yes, or a no with its reason."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles.base import ConsolePage
from api.consoles.forms import Form, FormPage, ReasonForm, words_field
from api.consoles.setup.shown import said_of, title_of
from api.permissions import REGISTRARS
from api.scope.reader import Reader, reader_of
from api.scope.registers import approval_for, approval_to_decide, approvals_for, may_decide
from checkpoints.posts import proposals
from tir.approvals import deciding
from tir.approvals.models import Approval, Word
from tir.kernel.clock import now

MOST_SHOWN = 100


class ApprovalsPage(ConsolePage):
    """Proposals of the reader's country, what is open first."""

    allow: ClassVar = {"GET": REGISTRARS}
    title = _("Waiting for approval")
    menu = _("Approvals")
    template = "consoles/setup/approvals.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the newest proposals, each with what it says."""
        rows = list(approvals_for(reader_of(request)).order_by("-id")[:MOST_SHOWN])
        rows.sort(key=lambda each: each.status != "open")
        return {"rows": [_card(each, reader_of(request)) for each in rows]}


def _card(approval: Any, reader: Reader) -> dict[str, Any]:
    """Return a proposal as its card shows it: may the reader say yes, or have they said it, or made it themselves?"""
    words = list(approval.words.all())
    return {
        "approval": approval,
        "kind": title_of(approval.kind),
        "facts": said_of(approval),
        "words": words,
        "may_decide": may_decide(reader, approval),
        "is_own": approval.proposed_by_id == reader.user_id,
        "has_spoken": any(word.by_id == reader.user_id for word in words),
        "left": approval.needed - sum(word.word == Word.APPROVE for word in words),
    }


class DecideForm(Form):
    """One form, two buttons: the one that is pressed says which word it is; a no has a reason."""

    reason = words_field(
        _("Remark"), most=500, help_text=_("Say why if you refuse. Who approves may leave it blank.")
    )
    word = forms.ChoiceField(choices=Word.choices, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("word") == Word.REFUSE and not said.get("reason", "").strip():
            self.add_error("reason", _("Say why you refuse."))
        return said


class ApprovePage(FormPage):
    """Look at one proposal, and say yes or no."""

    allow: ClassVar = {"GET": REGISTRARS, "POST": REGISTRARS}
    template = "consoles/setup/decide.html"
    title, submit = _("Approve or refuse"), _("Approve")
    form: ClassVar[type[Form]] = DecideForm

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        approval = approval_to_decide(reader_of(request), arguments["approval_id"])
        said = form.cleaned_data
        if said.get("word") == Word.REFUSE:
            return self.refused(request, approval, said["reason"])
        proposals.approve(approval, by=caller(request), at=now(), reason=said["reason"])
        messages.success(request, gettext("Your approval is recorded."))
        return self.back(request)

    def refused(self, request: HttpRequest, approval: Approval, reason: str) -> str:
        """Say no and return where that leads."""
        deciding.refuse(approval.pk, by=caller(request), at=now(), reason=reason[:500])
        messages.success(request, gettext("The proposal is refused."))
        return self.back(request)

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-approvals")

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        reader = reader_of(request)
        card = _card(approval_for(reader, kwargs["approval_id"]), reader)
        return {"card": card, "is_choice": card["may_decide"] and not card["is_own"]}


class RefusePage(ApprovePage):
    """Say no, with the reason; who proposed it takes it back so."""

    title, form, submit = _("Refuse"), ReasonForm, _("Refuse")
    tone = "danger"

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        approval = approval_to_decide(reader_of(request), arguments["approval_id"])
        return self.refused(request, approval, form.cleaned_data["reason"])

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = super().context(request, *args, **kwargs)
        own = {"title": gettext("Take it back"), "submit": gettext("Take it back")}
        return {**found, "is_choice": False, "may_refuse": True, **(own if found["card"]["is_own"] else {})}
