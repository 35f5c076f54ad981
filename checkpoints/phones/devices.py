"""The phones of an office: enrolled by an officer who serves there, seen, and revoked when one is lost or replaced.

What becomes of each is an event of its own. A phone that finds its storage emptied says so: what it was known to hold
unsent is an event until a named person has settled it.

The token that a device carries is made and ended by the API; here stands only its digest, by which a revoked device
is recognised and told what happened to it.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from checkpoints.choices import DeviceEventKind
from checkpoints.models import Device, DeviceEvent
from checkpoints.phones import standing
from checkpoints.posts.postings import Officer
from tir.kernel.errors import Conflict, NotFound


class DeviceUnknown(NotFound):
    """No such device, or one of another office."""

    code = "device_unknown"


class DeviceIsRevoked(Conflict):
    """The device was revoked before, and a revoked device reports nothing any more."""

    code = "device_is_revoked"


class NothingLost(Conflict):
    """Nothing was lost with this device, or it was settled before."""

    code = "nothing_lost"


class TooManyDevices(Conflict):
    """The officer, or the office, has as many devices as one may have. Revoke one that is no longer used."""

    code = "too_many_devices"


@transaction.atomic
def enrol(*, name: str, lane: str, token_digest: str, by: Officer, at: datetime) -> Device:
    """Enrol a device at the office where the officer serves that day. Raises NotPosted, TooManyDevices."""
    office = by.office_on(at)
    _ensure_room(by.user_id, office.id, at)
    device = Device.objects.create(
        id=uuid4(),
        name=name,
        lane=lane,
        office_id=office.id,
        officer_id=by.user_id,
        token_digest=token_digest,
        enrolled_at=at,
    )
    _note(device, DeviceEventKind.ENROLLED, by=by.user_id, at=at)
    return device


def _ensure_room(officer_id: int, office_id: int, at: datetime) -> None:
    """Raise TooManyDevices at the cap. One that nobody has used for so long that its token opens nothing any more does
    not count."""
    since = at - timedelta(days=settings.DEVICE_IDLE_DAYS)
    used = Device.objects.filter(revoked_at=None).filter(Q(last_seen_at__gt=since) | Q(enrolled_at__gt=since))
    for most, count in (
        (settings.DEVICES_PER_PERSON, used.filter(officer_id=officer_id).count),
        (settings.DEVICES_PER_OFFICE, used.filter(office_id=office_id).count),
    ):
        if count() >= most:
            raise TooManyDevices(
                _(
                    "There are {most} devices already. Revoke one that is no longer used, then try again."
                ).format(most=most),
                most=most,
            )


@transaction.atomic
def record_device_state(
    *,
    device_id: UUID,
    unsent: int,
    oldest_unsent_at: datetime | None,
    app_version: str,
    lane: str | None = None,
    queue_hash: bytes | None = None,
    is_persisted: bool | None = None,
    free_bytes: int | None = None,
    emptied_by: int | None = None,
    at: datetime,
) -> Device:
    """Keep what a device says of itself: how many stamps it has not sent yet, since when, and where it is used.

    `emptied_by` is who reports that its storage was lost: then what was known to be unsent is kept as a loss.
    Raises DeviceUnknown, DeviceIsRevoked.
    """
    device = _locked(device_id)
    if device.revoked_at is not None:
        raise DeviceIsRevoked(
            _("This device was revoked. Export its unsent stamps, and enrol it anew at the office."),
            revoked_at=device.revoked_at,
        )
    if emptied_by is not None:
        _note_loss(device, by=emptied_by, at=at)
    device.oldest_unsent_at = _oldest(device, oldest_unsent_at, at) if unsent else None
    device.unsent, device.queue_hash = unsent, queue_hash
    device.is_persisted, device.free_bytes = is_persisted, free_bytes
    device.app_version, device.last_seen_at = app_version, at
    device.lane = device.lane if lane is None else lane
    device.save(update_fields=SAID_OF_ITSELF)
    return device


SAID_OF_ITSELF = (
    "unsent", "oldest_unsent_at", "queue_hash", "is_persisted", "free_bytes", "app_version", "last_seen_at", "lane",
)  # fmt: skip


def _oldest(device: Device, said: datetime | None, at: datetime) -> datetime:
    """Return since when something waits. A device that does not say, or whose clock is ahead of ours, makes nothing
    younger than it was known to be."""
    if said is not None and said <= at:
        return said
    return device.oldest_unsent_at or at


def _note_loss(device: Device, *, by: int, at: datetime) -> None:
    """Keep what was known to be unsent. Said again it is no second loss: nothing has been unsent since."""
    if device.unsent or not standing.unsettled(device).exists():
        lost = {"unsent": device.unsent, "oldest_unsent_at": device.oldest_unsent_at}
        _note(device, DeviceEventKind.STORAGE_LOST, by=by, at=at, **lost)
    device.oldest_unsent_at = None


@transaction.atomic
def settle_losses(*, device_id: UUID, reason: str, by: int, at: datetime) -> Device:
    """Settle what was lost with a device, saying what was done about it. Raises DeviceUnknown, NothingLost."""
    device = _locked(device_id)
    found = list(standing.unsettled(device))
    if not found:
        raise NothingLost(_("Nothing was lost with this device, or it is settled. Read the list again."))
    for loss in found:
        _note(device, DeviceEventKind.LOSS_SETTLED, by=by, at=at, reason=reason, settles=loss)
    return device


@transaction.atomic
def revoke(*, device_id: UUID, reason: str, by: int, at: datetime) -> Device:
    """Revoke a device; once revoked it stays so, and the first revocation stands. Raises DeviceUnknown."""
    device = _locked(device_id)
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by_id, device.revoke_reason = at, by, reason
        device.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
        _note(device, DeviceEventKind.REVOKED, by=by, at=at, reason=reason)
    return device


@transaction.atomic
def lose(*, device_id: UUID, reason: str, by: int, at: datetime) -> Device:
    """Revoke a device that nobody has in hand any more: what it was known to hold unsent is kept as a loss, until
    somebody has settled it. Said again it is no second loss. Raises DeviceUnknown."""
    device = revoke(device_id=device_id, reason=reason, by=by, at=at)
    known = device.events.filter(kind=DeviceEventKind.STORAGE_LOST, at__gte=device.revoked_at)
    if not known.exists():
        lost = {"unsent": device.unsent, "oldest_unsent_at": device.oldest_unsent_at}
        _note(device, DeviceEventKind.STORAGE_LOST, by=by, at=at, reason=reason, **lost)
    return device


def revoked_with(token_digest: str) -> Device | None:
    """Return the revoked device that carried this token, if one did."""
    return Device.objects.filter(token_digest=token_digest, revoked_at__isnull=False).first()


def device_with(token_digest: str) -> UUID | None:
    """Return the device that carries this token, if one does."""
    return Device.objects.filter(token_digest=token_digest).values_list("pk", flat=True).first()


def _note(device: Device, kind: DeviceEventKind, *, by: int, at: datetime, **facts: Any) -> None:
    DeviceEvent.objects.create(device=device, kind=kind, by_id=by, at=at, **facts)


def _locked(device_id: UUID) -> Device:
    device = Device.objects.select_for_update(of=("self",)).filter(pk=device_id).first()
    if device is None:
        raise DeviceUnknown(_("No such device is enrolled at your office. Read the list of devices again."))
    return device
