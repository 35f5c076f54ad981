"""Confirm a guarantee: customs ask and see the answer fill the screen; the association sees the question and can add
its own word."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles import columns
from api.consoles.base import ConsolePage
from api.consoles.forms import Form, FormPage
from api.consoles.statuses import badge
from api.consoles.tables import ConsoleFilter, ConsoleTable, TablePage
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OFFICERS, OVERSIGHT
from api.scope.carnets import is_issuer
from api.scope.guarantees import enquiries_for, own_enquiry
from api.scope.reader import reader_of
from carnets.guarantee_queries import asking
from carnets.models import GuaranteeQuery
from tir.kernel.clock import now

ASKS = OFFICERS | CUSTOMS_HQ
SEES_ENQUIRIES = ASKS | ASSOCIATIONS | OVERSIGHT


def _enquiry_address(enquiry: GuaranteeQuery) -> str:
    return reverse("console-enquiry", kwargs={"enquiry_id": enquiry.pk})


def _good_badge(value: Any) -> SafeString:
    return badge(_("good"), "go") if value else badge(_("not good"), "stop")


class GoodColumn(columns.TextColumn):
    def render(self, value: bool) -> SafeString:
        return _good_badge(value)


class AskForm(Form):
    carnet = forms.CharField(label=_("Carnet number"), max_length=24)
    page = forms.IntegerField(
        label=_("Page"),
        required=False,
        min_value=1,
        max_value=20,
        help_text=_("Only if you have the voucher."),
    )


class AskPage(FormPage):
    allow: ClassVar = {"GET": ASKS, "POST": ASKS}
    title, form, submit = _("Is this guarantee good?"), AskForm, _("Ask")
    menu = _("Confirm")
    says = _(
        "Answered at once from the record, for your country and today; the association sees that you asked."
    )

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        """Ask for the reader's country, and for their office where they are posted; lead to the answer."""
        at, reader = now(), reader_of(request)
        office = reader.office_on(at)
        answer = asking.ask(
            number=form.cleaned_data["carnet"],
            page=form.cleaned_data["page"],
            country=office.facts.country if office else reader.own_country(),
            office=office.code if office else "",
            by=caller(request),
            at=at,
        )
        return _enquiry_address(answer.query)


class EnquiriesTable(ConsoleTable):
    id = columns.LinkColumn(verbose_name=_("No."), address=_enquiry_address)
    carnet_number = columns.TextColumn(verbose_name=_("Carnet"))
    country = columns.TextColumn(verbose_name=_("Asked by"))
    asked_at = columns.MomentColumn(verbose_name=_("Asked on"))
    is_good = GoodColumn(verbose_name=_("Answer"), empty_values=())
    by_hand = columns.FigureColumn(verbose_name=_("Confirmed by hand"), orderable=False)

    class Meta(ConsoleTable.Meta):
        empty_text = _("Nobody has asked yet. Customs ask when a carnet cannot be read or a system is down.")
        order_by = ("-asked_at",)


class EnquiriesFilter(ConsoleFilter):
    carnet = django_filters.CharFilter(
        label=_("Carnet"), field_name="carnet_number", lookup_expr="iexact", max_length=11
    )
    answer = django_filters.ChoiceFilter(
        label=_("Answer"),
        choices=(("good", _("good")), ("not_good", _("not good"))),
        empty_label=_("any"),
        method="by_answer",
    )
    waiting = django_filters.BooleanFilter(
        label=_("Not confirmed by hand"), method="without_hand", widget=forms.CheckboxInput
    )

    def by_answer(self, rows: QuerySet[GuaranteeQuery], _name: str, value: str) -> QuerySet[GuaranteeQuery]:
        return rows.filter(is_good=value == "good")

    def without_hand(
        self, rows: QuerySet[GuaranteeQuery], _name: str, value: bool
    ) -> QuerySet[GuaranteeQuery]:
        return rows.filter(confirmations=None) if value else rows


class EnquiriesPage(TablePage):
    """What was asked and answered, seen by both sides."""

    allow: ClassVar = {"GET": SEES_ENQUIRIES}
    title = _("Guarantee queries")
    menu = _("Enquiries")
    table, filterset, file_name = EnquiriesTable, EnquiriesFilter, "guarantee-queries"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[GuaranteeQuery]:
        return enquiries_for(reader_of(request)).annotate(by_hand=Count("confirmations"))


class EnquiryPage(ConsolePage):
    """One question: the verdict over the width of the screen, the reasons, the sum, the association's own word."""

    allow: ClassVar = {"GET": SEES_ENQUIRIES}
    template = "consoles/confirming/enquiry.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the question, its answer and the association's words about it. Raises Http404 outside the reader's
        scope."""
        reader = reader_of(request)
        enquiry = get_object_or_404(enquiries_for(reader), pk=kwargs["enquiry_id"])
        return {
            "title": _("Guarantee for carnet {number}").format(number=enquiry.carnet_number),
            "enquiry": enquiry,
            "reasons": asking.reasons_of(enquiry),
            "cover": asking.cover_of(enquiry),
            "confirmations": enquiry.confirmations.select_related("by"),
            "may_confirm": enquiry.carnet is not None and is_issuer(reader, enquiry.carnet),
            "may_ask": reader.has_role(*ASKS),
        }


class ConfirmByHandForm(Form):
    answer = forms.ChoiceField(label=_("Answer"), choices=(("good", _("good")), ("not_good", _("not good"))))
    text = forms.CharField(
        label=_("What customs should know"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ConfirmByHandPage(FormPage):
    """The issuing association's own word; the system's answer stays beside it."""

    allow: ClassVar = {"GET": ASSOCIATIONS, "POST": ASSOCIATIONS}
    title, form, submit = _("Confirm by hand"), ConfirmByHandForm, _("Send")
    done = _("Customs see your word beside the system's answer.")

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        enquiry = own_enquiry(reader_of(request), arguments["enquiry_id"])
        return {"answer": "good" if enquiry.is_good else "not_good"}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        """Put the issuer's own word beside the system's answer. Raises Http404 for a question about another's
        carnet."""
        enquiry = own_enquiry(reader_of(request), arguments["enquiry_id"])
        asking.confirm_by_hand(
            query=enquiry,
            is_good=form.cleaned_data["answer"] == "good",
            text=form.cleaned_data["text"],
            by=caller(request),
            at=now(),
        )
        return _enquiry_address(enquiry)

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-enquiry", kwargs=arguments)
