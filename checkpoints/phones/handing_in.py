"""Stamps of a phone that can send no more, handed in from its file by a colleague at the same office.

The file cannot prove who made the stamps, so the ledger's officer is who hands them in and answers for them; the
officer whom the file names stands beside, in `StampOrigin`. The office is where that officer served when the stamp was
made, and it must be the office of the one who hands in. A stamp that the phone had sent after all is a duplicate.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carnets.choices import Made
from checkpoints.models import Device
from checkpoints.posts.offices import Office
from checkpoints.posts.postings import Officer, officer_of
from checkpoints.recording.apart import record_each
from checkpoints.recording.stamping import Kind, Origin, Outcome, StampRequest
from tir.accounts.models import User
from tir.kernel.errors import Refused


class OfficerUnknown(Refused):
    """The file names an officer who never served at this office."""

    code = "officer_unknown"


class MadeElsewhere(Refused):
    """The officer of the file served at another office, or at none, when the stamp was made."""

    code = "made_elsewhere"


def hand_in(
    *,
    requests: Sequence[StampRequest],
    certified_by: str,
    device_id: UUID | None,
    by: Officer,
    at: datetime,
) -> list[Outcome]:
    """Record the stamps that `certified_by` made, each on its own merits, in the order of the requests.

    Raises NotPosted for the one who hands in, and OfficerUnknown.
    """
    office = by.office_on(at)
    maker = _officer_named(certified_by, office)
    made_here = [request for request in requests if _served_at(office, maker, request)]
    device = _device_of(office, device_id)
    origin = Origin(device_id=device, certified_by_id=maker.user_id, made=Made.HANDED_IN)
    recorded = iter(
        record_each(requests=made_here, officer=Officer(by.user_id, maker.postings), at=at, origin=origin)
    )
    return list(_in_order(requests, office, maker, recorded))


def _officer_named(username: str, office: Office) -> Officer:
    """Return the officer with every posting; one who never served here is as unknown as one who does not exist."""
    user_id = User.objects.filter(username=username).values_list("pk", flat=True).first()
    maker = officer_of(user_id) if user_id else None
    if maker is None or office.id not in {posting.office_id for posting in maker.postings}:
        raise OfficerUnknown(
            _("No officer of this name has served at your office. Hand the file in where it was made."),
            field="officer",
            officer=username,
        )
    return maker


def _served_at(office: Office, maker: Officer, request: StampRequest) -> bool:
    return maker.office_id_on(request.occurred_at) == office.id


def _device_of(office: Office, device_id: UUID | None) -> UUID | None:
    """Return the device if it is one of this office; a file without one, or of an unknown one, is taken as well."""
    found = Device.objects.filter(pk=device_id, office_id=office.id) if device_id else Device.objects.none()
    return found.values_list("pk", flat=True).first()


def _in_order(
    requests: Sequence[StampRequest], office: Office, maker: Officer, recorded: Iterator[Outcome]
) -> Iterator[Outcome]:
    for request in requests:
        if _served_at(office, maker, request):
            yield next(recorded)
        else:
            yield Outcome(request, Kind.REJECTED, error=_made_elsewhere(request, office))


def _made_elsewhere(request: StampRequest, office: Office) -> MadeElsewhere:
    day = office.day(request.occurred_at)
    return MadeElsewhere(
        _("The officer did not serve at your office on {day}. Hand this stamp in where it was made.").format(
            day=day
        ),
        field="occurred_at",
        on=day,
    )
