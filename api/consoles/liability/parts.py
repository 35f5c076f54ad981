"""A breakdown in whole: every holder, guarantee, association, territory or corridor, sorted and exported."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import RequestConfig

from api.consoles.base import ConsolePage
from api.consoles.exporting import export, is_format
from api.consoles.liability.asking import Subject, subject_asked
from api.consoles.liability.tables import GuaranteesTable, PartsTable
from api.consoles.tables import ROWS_A_PAGE
from api.liability_asked import DIMENSIONS, MOST_PARTS
from api.parsing import field_invalid
from api.permissions import ASSOCIATIONS, OVERSIGHT
from guarantees.liability.choices import Dimension, Side
from guarantees.liability.figures import Breakdown, Figures, Total, figures
from guarantees.liability.names import Named, Names

FILTERS = {
    Dimension.HOLDER: "holder",
    Dimension.GUARANTEE: "guarantee",
    Dimension.ISSUER: "issuer",
    Dimension.COUNTRY: "country",
    Dimension.CORRIDOR: "corridor",
}


def named_parts(about: Subject, side: Side, dimension: Dimension, found: Figures) -> list[dict[str, Any]]:
    """Return the parts of a breakdown as rows: names, amounts, and the address of what is behind each. The rest of a
    long breakdown is one row more, so that the rows add up."""
    breakdown = found.by.get(dimension, Breakdown())
    names = Names([Figures(found.total, {dimension: breakdown})], about.view.day)
    rows = [
        _part(about, side, dimension, names.of(dimension, part.key), part.total) for part in breakdown.parts
    ]
    if breakdown.rest_keys:
        rows.append(_rest(about, side, dimension, breakdown))
    return rows


def _part(about: Subject, side: Side, dimension: Dimension, named: Named, total: Total) -> dict[str, Any]:
    return {
        "key": named.key,
        "name": named.name,
        "label": named.name,
        "amount": total.amount,
        "count": total.count,
        "currency": about.view.currency,
        "address": about.rows(side, **{FILTERS[dimension]: named.key}),
        "ceiling": named.ceiling,
        "share": total.amount / named.ceiling if named.ceiling else None,
    }


def _rest(about: Subject, side: Side, dimension: Dimension, breakdown: Breakdown) -> dict[str, Any]:
    label = _("{count} more").format(count=breakdown.rest_keys)
    return {
        "key": "", "name": label, "label": label, "amount": breakdown.rest.amount, "count": breakdown.rest.count,
        "currency": about.view.currency, "address": about.parts(side, dimension), "ceiling": None, "share": None,
    }  # fmt: skip


class LiabilityPartsPage(ConsolePage):
    """One breakdown, all of it."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}
    title = gettext_lazy("Liability, part by part")
    template = "consoles/liability/parts.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show or export every part of one breakdown. Raises BodyInvalid for a side or a breakdown that there is
        not."""
        about, side, dimension = subject_asked(request), _side(request), _dimension(request)
        found = figures(about.view, sides=[side], largest=MOST_PARTS)[side]
        table = (GuaranteesTable if dimension == Dimension.GUARANTEE else PartsTable)(
            named_parts(about, side, dimension, found), request=request
        )
        RequestConfig(request, paginate={"per_page": ROWS_A_PAGE}).configure(table)
        if is_format(wanted := request.GET.get("export", "")):
            return export(table.as_values(), wanted, f"liability-{side.value}-{dimension.value}")
        return self.page(
            request,
            subject=about,
            view=about.view,
            table=table,
            side=side,
            total=found.total,
            by=dimension.label,
        )


def _side(request: HttpRequest) -> Side:
    asked = request.GET.get("side", "")
    if asked not in Side.values:
        raise field_invalid("side", "literal_error", expected=", ".join(Side.values))
    return Side(asked)


def _dimension(request: HttpRequest) -> Dimension:
    asked, known = request.GET.get("by", ""), DIMENSIONS[_side(request)]
    if asked not in known:
        raise field_invalid("by", "literal_error", expected=", ".join(known))
    return Dimension(asked)
