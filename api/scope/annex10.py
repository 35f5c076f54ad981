"""Annex 10: terminations, the daily records, reconciliation requests, and carnets brought back."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from api.scope.reader import Reader
from api.scope.tables import (
    NOTHING,
    Table,
    audited,
    everything,
    of_country,
    of_member,
    own,
    rows_shown_to,
    where,
)
from carnets.annex10.models import ReconciliationRequest
from carnets.models import CarnetReturn
from checkpoints.annex10.terminations import terminations
from checkpoints.models import SafetirRecord, Stamp
from checkpoints.posts.offices import register
from tir.accounts.models import Role

TERMINATIONS: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(where("office__country")),
    Role.CUSTOMS_HQ: of_country(where("office__country")),
    Role.ASSOCIATION: own(where("carnet__association")),
}
# The records of a daily file, by the same bounds as the terminations themselves.
RECORDS: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(where("country")),
    Role.CUSTOMS_HQ: of_country(where("country")),
    Role.ASSOCIATION: own(where("association")),
}
RETURNS: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(where("carnet__association__country")),
    Role.ASSOCIATION: own(where("carnet__association")),
}


def _requests(at: datetime) -> Table:
    def to_the_office(reader: Reader) -> Q:
        office_id = reader.office_id_on(at)
        return NOTHING if office_id is None else Q(office=register().by_id[office_id].code)

    return {
        Role.SECRETARIAT: everything,
        Role.AUDITOR: audited(where("country")),
        Role.CUSTOMS_HQ: of_country(where("country")),
        Role.OFFICER: to_the_office,
        Role.ASSOCIATION: of_member(where("carnet__association")),
    }


def terminations_for(reader: Reader, *, with_exits: bool) -> QuerySet[Stamp]:
    """Return terminations of the association's own carnets, or those that the reader's own customs certified."""
    return terminations(with_exits=with_exits).filter(rows_shown_to(reader, TERMINATIONS))


def safetir_records_for(reader: Reader) -> QuerySet[SafetirRecord]:
    """Return the records of daily files that the reader may see."""
    return SafetirRecord.objects.filter(rows_shown_to(reader, RECORDS))


def reconciliation_requests_for(reader: Reader, *, at: datetime) -> QuerySet[ReconciliationRequest]:
    """Return the requests of the reader's association, or those to the reader's office, or to its administration."""
    rows = ReconciliationRequest.objects.filter(rows_shown_to(reader, _requests(at)))
    return rows.select_related("carnet__holder", "carnet__association", "operation")


def reconciliation_request_for(reader: Reader, request_id: int, *, at: datetime) -> ReconciliationRequest:
    """Return one visible request; Http404 hides the others."""
    return get_object_or_404(reconciliation_requests_for(reader, at=at), pk=request_id)


def carnet_returns_for(reader: Reader) -> QuerySet[CarnetReturn]:
    """Return the returns that the reader's association recorded, or everybody's."""
    rows = CarnetReturn.objects.filter(rows_shown_to(reader, RETURNS))
    return rows.select_related("carnet__holder", "recorded_by")
