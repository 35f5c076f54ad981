"""Reading a carnet with its operations and stamps for judging, many carnets at a time.

Plain SQL, because these four statements are on the way of every stamp: building the same joins with the ORM costs
more than PostgreSQL takes to answer them.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from carnets.projection.facts import Certification, Plan, PlannedOperation, Report
from carnets.projection.writing import CarnetOnRecord, Exclusion, OperationOnRecord
from checkpoints.models import Incident, Refusal
from checkpoints.posts.offices import register
from guarantees.choices import Clock
from guarantees.clocks import schedule
from tir.kernel import prepared

StampRow = dict[str, Any]

CARNETS = """
    SELECT c.id, c.number, c.status, c.control, c.control_at, c.control_reason, c.vouchers, c.packages, c.plates,
           c.issued_at, c.acceptance_until, c.amount, c.currency, c.returned_at IS NOT NULL,
           c.has_reports, c.latest_sequence, c.latest_hash, c.reconcile_at,
           g.id, g.reference, g.valid_from, g.valid_to,
           h.reference, h.name, h.status, h.authorised_from, c.association_id, c.countries,
           (SELECT json_agg(json_build_array(x.country, x.valid_from, x.valid_to))
              FROM guarantees_holderexclusion x WHERE x.holder_id = h.id),
           c.approval_until
      FROM carnets_carnet c
      JOIN guarantees_guarantee g ON g.id = c.guarantee_id
      JOIN guarantees_holder h ON h.id = c.holder_id
     WHERE c.number = ANY(%s)
     ORDER BY c.id
"""
LOCK = " FOR NO KEY UPDATE OF c"
OPERATIONS = """
    SELECT o.carnet_id, o.id, o.sequence, o.territory_id, t.code, o.country, o.planned_start, o.planned_end,
           o.start_role, o.termination_role, o.status, t.default_transit_days, t.grace_hours,
           o.guarantor_id, o.borne, o.borne_currency, o.borne_from, o.discharged_at,
           (SELECT max(r.reopened_at) FROM carnets_reopeneddischarge r WHERE r.operation_id = o.id)
      FROM carnets_tiroperation o
      JOIN guarantees_customsterritory t ON t.id = o.territory_id
     WHERE o.carnet_id = ANY(%s)
     ORDER BY o.carnet_id, o.sequence
"""
STAMP_COLUMNS = (
    "id", "carnet_id", "sequence", "page", "role", "office_id", "officer_id", "occurred_at", "recorded_at",
    "is_offline", "seals_intact", "seals_found", "seals_affixed", "packages", "reservation", "registration_no",
    "time_limit_at", "prescribed_route", "vehicles", "is_partial", "is_suspension", "cancels", "cancel_reason",
    "previous_hash", "hash", "receipt",
)  # fmt: skip
EVIDENCE = """
    SELECT id, carnet_id, page, office_id, occurred_at, seals_intact, seals_found, seals_affixed, packages, reservation,
           time_limit_at, prescribed_route, vehicles, is_partial, is_suspension, cancels
      FROM checkpoints_stamp
     WHERE carnet_id = ANY(%s) OR id = ANY(%s)
"""
ROWS = f"""
    SELECT {", ".join(STAMP_COLUMNS)} FROM checkpoints_stamp WHERE id = ANY(%s)
