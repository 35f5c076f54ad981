"""Which carnets are open, how old they are, and why."""

from datetime import timedelta
from typing import Any, ClassVar, Final

import django_filters
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from api.consoles import columns
from api.consoles.carnets.one_carnet import carnet_address
from api.consoles.carnets.words import IrregularityInWords, in_words, worst_of
from api.consoles.formatting import NOTHING, article, moment
from api.consoles.tables import ConsoleFilter, ConsoleTable, TablePage
from api.permissions import MANAGERS, SIGNED_IN
from api.scope.carnets import carnets_for, open_irregularities_shown
from api.scope.reader import reader_of
from carnets.choices import CarnetStatus
from carnets.models import Carnet, Irregularity
from carnets.reconciliation.catalogue import CATALOGUE
from tir.kernel.clock import now

CODES: Final = tuple(dict.fromkeys(item.code for item in CATALOGUE))
# Days since issue, from and up to, by the name in the address bar.
AGES: Final = {"30": (0, 30), "90": (31, 90), "365": (91, 365), "older": (366, None)}
AGE_NAMES: Final = (
    ("30", _("up to 30 days")),
    ("90", _("31 to 90 days")),
    ("365", _("91 to 365 days")),
    ("older", _("over a year")),
)


def _reason_of(carnet: Carnet) -> IrregularityInWords | None:
    """Return the worst that is open about a carnet, of what its reader may know."""
    return worst_of(in_words(item) for item in carnet.shown_irregularities)  # type: ignore[attr-defined]


class OpenCarnetsTable(ConsoleTable):
    number = columns.LinkColumn(
        verbose_name=_("Carnet"), address=lambda carnet: carnet_address(carnet.number)
    )
    age = columns.FigureColumn(verbose_name=_("Age in days"), accessor="issued_at", order_by="-issued_at")
    why = columns.TextColumn(verbose_name=_("Why it is open"), accessor="pk", orderable=False)
    next_clock = columns.TextColumn(verbose_name=_("Next clock"), accessor="pk", orderable=False)
    status = columns.StatusColumn(verbose_name=_("Status"), orderable=False)
    holder = columns.TextColumn(accessor="holder__name", verbose_name=_("Holder"), orderable=False)
    plates = columns.TextColumn(verbose_name=_("Vehicles"), orderable=False)
    issued_at = columns.MomentColumn(verbose_name=_("Issued"), orderable=False)
    holder_id = columns.TextColumn(
        accessor="holder__reference", verbose_name=_("Holder's ID"), visible=False, orderable=False
    )
    code = columns.TextColumn(verbose_name=_("Irregularity"), accessor="pk", visible=False, orderable=False)
    next_at = columns.TextColumn(
        verbose_name=_("Next clock ends"), accessor="pk", visible=False, orderable=False
    )

    class Meta(ConsoleTable.Meta):
        empty_text = _("No open carnet matches. Carnets appear here once an association issues them.")
        order_by = ("-age",)

    def render_age(self, record: Carnet) -> str:
        return str(self.value_age(record))

    def value_age(self, record: Carnet) -> int:
        return (now() - record.issued_at).days

    def render_why(self, record: Carnet) -> "SafeString | str":
        reason = _reason_of(record)
        return (
            format_html('{} <span class="article">{}</span>', reason.sentence, article(reason.article))
            if reason
            else NOTHING
        )

    def value_why(self, record: Carnet) -> str:
        reason = _reason_of(record)
        return str(reason.sentence) if reason else ""

    def render_next_clock(self, record: Carnet) -> "SafeString | str":
        reason = _reason_of(record)
        if reason is None or reason.row.next_clock_at is None:
            return NOTHING
        return format_html("{} {}", moment(reason.row.next_clock_at), reason.clock)

    def value_next_clock(self, record: Carnet) -> str:
        reason = _reason_of(record)
        return reason.row.next_clock if reason else ""

    def value_code(self, record: Carnet) -> str:
        reason = _reason_of(record)
        return reason.row.code if reason else ""

    def value_next_at(self, record: Carnet) -> Any:
        reason = _reason_of(record)
        return reason.row.next_clock_at if reason else None

    def render_plates(self, value: list[str]) -> str:
        return ", ".join(value)

    def value_plates(self, value: list[str]) -> str:
        return ", ".join(value)


class OpenCarnetsFilter(ConsoleFilter):
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=CarnetStatus.choices, empty_label=_("any")
    )
    age = django_filters.ChoiceFilter(
        label=_("Age"), choices=AGE_NAMES, empty_label=_("any"), method="of_age"
    )
    holder = django_filters.CharFilter(label=_("Holder, name or ID"), method="of_holder", max_length=100)
    country = django_filters.CharFilter(label=_("Country on the route"), method="through", max_length=2)
    code = django_filters.ChoiceFilter(
        label=_("Irregularity"),
        choices=[(code, code) for code in CODES],
        empty_label=_("any"),
        method="flagged",
    )

    def of_age(self, rows: QuerySet[Carnet], _name: str, value: str) -> QuerySet[Carnet]:
        youngest, oldest = AGES[value]
        rows = rows.filter(issued_at__lte=now() - timedelta(days=youngest))
        return rows if oldest is None else rows.filter(issued_at__gt=now() - timedelta(days=oldest + 1))

    def of_holder(self, rows: QuerySet[Carnet], _name: str, value: str) -> QuerySet[Carnet]:
        named = Q(holder__name__icontains=value) | Q(holder__name_local__icontains=value)
        return rows.filter(named | Q(holder__reference__startswith=value.upper()))

    def through(self, rows: QuerySet[Carnet], _name: str, value: str) -> QuerySet[Carnet]:
        return rows.filter(countries__contains=[value.upper()])

    def flagged(self, rows: QuerySet[Carnet], _name: str, value: str) -> QuerySet[Carnet]:
        shown = open_irregularities_shown(reader_of(self.request)).filter(code=value, carnet=OuterRef("pk"))
        return rows.filter(Exists(shown))


class OpenCarnetsPage(TablePage):
    """Carnets whose reservation was not let go, the oldest first."""

    allow: ClassVar = {"GET": SIGNED_IN - MANAGERS}
    title = _("Open carnets")
    menu = _("Open carnets")
    table = OpenCarnetsTable
    filterset = OpenCarnetsFilter
    file_name = "open-carnets"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[Carnet]:
        shown: QuerySet[Irregularity] = open_irregularities_shown(reader_of(request))
        whole = carnets_for(reader_of(request)).filter(is_reserved=True).select_related("holder")
        return whole.prefetch_related(Prefetch("irregularities", shown, to_attr="shown_irregularities"))
