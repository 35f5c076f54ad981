"""What waits for a second person, on a page: what is proposed, by whom and why; a yes, or a no with its reason."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles.base import ConsolePage
from api.consoles.forms import Form, FormPage, ReasonForm, words_field
from api.consoles.setup.shown import name_of, said_of
from api.consoles.setup.words import TITLES
from api.permissions import REGISTRARS
from api.scope.reader import reader_of
from api.scope.registers import approval_for, approvals_for
from checkpoints.posts.registers import BY_NOUN
from tir.approvals import deciding
from tir.approvals.models import Word
from tir.kernel.clock import now
from tir.registers import entering

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
        own = caller(request).pk
        return {"rows": [_card(each, own) for each in rows]}


def _card(approval: Any, own: int) -> dict[str, Any]:
    """Return a proposal as its card shows it: may the reader say yes, or have they said it, or made it themselves?"""
    words = list(approval.words.all())
    return {
        "approval": approval,
        "kind": TITLES.get(name_of(approval.kind), ""),
        "facts": said_of(approval),
        "words": words,
        "is_own": approval.proposed_by_id == own,
        "has_spoken": any(word.by_id == own for word in words),
        "left": approval.needed - sum(word.word == Word.APPROVE for word in words),
    }


class ApproveForm(Form):
    reason = words_field(_("Remark"), most=500)


class ApprovePage(FormPage):
    """Look at one proposal, and say yes."""

    allow: ClassVar = {"GET": REGISTRARS, "POST": REGISTRARS}
    template = "consoles/setup/decide.html"
    title, submit, done = _("Approve"), _("Approve"), _("Your approval is recorded.")
    form: ClassVar[type[Form]] = ApproveForm

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        approval = approval_for(reader_of(request), arguments["approval_id"])
        entering.approve(
            BY_NOUN[approval.kind], approval.pk, by=caller(request), at=now(), reason=form.cleaned_data["reason"]
        )  # fmt: skip
        return self.back(request)

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-approvals")

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        approval = approval_for(reader_of(request), kwargs["approval_id"])
        return {"approval": approval, "facts": said_of(approval)}


class RefusePage(ApprovePage):
    """Say no, with the reason."""

    title, form, submit, done = _("Refuse"), ReasonForm, _("Refuse"), _("The proposal is refused.")
    tone = "danger"

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        approval = approval_for(reader_of(request), arguments["approval_id"])
        deciding.refuse(approval.pk, by=caller(request), at=now(), reason=form.cleaned_data["reason"][:500])
        return self.back(request)
