"""What people did, took away, looked for and were refused: searched, read one by one, taken away as a file."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from api.consoles import columns
from api.consoles.audit.words import said
from api.consoles.base import ConsolePage
from api.consoles.statuses import badge
from api.consoles.tables import ConsoleFilter, ConsoleTable, TablePage
from api.permissions import AUDIT
from api.scope.audit import acts_of, audit_event_for, audit_events_for
from api.scope.reader import reader_of
from tir.audit.models import AuditEvent

DONE = _("done")


def event_address(event: AuditEvent) -> str:
    return reverse("console-audit-event", kwargs={"event_id": event.pk})


class OutcomeColumn(columns.TextColumn):
    """Whether it was done, or the code it was refused with."""

    def render(self, record: AuditEvent) -> SafeString:
        return outcome(record)

    def value(self, **cell: Any) -> Any:
        return cell["record"].code


def outcome(event: AuditEvent) -> SafeString:
    """Return how an event ended, as word, shape and tone."""
    return badge(event.code, "stop") if event.code else badge(DONE, "go")


class DeedColumn(columns.LinkColumn):
    """The verb in words; a file has the code, which `docs/audit.md` explains."""

    def render(self, value: Any, record: Any) -> SafeString:
        return super().render(said(value), record)

    def value(self, **cell: Any) -> Any:
        return cell["record"].verb


class AuditTable(ConsoleTable):
    at = columns.MomentColumn(verbose_name=_("When"))
    person = columns.TextColumn(verbose_name=_("Who"))
    verb = DeedColumn(verbose_name=_("Did"), address=event_address)
    noun = columns.TextColumn(verbose_name=_("To what"))
    ref = columns.TextColumn(verbose_name=_("Which"))
    code = OutcomeColumn(empty_values=(), verbose_name=_("Outcome"))
    address = columns.TextColumn(verbose_name=_("From where"), orderable=False)
    count = columns.FigureColumn(verbose_name=_("Times"), orderable=False)
    request_id = columns.TextColumn(verbose_name=_("Request"), orderable=False)

    class Meta(ConsoleTable.Meta):
        empty_text = _(
            "Nothing matches. What people do, take away, look for or are refused appears here at once."
        )
        order_by = ("-at",)


class AuditFilter(ConsoleFilter):
    person = django_filters.CharFilter(label=_("Who"), lookup_expr="iexact", max_length=150)
    noun = django_filters.CharFilter(label=_("To what"), lookup_expr="iexact", max_length=40)
    ref = django_filters.CharFilter(label=_("Which"), max_length=100)
    day = django_filters.DateFilter(
        label=_("Day (UTC)"), method="on_day", widget=forms.DateInput(attrs={"type": "date"})
    )
    code = django_filters.CharFilter(label=_("Refused with"), lookup_expr="iexact", max_length=60)
    request_id = django_filters.CharFilter(label=_("Request"), max_length=64)

    def on_day(self, rows: QuerySet[AuditEvent], _name: str, value: date) -> QuerySet[AuditEvent]:
        begin = datetime.combine(value, time.min, tzinfo=UTC)
        return rows.filter(at__gte=begin, at__lt=begin + timedelta(days=1))


class AuditPage(TablePage):
    """The events that the reader may see."""

    allow: ClassVar = {"GET": AUDIT}
    title = _("Audit trail")
    menu = _("Audit trail")
    table, filterset, file_name = AuditTable, AuditFilter, "audit"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[AuditEvent]:
        return audit_events_for(reader_of(request))


class AuditEventPage(ConsolePage):
    """One event, and what the database wrote down of its request by itself."""

    allow: ClassVar = {"GET": AUDIT}
    title = _("Audit event")
    template = "consoles/audit/event.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the event and its acts. Raises Http404 for one that the reader may not see."""
        event = audit_event_for(reader_of(request), int(kwargs["event_id"]))
        acts = [(act, sorted(act.content.items())) for act in acts_of(event)]
        sent = [(name, _said(value)) for name, value in sorted(event.fields.items())]
        return {
            "event": event,
            "did": said(event.verb),
            "outcome": outcome(event),
            "acts": acts,
            "sent": sent,
        }


def _said(value: Any) -> str:
    """Return names as a list of words, and what narrowed a file as it stands in an address."""
    if isinstance(value, dict):
        return ", ".join(f"{name}={each}" for name, each in sorted(value.items()))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
