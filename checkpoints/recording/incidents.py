"""What offices put on record besides stamps: certified reports (art. 25), and refusals to start an operation.

Both are evidence like a stamp: appended once, never edited, and what they change in the carnet's projection is
written in the same transaction. They carry no hash chain; the office, the officer and a photo's hash stand in the row.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from carnets.projection.writing import write as write_projection
from checkpoints.evidence import reading
from checkpoints.evidence.dockets import CarnetUnknown, Docket, open_docket
from checkpoints.judging import rules
from checkpoints.models import Incident, IncidentPhoto, Refusal
from checkpoints.posts.offices import Office
from checkpoints.posts.postings import Officer
from tir.kernel.bulk import Writes
from tir.kernel.errors import Conflict, Refused

MOST_PHOTOS = 6
LARGEST_PHOTO = 1_000_000  # bytes
FIRST_BYTES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}

IMPOSSIBLE = rules.NEVER_EVIDENCE | {"occurred_in_future", "occurred_before_issue"}

Photo = tuple[str, bytes]  # content type, content
Evidence = TypeVar("Evidence", Incident, Refusal)


class IncidentIdReused(Conflict):
    """A report or refusal with this id is on record and says something else."""

    code = "incident_id_reused"


class OperationAlreadyStarted(Conflict):
    """The operation that an office refuses to start was started before."""

    code = "operation_already_started"


class ReportRefused(Refused):
    """No such report or refusal can exist: another territory, another page, another time."""

    code = "report_refused"


class PhotoRefused(Refused):
    """A photo is too large, of another kind than it says, or one too many."""

    code = "photo_refused"


def report_incident(
    *,
    id: UUID,
    number: str,
    kind: str,
    description: str,
    seals_broken: Sequence[str] = (),
    seals_affixed: Sequence[str] = (),
    vehicles: Sequence[str] = (),
    photos: Sequence[Photo] = (),
    occurred_at: datetime,
    officer: Officer,
    at: datetime,
) -> Incident:
    """Put a certified report on record: seals broken and affixed, the vehicle changed, goods in danger on the way.

    From now on it explains what the next offices find. A replay returns the first report. Raises CarnetUnknown,
    NotPosted, ReportRefused, PhotoRefused, IncidentIdReused.
    """
    _ensure_photos_fit(photos)
    incident = Incident(
        id=id,
        kind=kind,
        description=description,
        seals_broken=list(seals_broken),
        seals_affixed=list(seals_affixed),
        vehicles=list(vehicles),
        occurred_at=occurred_at,
        recorded_at=at,
    )
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
) -> Refusal:
    """Put on record that an office refused to start a TIR operation, and why; it may still start later.

    A replay returns the first refusal. Raises CarnetUnknown, NotPosted, ReportRefused, OperationAlreadyStarted,
    IncidentIdReused.
    """
    refusal = Refusal(id=id, page=page, reason=reason, text=text, occurred_at=occurred_at, recorded_at=at)
    try:
        return _refuse(refusal, number, officer)
    except IntegrityError:
        return _refuse(refusal, number, officer)


@transaction.atomic
def _report(incident: Incident, number: str, photos: Sequence[Photo], officer: Officer) -> Incident:
    docket, office = _open(incident, number, officer)
    if first := Incident.objects.filter(pk=incident.pk).first():
        return _replayed(
            incident, first, ("kind", "description", "seals_broken", "seals_affixed", "vehicles"), photos
        )

    _ensure_possible(docket, office, _page_in(office, docket), incident)

    incident.save(force_insert=True)
    IncidentPhoto.objects.bulk_create(_photos_of(incident, photos))
    docket.reports.append(reading.report(incident, office.code))
    _write(docket, at=incident.recorded_at)
    return incident


@transaction.atomic
def _refuse(refusal: Refusal, number: str, officer: Officer) -> Refusal:
    docket, office = _open(refusal, number, officer)
    if first := Refusal.objects.filter(pk=refusal.pk).first():
        return _replayed(refusal, first, ("page", "reason", "text"))

    _ensure_page_starts(refusal.page)
    _ensure_possible(docket, office, refusal.page, refusal)
    _ensure_not_started(docket, refusal.page)

    refusal.save(force_insert=True)
    docket.refused |= {refusal.page}
    _write(docket, at=refusal.recorded_at)
    return refusal


def _open(evidence: Incident | Refusal, number: str, officer: Officer) -> tuple[Docket, Office]:
    """Lock the carnet, and fill in whose statement about which carnet this is."""
    docket = open_docket(number, lock=True)
    if docket is None:
        raise CarnetUnknown(
            _("No carnet with this number is on record. Check the number; call the association."),
            field="carnet",
            number=number,
        )
    office = officer.office_on(evidence.occurred_at)
    evidence.carnet_id, evidence.office_id, evidence.officer_id = docket.carnet.id, office.id, officer.user_id
    return docket, office


def _write(docket: Docket, *, at: datetime) -> None:
    docket.carnet.has_reports = True
    docket.facts = docket.project_with()
    write_projection([docket.change], Writes(), at=at)


def _replayed(
    said: Evidence, first: Evidence, columns: Sequence[str], photos: Sequence[Photo] = ()
) -> Evidence:
    """The same id again: the same statement gets the first row back, another one changes nothing."""
    same = all(getattr(said, name) == getattr(first, name) for name in ("carnet_id", "occurred_at", *columns))
    if same and _hashes(photos) == _hashes_on_record(first):
        return first
    raise IncidentIdReused(
        _("Something else is on record under this id. Make a new id for a new report."),
        field="id",
        id=first.pk,
    )


def _hashes(photos: Sequence[Photo]) -> list[bytes]:
    return sorted(sha256(content).digest() for _type, content in photos)


def _hashes_on_record(first: Incident | Refusal) -> list[bytes]:
    if isinstance(first, Refusal):
        return []
    return sorted(bytes(photo.sha256) for photo in first.photos.all())


def _photos_of(incident: Incident, photos: Sequence[Photo]) -> list[IncidentPhoto]:
    return [
        IncidentPhoto(
            incident=incident, content_type=content_type, content=content, sha256=sha256(content).digest()
        )
        for content_type, content in photos
    ]


def _ensure_photos_fit(photos: Sequence[Photo]) -> None:
    if len(photos) > MOST_PHOTOS:
        raise PhotoRefused(
            _("A report takes at most {most} photos.").format(most=MOST_PHOTOS),
            code="too_many_photos",
            field="photos",
            most=MOST_PHOTOS,
        )
    for index, (content_type, content) in enumerate(photos):
        if len(content) > LARGEST_PHOTO:
            raise PhotoRefused(
                _("A photo may have at most 1 MB. Take it with a lower resolution."),
                code="photo_too_large",
                field=f"photos.{index}",
                bytes=len(content),
                most=LARGEST_PHOTO,
            )
        if not content.startswith(FIRST_BYTES.get(content_type, b"\0none")):
            raise PhotoRefused(
                _("Photos are JPEG or PNG, and this one is not what it says."),
                code="photo_kind_not_accepted",
                field=f"photos.{index}",
                content_type=content_type,
                accepted=sorted(FIRST_BYTES),
            )


def _page_in(office: Office, docket: Docket) -> int:
    """Return the first page of an operation in the office's territory, to judge the report's place and time by."""
    for operation in docket.carnet.operations:
        if operation.territory_id == office.territory_id:
            return 2 * operation.sequence - 1
    raise ReportRefused(
        _("This transport does not touch {territory}. Check the carnet number.").format(
            territory=office.territory
        ),
        code="wrong_territory",
        office_territory=office.territory,
    )


def _ensure_possible(docket: Docket, office: Office, page: int, evidence: Incident | Refusal) -> None:
    """Refuse what cannot be: a report explains what was found by its date, so a wrong date is refused here, while a
    stamp with one is kept as evidence and flagged."""
    case = rules.Case(
        carnet=docket.carnet,
        facts=docket.facts,
        page=page,
        office=office,
        at=evidence.occurred_at,
        now=evidence.recorded_at,
    )
    findings = rules.CHECKPOINT.findings(case)
    if stops := [finding for finding in findings if finding.code in IMPOSSIBLE]:
        raise rules.refusal(ReportRefused, stops)


def _ensure_page_starts(page: int) -> None:
    if page % 2 == 0:
        raise ReportRefused(
            _("Page {page} is a voucher No. 2. A start is refused on the odd page, voucher No. 1.").format(
                page=page
            ),
            code="page_parity",
            field="page",
            page=page,
        )


def _ensure_not_started(docket: Docket, page: int) -> None:
    operation = docket.facts[(page - 1) // 2]
    if operation.has_evidence:
        raise OperationAlreadyStarted(
            _("This operation was started already; what is wrong now goes into a certified report."),
            field="page",
            page=page,
            started_at=operation.start.at,
        )
