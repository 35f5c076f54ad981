"""How a device stands: what waits on it, for how long, and what was lost with it; always by the server's clock.

A device that says nothing any more is judged by what it said last, so that its silence never makes it look better.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from checkpoints.choices import DeviceEventKind
from checkpoints.models import Device, DeviceEvent

UNSENT_LATE = timedelta(hours=4)  # from then on somebody should look; the phone shows the same
UNSENT_TOO_LATE = timedelta(hours=24)  # from then on somebody must
UNSETTLED: Final = DeviceEvent.objects.filter(kind=DeviceEventKind.STORAGE_LOST, settlement__isnull=True)


class Urgency(StrEnum):
    """How much what is unsent needs a person."""

    NONE = "none"
    AMBER = "amber"
    RED = "red"


def waits_since(device: Device) -> datetime | None:
    """Return since when the oldest unsent stamp waits; an old app does not say, and then since it was last seen."""
    return (device.oldest_unsent_at or device.last_seen_at) if device.unsent else None


def urgency(device: Device, at: datetime) -> Urgency:
    """Return how urgent a device is: a loss that nobody has settled is as urgent as a day of waiting."""
    since = waits_since(device)
    if device.revoked_at is not None:
        since = None  # what was on it is exported and handed in; it reports no more
    if losses(device) or (since is not None and at - since >= UNSENT_TOO_LATE):
        return Urgency.RED
    return Urgency.AMBER if since is not None and at - since >= UNSENT_LATE else Urgency.NONE


def of_concern(devices: QuerySet[Device], at: datetime) -> QuerySet[Device]:
    """Return those that are amber or red, the longest waiting first."""
    waits = Q(unsent__gt=0, revoked_at__isnull=True) & (
        Q(oldest_unsent_at__lte=at - UNSENT_LATE)
        | Q(oldest_unsent_at__isnull=True, last_seen_at__lte=at - UNSENT_LATE)
    )
    lost = Exists(UNSETTLED.filter(device=OuterRef("pk")))
    return devices.filter(waits | lost).order_by("oldest_unsent_at", "name", "pk")


def unsettled(device: Device) -> QuerySet[DeviceEvent]:
    """Return the losses with a device that nobody has settled, the first one first."""
    return UNSETTLED.filter(device=device)


def losses(device: Device) -> list[DeviceEvent]:
    """Return the same from what `with_losses` has read."""
    (device,) = with_losses([device])
    found: list[DeviceEvent] = device.losses  # type: ignore[attr-defined]
    return found


def with_losses(devices: Iterable[Device]) -> list[Device]:
    """Return the devices with their unsettled losses read, in one statement for all that have not."""
    found = list(devices)
    unread = [device for device in found if not hasattr(device, "losses")]
    prefetch_related_objects(unread, Prefetch("events", UNSETTLED.select_related("by"), to_attr="losses"))
    return found
