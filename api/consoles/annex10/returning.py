"""Carnets brought back: recorded with their counterfoils, one page of the carnet a row of the form."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles import columns
from api.consoles.carnets.one_carnet import carnet_address
from api.consoles.forms import Form, FormPage, day_field, words_field
from api.consoles.holders.register import reader_has
from api.consoles.tables import ConsoleTable, TablePage
from api.permissions import ASSOCIATIONS, OVERSIGHT
from api.scope.annex10 import carnet_returns_for
from api.scope.carnets import own_carnet
from api.scope.reader import reader_of
from carnets.annex10 import returns
from carnets.models import Carnet, CarnetReturn, TirOperation
from carnets.numbering import parse_number
from tir.accounts.models import Role
from tir.kernel.clock import now


class DifferencesColumn(columns.FigureColumn):
    def render(self, value: Any) -> str:
        return super().render(len(value))

    def value(self, **cell: Any) -> int:
        return len(cell["value"])


class ReturnsTable(ConsoleTable):
    carnet = columns.LinkColumn(verbose_name=_("Carnet"), address=lambda row: carnet_address(row.carnet))
    holder = columns.TextColumn(accessor="carnet__holder__name", verbose_name=_("Holder"))
    returned_at = columns.MomentColumn(verbose_name=_("Brought back"))
    recorded_by = columns.TextColumn(accessor="recorded_by__username", verbose_name=_("Recorded by"))
    differences = DifferencesColumn(verbose_name=_("Differences now"), orderable=False, empty_values=())
    waiting = columns.FigureColumn(verbose_name=_("Waiting for customs"), orderable=False)

    class Meta(ConsoleTable.Meta):
        empty_text = _("No carnet was brought back yet. Record one with its counterfoils.")
        order_by = ("-returned_at",)


class ReturnsPage(TablePage):
    """Carnets that holders brought back, with how many of their counterfoils differ from the record."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}
    title = _("Returned carnets")
    menu = _("Returns")
    template = "consoles/annex10/returns.html"
    table, file_name = ReturnsTable, "returns"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[CarnetReturn]:
        is_open = Q(carnet__reconciliation_requests__status="open")
        return carnet_returns_for(reader_of(request)).annotate(
            waiting=Count("carnet__reconciliation_requests", filter=is_open)
        )

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {"may_record": reader_has(request, Role.ASSOCIATION)}


class FindReturnedForm(Form):
    number = forms.CharField(label=_("Carnet number"), max_length=24)


class FindReturnedPage(FormPage):
    allow: ClassVar = {"GET": ASSOCIATIONS, "POST": ASSOCIATIONS}
    title, form, submit = _("Which carnet was brought back?"), FindReturnedForm, _("Next")

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        carnet = own_carnet(reader_of(request), parse_number(form.cleaned_data["number"]))
        return reverse("console-return-record", kwargs={"number": carnet.number})

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-returns")


FOIL = ("stamped", "office", "packages", "on", "with_reservation")


class CounterfoilsForm(Form):
    """The counterfoils of one carnet; `planned` are its pages with the offices planned there."""

    planned: ClassVar[dict[int, str]] = {}

    def foils(self) -> list[dict[str, Any]]:
        """Return the fields page by page, for a table."""
        return [
            {"page": page, "planned": office, **{name: self[f"{name}_{page}"] for name in FOIL}}
            for page, office in self.planned.items()
        ]


def _counterfoil_form(operations: list[TirOperation]) -> type[Form]:
    """Return a form with the four facts of each counterfoil No. 2 of this carnet; what is left empty is not said."""
    said: dict[str, Any] = {}
    for operation in operations:
        page = operation.pages[1]
        name = str(_("Page {page}")).format(page=page)
        said |= {
            f"stamped_{page}": forms.BooleanField(
                label=str(_("{page}: the counterfoil is stamped")).format(page=name), required=False
            ),
            f"office_{page}": forms.CharField(
                label=str(_("{page}: office")).format(page=name), required=False, max_length=8
            ),
            f"packages_{page}": forms.IntegerField(
                label=str(_("{page}: packages")).format(page=name),
                required=False,
                min_value=0,
                max_value=10_000_000,
            ),
            f"on_{page}": day_field(str(_("{page}: day")).format(page=name), required=False),
            f"with_reservation_{page}": forms.BooleanField(
                label=str(_("{page}: with a reservation")).format(page=name), required=False
            ),
        }
    said["reason"] = words_field(_("Remark"), most=1000, rows=2)
    said["planned"] = {operation.pages[1]: operation.planned_end for operation in operations}
    return type("ThisCarnetsForm", (CounterfoilsForm,), said)


def _counterfoils_of(said: dict[str, Any], operations: list[TirOperation]) -> list[dict[str, Any]]:
    """Return the counterfoils that are stamped, with what was filled in."""
    found = []
    for operation in operations:
        page = operation.pages[1]
        if not said[f"stamped_{page}"]:
            continue
        day = said[f"on_{page}"]
        found.append({
            "page": page,
            "office": said[f"office_{page}"].upper() or None,
            "packages": said[f"packages_{page}"],
            "on": day and str(day),
            "with_reservation": said[f"with_reservation_{page}"],
        })  # fmt: skip
    return found


class RecordReturnPage(FormPage):
    """The counterfoils of one carnet, as they are stamped: what differs from the record is asked of customs."""

    allow: ClassVar = {"GET": ASSOCIATIONS, "POST": ASSOCIATIONS}
    title, submit = _("Record a returned carnet"), _("Record the return")
    template = "consoles/annex10/return-record.html"
    done = _("The return is recorded. What differs was asked of customs.")
    carnet: Carnet
    operations: list[TirOperation]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self._read(request, **kwargs)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> Any:
        self._read(request, **kwargs)
        return super().post(request, **kwargs)

    def _read(self, request: HttpRequest, **kwargs: Any) -> None:
        self.carnet = own_carnet(reader_of(request), kwargs["number"])
        self.operations = list(self.carnet.operations.order_by("sequence"))
        self.form = _counterfoil_form(self.operations)  # type: ignore[misc]

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        sentence = _("Carnet {number}: say what each counterfoil of a green voucher (No. 2) bears.")
        return {"says": sentence.format(number=self.carnet.number)}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        """Record the return, and lead to the requests that came of it."""
        returns.record_return(
            number=self.carnet.number,
            counterfoils=_counterfoils_of(form.cleaned_data, self.operations),
            reason=form.cleaned_data["reason"],
            by=caller(request),
            at=now(),
        )
        return reverse("console-requests") + f"?carnet={self.carnet.number}"

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-returns")
