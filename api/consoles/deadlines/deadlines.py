"""What is due, day by day: a month as a calendar, and the same as a list with article and consequence."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from api.consoles import columns
from api.consoles.base import ConsolePage
from api.consoles.claims.statuses import STANDING_TONES
from api.consoles.exporting import export, is_format
from api.consoles.tables import ConsoleTable
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ
from api.scope.claims import deadlines_for
from api.scope.reader import reader_of
from carnets.deadlines import MOST
from guarantees.clocks import Answer
from guarantees.deadlines import DUTIES, Deadline
from tir.kernel.clock import now

DAY = timedelta(days=1)
SOON = 7  # days
FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """One deadline in the list, with where it leads and how near it is."""

    deadline: Deadline
    address: str
    tone: str
    is_premature: bool  # a first day that has not come: shown, and greyed


@dataclass(frozen=True, slots=True)
class CalendarDay:
    day: date
    is_in_month: bool
    is_today: bool
    count: int
    tone: str


class MonthForm(forms.Form):
    month = forms.DateField(
        label=_("Month"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
    )
    about = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", _("everything")), *((code, duty.what) for code, duty in DUTIES.items())],
    )

    days = forms.IntegerField(
        required=False, min_value=1, max_value=366, widget=forms.HiddenInput
    )  # from today, instead of a month

    def clean_month(self) -> date | None:
        month: date | None = self.cleaned_data["month"]
        return month if month and FIRST_YEAR <= month.year <= LAST_YEAR else None


class DeadlinesTable(ConsoleTable):
    """The rows of an export."""

    on = columns.DayColumn(verbose_name=_("Day"))
    what = columns.TextColumn(accessor="duty__what", verbose_name=_("What"))
    article = columns.TextColumn(accessor="window__article", verbose_name=_("Article"))
    carnet = columns.TextColumn(verbose_name=_("Carnet"))
    page = columns.FigureColumn(verbose_name=_("Page"))
    claim = columns.FigureColumn(verbose_name=_("Claim"))
    guarantee = columns.TextColumn(verbose_name=_("Guarantee"))
    holder = columns.TextColumn(verbose_name=_("Holder"))
    role = columns.TextColumn(verbose_name=_("As"))
    missed = columns.TextColumn(accessor="duty__missed", verbose_name=_("If missed"))


class DeadlinesPage(ConsolePage):
    """A month of deadlines of the reader's side."""

    allow: ClassVar = {"GET": ASSOCIATIONS | CUSTOMS_HQ}
    title = _("Deadlines")
    template = "consoles/deadlines/deadlines.html"
    menu = _("Deadlines")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the month asked for, this month where none can be read, or so many days from today; as a file with
        `export`. Days are the reader's own."""
        today = reader_of(request).day_at(now())
        form = MonthForm(request.GET)
        asked = form.cleaned_data if form.is_valid() else {}
        month = (asked.get("month") or today).replace(day=1)
        first, last = (today, today + asked["days"] * DAY) if asked.get("days") else _whole(month)
        rows = _rows(request, first, last, asked.get("about", ""))
        if is_format(wanted := request.GET.get("export", "")):
            return export(DeadlinesTable(rows).as_values(), wanted, f"deadlines-{month:%Y-%m}")
        context = _context(month, today, rows, asked.get("about", ""))
        shown = MonthForm(initial={"month": month, "about": asked.get("about", "")})
        return self.page(request, form=shown, **context)


def _whole(month: date) -> tuple[date, date]:
    return month, _next_month(month) - DAY


def _rows(request: HttpRequest, first: date, last: date, about: str) -> list[Deadline]:
    rows = deadlines_for(reader_of(request), first=first, last=last)
    return [row for row in rows if not about or row.code == about]


def _context(month: date, today: date, rows: Sequence[Deadline], about: str) -> dict[str, Any]:
    lines = [_line(row, today) for row in rows]
    by_day = {day: list(group) for day, group in groupby(lines, key=lambda line: line.deadline.on)}
    days = urlencode({"from": str(month), "to": str(_next_month(month) - DAY)})
    return {
        "month": month,
        "month_name": date_format(month, "F Y"),
        "weeks": _weeks(month, today, by_day),
        "weekdays": [date_format(date(2024, 1, 1) + DAY * index, "D") for index in range(7)],  # a Monday
        "days": list(by_day.items()),
        "before": _month_query(month - DAY, about),
        "after": _month_query(_next_month(month), about),
        "calendar_file": f"{reverse('deadlines-calendar')}?{days}",
        "is_cut": len(rows) >= MOST,
        "today": today,
    }


def _next_month(month: date) -> date:
    return (month + 31 * DAY).replace(day=1)


def _month_query(day: date, about: str) -> str:
    return urlencode({"month": f"{day:%Y-%m}", **({"about": about} if about else {})})


def _weeks(month: date, today: date, by_day: dict[date, list[DeadlineLine]]) -> list[list[CalendarDay]]:
    return [
        [_calendar_day(day, month, today, by_day.get(day, [])) for day in week]
        for week in calendar.Calendar().monthdatescalendar(month.year, month.month)
    ]


def _calendar_day(day: date, month: date, today: date, lines: Sequence[DeadlineLine]) -> CalendarDay:
    tones = {line.tone for line in lines}
    tone = next((tone for tone in ("stop", "look", "brand") if tone in tones), "")
    return CalendarDay(day, day.month == month.month, day == today, len(lines), tone)


def _line(row: Deadline, today: date) -> DeadlineLine:
    is_premature = row.code == "claim_earliest" and row.answer(today) is Answer.TOO_EARLY
    return DeadlineLine(row, _address(row), "brand" if is_premature else _tone(row, today), is_premature)


def _tone(row: Deadline, today: date) -> str:
    """Passed, within a week, or later."""
    if row.answer(today) is Answer.LAPSED:
        return STANDING_TONES[Answer.LAPSED]
    return "look" if 0 <= (row.on - today).days <= SOON else "brand"


def _address(row: Deadline) -> str:
    if row.claim:
        return reverse("console-claim", kwargs={"claim_id": row.claim})
    return reverse("console-carnet", kwargs={"number": row.carnet}) if row.carnet else ""
