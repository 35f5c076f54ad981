"""From a body to the register's one verb, and from what came of it to the answer: 201 or 200 for a version on record,
202 for a proposal that waits for others."""

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from django.http import Http404
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller
from api.errors import instant
from api.parsing import Body, field_invalid, parse
from api.scope.reader import reader_of
from api.scope.registers import ensure_may_enter
from tir.approvals.models import Approval
from tir.kernel.clock import now
from tir.registers.entering import Act, Entered, Register, ensure_sound, enter, history
from tir.registers.models import Change


def entered(request: Request, register: Register[Any], body: type[Body], **named: Any) -> Response:
    """Enter what the body says; `named` is what the address says. Raises EntryRefused, EntryTaken, ForeignRegister."""
    said = parse(body, request)
    entry = register.entry(
        **_values(said, {field.name for field in fields(register.entry)} - set(named)), **named
    )
    was_there = register.on_record(entry) is not None
    return _put(request, register, entry, said, status.HTTP_200_OK if was_there else status.HTTP_201_CREATED)


def changed(request: Request, register: Register[Any], body: type[Body], **key: Any) -> Response:
    """Change what stands under the key that the address names. Raises Http404, and what `entered` raises."""
    old = found_to_enter(request, register, **key)
    said = parse(body, request)
    entry = replace(old, **_values(said, said.model_fields_set - {"reason"}))
    return _put(request, register, entry, said, status.HTTP_200_OK)


def found_to_enter(request: Request, register: Register[Any], **key: Any) -> Any:
    """Return the entry under a key, for who may enter it. Raises Http404, ForeignRegister."""
    entry = found(register, **key)
    ensure_may_enter(reader_of(request), register, entry)
    return entry


def found(register: Register[Any], **key: Any) -> Any:
    """Return the entry under a key. Raises Http404."""
    columns = {register.lookup[name]: said for name, said in key.items()}
    row = register.rows().filter(**columns).first()
    if row is None:
        raise Http404
    return register.read(row)


def _values(said: Body, names: set[str]) -> dict[str, Any]:
    """Return what a body says as an entry holds it. Raises BodyInvalid for a null where there must be something."""
    values = {name: getattr(said, name) for name in names}
    for name, value in values.items():
        if value is None and name not in ("valid_to", "max_open_carnets", "amount_to"):
            raise field_invalid(name, "missing")
    return {name: _value(value) for name, value in values.items()}


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return value.quantize(Decimal("0.01")) if isinstance(value, Decimal) else value


def _put(request: Request, register: Register[Any], entry: Any, said: Any, made: int) -> Response:
    act = Act(caller(request), now(), said.reason)
    ensure_sound(register, entry, register.on_record(entry), act)  # before whose it is, which may be misspelt
    ensure_may_enter(reader_of(request), register, entry)
    done = enter(register, entry, act)
    if done.approval is not None:
        return Response(present_approval(done.approval), status=status.HTTP_202_ACCEPTED)
    return Response({**present_entry(entry), "version": _version(register, entry, done)}, status=made)


def _version(register: Register[Any], entry: Any, done: Entered) -> int:
    return done.version if done.version is not None else history(register, entry).count()


def present_entry(entry: Any) -> dict[str, Any]:
    """Return an entry as JSON has it."""
    return {field.name: _json(getattr(entry, field.name)) for field in fields(entry)}


def _json(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def present_entries(register: Register[Any], rows: list[Any]) -> list[dict[str, Any]]:
    """Return rows as entries, each with the number of its version; 0 where it came before versions were kept."""
    entries = [register.read(row) for row in rows]
    keys = [register.key_of(entry) for entry in entries]
    latest: Mapping[str, int] = dict(
        Change.objects.filter(noun=register.noun, key__in=keys)
        .order_by("key", "version")
        .values_list("key", "version")
    )
    return [
        {**present_entry(entry), "version": latest.get(key, 0)}
        for entry, key in zip(entries, keys, strict=True)
    ]


def present_approval(approval: Approval) -> dict[str, Any]:
    """Return a proposal with what was said to it."""
    return {
        "id": approval.pk,
        "kind": approval.kind,
        "subject": approval.subject,
        "content": approval.content,
        "amount": None if approval.amount is None else f"{approval.amount:.2f}",
        "currency": approval.currency,
        "country": approval.country,
        "needed": approval.needed,
        "status": approval.status,
        "proposed_by": approval.proposed_by.username,
        "proposed_at": instant(approval.proposed_at),
        "reason": approval.reason,
        "source": approval.source,
        "words": [
            {"by": each.by.username, "word": each.word, "at": instant(each.at), "reason": each.reason}
            for each in approval.words.all()
        ],
    }
