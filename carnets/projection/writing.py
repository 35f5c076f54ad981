"""Writing what the stamps add up to: operation facts, the carnet's status, and whose liability begins.

The only writer of the projected columns. It compares what the evidence said before with what it says now and writes
the operations that differ, so a stamp costs one statement a table whether one carnet changed or five hundred.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from carnets.choices import Control, OperationStatus
from carnets.models import Carnet, ReopenedDischarge, TirOperation
from carnets.projection import bearing
from carnets.projection.facts import OperationFacts, carnet_status
from carnets.projection.record import CarnetOnRecord, OperationOnRecord
from carnets.projection.sides import SideFacts
from guarantees.models import LiabilityEntry
from tir.kernel.bulk import Writes
from tir.kernel.values import value

JOURNEY = ("start_role", "termination_role", "was_refused", "is_gap", "is_disputed", "is_followed")
START = (
    "partners", "are_seals_unknown", "is_after_unload", "time_limit_at", "is_time_limit_set", "prescribed_route",
)  # fmt: skip
TERMINATION = (
    "are_seals_checked", "packages_expected", "packages", "are_packages_certified", "does_mass_differ", "reservation",
    "is_partial", "is_suspended", "is_final", "heard_at",
)  # fmt: skip


def _columns_of_side(side: str, done: str) -> list[str]:
    """Return the columns that keep what the facts say of one side, as start_office does start.office."""
    own = {"at": f"{done}_at", "day": f"{done}_on"}
    return [own.get(name, f"{side}_{name}") for name in SAID_OF_A_SIDE]


SAID_OF_A_SIDE = [each.name for each in fields(SideFacts) if each.name != "country"]
START_SIDE = _columns_of_side("start", "started")
TERMINATION_SIDE = _columns_of_side("termination", "terminated")
BESIDES = ["start_partners" if name == "partners" else name for name in (*JOURNEY, *START, *TERMINATION)]
_of_side = attrgetter(*SAID_OF_A_SIDE)
_besides = attrgetter(*JOURNEY, *START, *TERMINATION)
ON_RECORD = {
    "territory": "territory_id", "country": "country", "liability": "liability",
    "liability_ended_by": "liability_ended_by", "guarantor": "guarantor_id", "borne": "borne",
    "borne_currency": "borne_currency", "borne_from": "borne_from", "discharged_at": "discharged_at",
}  # fmt: skip
_liability_of = attrgetter(*ON_RECORD.values())
CARNET_COLUMNS = ("status", "control", "latest_sequence", "latest_hash", "has_events", "reconcile_at")


@value
class CarnetChange:
    """One carnet whose evidence grew: what it said before, and what it says now, discharges on record kept."""

    carnet: CarnetOnRecord
    before: Sequence[OperationFacts]
    after: Sequence[OperationFacts]


def with_discharges(carnet: CarnetOnRecord, facts: Sequence[OperationFacts]) -> list[OperationFacts]:
    """Keep a discharge on record while both its records stand; only a cancelled record takes it back (art. 10(2))."""
    discharged = {row.sequence for row in carnet.operations if row.discharged_at}
    if not discharged:
        return list(facts)
    return [
        replace(new, status=OperationStatus.DISCHARGED)
        if new.sequence in discharged and new.start.at and new.termination.at
        else new
        for new in facts
    ]


def write_projection(changes: Sequence[CarnetChange], writes: Writes, *, at: datetime) -> None:
    """Write the projection of every changed carnet and the liability that begins or ends with it (art. 8(4))."""
    _add_operations(changes)
    entries: list[Sequence[Any]] = []
    rows: dict[tuple[str, ...], list[Sequence[Any]]] = {}
    reopened = []
    for change in changes:
        carnet = change.carnet
        was = {old.sequence: old for old in change.before}
        on_record = carnet.by_sequence
        for new in change.after:
            row, old = on_record.get(new.sequence), was.get(new.sequence)
            if row is None or old is new or old == new:
                continue
            borne = _liability_of(row)
            if row.discharged_at and new.status != OperationStatus.DISCHARGED:
                reopened.append(_reopened(row, at))
            entries += bearing.follow(carnet, row, old, new, at)
            columns, values = _operation_row(row, borne, old, new)
            rows.setdefault(columns, []).append(values)
        if carnet.control == Control.EXPIRED and any(fact.has_evidence for fact in change.after):
            carnet.control = Control.NONE  # it was in use all the time: its stamps came late
        carnet.status = carnet_status(change.after, control=carnet.control, is_returned=carnet.is_returned)

    _widen(changes)
    for columns, some in rows.items():
        writes.update(TirOperation, columns, some)
    writes.update(Carnet, CARNET_COLUMNS, [_carnet_row(change.carnet, at) for change in changes])
    writes.insert(LiabilityEntry, bearing.ENTRY_COLUMNS, entries)
    writes.send()
    if reopened:
        ReopenedDischarge.objects.bulk_create(reopened)


def _add_operations(changes: Sequence[CarnetChange]) -> None:
    """Make rows for pairs beyond the plan, from their first stamp on: rare, so a statement of their own. A pair left
    out before one of these has none."""
    new = [
        (change.carnet, fact)
        for change in changes
        for fact in change.after
        if fact.has_evidence and fact.sequence not in change.carnet.by_sequence
    ]
    if not new:
        return
    made = TirOperation.objects.bulk_create(
        TirOperation(
            carnet_id=carnet.id,
            sequence=fact.sequence,
            territory_id=fact.territory_id,  # type: ignore[misc]
            country=fact.start.country or fact.termination.country,
            start_role=fact.start_role,
            termination_role=fact.termination_role,
        )
        for carnet, fact in new
    )
    for (carnet, fact), row in zip(new, made, strict=True):
        carnet.add_operation(row.pk, fact.sequence, row.territory_id, row.country)


def _widen(changes: Sequence[CarnetChange]) -> None:
    """Let the countries of a detour see the carnet: rare, so a statement of their own."""
    for change in changes:
        carnet = change.carnet
        added = [row.country for row in carnet.operations if row.country not in carnet.countries]
        if added:
            carnet.countries = list(dict.fromkeys([*carnet.countries, *added]))
            Carnet.objects.filter(pk=carnet.id).update(countries=carnet.countries)


def _reopened(row: OperationOnRecord, at: datetime) -> ReopenedDischarge:
    assert row.discharged_at is not None  # noqa: S101
    return ReopenedDischarge(
        operation_id=row.id,
        discharged_at=row.discharged_at,
        reopened_at=at,
        reason="no_termination_took_place",
    )


def _carnet_row(carnet: CarnetOnRecord, at: datetime) -> tuple[Any, ...]:
    """A carnet that is due already stays due as it was: the column is indexed, and a change of it is not free."""
    due = carnet.reconcile_at
    return (
        carnet.id,
        carnet.status,
        carnet.control,
        carnet.latest_sequence,
        carnet.latest_hash,
        carnet.has_events,
        due if due is not None and due <= at else at,
    )


def _operation_row(
    row: OperationOnRecord, was: Sequence[Any], old: OperationFacts | None, new: OperationFacts
) -> tuple[tuple[str, ...], list[Any]]:
    """Return the columns to write, only those that changed, and the key with their values; `was` is what the row said
    of its liability."""
    changed: dict[str, Any] = {"status": new.status}
    changed |= _differing(ON_RECORD, was, _liability_of(row))
    changed |= _differing(BESIDES, _besides(old) if old else None, _besides(new))
    for columns, before, now in (
        (START_SIDE, old and old.start, new.start),
        (TERMINATION_SIDE, old and old.termination, new.termination),
    ):
        if before is not now:
            changed |= _differing(columns, _of_side(before) if before else None, _of_side(now))
    return tuple(changed), [row.id, *map(_as_list, changed.values())]


def _differing(columns: Iterable[str], before: Sequence[Any] | None, now: Sequence[Any]) -> dict[str, Any]:
    """Return what is said now in the columns that said something else before, all of them where there was nothing."""
    if before is None:
        return dict(zip(columns, now, strict=True))
    return {name: new for name, old, new in zip(columns, before, now, strict=True) if old != new}


def _as_list(value: Any) -> Any:
    """psycopg2 writes a list as an array and a tuple as a row."""
    return list(value) if isinstance(value, tuple) else value
