"""Refusals and certified reports from their bodies: one reading for the call that makes one and for a hand-in."""

from base64 import b64decode
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from api.v1.checkpoints.evidence_bodies import IncidentBody, PhotoBody, RefusalBody
from api.v1.checkpoints.reading import voucher
from carnets.numbering import parse_number
from checkpoints.phones.handing_in import UnsentDeed
from checkpoints.recording.incidents import refuse_start, report_incident
from checkpoints.recording.photos import Photo
from tir.kernel.errors import Malformed


class PhotoUnreadable(Malformed):
    """A photo is not base64."""

    code = "photo_unreadable"


def refusal_deed(body: RefusalBody, at: datetime) -> UnsentDeed:
    """Return a refusal to start an operation as the domain takes it; at `at` where the body says no time."""
    number, page = voucher(body.qr, body.carnet, body.page)
    deed_id, occurred_at = body.id or uuid4(), body.occurred_at or at
    record = partial(
        refuse_start,
        id=deed_id,
        number=number,
        page=page,
        reason=body.reason,
        text=body.text,
        occurred_at=occurred_at,
    )
    return UnsentDeed(deed_id, number, occurred_at, record)


def report_deed(body: IncidentBody, at: datetime) -> UnsentDeed:
    """Return a certified report with its photos as the domain takes it; at `at` where the body says no time."""
    number = parse_number(body.carnet, field="carnet")
    deed_id, occurred_at = body.id or uuid4(), body.occurred_at or at
    record = partial(
        report_incident,
        id=deed_id,
        number=number,
        kind=body.kind,
        description=body.description,
        seals_broken=body.seals_broken,
        seals_affixed=body.seals_affixed,
        vehicles=body.vehicles,
        packages=body.packages,
        drawn_by=body.drawn_by,
        drawn_at=body.drawn_at,
        photos=photos_in(body.photos),
        occurred_at=occurred_at,
    )
    return UnsentDeed(deed_id, number, occurred_at, record)


def photos_in(bodies: Sequence[PhotoBody]) -> list[Photo]:
    """Return photos as the domain takes them; raise PhotoUnreadable for what is not base64."""
    photos: list[Photo] = []
    for index, photo in enumerate(bodies):
        try:
            photos.append((photo.content_type, b64decode(photo.data, validate=True)))
        except ValueError:
            raise PhotoUnreadable(
                _("This photo is not base64. Send it without line breaks and without a data: prefix."),
                field=f"photos.{index}.data",
            ) from None
    return photos
