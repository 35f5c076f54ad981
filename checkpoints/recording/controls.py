"""Controls by an office on the way (art. 24 and others): what was checked, with which result, what was done to seals.

Any office of a territory may control, on the route or not. Seals opened and replaced in a control need no certified
report (art. 25 begins "otherwise than in the circumstances of art. 24 and 35"); a discrepancy may be held against a
page.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from checkpoints.choices import ControlResult
from checkpoints.evidence.dockets import Docket
from checkpoints.evidence.events import control
from checkpoints.models import ControlPhoto, ControlRecord
from checkpoints.posts.offices import Office
from checkpoints.posts.postings import Officer
from checkpoints.recording import photos as pictures
from checkpoints.recording.opening import ensure_possible_time, open_for_writing, write_events
from checkpoints.recording.photos import Photo
from tir.kernel.errors import Conflict, Refused
from tir.kernel.values import value


class ControlIdReused(Conflict):
    """A control with this id is on record and says something else."""

    code = "control_id_reused"


class ControlRefused(Refused):
    """No such control can exist: another time, or against a page that has no stamp."""

    code = "control_refused"


@value
class ControlRequest:
    """What an office states about one control."""

    id: UUID
    number: str
    kind: str
    result: str
    occurred_at: datetime
    against: int | None = None
    reason: str = ""
    text: str = ""
    seals_found: tuple[str, ...] | None = None
    seals_removed: tuple[str, ...] = ()
    seals_affixed: tuple[str, ...] = ()
    packages: int | None = None
    mass_kg: int | None = None
    device: str = ""


@value
class Recorded:
    """A control on record, and whether this call put it there."""

    control: ControlRecord
    is_new: bool


def record_control(
    *, request: ControlRequest, photos: Sequence[Photo] = (), officer: Officer, at: datetime
) -> Recorded:
    """Put a control on record; a replay returns the first one.

    Raises CarnetUnknown, NotPosted, ControlRefused, PhotoRefused, ControlIdReused.
    """
    pictures.ensure_fit(photos)
    try:
        return _record(request, photos, officer, at)
    except IntegrityError:
        # The same new id arrived on another carnet in the same instant: now that one is on record.
        return _record(request, photos, officer, at)


@transaction.atomic
def _record(request: ControlRequest, photos: Sequence[Photo], officer: Officer, at: datetime) -> Recorded:
    docket, office = open_for_writing(request.number, officer, request.occurred_at)
    record = _row(request, docket, office, officer, at)
    if first := ControlRecord.objects.filter(pk=request.id).first():
        return _replayed(record, first, photos)

    ensure_possible_time(ControlRefused, docket, request.occurred_at, at)
    _ensure_against_a_stamp(request, docket)

    record.save(force_insert=True)
    ControlPhoto.objects.bulk_create(
        ControlPhoto(control=record, **values) for values in pictures.values_of(photos)
    )
    docket.events.happened.append(control(record, office.code))
    if request.result == ControlResult.DISCREPANCY and request.against is not None:
        docket.events.disputed_pages |= {request.against}
    write_events(docket, at=at)
    return Recorded(record, is_new=True)


def _row(
    request: ControlRequest, docket: Docket, office: Office, officer: Officer, at: datetime
) -> ControlRecord:
    said = asdict(request)
    content = json.dumps({**said, "office": office.code}, sort_keys=True, default=str).encode()
    for name in ("seals_found", "seals_removed", "seals_affixed"):
        said[name] = None if said[name] is None else list(said[name])
    del said["number"]
    return ControlRecord(
        **said,
        carnet_id=docket.carnet.id,
        office_id=office.id,
        officer_id=officer.user_id,
        recorded_at=at,
        hash=sha256(content).digest(),
    )


def _replayed(said: ControlRecord, first: ControlRecord, photos: Sequence[Photo]) -> Recorded:
    same = said.hash == bytes(first.hash) and said.carnet_id == first.carnet_id
    if same and pictures.hashes(photos) == pictures.hashes_on_record(first.photos.all()):
        return Recorded(first, is_new=False)
    raise ControlIdReused(
        _("Something else is on record under this id. Make a new id for a new control."),
        field="id",
        id=first.pk,
    )


def _ensure_against_a_stamp(request: ControlRequest, docket: Docket) -> None:
    if request.against is None or request.against in docket.standing_with().by_page:
        return
    raise ControlRefused(
        _("Page {page} has no stamp that a discrepancy could be held against.").format(page=request.against),
        code="page_not_stamped",
        field="against",
        page=request.against,
    )
