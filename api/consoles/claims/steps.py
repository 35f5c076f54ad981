"""The steps of a claim as forms: each asks for its day and its words, and makes one domain call."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.consoles.base import reader
from api.consoles.claims.claim import may_attach
from api.consoles.claims.statuses import STEP_NAMES
from api.consoles.forms import Form, FormPage
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ
from api.v1.claims.reading import claimable_operation, ensure_party, visible_claim
from carnets import claim_evidence
from carnets.claim_evidence import evidence_of, following
from guarantees.choices import DocumentKind
from guarantees.claims import documents
from guarantees.claims import steps as claims
from guarantees.claims.opening import open_claim
from guarantees.claims.rules import CLAIM, case_of, checks, maximum_of
from guarantees.models import Claim
from tir.kernel.clock import now
from tir.kernel.errors import Forbidden


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, as the browser's own calendar gives it."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def words_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=4000, widget=widget
    )


class StepForm(Form):
    on = day_field(_("Day"))
    remark = words_field(_("Remark"))


class NotifyForm(Form):
    received_on = day_field(
        _("Day the association received it"), help_text=_("Receipt counts, not dispatch (art. 11(1)).")
    )
    holder_notified_on = day_field(_("Day the holder was notified"), required=False)
    remark = words_field(_("Remark"))


class DemandForm(Form):
    on = day_field(_("Day of the claim"))
    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=14, decimal_places=2)
    currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency"), max_length=3)
    debtor = forms.CharField(label=_("Debtor"), required=False, max_length=200)
    debtor_pursued_on = day_field(_("Day payment was first required of the debtor"), required=False)
    remark = words_field(_("Remark"))


class ProceedingsForm(Form):
    began_on = day_field(_("Day the proceedings began"))
    decision_enforceable_on = day_field(_("Day their decision became enforceable"), required=False)
    remark = words_field(_("Remark"))


class ContestForm(Form):
    grounds = forms.MultipleChoiceField(
        label=_("Grounds"),
        required=False,
        choices=[(rule.code, rule.code) for rule in CLAIM],
        widget=forms.CheckboxSelectMultiple,
    )
    on = day_field(_("Day"))
    remark = words_field(
        _("In your own words"), help_text=_("Left blank, the sentences of the grounds stand in.")
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
        widget=forms.FileInput(attrs={"accept": ",".join(documents.BEGINS_WITH)}),
    )


class OpenForm(Form):
    carnet = forms.CharField(label=_("Carnet"), max_length=24)
    operation = forms.IntegerField(label=_("Operation: 1, 2, …"), min_value=1, max_value=10)
    reason = words_field(_("Reason"), required=True)
    is_fraud = forms.BooleanField(
        label=_("The certificate was falsified or obtained by fraud"), required=False
    )


class OpenClaim(FormPage):
    """Establish non-discharge of one operation."""

    allow: ClassVar = {"GET": CUSTOMS_HQ, "POST": CUSTOMS_HQ}
    title = _("Establish non-discharge")
    form, submit = OpenForm, _("Establish")
    says = _("Nothing is due yet. Next, the holder and the association are notified (art. 11(1)).")

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        return {name: request.GET.get(name, "") for name in ("carnet", "operation")}

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-claims")

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        said = form.cleaned_data
        operation = claimable_operation(said["carnet"], said["operation"], request.user)
        at = now()
        with following(operation.carnet_number, operation.page, at=at):
            claim = open_claim(
                operation=operation,
                reason=said["reason"],
                is_fraud=said["is_fraud"],
                by=reader(request),
                at=at,
            )
        return claim_address(claim)


class StepPage(FormPage):
    """One step on one claim. `take` is the domain's verb, `by_customs` whose step it is."""

    form: ClassVar[type[Form]] = StepForm
    submit = _("Record")
    name: ClassVar[str]
    take: ClassVar[Callable[..., Claim]]
    by_customs: ClassVar[bool]
    said: ClassVar[dict[str, Any]] = {}

    def claim(self, request: HttpRequest, claim_id: int) -> Claim:
        """Return the claim, if the step is this reader's. Raises Http404, Forbidden."""
        claim = visible_claim(request.user, claim_id)
        ensure_party(request.user, claim, by_customs=self.by_customs)
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
            self.take(claim_id=claim.pk, by=reader(request), at=at, **form.cleaned_data, **self.said)
        return claim_address(claim)


