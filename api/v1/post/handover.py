"""The shift handover on paper: what came on record, what waits, what was refused, and two lines to sign."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from api.endpoints import Endpoint
from api.filtering import Filter, as_code, instant_asked
from api.openapi import documented
from api.parsing import field_invalid
from api.permissions import CUSTOMS_HQ, OFFICERS
from api.renderers import JsonRenderer, PdfRenderer
from api.scope.posts import office_of
from api.scope.reader import reader_of
from api.v1.post.holding import TAG
from api.wording import in_active_language, said_of_the_log, said_seconds
from carnets.choices import Made, OfficeRole
from carnets.documents.fonts import installed_fonts
from carnets.documents.grid import TableColumn
from carnets.documents.tabular import Table, TabularSheet, render_tabular
from checkpoints import shift as shifts
from checkpoints.choices import IncidentKind, RefusalReason
from checkpoints.models import Stamp
from checkpoints.shift import Shift
from tir.kernel.clock import now
from tir.kernel.sandbox import kind

LONGEST = timedelta(days=3)
FROM = OpenApiParameter("from", str, description="An instant; eight hours before `to` when left out.")
TO = OpenApiParameter(
    "to", str, description="An instant; now when left out. At most three days after `from`."
)


class Handover(Endpoint):
    """One shift of one office, to be printed and signed."""

    cost = "paper"
    allow: ClassVar = {"GET": OFFICERS | CUSTOMS_HQ}
    renderer_classes = (PdfRenderer, JsonRenderer)
    office = Filter("office", "", "For headquarters: the office's code.", read=as_code)

    @documented(
        "Print a shift handover (PDF)",
        operation="print_handover",
        answers={(200, "application/pdf"): bytes},
        problems=(404, 429),
        parameters=(FROM, TO, office.parameter),
        tag=TAG,
    )
    def get(self, request: Request) -> HttpResponse:
        """One shift of one office, to be printed and signed: the last eight hours, unless `from` and `to` say
        otherwise."""
        at = now()
        office = office_of(reader_of(request), self.office.value(request).upper(), at=at)
        sheet = _sheet_of(_period(request, Shift(office, at - timedelta(hours=8), at)), at)
        name = f"handover-{office.code}-{at:%Y-%m-%dT%H%MZ}.pdf"
        return HttpResponse(
            render_tabular(sheet, installed_fonts(), kind()),
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{name}"'},
        )


def _period(request: Request, usual: Shift) -> Shift:
    until = instant_asked(request, "to") or usual.until
    since = instant_asked(request, "from") or until - (usual.until - usual.since)
    if not since < until <= since + LONGEST:
        raise field_invalid("from", "out_of_period")
    return Shift(usual.office, since, until)


def _sheet_of(shift: Shift, at: datetime) -> TabularSheet:
    """Return everything the paper shows, in the active language, times as the office's clock has them."""
    office = f"{in_active_language(shift.office)} ({shift.office.code})"
    return TabularSheet(
        title=_("Shift handover"),
        subtitle=_("{office}, {since} to {until} ({zone}). Printed {at}.").format(
            office=office,
            since=_clock(shift, shift.since, with_day=True),
            until=_clock(shift, shift.until, with_day=True),
            zone=shift.office.time_zone,
            at=_clock(shift, at, with_day=True),
        ),
        facts=_facts(shift),
        tables=(_waiting(shift), _refused(shift), _refusals(shift), _reports(shift), _stamps(shift)),
        signatures=(_("Handed over by"), _("Taken over by")),
        note=said_of_the_log(),
        page_of=_("Page {page} of {pages}"),
        language=get_language() or "en",
    )


def _facts(shift: Shift) -> tuple[tuple[str, str], ...]:
    count, hours = shifts.tally(shift), shifts.handling_by_hour(shift)
    average = shifts.average_seconds(hours)
    return (
        (_("Stamps"), str(count.stamps)),
        (_("of them from offline"), str(count.from_offline)),
        (_("Scans"), str(count.scans)),
        (_("Average handling time"), said_seconds(average)),
        (_("Not sent yet"), str(count.waiting)),
        (_("Refused stamps"), str(count.refused_stamps)),
        (_("Starts refused"), str(count.refusals)),
        (_("Certified reports"), str(count.reports)),
    )


