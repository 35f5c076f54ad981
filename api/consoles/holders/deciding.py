"""Decisions about holders, each a form with its reason: one domain call."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles.forms import Form, FormPage, ReasonForm, day_field, reason_field
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ
from api.scope.holders import exclusion_of, holder_for, holder_to_manage, in_address
from api.scope.reader import reader_of
from api.verbs import HolderDecision
from guarantees import excluding, holders
from guarantees.days import day_in
from guarantees.excluding import WantedExclusion, WantedLifting
from tir.kernel.clock import now


def quota_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Quota"),
        min_value=0,
        max_value=1_000_000,
        required=False,
        help_text=_("How many carnets the holder may have out at once; empty for no quota."),
    )


class AuthoriseForm(Form):
    number = forms.RegexField(
        r"^[0-9]{1,10}$",
        label=_("Number"),
        help_text=_("Your association's own, up to ten digits. Country and association go before it."),
        error_messages={"invalid": _("Give up to ten digits.")},
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    name_local = forms.CharField(label=_("Name in the local script"), max_length=200, required=False)
    address = forms.CharField(label=_("Address"), max_length=300)
    authorised_from = day_field(_("Authorised from"))
    quota = quota_field()
    reason = reason_field()


class SetQuotaForm(Form):
    quota = quota_field()
    reason = reason_field()


class ExcludeForm(Form):
    decided_on = day_field(
        _("Decided on"), help_text=_("The notice is due within a week of this day (art. 38(2)).")
    )
    valid_from = day_field(_("Excluded from"))
    valid_to = day_field(
        _("Until"),
        required=False,
        help_text=_("The first day the holder may use TIR again; empty for no end."),
    )
    reason = reason_field()


class LiftExclusionForm(Form):
    on = day_field(_("Lifted on"), help_text=_("The first day the holder may use TIR in your country again."))
    reason = reason_field()


class HolderFormPage(FormPage):
    """A form about one holder that leads back to their page."""

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-holder", kwargs={"holder_ref": arguments["holder_ref"]})

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        holder = holder_for(reader_of(request), kwargs["holder_ref"])
        return {"says": f"{holder.reference} · {holder.name}"}


class AuthorisePage(FormPage):
    allow: ClassVar = {"GET": ASSOCIATIONS, "POST": ASSOCIATIONS}
    title, form, submit = _("Authorise a holder"), AuthoriseForm, _("Authorise")
    done = _("The holder is authorised.")

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        return {"authorised_from": reader_of(request).own_association().day_at(now())}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        holder = holders.authorise(
            association=reader_of(request).own_association(),
            by=caller(request),
            at=now(),
            **form.cleaned_data,
        )
        return reverse("console-holder", kwargs={"holder_ref": in_address(holder)})

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-holders")


class SuspendPage(HolderFormPage):
    """One step about a holder; the classes below say which."""

    allow: ClassVar = {"GET": ASSOCIATIONS | CUSTOMS_HQ, "POST": ASSOCIATIONS | CUSTOMS_HQ}
    title, form, submit = _("Suspend the holder"), ReasonForm, _("Suspend")
    done, tone = _("The holder is suspended. No new carnet, no new start."), "danger"
    verb: ClassVar[HolderDecision] = staticmethod(holders.suspend)

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        holder = holder_to_manage(reader_of(request), arguments["holder_ref"])
        self.verb(holder_id=holder.pk, reason=form.cleaned_data["reason"], by=caller(request), at=now())
        return self.back(request, **arguments)


class ResumePage(SuspendPage):
    title, submit, done, tone = (
        _("Lift the suspension"),
        _("Lift it"),
        _("The suspension is lifted."),
        "primary",
    )
    verb = staticmethod(holders.resume)


class WithdrawAuthorisationPage(SuspendPage):
    title, submit = _("Withdraw the authorisation"), _("Withdraw")
    done = _("The authorisation is withdrawn.")
    verb = staticmethod(holders.withdraw_authorisation)


class EndActivityPage(SuspendPage):
    title, submit, done = (
        _("Record the end of activity"),
        _("End activity"),
        _("The end of activity is recorded."),
    )
    verb = staticmethod(holders.end_activity)


class SetQuotaPage(HolderFormPage):
    allow: ClassVar = {"GET": ASSOCIATIONS, "POST": ASSOCIATIONS}
    title, form, submit, done = _("Set the carnet quota"), SetQuotaForm, _("Set"), _("The quota is set.")

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        return {"quota": holder_for(reader_of(request), arguments["holder_ref"]).quota}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        holder = holder_to_manage(reader_of(request), arguments["holder_ref"])
        said = form.cleaned_data
        holders.set_quota(
            holder_id=holder.pk, quota=said["quota"], reason=said["reason"], by=caller(request), at=now()
        )
        return self.back(request, **arguments)


class ExcludePage(HolderFormPage):
    allow: ClassVar = {"GET": CUSTOMS_HQ, "POST": CUSTOMS_HQ}
    title, form, submit = _("Exclude the holder from your country"), ExcludeForm, _("Propose")
    done, tone = _("It is proposed. It counts once another person approves it."), "danger"

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        today = day_in(reader_of(request).country, now())
        return {"decided_on": today, "valid_from": today}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        """Propose it for the reader's country (art. 38); the last day is the first they may use TIR again."""
        reader, said = reader_of(request), form.cleaned_data
        wanted = WantedExclusion(
            holder_for(reader, arguments["holder_ref"]).reference,
            reader.own_country(),
            said["reason"],
            said["valid_from"],
            said["valid_to"],
            said["decided_on"],
        )
        excluding.propose_exclusion(wanted, by=caller(request), at=now())
        return self.back(request, **arguments)


class LiftExclusionPage(HolderFormPage):
    allow: ClassVar = {"GET": CUSTOMS_HQ, "POST": CUSTOMS_HQ}
    title, form, submit, done = (
        _("Lift the exclusion"),
        LiftExclusionForm,
        _("Propose"),
        _("It is proposed. It counts once another person approves it."),
    )

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        return {"on": day_in(reader_of(request).country, now())}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        reader, said = reader_of(request), form.cleaned_data
        holder = holder_for(reader, arguments["holder_ref"])
        exclusion = exclusion_of(reader, holder, arguments["exclusion_id"])
        wanted = WantedLifting(
            holder.reference, exclusion.country, exclusion.valid_from, said["reason"], said["on"]
        )
        excluding.propose_lifting(wanted, by=caller(request), at=now())
        return self.back(request, **arguments)
