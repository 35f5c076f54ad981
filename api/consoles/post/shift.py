"""The shift at a post: what was stamped today, what waits on which phone, what was refused, how long a carnet takes."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.consoles import columns
from api.consoles.charts import Chart, Series
from api.consoles.formatting import office_name
from api.consoles.post.concerns import WHAT_TO_DO, concern_rows, state_of
from api.consoles.post.desk import OFFICERS
from api.consoles.statuses import badge
from api.consoles.tables import ConsoleFilter, ConsoleTable, TablePage
from api.errors import instant
from api.parsing import instant_or_day
from api.permissions import CUSTOMS_HQ
from api.scope.posts import devices_for, office_of, offices_of
from api.scope.reader import reader_of
from api.wording import said_seconds
from carnets.choices import Made, OfficeRole
from checkpoints import shift as shifts
from checkpoints.models import Stamp
from checkpoints.phones import standing
from checkpoints.shift import Handling, Shift
from tir.accounts.models import Role
from tir.kernel.clock import now

LEADERS = frozenset({Role.OFFICER}) | CUSTOMS_HQ
ROWS_SHOWN = 20


class StampsTable(ConsoleTable):
    occurred_at = columns.MomentColumn(verbose_name=_("Stamped"), office="office__code")
    recorded_at = columns.MomentColumn(verbose_name=_("Recorded"), visible=False)
    carnet = columns.TextColumn(accessor="carnet__number", verbose_name=_("Carnet"))
    page = columns.FigureColumn(verbose_name=_("Page"))
    role = columns.TextColumn(verbose_name=_("Role"))
    officer = columns.TextColumn(accessor="officer__username", verbose_name=_("Officer"))
    device = columns.TextColumn(accessor="origin__device__name", verbose_name=_("Device"))
    lane = columns.TextColumn(accessor="origin__device__lane", verbose_name=_("Lane"))
    made = columns.TextColumn(verbose_name=_("Network"))
    remarks = columns.TextColumn(accessor="receipt", verbose_name=_("Remarks"), orderable=False)

    class Meta(ConsoleTable.Meta):
        empty_text = _("No stamp matches. Stamps appear here as phones send them.")
        order_by = ("-recorded_at",)
        sequence = ("occurred_at", "...")

    def render_role(self, record: Stamp) -> Any:
        return OfficeRole(record.role).label

    def render_made(self, record: Stamp) -> Any:
        return badge(Made(record.made).label, "go" if record.made == Made.ONLINE else "unknown")

    def value_made(self, record: Stamp) -> str:
        return record.made

    def render_remarks(self, value: dict[str, Any]) -> str:
        """Return the codes of what was to be looked at when the stamp came."""
        return ", ".join(warning["code"] for warning in value.get("warnings", []))

    def value_remarks(self, value: dict[str, Any]) -> str:
        return self.render_remarks(value)


class ShiftFilter(ConsoleFilter):
    """Day and office choose the shift, so `rows` has applied them; the others narrow its stamps."""

    day = django_filters.DateFilter(
        label=_("Day"), method="unchanged", widget=forms.DateInput(attrs={"type": "date"})
    )
    office = django_filters.ChoiceFilter(label=_("Office"), method="unchanged", empty_label=None)
    officer = django_filters.CharFilter(
        label=_("Officer"), field_name="officer__username", lookup_expr="iexact"
    )
    role = django_filters.ChoiceFilter(label=_("Role"), choices=OfficeRole.choices, empty_label=_("any"))
    made = django_filters.ChoiceFilter(label=_("Network"), choices=Made.choices, empty_label=_("any"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        reader = reader_of(options["request"])
        if reader.has_role(*CUSTOMS_HQ):
            self.filters["office"].extra["choices"] = [
                (office.code, office_name(office.code)) for office in offices_of(reader)
            ]
        else:
            del self.filters["office"]

    def unchanged(self, rows: QuerySet[Stamp], _name: str, _value: Any) -> QuerySet[Stamp]:
        return rows


class ShiftPage(TablePage):
    """One office on one day; the figures renew themselves while the page is open."""

    allow: ClassVar = {"GET": LEADERS}
    title = _("Post")
    menu = _("Post")
    template = "consoles/post/shift.html"
    table = StampsTable
    filterset = ShiftFilter
    file_name = "stamps"
    caption = _("Stamps")

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[Stamp]:
        return shifts.stamps(_shift_of(request)).select_related(
            "carnet", "officer", "office", "origin__device"
        )

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the figures of the shift, its phones, what it refused, and where its handover is printed."""
        at, shift = now(), _shift_of(request)
        hours = shifts.handling_by_hour(shift)
        average = shifts.average_seconds(hours)
        return {
            "office": office_name(shift.office.code),
            "as_of": at,
            "is_today": shift.since <= at < shift.until,
            "count": shifts.tally(shift),
            "average": said_seconds(average),
            "handling": _handling_chart(hours),
            "devices": [
                {"device": device, "state": state_of(device, at)}
                for device in standing.with_losses(shifts.devices(shift))
            ],
            "concerns": concern_rows(standing.of_concern(devices_for(reader_of(request), at=at), at), at),
            "what_to_do": WHAT_TO_DO,
            "refused": shifts.refused_stamps(shift).order_by("-recorded_at", "-pk")[:ROWS_SHOWN],
            "refusals": shifts.refusals(shift).order_by("-recorded_at", "-pk")[:ROWS_SHOWN],
            "code": shift.office.code,
            "handover": _handover_address(shift, at),
            "phone_address": request.build_absolute_uri("/post/"),
            "has_desk": reader_of(request).has_role(*OFFICERS),
        }


def _shift_of(request: HttpRequest) -> Shift:
    """Return the shift that the address bar names: today at the reader's office when it names none.

    Headquarters begin with their first office. A day that cannot be read is said by the filter, above no rows.
    """
    reader, at = reader_of(request), now()
    code = request.GET.get("office", "")
    if reader.has_role(*CUSTOMS_HQ) and not code:
        code = next((office.code for office in offices_of(reader)), "")
    office = office_of(reader, code, at=at)
    day = _day(request.GET.get("day", ""))
    return shifts.shift_of_day(office, day) if day else shifts.shift_of_today(office, at=at)


def _day(text: str) -> date | None:
    try:
        day = instant_or_day(text)
    except ValueError:
        return None
    return None if isinstance(day, datetime) else day


def _handover_address(shift: Shift, at: datetime) -> str:
    """Return where the day's handover is printed; up to now where the day is not over."""
    period = {"from": instant(shift.since), "to": instant(min(shift.until, at)), "office": shift.office.code}
    return f"{reverse('post-handover')}?{urlencode(period)}"


def _handling_chart(hours: "list[Handling] | Any") -> Chart:
    """Return the average handling time of each hour, gaps as gaps."""
    by_hour = {hour.hour: hour for hour in hours}
    shown = list(_hours_between(min(by_hour), max(by_hour))) if by_hour else []
    found = [by_hour.get(hour) for hour in shown]
    return Chart(
        name="handling",
        title=_("From scan to stamp, average seconds by hour"),
        kind="bar",
        across=_("Hour"),
        labels=[f"{hour:%H}:00" for hour in shown],
        series=[Series(_("Seconds"), [round(hour.seconds) if hour else None for hour in found])],
    )


def _hours_between(first: datetime, last: datetime) -> Any:
    while first <= last:
        yield first
        first += timedelta(hours=1)