def _clock(shift: Shift, at: datetime | None, *, with_day: bool = False) -> str:
    if at is None:
        return "–"
    return f"{at.astimezone(shift.zone):{'%Y-%m-%d %H:%M' if with_day else '%d. %H:%M'}}"


def _table(heading: str, columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], empty: str) -> Table:
    return Table(heading, tuple(columns), tuple(map(tuple, rows)), empty)


def _waiting(shift: Shift) -> Table:
    columns = (
        TableColumn(_("Device")), TableColumn(_("Lane"), 22),
        TableColumn(_("Officer"), 36), TableColumn(_("Not sent yet"), 24, True),
        TableColumn(_("since"), 24), TableColumn(_("Last seen"), 24),
    )  # fmt: skip
    rows = [
        (
            device.name, device.lane, device.officer.get_username(), str(device.unsent),
            _clock(shift, device.oldest_unsent_at), _clock(shift, device.last_seen_at),
        )
        for device in shifts.devices(shift)
    ]  # fmt: skip
    return _table(_("Devices"), columns, rows, _("No device is enrolled at this office."))


def _refused(shift: Shift) -> Table:
    columns = (
        TableColumn(_("Time"), 22), TableColumn(_("Carnet"), 28),
        TableColumn(_("Page"), 14, True), TableColumn(_("Officer"), 40), TableColumn(_("Rule")),
    )  # fmt: skip
    rows = [
        (
            _clock(shift, row.recorded_at), row.carnet_number, str(row.page or "–"), row.officer.get_username(),
            ", ".join(row.codes),
        )
        for row in shifts.refused_stamps(shift).order_by("recorded_at", "pk")
    ]  # fmt: skip
    return _table(_("Refused stamps"), columns, rows, _("No stamp was refused."))


def _refusals(shift: Shift) -> Table:
    columns = (
        TableColumn(_("Time"), 22), TableColumn(_("Carnet"), 28),
        TableColumn(_("Page"), 14, True), TableColumn(_("Reason"), 48), TableColumn(_("Remark")),
    )  # fmt: skip
    rows = [
        (
            _clock(shift, row.occurred_at), row.carnet.number, str(row.page), str(RefusalReason(row.reason).label),
            row.text,
        )
        for row in shifts.refusals(shift).order_by("recorded_at", "pk")
    ]  # fmt: skip
    return _table(_("Starts refused"), columns, rows, _("No start was refused."))


def _reports(shift: Shift) -> Table:
    columns = (
        TableColumn(_("Time"), 22), TableColumn(_("Carnet"), 28),
        TableColumn(_("What happened"), 56), TableColumn(_("Remark")),
    )  # fmt: skip
    rows = [
        (
            _clock(shift, row.occurred_at),
            row.carnet.number,
            str(IncidentKind(row.kind).label),
            row.description,
        )
        for row in shifts.reports(shift).order_by("recorded_at", "pk")
    ]
    return _table(_("Certified reports"), columns, rows, _("No certified report was drawn up."))


def _stamps(shift: Shift) -> Table:
    columns = (
        TableColumn(_("Time"), 22), TableColumn(_("Carnet"), 28),
        TableColumn(_("Page"), 14, True), TableColumn(_("Role"), 30),
        TableColumn(_("Officer"), 36), TableColumn(_("Remark")),
    )  # fmt: skip
    rows = [
        (
            _clock(shift, row.occurred_at), row.carnet.number, str(row.page), str(OfficeRole(row.role).label),
            row.officer.get_username(), _remark(row),
        )
        for row in shifts.stamps(shift).order_by("recorded_at", "pk")
    ]  # fmt: skip
    return _table(_("Stamps"), columns, rows, _("No stamp came on record."))


def _remark(row: Stamp) -> str:
    """Return how the stamp came on record, where not online, and the codes of what was to be looked at then."""
    made = [str(row.get_made_display())] if row.made != Made.ONLINE else []
    return ", ".join([*made, *(warning["code"] for warning in row.receipt.get("warnings", []))])