"""  # noqa: S608


def carnets(numbers: Collection[str], *, lock: bool) -> dict[str, CarnetOnRecord]:
    """Return the carnets by number, with their operations, in the order they were locked (by id).

    With `lock`, each row is held to the end of the transaction: everything about one carnet queues here.
    """
    found = [_carnet(row) for row in prepared.rows(CARNETS + LOCK if lock else CARNETS, [sorted(numbers)])]
    by_id = {carnet.id: carnet for carnet in found}
    for carnet_id, *values in prepared.rows(OPERATIONS, [list(by_id)]):
        by_id[carnet_id].operations.append(_operation(values))
    for carnet in found:
        carnet.plan = _plan(carnet)
    return {carnet.number: carnet for carnet in found}


def _carnet(row: Sequence[Any]) -> CarnetOnRecord:
    carnet = CarnetOnRecord(*row)
    carnet.latest_hash = bytes(carnet.latest_hash)
    listed: Any = carnet.exclusions or ()
    carnet.exclusions = [_exclusion(*values) for values in listed]
    return carnet


def _operation(values: Sequence[Any]) -> OperationOnRecord:
    territory_id = values[2]
    return OperationOnRecord(*(*values, schedule(Clock.SUSPENSION, territory_id)))


def _exclusion(country: str, start: str, end: str | None) -> Exclusion:
    return Exclusion(country, date.fromisoformat(start), date.fromisoformat(end) if end else None)


def _plan(carnet: CarnetOnRecord) -> Plan:
    return Plan(
        carnet.packages,
        frozenset(carnet.plates),
        tuple(
            PlannedOperation(row.sequence, row.start_role, row.termination_role, row.default_transit_days)
            for row in carnet.operations
        ),
    )


def evidence(
    carnet_ids: Collection[int], stamp_ids: Collection[UUID] = ()
) -> tuple[dict[int, list[Certification]], set[UUID]]:
    """Return the stamps of these carnets as evidence, and which of `stamp_ids` are on record, on whatever carnet."""
    offices, asked = register().by_id, set(stamp_ids)
    found: dict[int, list[Certification]] = {}
    known: set[UUID] = set()
    for row in prepared.rows(EVIDENCE, [list(carnet_ids), list(asked)]):
        stamp_id, carnet_id, page, office_id, at, intact, seals, affixed, packages, reservation, *limits = row
        time_limit_at, route, vehicles, is_partial, is_suspension, cancels = limits
        certification = Certification(
            stamp_id, page, offices[office_id].facts, at, intact, _as_tuple(seals), _as_tuple(affixed), packages,
            reservation, time_limit_at, route, _as_tuple(vehicles), is_partial, is_suspension, cancels,
        )  # fmt: skip
        found.setdefault(carnet_id, []).append(certification)
        if stamp_id in asked:
            known.add(stamp_id)
    return found, known


def stamp_rows(stamp_ids: Collection[UUID]) -> dict[UUID, StampRow]:
    """Return stamps whole, by id, as they stand in the ledger."""
    return {row["id"]: row for row in map(_stamp, prepared.rows(ROWS, [list(stamp_ids)]))}


def _stamp(values: Sequence[Any]) -> StampRow:
    row = dict(zip(STAMP_COLUMNS, values, strict=True))
    row["previous_hash"], row["hash"] = bytes(row["previous_hash"]), bytes(row["hash"])
    if isinstance(row["receipt"], str):  # Django hands JSON over as text
        row["receipt"] = json.loads(row["receipt"])
    return row


def certification(row: StampRow) -> Certification:
    """Return a stamp that is about to be recorded as evidence."""
    return Certification(
        row["id"],
        row["page"],
        register().by_id[row["office_id"]].facts,
        row["occurred_at"],
        row["seals_intact"],
        _as_tuple(row["seals_found"]),
        _as_tuple(row["seals_affixed"]),
        row["packages"],
        row["reservation"],
        row["time_limit_at"],
        row["prescribed_route"],
        _as_tuple(row["vehicles"]),
        row["is_partial"],
        row["is_suspension"],
        row["cancels"],
    )


def reports(carnet_ids: Collection[int]) -> dict[int, list[Report]]:
    """Return the certified reports of these carnets as evidence."""
    found: dict[int, list[Report]] = {}
    for incident in Incident.objects.filter(carnet_id__in=carnet_ids).select_related("office"):
        found.setdefault(incident.carnet_id, []).append(report(incident, incident.office.code))
    return found


def report(incident: Incident, office: str) -> Report:
    """Return a certified report's row as evidence."""
    return Report(
        incident.pk,
        office,
        incident.occurred_at,
        frozenset(incident.seals_broken),
        frozenset(incident.seals_affixed),
        frozenset(incident.vehicles),
        incident.is_about_seals,
    )


def refused_pages(carnet_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Return the pages on which an office refused to start, by carnet."""
    found: dict[int, frozenset[int]] = {}
    for carnet_id, page in Refusal.objects.filter(carnet_id__in=carnet_ids).values_list("carnet_id", "page"):
        found[carnet_id] = found.get(carnet_id, frozenset()) | {page}
    return found


def _as_tuple(value: list[str] | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(value)
