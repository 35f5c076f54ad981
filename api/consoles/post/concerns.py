"""Phones that need a person: what waits too long on one, and what was lost with one, in words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from api.consoles.formatting import moment, office_name
from api.consoles.statuses import badge
from api.wording import said_age
from checkpoints.models import Device, DeviceEvent
from checkpoints.phones import standing
from checkpoints.phones.standing import Urgency
from checkpoints.posts.offices import register
from checkpoints.shift import SEEN_LATELY

TONES: Final = {Urgency.NONE: "brand", Urgency.AMBER: "look", Urgency.RED: "stop"}
LOST: Final = gettext_lazy("emptied")
WHAT_TO_DO: Final = gettext_lazy(
    "Ask the officer which lorries it were, and read the counterfoils in their carnets. Put each on record again from"
    " paper: the office offers the counterfoil as a proof in place of the stamp. Then settle the loss here."
)


def state_of(device: Device, at: datetime) -> SafeString:
    """Return how a device is doing, as a badge: one that is silent, holds stamps or was emptied stands out."""
    if standing.losses(device):
        return badge(LOST, "stop")
    if words := waiting_words(device, at):
        return badge(words, TONES[standing.urgency(device, at)])
    is_seen = device.last_seen_at is not None and at - device.last_seen_at <= SEEN_LATELY
    return badge(_("connected"), "go") if is_seen else badge(_("silent"), "unknown")


def waiting_words(device: Device, at: datetime) -> str:
    """Return how much waits and since when, as in "3 unsent, oldest 5 h"; nothing where nothing waits."""
    since = standing.waits_since(device)
    if since is None:
        return ""
    words = ngettext("{count} unsent, {age}", "{count} unsent, oldest {age}", device.unsent)
    return words.format(count=device.unsent, age=said_age(at - since))


def concern_rows(devices: Iterable[Device], at: datetime) -> list[dict[str, Any]]:
    """Return each device that needs a person, with what is the matter."""
    return [
        {
            "device": device,
            "office": office_name(register().by_id[device.office_id].code),
            "state": state_of(device, at),
            "losses": [loss_words(loss, device) for loss in standing.losses(device)],
        }
        for device in standing.with_losses(devices)
    ]


def loss_words(loss: DeviceEvent, device: Device) -> SafeString:
    """Return who lost what, and when it was found out."""
    code = register().by_id[device.office_id].code
    if device.revoked_at is not None and loss.at >= device.revoked_at:
        words = _lost_words(loss)
    elif not loss.unsent:
        words = _("{at}: the phone of {officer} was found emptied. As far as is known all had been sent.")
    else:
        words = ngettext(
            "{at}: the phone of {officer} was found emptied with {count} stamp unsent, made {oldest}.",
            "{at}: the phone of {officer} was found emptied with {count} stamps unsent, the oldest of {oldest}.",
            loss.unsent,
        )
    return format_html(
        words,
        reason=loss.reason,
        at=moment(loss.at, code),
        officer=device.officer.get_username(),
        count=loss.unsent,
        oldest=moment(loss.oldest_unsent_at, code),
    )


def _lost_words(loss: DeviceEvent) -> str:
    """Return what is said of a phone that nobody has in hand: what it was last known to hold, and where it was lost."""
    if not loss.unsent:
        return _("{at}: the phone of {officer} was lost ({reason}). As far as is known all had been sent.")
    return ngettext(
        "{at}: the phone of {officer} was lost ({reason}) with {count} stamp unsent, made {oldest}.",
        "{at}: the phone of {officer} was lost ({reason}) with {count} stamps unsent, the oldest of {oldest}.",
        loss.unsent,
    )