class CustomsStep(StepPage):
    allow: ClassVar = {"GET": CUSTOMS_HQ, "POST": CUSTOMS_HQ}
    by_customs = True


class AssociationStep(StepPage):
    allow: ClassVar = {"GET": ASSOCIATIONS, "POST": ASSOCIATIONS}
    by_customs = False


class Notify(CustomsStep):
    name, take = "notify", staticmethod(claims.notify)
    form = NotifyForm
    fields: ClassVar = {"on": "received_on"}


class NotifyHolder(CustomsStep):
    name, take = "notify-holder", staticmethod(claims.notify_holder)


class Proceedings(CustomsStep):
    name, take = "proceedings", staticmethod(claims.proceedings)
    form = ProceedingsForm
    says = _(
        "The last day for a claim then goes by their decision: one year from when it is enforceable (art. 11(3))."
    )
    fields: ClassVar = {"on": "began_on"}


class Demand(CustomsStep):
    name, take = "demand", staticmethod(claims.demand)
    form = DemandForm

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        return {**super().initial(request, **arguments), **usual_claim(self.claim(request, **arguments))}


def usual_claim(claim: Claim) -> dict[str, Any]:
    """Return what most claims ask for: the most the association owes here."""
    maximum = maximum_of(claim.association, on=claim.accepted_on)
    return {"amount": maximum.amount, "currency": maximum.currency} if maximum else {}


class Reimburse(CustomsStep):
    name, take = "reimburse", staticmethod(claims.reimburse)


class Withdraw(CustomsStep):
    name, take = "withdraw", staticmethod(claims.withdraw)
    tone = "danger"


class LetterNotification(AssociationStep):
    """A notification that reached the association on paper: recorded as it came."""

    name, take = "letter-notification", staticmethod(claims.notify)
    form = NotifyForm
    said: ClassVar = {"by_letter": True}
    fields: ClassVar = {"on": "received_on"}
    says = _("A letter is recorded as it came, late or not; the conditions then say what it is worth.")


class LetterDemand(AssociationStep):
    """A claim that reached the association on paper: recorded as it came."""

    name, take = "letter-demand", staticmethod(claims.demand)
    form = DemandForm
    said: ClassVar = {"by_letter": True}
    says = _("A letter is recorded as it came, premature or not; the conditions then say what it is worth.")


class Pay(AssociationStep):
    name, take = "pay", staticmethod(claims.pay)


class Contest(AssociationStep):
    """Contest, with the conditions that do not hold filled in."""

    name, take = "contest", staticmethod(claims.contest)
    form = ContestForm
    template = "consoles/claims/contest.html"
    done = _("The claim is contested.")

    def context(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        context = super().context(request, **arguments)
        claim = context["claim"]
        case = case_of(claim, evidence_of([claim])[claim.pk], today=claim.association.day_at(now()))
        return {**context, "broken": [check for check in checks(case) if not check.holds]}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        claim = self.claim(request, **arguments)
        claim_evidence.contest(claim=claim, by=reader(request), at=now(), **form.cleaned_data)
        return claim_address(claim)


class Attach(StepPage):
    """Add a paper."""

    allow: ClassVar = {"GET": CUSTOMS_HQ | ASSOCIATIONS, "POST": CUSTOMS_HQ | ASSOCIATIONS}
    name, by_customs = "document", False
    form = DocumentForm

    def claim(self, request: HttpRequest, claim_id: int) -> Claim:
        claim = visible_claim(request.user, claim_id)
        if not may_attach(request.user, claim):
            raise Forbidden(_("Only the parties to a claim add documents."))
        return claim

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        claim, file = self.claim(request, **arguments), form.cleaned_data["content"]
        documents.attach(
            claim=claim,
            kind=form.cleaned_data["kind"],
            name=file.name,
            content_type=file.content_type,
            content=file.read(),
            by=reader(request),
            at=now(),
        )
        return claim_address(claim)


def claim_address(claim: Claim) -> str:
    return reverse("console-claim", kwargs={"claim_id": claim.pk})
