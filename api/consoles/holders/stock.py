"""The stock of carnet numbers: how many are left, and when that is few."""

from typing import Any, ClassVar

from django import forms
from django.db.models import ExpressionWrapper, F, IntegerField, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles import columns
from api.consoles.forms import Form, FormPage
from api.consoles.holders.register import reader_has
from api.consoles.tables import ConsoleTable, TablePage
from api.permissions import ASSOCIATIONS, OVERSIGHT, SECRETARIAT
from api.scope.holders import number_ranges_for
from api.scope.reader import reader_of
from carnets import stock
from carnets.models import NumberRange
from carnets.numbering import format_number
from guarantees.models import Association
from tir.accounts.models import Role
from tir.kernel.clock import now


class NumberColumn(columns.TextColumn):
    """The digits as a carnet number, with its check letters."""

    def render(self, value: int) -> str:
        return format_number(value)

    def value(self, **cell: Any) -> str:
        return format_number(cell["value"])


class StockTable(ConsoleTable):
    association = columns.TextColumn(accessor="association__code", verbose_name=_("Association"))
    first = NumberColumn(verbose_name=_("First"))
    last = NumberColumn(verbose_name=_("Last"))
    given = columns.FigureColumn(verbose_name=_("Given"), orderable=False)
    issued = columns.FigureColumn(verbose_name=_("Used"))
    left = columns.FigureColumn(verbose_name=_("Left"), orderable=False)
    given_at = columns.MomentColumn(verbose_name=_("Given on"))

    class Meta(ConsoleTable.Meta):
        empty_text = _("No numbers yet. The international organization gives an association its ranges.")
        order_by = ("first",)


class StockPage(TablePage):
    """Ranges of numbers with what is used and left; the alarm is the association's own figure."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}
    title = _("Stock of carnet numbers")
    menu = _("Stock")
    template = "consoles/holders/stock.html"
    table, file_name = StockTable, "number-ranges"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[NumberRange]:
        given = ExpressionWrapper(F("last") - F("first") + 1, output_field=IntegerField())
        return (
            number_ranges_for(reader_of(request))
            .annotate(given=given)
            .annotate(left=F("given") - F("issued"))
        )

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what is left of each association's numbers, and whether the reader may give more."""
        ranges = number_ranges_for(reader_of(request)).values_list("association_id", flat=True)
        stocks = stock.stocks(ranges)
        codes = Association.objects.in_bulk(stocks)
        return {
            "stocks": [(codes[key], found) for key, found in sorted(stocks.items())],
            "as_of": now(),
            "may_give": reader_has(request, Role.SECRETARIAT),
        }


class GiveNumbersForm(Form):
    association = forms.ModelChoiceField(
        Association.objects.order_by("code"), label=_("Association"), to_field_name="code", empty_label="–"
    )
    first = forms.IntegerField(label=_("First number, digits alone"), min_value=1, max_value=999_999_999)
    last = forms.IntegerField(label=_("Last number, digits alone"), min_value=1, max_value=999_999_999)


class GiveNumbersPage(FormPage):
    allow: ClassVar = {"GET": SECRETARIAT, "POST": SECRETARIAT}
    title, form, submit = _("Give an association numbers"), GiveNumbersForm, _("Give")
    done = _("The numbers are in the association's stock.")

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        """Put the range into the association's stock."""
        said = form.cleaned_data
        stock.give_range(
            association=said["association"],
            first=said["first"],
            last=said["last"],
            by=caller(request),
            at=now(),
        )
        return reverse("console-stock")

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-stock")
