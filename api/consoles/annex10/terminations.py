"""Terminations for the association the minute they are stamped, and the daily SafeTIR files."""

from datetime import date, datetime, time
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from api.consoles import columns, formatting
from api.consoles.base import ConsolePage
from api.consoles.carnets.one_carnet import carnet_address
from api.consoles.statuses import badge
from api.consoles.tables import ConsoleFilter, ConsoleTable, TablePage
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OVERSIGHT
from api.scope.annex10 import safetir_records_for, terminations_for
from api.scope.reader import reader_of
from carnets.choices import OfficeRole
from carnets.models import TirOperation
from checkpoints.annex10 import daily, safetir
from checkpoints.models import SafetirFile, Stamp

SEES_TERMINATIONS = ASSOCIATIONS | CUSTOMS_HQ | OVERSIGHT
DAY = forms.DateInput(attrs={"type": "date"})


class OfficeColumn(columns.TextColumn):
    """An office by its name in the reader's language; the file has the code."""

    def render(self, value: str) -> str:
        return formatting.office_name(value)


class UpdateColumn(columns.TextColumn):
    """New or cancelled, and whether it stands today."""

    def render(self, value: Any, record: Stamp) -> SafeString:
        if record.cancels is not None:
            return badge(_("cancels an earlier one"), "stop")
        return badge(_("stands"), "go") if value else badge(_("taken back"), "unknown")

    def value(self, **cell: Any) -> str:
        return "C" if cell["record"].cancels else "N"


class PartialOrFinalColumn(columns.TextColumn):
    """What a standing termination ends; nothing of one that was taken back, or at an exit."""

    def render(self, value: bool | None, record: Stamp) -> str:
        if value is None or record.role != OfficeRole.DESTINATION:
            return formatting.NOTHING
        return str(_("final") if value else _("partial"))

    def value(self, **cell: Any) -> str:
        if cell["value"] is None or cell["record"].role != OfficeRole.DESTINATION:
            return ""
        return "FD" if cell["value"] else "PD"


class TerminationsTable(ConsoleTable):
    recorded_at = columns.MomentColumn(verbose_name=_("Recorded"))
    carnet = columns.LinkColumn(verbose_name=_("Carnet"), address=lambda stamp: carnet_address(stamp.carnet))
    page = columns.FigureColumn(verbose_name=_("Page"))
    office = OfficeColumn(accessor="office__code", verbose_name=_("Office"))
    occurred_at = columns.MomentColumn(verbose_name=_("Certified"), office="office__code")
    is_final = PartialOrFinalColumn(verbose_name=_("Kind"), empty_values=())
    packages = columns.FigureColumn(verbose_name=_("Packages"))
    reservation = columns.TextColumn(verbose_name=_("Reservation"))
    stands = UpdateColumn(
        verbose_name=pgettext_lazy("what stands", "Record"), orderable=False, empty_values=()
    )

    class Meta(ConsoleTable.Meta):
        empty_text = _(
            "No termination matches. Each appears here the minute an office of destination stamps it."
        )
        order_by = ("-recorded_at",)


class TerminationsFilter(ConsoleFilter):
    carnet = django_filters.CharFilter(
        label=_("Carnet"), field_name="carnet__number", lookup_expr="iexact", max_length=11
    )
    since = django_filters.DateFilter(label=_("Recorded from"), method="from_day", widget=DAY)
    until = django_filters.DateFilter(label=_("Recorded to"), method="to_day", widget=DAY)
    country = django_filters.CharFilter(
        label=_("Country"), field_name="office__country", lookup_expr="iexact", max_length=2
    )
    exits = django_filters.BooleanFilter(
        label=_("Exits too"), method="as_it_is", widget=forms.CheckboxInput, required=False
    )

    def from_day(self, rows: QuerySet[Stamp], _name: str, value: date) -> QuerySet[Stamp]:
        return rows.filter(recorded_at__gte=make_aware(datetime.combine(value, time.min)))

    def to_day(self, rows: QuerySet[Stamp], _name: str, value: date) -> QuerySet[Stamp]:
        return rows.filter(recorded_at__lte=make_aware(datetime.combine(value, time.max)))

    def as_it_is(self, rows: QuerySet[Stamp], _name: str, value: bool) -> QuerySet[Stamp]:
        """Whether exits are among the rows was decided when they were asked for."""
        return rows


class TerminationsPage(TablePage):
    """What offices of destination certified under the reader's carnets, or in the reader's country."""

    allow: ClassVar = {"GET": SEES_TERMINATIONS}
    title = _("Terminations")
    menu = _("Terminations")
    template = "consoles/annex10/terminations.html"
    table, filterset, file_name = TerminationsTable, TerminationsFilter, "terminations"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[Stamp]:
        standing = TirOperation.objects.filter(carnet=OuterRef("carnet"), termination_stamp=OuterRef("pk"))
        found = terminations_for(reader_of(request), with_exits=bool(request.GET.get("exits")))
        return found.annotate(stands=Exists(standing), is_final=Subquery(standing.values("is_final")[:1]))


def _file_address(file: SafetirFile) -> str:
    return reverse("console-safetir-day", kwargs={"day": file.day})


class DayLinkColumn(columns.LinkColumn):
    def render(self, value: date, record: Any) -> SafeString:
        return super().render(formatting.day(value), record)


class SafetirFilesTable(ConsoleTable):
    day = DayLinkColumn(verbose_name=_("Day"), address=_file_address)
    count = columns.FigureColumn(verbose_name=_("Records, all countries"))
    made_at = columns.MomentColumn(verbose_name=_("Made"))
    sha256 = columns.TextColumn(verbose_name=_("Hash of the whole file"), orderable=False)

    class Meta(ConsoleTable.Meta):
        empty_text = _("No daily file yet. Each is made within an hour of its day's end.")
        order_by = ("-day",)

    def render_sha256(self, value: bytes) -> str:
        return bytes(value).hex()[:16] + "…"

    def value_sha256(self, value: bytes) -> str:
        return bytes(value).hex()


class SafetirFilesPage(TablePage):
    """One file a day, never changed once made; a day opens as the part of it that the reader may see."""

    allow: ClassVar = {"GET": SEES_TERMINATIONS}
    title = _("Daily SafeTIR files")
    table, file_name = SafetirFilesTable, "safetir-files"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[SafetirFile]:
        return SafetirFile.objects.all()


class SafetirDayFile(ConsolePage):
    """The reader's part of one day's file, as it is sent."""

    allow: ClassVar = {"GET": SEES_TERMINATIONS}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = get_object_or_404(SafetirFile, day=kwargs["day"])
        records = daily.records_of(file, safetir_records_for(reader_of(request)), with_exits=False)
        return HttpResponse(
            safetir.file_of(records),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="safetir-{file.day}.csv"'},
        )
