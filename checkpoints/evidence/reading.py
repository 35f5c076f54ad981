"""Reading a carnet with its operations and stamps for judging, many carnets at a time.

Plain SQL, because these few statements are on the way of every stamp: building the same joins with the ORM costs
more than PostgreSQL takes to answer them. Every column is named, so that nothing shifts when one is added.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import UUID

from carnets.choices import CarnetSource
from carnets.projection.evidence import Certification
from carnets.projection.packing import unpacked
from carnets.projection.record import CarnetOnRecord, Exclusion, OperationOnRecord
from checkpoints.evidence.columns import EVIDENCE, LISTS, STAMP_COLUMNS
from checkpoints.posts.offices import register
from checkpoints.posts.territories import practices
from tir.kernel import prepared

StampRow = dict[str, Any]

CARNETS = """
    SELECT c.id, c.number, c.status, c.control, c.control_at, c.control_reason, c.vouchers, c.packages, c.plates,
           c.issued_at, c.is_backdated, c.acceptance_until, c.amount, c.currency,
           c.returned_at IS NOT NULL AS is_returned, c.has_events, c.latest_sequence, c.latest_hash, c.reconcile_at,
           c.guarantee_id, coalesce(g.reference, c.told ->> 'guarantee', '') AS guarantee,
           coalesce(h.reference, c.told ->> 'holder', '') AS holder,
           coalesce(h.name, c.told ->> 'holder_name', '') AS holder_name,
           coalesce(h.status, 'authorised') AS holder_status, c.association_id, c.countries, c.approval_until,
           c.plan, c.is_heavy_or_bulky, c.source,
           (SELECT json_agg(json_build_array(x.country, x.valid_from, x.valid_to))
              FROM guarantees_holderexclusion x WHERE x.holder_id = h.id) AS exclusions
      FROM carnets_carnet c
      LEFT JOIN guarantees_guarantee g ON g.id = c.guarantee_id
      LEFT JOIN guarantees_holder h ON h.id = c.holder_id
     WHERE c.number = ANY(%s)
     ORDER BY c.id
"""
LOCK = " FOR NO KEY UPDATE OF c"
OPERATION = tuple(each.name for each in fields(OperationOnRecord) if each.name != "reopened_at")
REOPENED_AT = "(SELECT max(r.reopened_at) FROM carnets_reopeneddischarge r WHERE r.operation_id = o.id)"
# Operations and stamps together, for the way to PostgreSQL and back costs as much as reading them. Each row is the one
# or the other; the first column says of which carnet an operation is.
RECORDED = f"""
    SELECT o.carnet_id, {", ".join(f"o.{name}" for name in OPERATION)}, {REOPENED_AT},
           {", ".join(["NULL"] * len(EVIDENCE))}
      FROM carnets_tiroperation o WHERE o.carnet_id = ANY(%s)
     UNION ALL
    SELECT {", ".join(["NULL"] * (len(OPERATION) + 2))}, {", ".join(EVIDENCE)}
      FROM checkpoints_stamp WHERE carnet_id = ANY(%s) OR id = ANY(%s)
"""  # noqa: S608
ROWS = f"""
    SELECT {", ".join(STAMP_COLUMNS)} FROM checkpoints_stamp WHERE id = ANY(%s)
"""  # noqa: S608


def carnets(numbers: Collection[str], *, lock: bool) -> dict[str, CarnetOnRecord]:
    """Return the carnets by number, in the order they were locked (by id); `recorded` reads their operations.

    With `lock`, each row is held to the end of the transaction: everything about one carnet queues here.
    """
    rows = prepared.fetch_named_rows(CARNETS + LOCK if lock else CARNETS, [sorted(numbers)])
    return {row["number"]: _carnet(row) for row in rows}


def _carnet(row: dict[str, Any]) -> CarnetOnRecord:
    row["latest_hash"] = bytes(row["latest_hash"])
    row["exclusions"] = [_exclusion(*values) for values in row["exclusions"] or ()]
    row["plan"] = unpacked(
        _as_json(row["plan"]),
        plates=tuple(row["plates"]),
        vouchers=row["vouchers"],
        is_sealed=not row.pop("is_heavy_or_bulky"),
        is_presented=row.pop("source") == CarnetSource.RECEIVED,
        is_over=row["is_returned"],
        is_backdated=row["is_backdated"],
        practices=practices(),
    )
    return CarnetOnRecord(**row)


def _exclusion(country: str, start: str, end: str | None) -> Exclusion:
    return Exclusion(country, date.fromisoformat(start), date.fromisoformat(end) if end else None)


def _as_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value  # Django hands JSON over as text


def recorded(
    carnets: Iterable[CarnetOnRecord], stamp_ids: Collection[UUID] = ()
) -> tuple[dict[int, list[Certification]], set[UUID]]:
    """Give the carnets their operations, and return their stamps as evidence by carnet, and which of `stamp_ids` are on
    record, on whatever carnet."""
    by_id, asked = {carnet.id: carnet for carnet in carnets}, set(stamp_ids)
    found: dict[int, list[Certification]] = {}
    known: set[UUID] = set()
    for row in prepared.fetch_rows(RECORDED, [list(by_id), list(by_id), list(asked)]):
        if row[0] is not None:
            by_id[row[0]].operations.append(OperationOnRecord(*row[1:_STAMP_BEGINS]))
            continue
        stamp = dict(zip(EVIDENCE, row[_STAMP_BEGINS:], strict=True))
        if stamp["id"] in asked:
            known.add(stamp["id"])
        found.setdefault(stamp["carnet_id"], []).append(certification(stamp))
    for carnet in by_id.values():
        carnet.operations.sort(key=_in_sequence)
    return found, known


_STAMP_BEGINS = len(OPERATION) + 2
_in_sequence = attrgetter("sequence")


def stamp_rows(stamp_ids: Collection[UUID]) -> dict[UUID, StampRow]:
    """Return stamps whole, by id, as they stand in the ledger."""
    return {row["id"]: stamp_row(row) for row in prepared.fetch_named_rows(ROWS, [list(stamp_ids)])}


def stamp_row(row: StampRow) -> StampRow:
    """Return a row of the ledger with bytes and JSON as Python has them."""
    row["previous_hash"], row["hash"] = bytes(row["previous_hash"]), bytes(row["hash"])
    row["receipt"] = _as_json(row["receipt"])
    return row


def certification(row: Mapping[str, Any]) -> Certification:
    """Return a stamp's row, on record or about to be, as evidence."""
    said = {name: row[name] for name in _OWN_WORDS}
    for name in LISTS:
        if said[name] is not None:
            said[name] = tuple(said[name])
    return Certification(office=register().by_id[row["office_id"]].facts, **said)


_OWN_WORDS = tuple(name for name in EVIDENCE if name not in ("carnet_id", "office_id"))
