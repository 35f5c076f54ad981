"""From a request's body to the domain's own request: which voucher is meant, and what the officer said about it."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter
from rest_framework.request import Request

from api.errors import BodyInvalid
from api.parsing import (
    Body,
    ensure_few_fields,
    ensure_whole_characters,
    field_missing,
    parse_json,
    request_body,
)
from api.v1.checkpoints.bodies import BatchBody, StampBody, StampEnvelope
from carnets import tokens
from carnets.numbering import parse_number
from checkpoints.posts.offices import register
from checkpoints.posts.postings import Officer
from checkpoints.recording.stamping import StampRequest
from tir.kernel.errors import Malformed
from tir.kernel.sandbox import kind
from tir.kernel.spelling import common_form


class QrDiffers(Malformed):
    """The body names a carnet or page, and its signed code names another."""

    code = "qr_differs"


def voucher(qr: str | None, carnet: str | None, page: int | None) -> tuple[str, int]:
    """Return number and page of the voucher meant, from its signed code or as typed.

    Raises TokenError, CarnetNumberInvalid, QrDiffers, and BodyInvalid when neither is given.
    """
    if qr is None:
        if carnet is None:
            raise field_missing("carnet")
        if page is None:
            raise field_missing("page")
        return parse_number(carnet, field="carnet"), page
    claims = tokens.verify(qr, tokens.verification_keys(), kind())
    if (carnet is not None and parse_number(carnet, field="carnet") != claims.number) or page not in (
        None,
        claims.page,
    ):
        raise QrDiffers(
            _(
                "The code is for page {page} of {number}, and something else was typed. Send one of the two."
            ).format(page=claims.page, number=claims.number),
            field="qr",
            number=claims.number,
            page=claims.page,
        )
    return claims.number, claims.page


ReadItem = tuple[
    UUID | None, Any
]  # its id where that can be read, and its body, or BodyInvalid for its faults
Envelope = TypeVar("Envelope", bound=Body)
MOST_DIGITS = 20  # a longer number is no figure of a stamp, and Python reads none of some thousands
_UUID: TypeAdapter[UUID] = TypeAdapter(UUID)


def batch(request: Request) -> list[ReadItem]:
    """Return every stamp of a batch as `items_in` does. Raises BodyInvalid."""
    return items_in(BatchBody, StampEnvelope, {"stamps": StampBody}, request_body(request))[1]["stamps"]


def items_in(
    whole: type[Envelope], envelope: type[Envelope], kinds: Mapping[str, type[Body]], body: bytes
) -> tuple[Envelope, dict[str, list[ReadItem]]]:
    """Return what is said above the items, and every item or what is wrong with it, in order, by the lists named in
    `kinds`: one that a device kept badly must not hold the others up. Raises BodyInvalid where the envelope itself
    cannot be read."""
    try:
        read = parse_json(whole, body)
        return read, {name: [(item.id, item) for item in getattr(read, name) or ()] for name in kinds}
    except BodyInvalid as invalid:
        content = _content(body, kinds)
        if content is None:
            raise invalid from None
    lists = {name: content[name] for name in kinds if name in content}
    emptied = {name: [None] * len(items) for name, items in lists.items()}
    head = parse_json(envelope, json.dumps({**content, **emptied}))
    return head, {
        name: [(_id_of(item), _one_of(kind, item)) for item in lists.get(name, ())]
        for name, kind in kinds.items()
    }


def _content(body: bytes, kinds: Iterable[str]) -> dict[str, Any] | None:
    """Return a body that has such lists, read leniently; a byte that is no UTF-8 becomes half a character."""
    try:
        content = json.loads(body.decode("utf-8", "surrogateescape"), parse_int=_figure)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    lists = [content[name] for name in kinds if name in content]
    return content if lists and all(isinstance(each, list) for each in lists) else None


def _figure(digits: str) -> int | str:
    return int(digits) if len(digits) <= MOST_DIGITS else digits


def _id_of(item: Any) -> UUID | None:
    try:
        return _UUID.validate_json(json.dumps(item["id"]))
    except (LookupError, TypeError, ValueError):
        return None


def _one_of(kind: type[Body], item: Any) -> Body | BodyInvalid:
    try:
        ensure_few_fields(item)
        ensure_whole_characters(item)
        return parse_json(kind, json.dumps(item))
    except BodyInvalid as invalid:
        return invalid


# What a body calls as the domain does and says in the same form; what is left out keeps the request's own default.
_MADE_OUT = {"page", "vehicles", "containers", "goes_on"}
AS_SAID = tuple(
    each.name
    for each in fields(StampRequest)
    if each.name in StampBody.model_fields and each.name not in _MADE_OUT
)


def stamp_request(body: StampBody, officer: Officer) -> StampRequest:
    """Return the stamp as the domain takes it."""
    number, page = voucher(body.qr, body.carnet, body.page)
    if body.cancels is not None and not body.reason:
        raise field_missing("reason")
    return StampRequest(
        number=number,
        page=page,
        is_offline=body.offline,
        seals_intact=body.seals.intact,
        seals_found=_tuple(body.seals.found),
        seals_affixed=_tuple(body.seals.affixed),
        seals_removed=_tuple(body.seals.removed),
        **{name: value for name in AS_SAID if (value := getattr(body, name)) is not None},
        time_limit_at=_time_limit(body, officer),
        vehicles=_vehicles(body),
        containers=_containers(body),
        goes_on=body.partial or body.goes_on,
        is_unplanned=body.unplanned,
        is_suspension=body.suspension,
        cancel_reason=(body.reason or "") if body.cancels else "",
    )


CONTAINER = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")


def _vehicles(body: StampBody) -> tuple[str, ...] | None:
    """Return the plates stated, as such or among the equipment."""
    plates = [each for each in body.equipment or [] if not CONTAINER.fullmatch(common_form(each))]
    return _stated(body.vehicles, plates, is_listed=body.equipment is not None)


def _containers(body: StampBody) -> tuple[str, ...] | None:
    numbers = [each for each in body.equipment or [] if CONTAINER.fullmatch(common_form(each))]
    return _stated(body.containers, numbers, is_listed=bool(numbers))


def _stated(named: list[str] | None, more: list[str], *, is_listed: bool) -> tuple[str, ...] | None:
    if named is None and not is_listed:
        return None
    return (*(named or ()), *more)


def _time_limit(body: StampBody, officer: Officer) -> datetime | None:
    """Return box 20 as an instant: a bare date ends with that day where the office is."""
    limit = body.time_limit
    if limit is None or isinstance(limit, datetime):
        return limit
    office_id = officer.office_id_on(body.occurred_at)
    zone = ZoneInfo(register().by_id[office_id].time_zone) if office_id else UTC
    return _end_of(limit, zone)


def _end_of(day: date, zone: ZoneInfo | object) -> datetime:
    following = datetime.combine(day, time.min, tzinfo=zone) + timedelta(days=1)  # type: ignore[arg-type]
    return (following - timedelta(seconds=1)).astimezone(UTC)


def _tuple(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)
