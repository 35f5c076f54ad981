"""Reports, controls, refusals and accepted proofs of a carnet as evidence: what is read besides its stamps."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from carnets.projection.evidence import Certification, Event, OfficeControl, Report
from checkpoints.choices import ControlResult
from checkpoints.models import ControlRecord, Incident, ProofAcceptance, Refusal
from checkpoints.posts.offices import register
from tir.kernel.places import end_of_day


@dataclass(slots=True)
class Events:
    """What stands on record about one carnet besides its stamps."""

    happened: list[Event] = field(default_factory=list)
    refused_pages: frozenset[int] = frozenset()
    disputed_pages: frozenset[int] = frozenset()
    proofs: list[Certification] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How much there is; it only ever grows."""
        return len(self.happened) + len(self.refused_pages) + len(self.disputed_pages) + len(self.proofs)


def events(carnet_ids: Collection[int]) -> dict[int, Events]:
    """Return reports, controls, refusals and accepted proofs of these carnets."""
    found = {carnet_id: Events() for carnet_id in carnet_ids}
    for incident in Incident.objects.filter(carnet_id__in=carnet_ids).select_related("office"):
        found[incident.carnet_id].happened.append(report(incident, incident.office.code))
    for record in ControlRecord.objects.filter(carnet_id__in=carnet_ids).select_related("office"):
        _add_control(found[record.carnet_id], record)
    for carnet_id, page in Refusal.objects.filter(carnet_id__in=carnet_ids).values_list("carnet_id", "page"):
        found[carnet_id].refused_pages |= {page}
    for accepted in ProofAcceptance.objects.filter(proof__carnet_id__in=carnet_ids).select_related("proof"):
        found[accepted.proof.carnet_id].proofs.append(proof(accepted))
    return found


def _add_control(found: Events, record: ControlRecord) -> None:
    found.happened.append(control(record, record.office.code))
    if record.result == ControlResult.DISCREPANCY and record.against is not None:
        found.disputed_pages |= {record.against}


def report(incident: Incident, office: str) -> Report:
    """Return a certified report's row as evidence, dated when the damage was first put on paper."""
    return Report(
        id=incident.pk,
        office=office,
        at=min(incident.occurred_at, incident.drawn_at),
        seals_removed=tuple(incident.seals_broken),
        seals_affixed=tuple(incident.seals_affixed),
        vehicles=tuple(incident.vehicles),
        packages=incident.packages,
        explains_seals=incident.is_about_seals,
    )


def control(record: ControlRecord, office: str) -> OfficeControl:
    """Return a control's row as evidence."""
    found = record.seals_found
    return OfficeControl(
        id=record.pk,
        office=office,
        at=record.occurred_at,
        is_satisfactory=record.result == ControlResult.SATISFACTORY,
        seals_found=None if found is None else tuple(found),
        seals_removed=tuple(record.seals_removed),
        seals_affixed=tuple(record.seals_affixed),
        packages=record.packages,
        mass_kg=record.mass_kg,
    )


def proof(accepted: ProofAcceptance) -> Certification:
    """Return an accepted proof as the certification it stands for, dated as the paper is, at the accepting office."""
    paper, office = accepted.proof, register().by_id[accepted.office_id]
    at: datetime = end_of_day(paper.date, office.time_zone)
    seals = paper.seals
    return Certification(
        id=paper.pk,
        page=paper.page,
        office=office.facts,
        occurred_at=at,
        recorded_at=at,
        seals_intact=True if seals is None else None,
        seals_found=None if seals is None else tuple(seals),
        packages=paper.packages,
        is_proof=True,
    )
