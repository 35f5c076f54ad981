"""Reconciliation requests: the association's questions, and the inbox in which customs answer at one tap."""

from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.authentication import caller, officer_behind
from api.consoles import columns, formatting
from api.consoles.annex10.terminations import OfficeColumn
from api.consoles.base import ConsolePage
from api.consoles.forms import Form, FormPage, words_field
from api.consoles.tables import ConsoleFilter, ConsoleTable, TablePage
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OVERSIGHT, POSTED
from api.scope.annex10 import reconciliation_request_for, reconciliation_requests_for
from api.scope.reader import reader_of
from carnets.annex10 import requests
from carnets.annex10.models import ReconciliationRequest
from carnets.choices import Reason, RequestStatus
from checkpoints.annex10 import correcting
from checkpoints.annex10.correcting import Correction
from checkpoints.posts.offices import register
from tir.kernel.clock import now
from tir.kernel.errors import DomainError

SEES_REQUESTS = POSTED | CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT
ANSWERS = POSTED | CUSTOMS_HQ
FACTS = {
    "office": _("Office"),
    "packages": _("Packages"),
    "with_reservation": _("With a reservation"),
    "on": _("Day"),
}


def _request_asked(request: HttpRequest, request_id: int) -> ReconciliationRequest:
    return reconciliation_request_for(reader_of(request), request_id, at=now())


def _request_address(asked: ReconciliationRequest) -> str:
    return reverse("console-request", kwargs={"request_id": asked.pk})


class RequestsTable(ConsoleTable):
    id = columns.LinkColumn(verbose_name=_("No."), address=_request_address)
    carnet = columns.TextColumn(verbose_name=_("Carnet"))
    page = columns.FigureColumn(verbose_name=_("Page"))
    reason = columns.StatusColumn(verbose_name=_("Why"))
    office = OfficeColumn(verbose_name=_("Asked"))
    opened_at = columns.MomentColumn(verbose_name=_("Asked on"))
    reminders = columns.FigureColumn(verbose_name=_("Reminders"))
    remind_at = columns.MomentColumn(verbose_name=_("Next reminder"))
    status = columns.StatusColumn(verbose_name=_("Status"))

    class Meta(ConsoleTable.Meta):
        empty_text = _("No request matches. One opens when a returned counterfoil differs from the record.")
        order_by = ("-opened_at",)


class RequestsFilter(ConsoleFilter):
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=RequestStatus.choices, empty_label=_("any")
    )
    reason = django_filters.ChoiceFilter(label=_("Why"), choices=Reason.choices, empty_label=_("any"))
    carnet = django_filters.CharFilter(
        label=_("Carnet"), field_name="carnet__number", lookup_expr="iexact", max_length=11
    )
    country = django_filters.CharFilter(label=_("Country"), lookup_expr="iexact", max_length=2)


class RequestsPage(TablePage):
    """The reader's own questions, or those put to the reader's office or administration."""

    allow: ClassVar = {"GET": SEES_REQUESTS}
    title = _("Reconciliation requests")
    menu = _("Requests")
    table, filterset, file_name = RequestsTable, RequestsFilter, "reconciliation-requests"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[ReconciliationRequest]:
        return reconciliation_requests_for(reader_of(request), at=now())


class RequestPage(ConsolePage):
    """Counterfoil and record side by side, the answers at one tap, and who did what."""

    allow: ClassVar = {"GET": SEES_REQUESTS, "POST": ANSWERS}
    template = "consoles/annex10/request.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return both papers fact by fact, who did what, and what the reader may do. Raises Http404 outside their
        scope."""
        asked = _request_asked(request, kwargs["request_id"])
        is_open = asked.status == RequestStatus.OPEN
        user = caller(request)
        return {
            "title": _("Request {id}: carnet {number}, page {page}").format(
                id=asked.pk, number=asked.carnet.number, page=asked.page
            ),
            "asked": asked,
            "facts": [_fact(asked, name, label) for name, label in FACTS.items()],
            "events": asked.events.select_related("by"),
            "may_answer": is_open and user.has_role(*ANSWERS),
            "may_confirm": is_open and user.has_role(*ANSWERS) and asked.reason == Reason.DISCREPANCY,
            "may_correct": is_open and user.has_role(*POSTED),
            "may_forward": is_open and user.has_role(*CUSTOMS_HQ),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer at one tap: the button that was pressed says which."""
        asked, by, at = _request_asked(request, kwargs["request_id"]), caller(request), now()
        office = reader_of(request).office_on(at)
        answers = {"confirmed": requests.confirm, "not_found": requests.answer_not_found}
        answer = answers.get(request.POST.get("answer", ""))
        if answer is None:
            return self.page(request, status=400, **self.context(request, **kwargs))
        try:
            answer(request_id=asked.pk, remark="", by=by, at=at, office=office.code if office else "")
        except DomainError as error:
            messages.error(request, str(error.detail))
        else:
            messages.success(request, str(_("The answer is given.")))
        return redirect(_request_address(asked))


