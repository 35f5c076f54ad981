"""Verdicts, receipts and ledger rows as JSON: short, because posts have 2G links."""

from typing import Any

from api.errors import as_json_value, instant, problem_members
from api.v1.checkpoints.bodies import StampOut
from carnets.choices import Made
from carnets.projection.facts import OperationFacts
from carnets.projection.sides import SideFacts
from carnets.vouchers import operation_of, pages_of
from checkpoints.evidence.columns import SAID_BY_CLIENT
from checkpoints.evidence.dockets import Docket
from checkpoints.evidence.reading import StampRow
from checkpoints.evidence.receipts import receipt_text
from checkpoints.evidence.statements import covered
from checkpoints.models import ControlRecord, Incident, Proof, Refusal
from checkpoints.phones.handing_in import DeedOutcome
from checkpoints.posts.offices import register
from checkpoints.posts.territories import territories
from checkpoints.recording.scanning import ScanResult
from checkpoints.recording.stamping import Outcome
from guarantees.queries import association_codes


def present_scan(scanned: ScanResult, as_of: Any) -> dict[str, Any]:
    """Return what fills the officer's screen."""
    return {
        "verdict": scanned.verdict,
        "reasons": [
            {"code": item.code, "level": item.level, "detail": item.detail, "article": item.article}
            for item in scanned.findings
        ],
        "carnet": _scanned(scanned.docket) if scanned.docket else None,
        "expected": scanned.expected
        and {"page": scanned.expected.page, "role": scanned.expected.role, "office": scanned.expected.office},
        "seals": scanned.seals,
        "risk": scanned.assessment
        and {
            "lane": scanned.assessment.lane,
            "points": scanned.assessment.points,
            "reasons": list(scanned.assessment.reasons),
        },
        "as_of": instant(as_of),
    }


def _scanned(docket: Docket) -> dict[str, Any]:
    carnet = docket.carnet
    return {
        "number": carnet.number,
        "status": carnet.status,
        "holder": {"id": carnet.holder, "name": carnet.holder_name, "status": carnet.holder_status},
        "guarantee": {
            "reference": carnet.guarantee,
            "association": association_codes().get(carnet.association_id or 0, ""),
            "amount": str(carnet.amount),
            "currency": carnet.currency,
        },
        "valid_until": str(carnet.acceptance_until),
        "vouchers": carnet.vouchers,
        "packages": carnet.packages,
        "plates": carnet.plates,
        "units": [{"name": unit.name, "kind": unit.kind} for unit in carnet.plan.units],
        "sealed": carnet.plan.is_sealed,
        "operations": [
            {
                "sequence": facts.sequence,
                "pages": list(pages_of(facts.sequence)),
                "territory": _territory(facts),
                "status": facts.status,
                "time_limit": instant(facts.time_limit_at),
            }
            for facts in docket.facts
        ],
        "last_stamp": _last_stamp(docket),
    }


def _territory(facts: OperationFacts) -> str:
    return territories()[facts.territory_id].code if facts.territory_id else ""


def _last_stamp(docket: Docket) -> dict[str, Any] | None:
    latest: tuple[int, str, SideFacts] | None = None
    for facts in docket.facts:
        for page, role, side in _sides(facts):
            if side.at is not None:
                latest = (page, role, side)
    if latest is None:
        return None
    page, role, side = latest
    return {"page": page, "role": role, "office": side.office, "at": instant(side.at)}


def _sides(facts: OperationFacts) -> list[tuple[int, str, SideFacts]]:
    first, second = pages_of(facts.sequence)
    return [(first, facts.start_role, facts.start), (second, facts.termination_role, facts.termination)]


def present_receipt(row: StampRow, number: str) -> dict[str, Any]:
    """Return the receipt: the first answer, also to a replay."""
    first = row["receipt"]
    return {
        "id": str(row["id"]),
        "carnet": number,
        "page": row["page"],
        "role": row["role"],
        "office": register().by_id[row["office_id"]].code,
        "operation": {"sequence": operation_of(row["page"]), "status": first["operation_status"]},
        "carnet_status": first["carnet_status"],
        "recorded_at": instant(row["recorded_at"]),
        "sequence": row["sequence"],
        "hash": row["hash"].hex(),
        "previous_hash": row["previous_hash"].hex(),
        "warnings": first["warnings"],
        "logged_by": first.get("promise", {}).get("logged_by"),
        "signed": receipt_text(row),
    }


def present_outcome(outcome: Outcome) -> dict[str, Any]:
    """Return one result of a batch."""
    result: dict[str, Any] = {"id": str(outcome.request.id), "outcome": outcome.kind}
    if outcome.row is not None:
        result["receipt"] = present_receipt(outcome.row, outcome.request.number)
    if outcome.error is not None:
        result["problem"] = problem_members(outcome.error)
    return result


def present_deed(outcome: DeedOutcome) -> dict[str, Any]:
    """Return one result of a hand-in that is no stamp."""
    result: dict[str, Any] = {"id": str(outcome.request.id), "outcome": outcome.kind}
    if outcome.row is not None:
        result["receipt"] = present_evidence_receipt(outcome.row, outcome.request.number)
    if outcome.error is not None:
        result["problem"] = problem_members(outcome.error)
    return result


