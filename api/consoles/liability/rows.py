"""The carnets and operations behind a figure, and those that art. 11 has reached."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django_tables2 import RequestConfig

from api.consoles.base import ConsolePage
from api.consoles.exporting import export, is_format
from api.consoles.liability.asking import Subject, subject_asked
from api.consoles.liability.charts import age_label
from api.consoles.liability.tables import ClaimedTable, RowsTable
from api.consoles.tables import ROWS_A_PAGE, ConsoleFilter, ConsoleTable, TablePage, page_number
from api.liability_asked import AGES, OVER_30, age_of, ensure_of_side, key_of_named
from api.parsing import field_invalid
from api.permissions import ASSOCIATIONS, OVERSIGHT
from guarantees.liability.choices import Side, Stage
from guarantees.liability.models import LiabilityPeriod
from guarantees.liability.operations import Narrowing, claimed, periods, total
from guarantees.models import Association, Guarantee, Holder


def _lazy_ages() -> list[tuple[str, str]]:
    return [(age, age_label(age)) for age in (*AGES, OVER_30)]


class RowsFilter(ConsoleFilter):
    """Which rows; whose and when are the page's own."""

    side = django_filters.ChoiceFilter(
        label=_("Side"), choices=Side.choices, empty_label=None, method="as_it_is"
    )
    as_of = django_filters.DateFilter(
        label=_("As of the end of"), method="as_it_is", widget=forms.DateInput(attrs={"type": "date"})
    )
    holder = django_filters.CharFilter(label=_("Holder ID"), method="of_holder")
    guarantee = django_filters.CharFilter(label=_("Guarantee"), method="of_guarantee")
    issuer = django_filters.CharFilter(label=_("Issuing association"), method="of_issuer")
    country = django_filters.CharFilter(label=_("Territory"), method="in_capitals")
    corridor = django_filters.CharFilter(label=_("Corridor"), method="in_capitals")
    age = django_filters.ChoiceFilter(
        label=_("Days open"), choices=_lazy_ages, empty_label=_("any"), method="as_it_is"
    )
    stage = django_filters.ChoiceFilter(
        label=_("Stage"), choices=[(Stage.CONTINGENT.value, Stage.CONTINGENT.label)], empty_label=_("any"),
        method="as_it_is",
    )  # fmt: skip

    def as_it_is(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """What these say is in the rows already."""
        return rows

    def in_capitals(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{name: value.upper()})

    def of_holder(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(holder_id=key_of_named(Holder, reference=value.upper()))

    def of_guarantee(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(guarantee_id=key_of_named(Guarantee, reference=value))

    def of_issuer(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(issuer_id=key_of_named(Association, code=value))


class LiabilityRowsPage(TablePage):
    """The carnets or operations that make up a figure, the longest open first."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}
    title = _("Behind the figure")
    template = "consoles/liability/rows.html"
    table = RowsTable
    filterset = RowsFilter
    file_name = "liability-rows"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[LiabilityPeriod]:
        """Return the periods open at the moment asked for. Raises BodyInvalid for a filter that says nothing about
        the side."""
        about, side = subject_asked(request), _side_asked(request)
        found = periods(about.view, side, Narrowing(age=age_of(request.GET.get("age", ""))))
        if request.GET.get("stage") == Stage.CONTINGENT and side != Side.ISSUED:
            found = found.exclude(
                pk__in=[row.period_id for row in claimed(about.view, side) if row.period_id]
            )
        ensure_of_side(request.GET, side)
        return found

    def sorted_table(self, request: HttpRequest, rows: QuerySet[Any]) -> ConsoleTable:
        """Find the page's rows by their keys first, which one index has in order, and read only those in full."""
        if not is_format(request.GET.get("export", "")):
            order = ("-since", "-pk") if request.GET.get("sort") == "-since" else ("since", "pk")
            last = page_number(request) * ROWS_A_PAGE + 1
            keys = list(rows.order_by(*order).values_list("pk", flat=True)[:last])
            rows = LiabilityPeriod.objects.filter(pk__in=keys)
        return super().sorted_table(request, rows.select_related("holder", "association", "issuer"))

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        about = subject_asked(request)
        narrowing = RowsFilter(request.GET, queryset=self.rows(request), request=request)
        found = narrowing.qs if narrowing.is_valid() else LiabilityPeriod.objects.none()
        return {"subject": about, "view": about.view, "total": total(found)}


def _side_asked(request: HttpRequest) -> Side:
    asked = request.GET.get("side") or Side.TERRITORY
    if asked not in Side.values:
        raise field_invalid("side", "literal_error", expected=", ".join(Side.values))
    return Side(asked)


class LiabilityClaimsPage(ConsolePage):
    """What stands at one stage of art. 11: with the ledger's own figure, and with the sum claimed."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}
    title = _("At this stage of a claim")
    template = "consoles/liability/claims.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show or export what stands at the stage asked for. Raises BodyInvalid for a stage that there is not."""
        about, side = subject_asked(request), _side_asked(request)
        stage = request.GET.get("stage", "")
        if stage not in Stage.values:
            raise field_invalid("stage", "literal_error", expected=", ".join(Stage.values))
        table = ClaimedTable(self._rows(about, side, Stage(stage)), request=request)
        RequestConfig(request, paginate={"per_page": ROWS_A_PAGE}).configure(table)
        if is_format(wanted := request.GET.get("export", "")):
            return export(table.as_values(), wanted, f"liability-{stage}")
        return self.page(request, subject=about, view=about.view, table=table, stage=Stage(stage).label)

    def _rows(self, about: Subject, side: Side, stage: Stage) -> list[dict[str, Any]]:
        return [
            {
                "carnet_number": row.carnet_number,
                "page": row.page,
                "stage": row.stage.label,
                "accepted_at": row.accepted_at,
                "open": row.open,
                "claimed": row.claimed,
                "currency": about.view.currency,
            }
            for row in claimed(about.view, side)
            if row.stage == stage
        ]
