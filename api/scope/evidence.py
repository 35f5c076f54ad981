"""Evidence about carnets: stamps, reports, refusals, controls and proofs, all by the same bounds."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from api.scope.carnets import answered_for_by, whole_on_route
from api.scope.reader import Reader
from api.scope.tables import Table, audited, everything, of_country, of_member, of_posted, rows_shown_to
from carnets.models import Carnet
from checkpoints.models import ControlRecord, Incident, Proof, Refusal, Stamp
from guarantees.models import Association
from tir.accounts.models import Role


def _of_part(association: Association) -> Q:
    """Of its own carnets all; of foreign ones that it answers for, what the offices of its own country wrote."""
    foreign = Carnet.objects.filter(answered_for_by(association))
    return Q(carnet__association=association) | Q(carnet__in=foreign, office__country=association.country)


EVIDENCE: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(whole_on_route),
    Role.OFFICER: of_posted(whole_on_route),
    Role.CUSTOMS_HQ: of_country(whole_on_route),
    Role.SYSTEM: of_country(whole_on_route),
    Role.ASSOCIATION: of_member(_of_part),
}


def stamps_for(reader: Reader) -> QuerySet[Stamp]:
    """Return the stamps of carnets in scope; a foreign guarantor's, by the offices of its own country."""
    return Stamp.objects.filter(rows_shown_to(reader, EVIDENCE)).select_related("carnet", "officer", "origin")


def reports_for(reader: Reader) -> QuerySet[Incident]:
    """Return the certified reports about carnets in scope, by the same bounds as stamps."""
    return Incident.objects.filter(rows_shown_to(reader, EVIDENCE)).select_related(
        "carnet", "office", "officer", "certified_by"
    )


def report_for(reader: Reader, report_id: UUID) -> Incident:
    """Return one visible certified report; Http404 hides the others."""
    return get_object_or_404(reports_for(reader), pk=report_id)


def refusals_for(reader: Reader) -> QuerySet[Refusal]:
    """Return the refusals to start an operation of carnets in scope, by the same bounds as stamps."""
    return Refusal.objects.filter(rows_shown_to(reader, EVIDENCE)).select_related(
        "carnet", "office", "officer", "certified_by"
    )


def controls_for(reader: Reader) -> QuerySet[ControlRecord]:
    """Return the controls of carnets in scope, by the same bounds as stamps."""
    return ControlRecord.objects.filter(rows_shown_to(reader, EVIDENCE)).select_related("carnet", "office")


def _offered_or_own(association: Association) -> Q:
    """Of its own carnets all; of foreign ones, what it offered itself."""
    return Q(carnet__association=association) | Q(by__membership__association=association)


PROOFS: Table = {**EVIDENCE, Role.ASSOCIATION: of_member(_offered_or_own)}


def proofs_for(reader: Reader) -> QuerySet[Proof]:
    """Return the proofs about carnets in scope; a foreign guarantor's, those it offered itself."""
    return Proof.objects.filter(rows_shown_to(reader, PROOFS)).select_related("carnet", "acceptance__office")
