"""What offices put on record besides stamps: certified reports (art. 25), and refusals to start an operation.

Both are evidence like a stamp: appended once, never edited, and what they change in the carnet's projection is
written in the same transaction. They carry no hash chain: a signed receipt is over the hash of what each says.
A report says what happened *between* offices: any approved office enters it, before or after any stamp.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from carnets.vouchers import is_start
from checkpoints.choices import DrawnBy
from checkpoints.evidence.dockets import Docket
from checkpoints.evidence.events import report
from checkpoints.evidence.statements import give_receipt
from checkpoints.models import Incident, IncidentPhoto, Refusal
from checkpoints.posts.offices import Office
from checkpoints.posts.postings import Officer
from checkpoints.recording import photos as pictures
from checkpoints.recording.opening import ensure_possible_time, open_for_writing, write_events
from checkpoints.recording.photos import Photo
from checkpoints.recording.stamping import Origin
from tir.kernel.errors import Conflict, Refused

Evidence = TypeVar("Evidence", Incident, Refusal)


class IncidentIdReused(Conflict):
    """A report or refusal with this id is on record and says something else."""

    code = "incident_id_reused"


class OperationAlreadyStarted(Conflict):
    """The operation that an office refuses to start was started before."""

    code = "operation_already_started"


class ReportRefused(Refused):
    """No such report or refusal can exist: no such page, another time."""

    code = "report_refused"


def report_incident(
    *,
    id: UUID,
    number: str,
    kind: str,
    description: str,
    seals_broken: Sequence[str] = (),
    seals_affixed: Sequence[str] = (),
    vehicles: Sequence[str] = (),
    packages: int | None = None,
    drawn_by: str = DrawnBy.CUSTOMS,
    drawn_at: datetime | None = None,
    photos: Sequence[Photo] = (),
    occurred_at: datetime,
    officer: Officer,
    at: datetime,
    origin: Origin | None = None,
) -> Incident:
    """Put a certified report on record: seals broken and affixed, the vehicle changed, goods lost on the way; drawn up
    by customs, the police or others (`drawn_by`), and entered by any approved office.

    From now on it explains what the next offices find. A replay returns the first report. Raises CarnetUnknown,
    NotPosted, ReportRefused, PhotoRefused, IncidentIdReused.
    """
    pictures.ensure_fit(photos)
    incident = Incident(
        id=id, kind=kind, description=description, seals_broken=list(seals_broken), seals_affixed=list(seals_affixed),
        vehicles=list(vehicles), packages=packages, drawn_by=drawn_by, drawn_at=drawn_at or occurred_at,
        occurred_at=occurred_at, recorded_at=at, **_beside(origin),
    )  # fmt: skip
    try:
        return _report(incident, number, photos, officer)
    except IntegrityError:
        # The same new id arrived on another carnet in the same instant: now that one is on record.
        return _report(incident, number, photos, officer)


def refuse_start(
    *,
    id: UUID,
    number: str,
    page: int,
    reason: str,
    text: str,
    occurred_at: datetime,
    officer: Officer,
    at: datetime,
    origin: Origin | None = None,
) -> Refusal:
    """Put on record that an office refused to start a TIR operation, and why; it may still start later.

    A replay returns the first refusal. Raises CarnetUnknown, NotPosted, ReportRefused, OperationAlreadyStarted,
    IncidentIdReused.
    """
    refusal = Refusal(
        id=id, page=page, reason=reason, text=text, occurred_at=occurred_at, recorded_at=at, **_beside(origin)
    )
    try:
        return _refuse(refusal, number, officer)
    except IntegrityError:
        return _refuse(refusal, number, officer)


def _beside(origin: Origin | None) -> dict[str, Any]:
    origin = origin or Origin()
    return {"device_id": origin.device_id, "certified_by_id": origin.certified_by_id}


SAID = (
    "kind", "description", "seals_broken", "seals_affixed", "vehicles", "packages", "drawn_by", "drawn_at",
)  # fmt: skip


@transaction.atomic
def _report(incident: Incident, number: str, photos: Sequence[Photo], officer: Officer) -> Incident:
    docket, office = _open(incident, number, officer)
    if first := Incident.objects.filter(pk=incident.pk).first():
        return _replayed(incident, first, SAID, photos)

    ensure_possible_time(ReportRefused, docket, incident.occurred_at, incident.recorded_at)

    give_receipt(incident, carnet=number, office=office.code, photos=pictures.hashes(photos))
    incident.save(force_insert=True)
    IncidentPhoto.objects.bulk_create(
        IncidentPhoto(incident=incident, **values) for values in pictures.values_of(photos)
    )
    docket.events.happened.append(report(incident, office.code))
    write_events(docket, at=incident.recorded_at)
    return incident


@transaction.atomic
def _refuse(refusal: Refusal, number: str, officer: Officer) -> Refusal:
    docket, office = _open(refusal, number, officer)
    if first := Refusal.objects.filter(pk=refusal.pk).first():
        return _replayed(refusal, first, ("page", "reason", "text"))

    _ensure_page_starts(docket, refusal.page)
    ensure_possible_time(ReportRefused, docket, refusal.occurred_at, refusal.recorded_at)
    _ensure_not_started(docket, refusal.page)

    give_receipt(refusal, carnet=number, office=office.code)
    refusal.save(force_insert=True)
    docket.events.refused_pages |= {refusal.page}
    write_events(docket, at=refusal.recorded_at)
    return refusal


def _open(evidence: Incident | Refusal, number: str, officer: Officer) -> tuple[Docket, Office]:
    """Lock the carnet, and fill in whose statement about which carnet this is."""
    docket, office = open_for_writing(number, officer, evidence.occurred_at)
    evidence.carnet_id, evidence.office_id, evidence.officer_id = docket.carnet.id, office.id, officer.user_id
    return docket, office


def _replayed(
    said: Evidence, first: Evidence, columns: Sequence[str], photos: Sequence[Photo] = ()
) -> Evidence:
    """The same id again: the same statement gets the first row back, another one changes nothing."""
    same = all(getattr(said, name) == getattr(first, name) for name in ("carnet_id", "occurred_at", *columns))
    if same and pictures.hashes(photos) == _hashes_on_record(first):
        return first
    raise IncidentIdReused(
        _("Something else is on record under this id. Make a new id for a new report."),
        field="id",
        id=first.pk,
    )


def _hashes_on_record(first: Incident | Refusal) -> list[bytes]:
    return pictures.hashes_on_record(first.photos.all()) if isinstance(first, Incident) else []


def _ensure_page_starts(docket: Docket, page: int) -> None:
    if not 1 <= page <= docket.carnet.vouchers:
        raise ReportRefused(
            _("This carnet has vouchers 1 to {vouchers}; there is no page {page}.").format(
                vouchers=docket.carnet.vouchers, page=page
            ),
            code="page_range",
            field="page",
            page=page,
            vouchers=docket.carnet.vouchers,
        )
    if not is_start(page):
        raise ReportRefused(
            _("Page {page} is a voucher No. 2. A start is refused on the odd page, voucher No. 1.").format(
                page=page
            ),
            code="page_parity",
            field="page",
            page=page,
        )


def _ensure_not_started(docket: Docket, page: int) -> None:
    operation = docket.operation(page)
    if operation is not None and operation.has_evidence:
        raise OperationAlreadyStarted(
            _("This operation was started already; what is wrong now goes into a certified report."),
            field="page",
            page=page,
            started_at=operation.start.at,
        )