def _fact(asked: ReconciliationRequest, name: str, label: Any) -> dict[str, Any]:
    return {
        "label": label,
        "counterfoil": _said(name, asked.counterfoil.get(name)),
        "recorded": _said(name, asked.recorded.get(name)),
        "differs": name in asked.differing,
        "is_said": asked.counterfoil.get(name) not in (None, ""),
    }


def _said(name: str, value: Any) -> Any:
    if value is None or value == "":
        return formatting.NOTHING
    if name == "office":
        return formatting.office_name(value)
    if name == "on":
        return formatting.day(date.fromisoformat(value))
    return (_("yes") if value else _("no")) if name == "with_reservation" else value


class CorrectRequestForm(Form):
    occurred_at = forms.DateTimeField(
        label=_("Terminated at (UTC)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        required=False,
    )
    packages = forms.IntegerField(label=_("Packages"), required=False, min_value=0, max_value=10_000_000)
    reservation = words_field(_("Reservation"), rows=2, help_text=_("Empty: certified without reservation."))
    registration_no = forms.CharField(label=_("Registered under No."), required=False, max_length=40)
    goes_on = forms.BooleanField(label=_("Partial termination"), required=False)
    seals_intact = forms.BooleanField(label=_("Seals found intact"), required=False)
    remark = words_field(_("Remark"), rows=2)


class CorrectRequestPage(FormPage):
    """The right data of the termination: a cancelling stamp and a new one, by this officer's office."""

    allow: ClassVar = {"GET": POSTED, "POST": POSTED}
    title, form, submit = _("Correct the termination"), CorrectRequestForm, _("Stamp the correction")
    says = _("The stamp on record is cancelled and this one takes its place, both in your name.")
    done = _("Corrected: the record was stamped anew.")
    fields: ClassVar = {"partial": "goes_on"}

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        """Begin with what is on record; without a record, with what the counterfoil says."""
        asked = _request_asked(request, arguments["request_id"])
        row = correcting.standing_stamp(asked)
        if row is None:
            return {"packages": asked.counterfoil.get("packages"), "seals_intact": True}
        names = ("occurred_at", "packages", "reservation", "registration_no", "goes_on", "seals_intact")
        return {name: row[name] for name in names}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        """Stamp the termination anew. A time that was left as shown means no change: the record has seconds."""
        asked, user = _request_asked(request, arguments["request_id"]), caller(request)
        said = form.cleaned_data
        occurred_at = said["occurred_at"]
        before = self.initial(request, **arguments).get("occurred_at")
        if before is not None and occurred_at == before.replace(second=0, microsecond=0):
            occurred_at = None  # the form has minutes, the record more
        correcting.correct(
            request_id=asked.pk,
            correction=Correction(
                occurred_at=occurred_at,
                packages=said["packages"],
                reservation=said["reservation"],
                registration_no=said["registration_no"],
                goes_on=said["goes_on"],
                seals_intact=said["seals_intact"],
            ),
            remark=said["remark"],
            officer=officer_behind(request),
            by=user,
            at=now(),
        )
        return _request_address(asked)

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-request", kwargs=arguments)


class ForwardRequestForm(Form):
    office = forms.ChoiceField(label=_("Office"))
    remark = words_field(_("Remark"), rows=2)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        codes = sorted(register().by_code)
        self.fields["office"].choices = [(code, formatting.office_name(code)) for code in codes]  # type: ignore[attr-defined]


class ForwardRequestPage(FormPage):
    allow: ClassVar = {"GET": CUSTOMS_HQ, "POST": CUSTOMS_HQ}
    title, form, submit = _("Forward the request"), ForwardRequestForm, _("Forward")
    done = _("The office has the request in its inbox.")

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        return {"office": _request_asked(request, arguments["request_id"]).office}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        asked = _request_asked(request, arguments["request_id"])
        said = form.cleaned_data
        requests.forward(
            request_id=asked.pk, office=said["office"], remark=said["remark"], by=caller(request), at=now()
        )
        return _request_address(asked)

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-request", kwargs=arguments)
