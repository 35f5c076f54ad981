"""The phones of an office: enrolled by an officer who serves there, seen, and revoked when one is lost or replaced.

The token that a device carries is made and ended by the API; here stands only its digest, by which a revoked device
is recognised and told what happened to it.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from checkpoints.models import Device
from checkpoints.posts.postings import Officer
from tir.kernel.errors import Conflict, NotFound


class DeviceUnknown(NotFound):
    """No such device, or one of another office."""

    code = "device_unknown"


class DeviceIsRevoked(Conflict):
    """The device was revoked before, and a revoked device reports nothing any more."""

    code = "device_is_revoked"


def enrol(*, name: str, lane: str, token_digest: str, by: Officer, at: datetime) -> Device:
    """Enrol a device at the office where the officer serves that day. Raises NotPosted."""
    office = by.office_on(at)
    return Device.objects.create(
        id=uuid4(),
        name=name,
        lane=lane,
        office_id=office.id,
        officer_id=by.user_id,
        token_digest=token_digest,
        enrolled_at=at,
    )


@transaction.atomic
def record_device_state(
    *,
    device_id: UUID,
    unsent: int,
    oldest_unsent_at: datetime | None,
    app_version: str,
    lane: str | None = None,
    at: datetime,
) -> Device:
    """Keep what a device says of itself: how many stamps it has not sent yet, since when, and where it is used.

    Raises DeviceUnknown, DeviceIsRevoked.
    """
    device = _locked(device_id)
    if device.revoked_at is not None:
        raise DeviceIsRevoked(
            _("This device was revoked. Export its unsent stamps, and enrol it anew at the office."),
            revoked_at=device.revoked_at,
        )
    device.unsent, device.oldest_unsent_at = unsent, oldest_unsent_at if unsent else None
    device.app_version, device.last_seen_at = app_version, at
    device.lane = device.lane if lane is None else lane
    device.save(update_fields=["unsent", "oldest_unsent_at", "app_version", "last_seen_at", "lane"])
    return device


@transaction.atomic
def revoke(*, device_id: UUID, reason: str, by: int, at: datetime) -> Device:
    """Revoke a device; once revoked it stays so, and the first revocation stands. Raises DeviceUnknown."""
    device = _locked(device_id)
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by_id, device.revoke_reason = at, by, reason
        device.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    return device


def revoked_with(token_digest: str) -> Device | None:
    """Return the revoked device that carried this token, if one did."""
    return Device.objects.filter(token_digest=token_digest, revoked_at__isnull=False).first()


def device_with(token_digest: str) -> UUID | None:
    """Return the device that carries this token, if one does."""
    return Device.objects.filter(token_digest=token_digest).values_list("pk", flat=True).first()


def _locked(device_id: UUID) -> Device:
    device = Device.objects.select_for_update(of=("self",)).filter(pk=device_id).first()
    if device is None:
        raise DeviceUnknown(_("No such device is enrolled at your office. Read the list of devices again."))
    return device
