"""The work list: what reconciliation found and nobody has settled yet."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from api.consoles import columns
from api.consoles.carnets.acting import resolve_address
from api.consoles.carnets.one_carnet import carnet_address
from api.consoles.carnets.open_carnets import CODES
from api.consoles.carnets.words import in_words
from api.consoles.formatting import article, moment
from api.consoles.tables import ConsoleFilter, ConsoleTable, TablePage
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OVERSIGHT
from api.scope.carnets import irregularities_for
from api.scope.reader import reader_of
from carnets.choices import IrregularityStatus, Severity
from carnets.models import Irregularity


class IrregularitiesTable(ConsoleTable):
    carnet = columns.LinkColumn(
        verbose_name=_("Carnet"),
        accessor="carnet__number",
        address=lambda item: carnet_address(item.carnet.number),
        orderable=False,
    )
    page = columns.FigureColumn(verbose_name=_("Page"), orderable=False)
    country = columns.TextColumn(verbose_name=_("Country"), accessor="operation__country", orderable=False)
    sentence = columns.TextColumn(verbose_name=_("What was found"), accessor="code", orderable=False)
    article = columns.TextColumn(verbose_name=_("Article"), accessor="code", visible=False, orderable=False)
    code = columns.TextColumn(verbose_name=_("Code"), visible=False)
    severity = columns.StatusColumn(verbose_name=_("Severity"), orderable=False)
    status = columns.StatusColumn(verbose_name=_("Status"), orderable=False)
    opened_at = columns.MomentColumn(verbose_name=_("Since"), order_by="pk")
    next_clock_at = columns.MomentColumn(verbose_name=_("Next clock"), orderable=False)
    action = columns.TextColumn(
        verbose_name=_("Decide"), accessor="pk", orderable=False, exclude_from_export=True
    )

    class Meta(ConsoleTable.Meta):
        empty_text = _(
            "Nothing to decide. Reconciliation runs every minute and writes here what does not agree."
        )
        order_by = ("opened_at",)

    def render_sentence(self, record: Irregularity) -> SafeString:
        said = in_words(record)
        return format_html('{} <span class="article">{}</span>', said.sentence, article(said.article))

    def value_sentence(self, record: Irregularity) -> str:
        return str(in_words(record).sentence)

    def value_article(self, record: Irregularity) -> str:
        return in_words(record).article

    def render_next_clock_at(self, record: Irregularity) -> SafeString:
        return format_html("{} {}", moment(record.next_clock_at), in_words(record).clock)

    def render_action(self, record: Irregularity) -> "SafeString | str":
        if not in_words(record, reader_of(self.request)).may_resolve:
            return "–"
        return format_html(
            '<a href="{}">{}<span class="visually-hidden"> {}</span></a>',
            resolve_address(record), _("Resolve"), record.carnet.number,
        )  # fmt: skip


class IrregularitiesFilter(ConsoleFilter):
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[("all", _("any")), *IrregularityStatus.choices],
        empty_label=None,
        method="in_status",
    )
    code = django_filters.ChoiceFilter(
        label=_("Irregularity"), choices=[(code, code) for code in CODES], empty_label=_("any")
    )
    severity = django_filters.ChoiceFilter(
        label=_("Severity"), choices=Severity.choices, empty_label=_("any")
    )
    carnet = django_filters.CharFilter(label=_("Carnet"), method="of_carnet", max_length=24)

    def __init__(self, data: Any = None, *args: Any, **options: Any) -> None:
        """Without a word about the status, what is open is meant: this is a list of work."""
        given = data.copy() if data is not None else {}
        given.setdefault("status", IrregularityStatus.OPEN.value)
        super().__init__(given, *args, **options)

    def in_status(self, rows: QuerySet[Irregularity], _name: str, value: str) -> QuerySet[Irregularity]:
        return rows if value == "all" else rows.filter(status=value)

    def of_carnet(self, rows: QuerySet[Irregularity], _name: str, value: str) -> QuerySet[Irregularity]:
        return rows.filter(Q(carnet__number="".join(value.split()).upper()))


class IrregularitiesPage(TablePage):
    """What is open in the reader's country, on the association's carnets, or at its charge."""

    allow: ClassVar = {"GET": CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT}
    title = _("Irregularities")
    menu = _("Irregularities")
    table = IrregularitiesTable
    filterset = IrregularitiesFilter
    file_name = "irregularities"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[Irregularity]:
        return irregularities_for(reader_of(request))