def present_evidence_receipt(row: Incident | Refusal, number: str) -> dict[str, Any]:
    """Return the receipt of a refusal or a report."""
    return {
        "id": str(row.pk),
        "carnet": number,
        "page": row.page if isinstance(row, Refusal) else None,
        "office": register().by_id[row.office_id].code,
        "recorded_at": instant(row.recorded_at),
        **_signed(row),
    }


def _signed(row: Incident | Refusal) -> dict[str, Any]:
    """Return the hash of what a row says and our promise over it, as far as it has a receipt."""
    if row.receipt is None:
        return {"hash": None, "logged_by": None, "signed": None}
    return {
        "hash": row.receipt["hash"],
        "logged_by": row.receipt["promise"]["logged_by"],
        "signed": receipt_text(covered(row)),
    }


# What the officer said and what the answer calls and writes as the ledger does.
AS_SAID = tuple(
    name
    for name in SAID_BY_CLIENT
    if name in StampOut.model_fields and name not in {"occurred_at", "cancels"}
)


def present_stamp(row: Any, number: str) -> dict[str, Any]:
    """Return a stamp of the ledger with its hashes."""
    return {
        "id": str(row.pk),
        "carnet": number,
        "sequence": row.sequence,
        "role": row.role,
        "office": register().by_id[row.office_id].code,
        "officer": row.officer.get_username(),
        "occurred_at": instant(row.occurred_at),
        "recorded_at": instant(row.recorded_at),
        "offline": row.made == Made.OFFLINE,
        "made": row.made,
        "seals": _seals(row),
        **{name: getattr(row, name) for name in AS_SAID},
        "time_limit": instant(row.time_limit_at),
        "partial": row.goes_on,
        "unplanned": row.is_unplanned,
        "suspension": row.is_suspension,
        "cancels": as_json_value(row.cancels),
        "reason": row.cancel_reason,
        "clock_offset": row.origin.clock_offset if hasattr(row, "origin") else None,
        "hash_version": row.hash_version,
        "previous_hash": bytes(row.previous_hash).hex(),
        "hash": bytes(row.hash).hex(),
    }


def _seals(stamp: Any) -> dict[str, Any]:
    return {
        "intact": stamp.seals_intact,
        "found": stamp.seals_found,
        "affixed": stamp.seals_affixed,
        "removed": stamp.seals_removed,
    }


def present_refusal(refusal: Refusal, number: str) -> dict[str, Any]:
    """Return a refusal to start an operation."""
    return {
        "id": str(refusal.pk),
        "carnet": number,
        "page": refusal.page,
        "office": refusal.office.code,
        "reason": refusal.reason,
        "text": refusal.text,
        "occurred_at": instant(refusal.occurred_at),
        "recorded_at": instant(refusal.recorded_at),
        **_hands(refusal),
        **_signed(refusal),
    }


def _hands(row: Incident | Refusal) -> dict[str, Any]:
    """Return who put a row on record, and who is said to have made it where that was another."""
    made_by = row.certified_by and row.certified_by.get_username()
    return {"officer": row.officer.get_username(), "certified_by": made_by}


def present_incident(incident: Incident, number: str) -> dict[str, Any]:
    """Return a certified report (art. 25) with how many photos it has."""
    return {
        "id": str(incident.pk),
        "carnet": number,
        "kind": incident.kind,
        "description": incident.description,
        "seals_broken": incident.seals_broken,
        "seals_affixed": incident.seals_affixed,
        "vehicles": incident.vehicles,
        "packages": incident.packages,
        "drawn_by": incident.drawn_by,
        "drawn_at": instant(incident.drawn_at),
        "photos": incident.photos.count(),
        "office": incident.office.code,
        "occurred_at": instant(incident.occurred_at),
        "recorded_at": instant(incident.recorded_at),
        **_hands(incident),
        **_signed(incident),
    }


def present_control(control: ControlRecord, number: str) -> dict[str, Any]:
    """Return a control as it stands on record."""
    return {
        "id": str(control.pk),
        "carnet": number,
        "kind": control.kind,
        "result": control.result,
        "against": control.against,
        "reason": control.reason,
        "text": control.text,
        "seals": {
            "found": control.seals_found,
            "removed": control.seals_removed,
            "affixed": control.seals_affixed,
        },
        "packages": control.packages,
        "mass_kg": control.mass_kg,
        "device": control.device,
        "photos": control.photos.count(),
        "office": control.office.code,
        "occurred_at": instant(control.occurred_at),
        "recorded_at": instant(control.recorded_at),
        "hash": bytes(control.hash).hex(),
    }


def present_proof(proof: Proof, number: str) -> dict[str, Any]:
    """Return a proof, and by whom it was accepted if it was."""
    accepted = getattr(proof, "acceptance", None)
    return {
        "id": str(proof.pk),
        "carnet": number,
        "page": proof.page,
        "kind": proof.kind,
        "issuer": proof.issuer,
        "date": str(proof.date),
        "packages": proof.packages,
        "seals": proof.seals,
        "file": proof.file is not None,
        "recorded_at": instant(proof.recorded_at),
        "accepted_at": accepted and instant(accepted.at),
        "accepted_by": accepted and accepted.office.code,
    }
