"""The devices of an office: enrol, list, revoke, what each says of itself, and what was lost with one."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller, device_behind, new_device_token, officer_behind
from api.endpoints import ActEndpoint, ListEndpoint, documented_act, documented_list
from api.errors import instant
from api.filtering import Filter, as_code
from api.openapi import documented
from api.pagination import NewestFirst
from api.parsing import parse
from api.permissions import CUSTOMS_HQ, OF_PHONES, OFFICERS, POSTED
from api.scope.posts import device_for, devices_for, phone_to_end_for
from api.scope.reader import reader_of
from api.static_files import AT
from api.v1.post.bodies import (
    DeviceEventOut,
    DeviceOut,
    EnrolBody,
    EnrolledOut,
    HeartbeatBody,
    RevokeBody,
    SettleBody,
)
from api.v1.post.holding import TAG
from checkpoints.choices import DeviceEventKind
from checkpoints.models import Device, DeviceEvent
from checkpoints.phones import devices, standing
from checkpoints.posts.offices import register
from checkpoints.staff.ending import end_device, lose_device
from tir.kernel.clock import now
from tir.kernel.errors import Forbidden


class NotItself(Forbidden):
    """A device reports for itself alone."""

    code = "not_itself"


MARK = "tir_phone"
MARK_LASTS = 365 * 24 * 60 * 60  # seconds


class LatestEnrolled(NewestFirst):
    ordering = ("-enrolled_at", "-id")


def _is_false(value: str) -> bool:
    return value == "no"


@documented_list("List the devices of the office", operation="list_devices", rows=DeviceOut, tag=TAG)
class Devices(ListEndpoint):
    """The devices of the caller's office, and the way to enrol one."""

    allow: ClassVar = {"GET": OFFICERS | CUSTOMS_HQ, "POST": POSTED}
    pagination = LatestEnrolled
    filters = (
        Filter(
            "revoked",
            "revoked_at__isnull",
            "Only those revoked, or only those not.",
            choices=("yes", "no"),
            read=_is_false,
        ),
    )

    def found(self, request: Request) -> Any:
        return devices_for(reader_of(request), at=now())

    def present(self, rows: list[Device], request: Request) -> list[dict[str, Any]]:
        at = now()
        return [present_device(device, at) for device in standing.with_losses(rows)]

    @documented(
        "Enrol a device",
        operation="enrol_device",
        body=EnrolBody,
        answers={201: EnrolledOut},
        problems=(409,),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Enrol a device for the caller, who signed in for it: no device enrols another. Its token stands in this
        answer, and is never shown again. A person and an office have so many devices at most."""
        body, at = parse(EnrolBody, request), now()
        with transaction.atomic():
            token = new_device_token(caller(request))
            device = devices.enrol(
                name=body.name, lane=body.lane, token_digest=token.digest, by=officer_behind(request), at=at
            )
        secret = {"token": token.text, "expires_at": instant(token.expires_at)}
        answer = Response({**present_device(device, at), **secret}, status=status.HTTP_201_CREATED)
        _leave_mark(answer, device)
        return answer


def _leave_mark(answer: Response, device: Device) -> None:
    """Have the browser remember as which device it was enrolled, by a cookie of the server's: what a page stores by
    itself a browser may clear, and the app finds by the cookie that it was. It is no secret and opens nothing."""
    answer.set_cookie(
        MARK,
        str(device.pk),
        max_age=MARK_LASTS,
        path=AT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=False,  # the app reads it
        samesite="Strict",
    )


@documented_act(
    "Report a device's state", operation="report_device", answer=DeviceOut, problems=(404, 409), tag=TAG
)
class Heartbeat(ActEndpoint):
    """What a device says of itself, about once a minute while it has a network."""

    allow: ClassVar = {"POST": OFFICERS}
    body = HeartbeatBody

    def act(self, request: Request, body: HeartbeatBody, *, device_id: UUID) -> Any:
        """Record what the device says. Raises Http404 for one of another's office, NotItself for another device."""
        at = now()
        reported = device_for(reader_of(request), device_id, at=at)
        is_itself = device_behind(request) in (None, device_id)
        # A phone that was emptied is enrolled anew before it can say what became of it.
        if not is_itself and not (body.storage_lost and reported.officer_id == caller(request).pk):
            raise NotItself(_("A device reports for itself alone."))
        device = devices.record_device_state(
            device_id=reported.pk,
            unsent=body.unsent,
            oldest_unsent_at=body.oldest_unsent_at,
            app_version=body.app_version,
            lane=body.lane,
            queue_hash=bytes.fromhex(body.queue_hash) if body.queue_hash else None,
            is_persisted=body.storage.persisted,
            free_bytes=body.storage.free_bytes,
            emptied_by=caller(request).pk if body.storage_lost else None,
            at=at,
        )
        return present_device(device, at)


@documented_act("Revoke a device", operation="revoke_device", answer=DeviceOut, problems=(404,), tag=TAG)
class Revoke(ActEndpoint):
    """End a device's token: it was lost, stolen or replaced. Who looks after its officer may do so too, and the officer
    wherever they are."""

    allow: ClassVar = {"POST": OFFICERS | OF_PHONES}
    body = RevokeBody

    def act(self, request: Request, body: RevokeBody, *, device_id: UUID) -> Any:
        at = now()
        device = phone_to_end_for(caller(request), reader_of(request), device_id, at=at)
        end = lose_device if body.lost else end_device
        return present_device(end(device, reason=body.reason, by=caller(request), at=at), at)


@documented_act(
    "Settle what was lost with a device",
    operation="settle_device_losses",
    answer=DeviceOut,
    problems=(404, 409),
    tag=TAG,
)
class Settle(ActEndpoint):
    """Close the losses of an emptied device, once it was found out what they were and each is on record again."""

    allow: ClassVar = {"POST": OFFICERS | CUSTOMS_HQ}
    body = SettleBody

    def act(self, request: Request, body: SettleBody, *, device_id: UUID) -> Any:
        at = now()
        visible = device_for(reader_of(request), device_id, at=at)
        settled = devices.settle_losses(
            device_id=visible.pk, reason=body.reason, by=caller(request).pk, at=at
        )
        return present_device(settled, at)


@documented_list("List what became of devices", operation="list_device_events", rows=DeviceEventOut, tag=TAG)
class DeviceEvents(ListEndpoint):
    """What became of the devices that the caller may see, the latest first; nothing of it is ever changed."""

    allow: ClassVar = {"GET": OFFICERS | CUSTOMS_HQ}
    filters = (
        Filter("office", "device__office__code", "Only devices of this office.", read=as_code),
        Filter("kind", "kind", "Only of this kind.", choices=DeviceEventKind.values),
    )

    def found(self, request: Request) -> Any:
        visible = devices_for(reader_of(request), at=now())
        return DeviceEvent.objects.filter(device__in=visible).select_related("device", "by")

    def present(self, rows: list[DeviceEvent], request: Request) -> list[dict[str, Any]]:
        return [_present_event(event) for event in rows]


def _present_event(event: DeviceEvent) -> dict[str, Any]:
    return {
        "id": event.pk,
        "device": str(event.device_id),
        "name": event.device.name,
        "office": register().by_id[event.device.office_id].code,
        "kind": event.kind,
        "at": instant(event.at),
        "by": event.by.get_username(),
        "reason": event.reason,
        "unsent": event.unsent,
        "oldest_unsent_at": instant(event.oldest_unsent_at),
        "settles": event.settles_id,
    }


def present_device(device: Device, at: datetime) -> dict[str, Any]:
    """Return a device as its office sees it; the token is never among it."""
    return {
        "id": str(device.pk),
        "name": device.name,
        "lane": device.lane,
        "office": register().by_id[device.office_id].code,
        "officer": device.officer.get_username(),
        "enrolled_at": instant(device.enrolled_at),
        "app_version": device.app_version,
        "last_seen_at": instant(device.last_seen_at),
        "unsent": device.unsent,
        "oldest_unsent_at": instant(device.oldest_unsent_at),
        "queue_hash": None if device.queue_hash is None else bytes(device.queue_hash).hex(),
        "storage": {"persisted": device.is_persisted, "free_bytes": device.free_bytes},
        "urgency": standing.urgency(device, at),
        "losses": [_present_loss(loss) for loss in standing.losses(device)],
        "revoked_at": instant(device.revoked_at),
    }


def _present_loss(loss: DeviceEvent) -> dict[str, Any]:
    return {
        "at": instant(loss.at),
        "reported_by": loss.by.get_username(),
        "unsent": loss.unsent,
        "oldest_unsent_at": instant(loss.oldest_unsent_at),
    }
