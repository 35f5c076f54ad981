"""What people did and were refused: headquarters and their administrators see their own country's, the secretariat and
administrators of no country all."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from api.scope.reader import Reader
from api.scope.tables import Table, audited, everything, of_country, rows_shown_to, where
from tir.accounts.models import Role
from tir.audit.models import AuditEvent
from tir.log.models import AdministrativeAct

AUDITED: Table = {
    Role.CUSTOMS_HQ: of_country(where("country")),
    Role.SECRETARIAT: everything,
    Role.ADMINISTRATOR: audited(where("country")),
}


def audit_events_for(reader: Reader) -> QuerySet[AuditEvent]:
    """Return the events of people of the reader's country; the secretariat's, all of them."""
    return AuditEvent.objects.filter(rows_shown_to(reader, AUDITED))


def audit_event_for(reader: Reader, event_id: int) -> AuditEvent:
    """Return one visible event; Http404 hides the others."""
    return get_object_or_404(audit_events_for(reader), pk=event_id)


def acts_of(event: AuditEvent) -> Sequence[AdministrativeAct]:
    """Return what the database wrote down of the event's request itself; it was the same person's."""
    if not event.request_id or event.person_id is None:
        return []
    acts = AdministrativeAct.objects.filter(request_id=event.request_id, actor_id=event.person_id)
    return list(acts.order_by("pk"))
