"""The claims a reader has made or must answer: which are in time, premature or lapsed."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from api.consoles import columns
from api.consoles.claims.statuses import STANDING_TONES, STANDINGS
from api.consoles.statuses import badge
from api.consoles.tables import ConsoleFilter, ConsoleTable, TablePage
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OVERSIGHT
from api.scope.claims import claims_for
from api.scope.reader import reader_of
from guarantees.choices import ClaimStatus
from guarantees.claims.rules import standing_in_time
from guarantees.models import Claim
from tir.kernel.clock import now


def claim_address(claim: Claim) -> str:
    return reverse("console-claim", kwargs={"claim_id": claim.pk})


class StandingColumn(columns.TextColumn):
    """Whether a claim is in time: judged on its day, or today while it was not made."""

    def render(self, record: Claim) -> SafeString:
        answer = standing_in_time(record, today=record.association.day_at(now()))
        return badge(STANDINGS[answer], STANDING_TONES[answer])

    def value(self, **cell: Any) -> Any:
        record: Claim = cell["record"]
        return standing_in_time(record, today=record.association.day_at(now())).value


class ClaimsTable(ConsoleTable):
    carnet_number = columns.LinkColumn(verbose_name=_("Carnet"), address=claim_address)
    page = columns.FigureColumn(verbose_name=_("Page"))
    country = columns.TextColumn(verbose_name=_("Customs of"))
    association = columns.TextColumn(accessor="association__code", verbose_name=_("Guarantor"))
    status = columns.StatusColumn(verbose_name=_("Status"))
    standing = StandingColumn(empty_values=(), orderable=False, verbose_name=_("In time?"))
    amount = columns.MoneyColumn(verbose_name=_("Amount"), currency="currency")
    notified_on = columns.DayColumn(verbose_name=_("Notified"))
    claimed_on = columns.DayColumn(verbose_name=_("Claimed"))

    class Meta(ConsoleTable.Meta):
        empty_text = _(
            "No claim matches. One appears here when customs establish that an operation was not discharged."
        )
        order_by = ("-id",)


class ClaimsFilter(ConsoleFilter):
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=ClaimStatus.choices, empty_label=_("any"), widget=forms.Select
    )
    carnet = django_filters.CharFilter(
        label=_("Carnet"), field_name="carnet_number", lookup_expr="istartswith", widget=forms.TextInput
    )


class ClaimsPage(TablePage):
    """Every claim of the reader's side."""

    allow: ClassVar = {"GET": CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT}
    title = _("Claims")
    template = "consoles/claims/claims.html"
    menu = _("Claims")
    table = ClaimsTable
    filterset = ClaimsFilter
    file_name = "claims"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[Claim]:
        return claims_for(reader_of(request))

    def context(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        user: Any = request.user
        return {"may_open": user.has_role(*CUSTOMS_HQ)}
