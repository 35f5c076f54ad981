"""What an association does to its carnet, and customs to an irregularity: one form, one domain call each."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles.carnets.one_carnet import carnet_address
from api.consoles.carnets.words import in_words
from api.consoles.formatting import article
from api.consoles.forms import FormPage, ReasonForm, reason_field
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ
from api.scope.carnets import irregularity_for, own_carnet
from api.scope.reader import reader_of
from carnets import irregularities, issuing
from carnets.models import Irregularity
from tir.kernel.clock import now

MOST_LETTERS = 1000


class CarnetReasonForm(ReasonForm):
    reason = reason_field(most=MOST_LETTERS)


class ReportLostForm(CarnetReasonForm):
    is_stolen = forms.BooleanField(label=_("It was stolen"), required=False)


class CarnetFormPage(FormPage):
    """An act of the issuing association upon its own carnet."""

    allow: ClassVar = {"GET": ASSOCIATIONS, "POST": ASSOCIATIONS}

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        own_carnet(reader_of(request), arguments["number"])
        return {}

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return carnet_address(arguments["number"])

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {"title": f"{self.title}: {kwargs['number']}"}


class InvalidatePage(CarnetFormPage):
    title = _("Invalidate carnet")
    says = _(
        "An unused carnet is withdrawn and its reservation let go. A stamp on it from now on is irregular."
    )
    form, submit, tone = CarnetReasonForm, _("Invalidate"), "danger"
    done = _("The carnet is invalidated and its reservation let go.")

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        number = own_carnet(reader_of(request), arguments["number"]).number
        issuing.invalidate(number=number, reason=form.cleaned_data["reason"], by=caller(request), at=now())
        return carnet_address(number)


class ReportLostPage(CarnetFormPage):
    title = _("Report lost or stolen")
    says = _("Every office is warned. The reservation stays, for the carnet may still turn up.")
    form, submit, tone = ReportLostForm, _("Report"), "danger"
    done = _("The carnet is on the control list.")

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        number = own_carnet(reader_of(request), arguments["number"]).number
        said = form.cleaned_data
        issuing.report_lost(
            number=number, reason=said["reason"], is_stolen=said["is_stolen"], by=caller(request), at=now()
        )
        return carnet_address(number)


class ReportFoundPage(CarnetFormPage):
    title = _("Report found")
    says = _("The carnet comes off the control list: it can be used, returned or invalidated again.")
    form, submit = ReasonForm, _("Report")
    done = _("The carnet is off the control list.")

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        number = own_carnet(reader_of(request), arguments["number"]).number
        issuing.report_found(number=number, reason=form.cleaned_data["reason"], by=caller(request), at=now())
        return carnet_address(number)


class ResolveIrregularityPage(FormPage):
    """Customs of the operation's country accept the facts as no obstacle to discharge, and say why."""

    allow: ClassVar = {"GET": CUSTOMS_HQ, "POST": CUSTOMS_HQ}
    title = _("Resolve irregularity")
    form, submit = ReasonForm, _("Resolve")
    done = _("The irregularity is resolved; the next reconciliation may discharge the operation.")

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        item = irregularity_for(reader_of(request), kwargs["irregularity_id"])
        said = in_words(item)
        return {"says": f"{item.carnet.number}, {said.sentence} ({article(said.article)})"}

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return carnet_address(
            irregularity_for(reader_of(request), arguments["irregularity_id"]).carnet.number
        )

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        item = irregularity_for(reader_of(request), arguments["irregularity_id"])
        reader_of(request).ensure_acts_for(item.operation.country)
        irregularities.resolve(
            irregularity_id=item.pk, reason=form.cleaned_data["reason"], by=caller(request), at=now()
        )
        return carnet_address(item.carnet.number)


def resolve_address(item: Irregularity) -> str:
    return reverse("console-irregularity-resolve", kwargs={"irregularity_id": item.pk})
