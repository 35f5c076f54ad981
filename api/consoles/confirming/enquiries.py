"""Confirm a guarantee: customs ask and see the answer fill the screen; the association sees the question and can add
its own word."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from api.consoles import columns
from api.consoles.base import ConsolePage, reader
from api.consoles.forms import Form, FormPage
from api.consoles.menu import Menu
from api.consoles.statuses import badge
from api.consoles.tables import Table, TablePage
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OFFICERS, OVERSIGHT
from api.scope import association_of, guarantee_enquiries_for
from carnets.guarantee_queries import asking
from carnets.models import GuaranteeQuery
from checkpoints.posts.offices import register
from checkpoints.posts.postings import officer_of
from tir.accounts.models import Role
from tir.kernel.clock import now

ASKS = OFFICERS | CUSTOMS_HQ
SEES_ENQUIRIES = ASKS | ASSOCIATIONS | OVERSIGHT


def enquiry_address(enquiry: GuaranteeQuery) -> str:
    return reverse("console-enquiry", kwargs={"enquiry_id": enquiry.pk})


def good(value: Any) -> SafeString:
    return badge(_("good"), "go") if value else badge(_("not good"), "stop")


class Good(columns.Column):
    def render(self, value: bool) -> SafeString:
        return good(value)


class AskForm(Form):
    carnet = forms.CharField(label=_("Carnet number"), max_length=24)
    page = forms.IntegerField(
        label=_("Page"),
        required=False,
        min_value=1,
        max_value=20,
        help_text=_("Only if you have the voucher."),
    )


class Ask(FormPage):
    allow: ClassVar = {"GET": ASKS, "POST": ASKS}
    title, form, submit = _("Is this guarantee good?"), AskForm, _("Ask")
    menu = Menu(_("Confirm"), 70)
    says = _(
        "Answered at once from the record, for your country and today; the association sees that you asked."
    )

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        user, at = reader(request), now()
        office_id = officer_of(user.pk).office_id_on(at)
        office = register().by_id[office_id] if office_id is not None else None
        answer = asking.ask(
            number=form.cleaned_data["carnet"],
            page=form.cleaned_data["page"],
            country=office.facts.country if office else user.country,
            office=office.code if office else "",
            by=user,
            at=at,
        )
        return enquiry_address(answer.query)


class EnquiriesTable(Table):
    id = columns.LinkTo(verbose_name=_("No."), address=enquiry_address)
    carnet_number = columns.Column(verbose_name=_("Carnet"))
    country = columns.Column(verbose_name=_("Asked by"))
    asked_at = columns.Moment(verbose_name=_("Asked on"))
    is_good = Good(verbose_name=_("Answer"), empty_values=())
    by_hand = columns.Figure(verbose_name=_("Confirmed by hand"), orderable=False)

    class Meta(Table.Meta):
        empty_text = _("Nobody has asked yet. Customs ask when a carnet cannot be read or a system is down.")
        order_by = ("-asked_at",)


class EnquiriesFilter(django_filters.FilterSet):
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


class Enquiries(TablePage):
    """What was asked and answered, seen by both sides."""

    allow: ClassVar = {"GET": SEES_ENQUIRIES}
    title = _("Guarantee queries")
    menu = Menu(_("Queries"), 72)
    table, filterset, file_name = EnquiriesTable, EnquiriesFilter, "guarantee-queries"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[GuaranteeQuery]:
        return guarantee_enquiries_for(request.user).annotate(by_hand=Count("confirmations"))


def _one(request: HttpRequest, enquiry_id: int) -> GuaranteeQuery:
    found = guarantee_enquiries_for(request.user).filter(pk=enquiry_id).first()
    if found is None:
        raise Http404
    return found


class OneEnquiry(ConsolePage):
    """One question: the verdict over the width of the screen, the reasons, the sum, the association's own word."""

    allow: ClassVar = {"GET": SEES_ENQUIRIES}
    template = "consoles/confirming/enquiry.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        enquiry = _one(request, kwargs["enquiry_id"])
        user = reader(request)
        return {
            "title": _("Guarantee for carnet {number}").format(number=enquiry.carnet_number),
            "enquiry": enquiry,
            "reasons": asking.reasons_of(enquiry),
            "cover": asking.cover_of(enquiry),
            "confirmations": enquiry.confirmations.select_related("by"),
            "may_confirm": user.has_role(Role.ASSOCIATION)
            and enquiry.carnet is not None
            and enquiry.carnet.association_id == association_of(user).pk,
            "may_ask": user.has_role(*ASKS),
        }


class ByHandForm(Form):
    answer = forms.ChoiceField(label=_("Answer"), choices=(("good", _("good")), ("not_good", _("not good"))))
    text = forms.CharField(
        label=_("What customs should know"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ConfirmByHand(FormPage):
    """The issuing association's own word; the system's answer stays beside it."""

    allow: ClassVar = {"GET": ASSOCIATIONS, "POST": ASSOCIATIONS}
    title, form, submit = _("Confirm by hand"), ByHandForm, _("Send")
    done = _("Customs see your word beside the system's answer.")

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        enquiry = self._own(request, **arguments)
        return {"answer": "good" if enquiry.is_good else "not_good"}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        enquiry = self._own(request, **arguments)
        asking.confirm_by_hand(
            query=enquiry,
            is_good=form.cleaned_data["answer"] == "good",
            text=form.cleaned_data["text"],
            by=reader(request),
            at=now(),
        )
        return enquiry_address(enquiry)

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-enquiry", kwargs=arguments)

    def _own(self, request: HttpRequest, **arguments: Any) -> GuaranteeQuery:
        enquiry = _one(request, arguments["enquiry_id"])
        if enquiry.carnet is None or enquiry.carnet.association_id != association_of(request.user).pk:
            raise Http404
        return enquiry
