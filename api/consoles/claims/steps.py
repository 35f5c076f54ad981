"""The steps of a claim as forms: each asks for its day and its words, and makes one domain call."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles.claims.listing import claim_address
from api.consoles.claims.statuses import STEP_NAMES
from api.consoles.forms import Form, FormPage, day_field, reason_field, words_field
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ
from api.scope.claims import claim_for, claim_to_document, claimable_operation, ensure_party
from api.scope.reader import reader_of
from api.verbs import ClaimDecision
from carnets import claim_evidence
from carnets.claim_evidence import evidence_of, following
from guarantees.choices import DocumentKind
from guarantees.claims import documents
from guarantees.claims import steps as claims
from guarantees.claims.opening import open_claim
from guarantees.claims.rules import CLAIM, case_of_claim, checks, maximum_of
from guarantees.models import Claim
from tir.accounts.models import User
from tir.kernel.clock import now
from tir.kernel.papers import CONTENT_TYPES

MOST_WORDS = 4000


class ClaimStepForm(Form):
    on = day_field(_("Day"))
    remark = words_field(_("Remark"), most=MOST_WORDS)


class NotifyForm(Form):
    received_on = day_field(
        _("Day the association received it"), help_text=_("Receipt counts, not dispatch (art. 11(1)).")
    )
    holder_notified_on = day_field(_("Day the holder was notified"), required=False)
    remark = words_field(_("Remark"), most=MOST_WORDS)


class DemandForm(Form):
    on = day_field(_("Day of the claim"))
    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=14, decimal_places=2)
    currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency"), max_length=3)
    debtor = forms.CharField(label=_("Debtor"), required=False, max_length=200)
    debtor_pursued_on = day_field(_("Day payment was first required of the debtor"), required=False)
    remark = words_field(_("Remark"), most=MOST_WORDS)


class ProceedingsForm(Form):
    began_on = day_field(_("Day the proceedings began"))
    decision_enforceable_on = day_field(_("Day their decision became enforceable"), required=False)
    remark = words_field(_("Remark"), most=MOST_WORDS)


class ContestForm(Form):
    grounds = forms.MultipleChoiceField(
        label=_("Grounds"),
        required=False,
        choices=[(rule.code, rule.code) for rule in CLAIM],
        widget=forms.CheckboxSelectMultiple,
    )
    on = day_field(_("Day"))
    remark = words_field(
        _("In your own words"),
        most=MOST_WORDS,
        help_text=_("Left blank, the sentences of the grounds stand in."),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not said.get("grounds") and not said.get("remark"):
            self.add_error("remark", str(_("Choose a ground, or write why.")))
        return said


class DocumentForm(Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind.choices)
    content = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG or JPEG, at most 5 MB."),
        max_length=120,
        widget=forms.FileInput(attrs={"accept": ",".join(CONTENT_TYPES)}),
    )


class OpenClaimForm(Form):
    carnet = forms.CharField(label=_("Carnet"), max_length=24)
    operation = forms.IntegerField(label=_("Operation: 1, 2, …"), min_value=1, max_value=10)
    reason = reason_field(most=MOST_WORDS)
    is_fraud = forms.BooleanField(
        label=_("The certificate was falsified or obtained by fraud"), required=False
    )


class OpenClaimPage(FormPage):
    """Establish non-discharge of one operation."""

    allow: ClassVar = {"GET": CUSTOMS_HQ, "POST": CUSTOMS_HQ}
    title = _("Establish non-discharge")
    form, submit = OpenClaimForm, _("Establish")
    says = _("Nothing is due yet. Next, the holder and the association are notified (art. 11(1)).")

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        return {name: request.GET.get(name, "") for name in ("carnet", "operation")}

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-claims")

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        """Open the claim and lead to it. Raises what `claimable_operation` does."""
        said = form.cleaned_data
        operation = claimable_operation(reader_of(request), said["carnet"], said["operation"])
        at = now()
        with following(operation.carnet_number, operation.page, at=at):
            claim = open_claim(
                operation=operation,
                reason=said["reason"],
                is_fraud=said["is_fraud"],
                by=caller(request),
                at=at,
            )
        return claim_address(claim)


class ClaimStepPage(FormPage):
    """One step on one claim: `by_customs` says whose it is, `take` makes the domain call with what the form asked."""

    form: ClassVar[type[Form]] = ClaimStepForm
    submit = _("Record")
    name: ClassVar[str]
    by_customs: ClassVar[bool]

    def take(self, claim: Claim, said: Mapping[str, Any], *, by: User, at: datetime) -> None:
        raise NotImplementedError

    def claim(self, request: HttpRequest, claim_id: int) -> Claim:
        """Return the claim, if the step is this reader's. Raises Http404, Forbidden."""
        reader = reader_of(request)
        claim = claim_for(reader, claim_id)
        ensure_party(reader, claim, by_customs=self.by_customs)
        return claim

    def context(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        claim = self.claim(request, **arguments)
        return {"claim": claim, "title": STEP_NAMES[self.name]}

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        today = self.claim(request, **arguments).association.day_at(now())
        return {"on": today, "received_on": today}

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-claim", kwargs=arguments)

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        claim, at = self.claim(request, **arguments), now()
        with following(claim.carnet_number, claim.page, at=at):
            self.take(claim, form.cleaned_data, by=caller(request), at=at)
        return claim_address(claim)


class CustomsStepPage(ClaimStepPage):
    allow: ClassVar = {"GET": CUSTOMS_HQ, "POST": CUSTOMS_HQ}
    by_customs = True


class AssociationStepPage(ClaimStepPage):
    allow: ClassVar = {"GET": ASSOCIATIONS, "POST": ASSOCIATIONS}
    by_customs = False


class DatedStepPage(ClaimStepPage):
    """A step that asks for nothing but its day and its words."""

    verb: ClassVar[ClaimDecision]

    def take(self, claim: Claim, said: Mapping[str, Any], *, by: User, at: datetime) -> None:
        self.verb(claim_id=claim.pk, on=said["on"], by=by, at=at, remark=said["remark"])


class NotifyPage(CustomsStepPage):
    name = "notify"
    form = NotifyForm
    fields: ClassVar = {"on": "received_on"}
    by_letter: ClassVar = False

    def take(self, claim: Claim, said: Mapping[str, Any], *, by: User, at: datetime) -> None:
        """Notify the association (art. 11(1)): the day it received the notification counts."""
        claims.notify(
            claim_id=claim.pk,
            received_on=said["received_on"],
            holder_notified_on=said["holder_notified_on"],
            by_letter=self.by_letter,
            by=by,
            at=at,
            remark=said["remark"],
        )


class NotifyHolderPage(DatedStepPage, CustomsStepPage):
    name, verb = "notify-holder", staticmethod(claims.notify_holder)


class ProceedingsPage(CustomsStepPage):
    name = "proceedings"
    form = ProceedingsForm
    says = _(
        "The last day for a claim then goes by their decision: one year from when it is enforceable (art. 11(3))."
    )
    fields: ClassVar = {"on": "began_on"}

    def take(self, claim: Claim, said: Mapping[str, Any], *, by: User, at: datetime) -> None:
        """Record proceedings about the debt, from which the last day for a claim then counts (art. 11(3))."""
        claims.proceedings(
            claim_id=claim.pk,
            began_on=said["began_on"],
            decision_enforceable_on=said["decision_enforceable_on"],
            by=by,
            at=at,
            remark=said["remark"],
        )


class DemandPage(CustomsStepPage):
    name = "demand"
    form = DemandForm
    by_letter: ClassVar = False

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        return {**super().initial(request, **arguments), **_usual_claim(self.claim(request, **arguments))}

    def take(self, claim: Claim, said: Mapping[str, Any], *, by: User, at: datetime) -> None:
        """Claim payment of the association, in the currency of the claim."""
        claims.demand(
            claim_id=claim.pk,
            amount=said["amount"],
            currency=said["currency"],
            debtor=said["debtor"],
            debtor_pursued_on=said["debtor_pursued_on"],
            by_letter=self.by_letter,
            on=said["on"],
            by=by,
            at=at,
            remark=said["remark"],
        )


def _usual_claim(claim: Claim) -> dict[str, Any]:
    """Return what most claims ask for: the most the association owes here."""
    maximum = maximum_of(claim.association, on=claim.accepted_on)
    return {"amount": maximum.amount, "currency": maximum.currency} if maximum else {}


class ReimbursePage(DatedStepPage, CustomsStepPage):
    name, verb = "reimburse", staticmethod(claims.reimburse)


class WithdrawClaimPage(DatedStepPage, CustomsStepPage):
    name, verb = "withdraw", staticmethod(claims.withdraw)
    tone = "danger"


class LetterNotificationPage(AssociationStepPage, NotifyPage):
    """A notification that reached the association on paper: recorded as it came."""

    name, by_letter = "letter-notification", True
    says = _("A letter is recorded as it came, late or not; the conditions then say what it is worth.")


class LetterDemandPage(AssociationStepPage, DemandPage):
    """A claim that reached the association on paper: recorded as it came."""

    name, by_letter = "letter-demand", True
    says = _("A letter is recorded as it came, premature or not; the conditions then say what it is worth.")

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        return ClaimStepPage.initial(self, request, **arguments)


class PayPage(DatedStepPage, AssociationStepPage):
    name, verb = "pay", staticmethod(claims.pay)


class ContestPage(AssociationStepPage):
    """Contest, with the conditions that do not hold filled in."""

    name = "contest"
    form = ContestForm
    template = "consoles/claims/contest.html"
    done = _("The claim is contested.")

    def context(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        context = super().context(request, **arguments)
        claim = context["claim"]
        case = case_of_claim(claim, evidence_of([claim])[claim.pk], today=claim.association.day_at(now()))
        return {**context, "broken": [check for check in checks(case) if not check.holds]}

    def take(self, claim: Claim, said: Mapping[str, Any], *, by: User, at: datetime) -> None:
        claim_evidence.contest_on_grounds(
            claim=claim, on=said["on"], grounds=said["grounds"], remark=said["remark"], by=by, at=at
        )


class AttachDocumentPage(ClaimStepPage):
    """Add a paper."""

    allow: ClassVar = {"GET": CUSTOMS_HQ | ASSOCIATIONS, "POST": CUSTOMS_HQ | ASSOCIATIONS}
    name = "document"
    form = DocumentForm
    most_bytes: ClassVar = 6_000_000  # a paper of 5 MB, and its form

    def claim(self, request: HttpRequest, claim_id: int) -> Claim:
        return claim_to_document(reader_of(request), claim_id)

    def take(self, claim: Claim, said: Mapping[str, Any], *, by: User, at: datetime) -> None:
        """Keep the file that was handed in among the papers of the claim."""
        file = said["content"]
        documents.attach(
            claim=claim,
            kind=said["kind"],
            name=file.name,
            content_type=file.content_type,
            content=file.read(),
            by=by,
            at=at,
        )
