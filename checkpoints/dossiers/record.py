"""What a carnet's own record shows in a dossier: irregularities, reports, controls, proofs, stamps, and its return."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from carnets.models import CarnetReturn, Irregularity, TirOperation
from checkpoints.models import ControlRecord, Incident, Proof, Stamp

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DossierView:
    """How much of a carnet its reader sees: all of it, or one territory's operation."""

    sees_whole: bool


def of(operation: TirOperation, view: DossierView) -> Facts:
    """Return everything on record about the operation's carnet, or about the operation alone, as its reader sees it."""
    return {
        "irregularities": _irregularities(operation, view),
        "reports": _reports(operation, view),
        "controls": _controls(operation, view),
        "proofs": _proofs(operation, view),
        "stamps": _stamps(operation, view),
        "returned": returned(operation),
    }


def _irregularities(operation: TirOperation, view: DossierView) -> list[Facts]:
    rows = Irregularity.objects.filter(carnet=operation.carnet).select_related("operation__territory")
    if not view.sees_whole:
        rows = rows.filter(operation=operation)
    return [
        {
            "code": row.code,
            "page": row.page,
            "territory": row.operation.territory.code,
            "severity": row.severity,
            "status": row.status,
            "opened_at": row.opened_at,
            "closed_at": row.closed_at,
            "close_reason": row.close_reason,
            "facts": row.facts,
        }
        for row in rows.order_by("pk")
    ]


def _reports(operation: TirOperation, view: DossierView) -> list[Facts]:
    rows = (
        Incident.objects.filter(carnet=operation.carnet).select_related("office").prefetch_related("photos")
    )
    if not view.sees_whole:
        rows = rows.filter(office__territory=operation.territory)
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "description": row.description,
            "office": row.office.code,
            "occurred_at": row.occurred_at,
            "recorded_at": row.recorded_at,
            "seals_broken": row.seals_broken,
            "seals_affixed": row.seals_affixed,
            "vehicles": row.vehicles,
            "packages": row.packages,
            "drawn_by": row.drawn_by,
            "drawn_at": row.drawn_at,
            "photos": [photo.sha256 for photo in row.photos.all()],
        }
        for row in rows.order_by("occurred_at", "pk")
    ]


def _controls(operation: TirOperation, view: DossierView) -> list[Facts]:
    rows = ControlRecord.objects.filter(carnet=operation.carnet).select_related("office")
    if not view.sees_whole:
        rows = rows.filter(office__territory=operation.territory)
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "result": row.result,
            "said": f"{row.get_kind_display()}: {row.get_result_display()}",
            "against": row.against,
            "text": " ".join(part for part in (row.reason, row.text) if part),
            "office": row.office.code,
            "occurred_at": row.occurred_at,
            "recorded_at": row.recorded_at,
            "seals_found": row.seals_found,
            "seals_removed": row.seals_removed,
            "seals_affixed": row.seals_affixed,
            "packages": row.packages,
            "mass_kg": row.mass_kg,
            "hash": row.hash,
        }
        for row in rows.order_by("occurred_at", "pk")
    ]


def _proofs(operation: TirOperation, view: DossierView) -> list[Facts]:
    rows = Proof.objects.filter(carnet=operation.carnet).select_related("acceptance__office")
    if not view.sees_whole:
        rows = rows.filter(page__in=operation.pages)
    return [_proof(row) for row in rows.defer("file").order_by("recorded_at", "pk")]


def _proof(row: Proof) -> Facts:
    """Return a paper offered in place of a stamp, and who accepted it."""
    accepted = getattr(row, "acceptance", None)
    return {
        "id": row.pk,
        "page": row.page,
        "kind": row.kind,
        "said": str(row.get_kind_display()),
        "issuer": row.issuer,
        "date": row.date,
        "packages": row.packages,
        "seals": row.seals,
        "recorded_at": row.recorded_at,
        "accepted_at": accepted and accepted.at,
        "accepted_by": accepted and accepted.office.code,
        "sha256": row.sha256,
    }


def _stamps(operation: TirOperation, view: DossierView) -> list[Facts]:
    rows = Stamp.objects.filter(carnet=operation.carnet).select_related("office").order_by("sequence")
    return [_stamp(row) if view.sees_whole or row.page in operation.pages else _withheld(row) for row in rows]


def _stamp(row: Stamp) -> Facts:
    return {
        "sequence": row.sequence,
        "page": row.page,
        "role": row.role,
        "office": row.office.code,
        "occurred_at": row.occurred_at,
        "recorded_at": row.recorded_at,
        "made": row.made,
        "is_vouched": row.is_vouched,
        "seals_intact": row.seals_intact,
        "seals": row.seals_affixed or row.seals_found or [],
        "seals_found": row.seals_found,
        "seals_affixed": row.seals_affixed,
        "seals_removed": row.seals_removed,
        "packages": row.packages,
        "packages_basis": row.packages_basis,
        "packages_presented": row.packages_presented,
        "mass_kg": row.mass_kg,
        "vehicles": row.vehicles,
        "containers": row.containers,
        "goes_on": row.goes_on,
        "ends_here": row.ends_here,
        "is_suspension": row.is_suspension,
        "reservation": row.reservation,
        "registration_no": row.registration_no,
        "cancels": row.cancels,
        "id": row.pk,
        "previous_hash": row.previous_hash,
        "hash": row.hash,
        "receipt_hash": sha256(canonical(row.receipt)).digest(),
    }


def _withheld(row: Stamp) -> Facts:
    return {"sequence": row.sequence, "previous_hash": row.previous_hash, "hash": row.hash, "withheld": True}


def returned(operation: TirOperation) -> Facts | None:
    """Return the carnet's return to its association, with what its counterfoils say of this operation and where that
    differs from the record; nothing while the carnet is out."""
    found = CarnetReturn.objects.filter(carnet=operation.carnet).first()
    if found is None:
        return None
    pages = operation.pages
    return {
        "returned_at": found.returned_at,
        "returned_on": found.returned_on,
        "counterfoils": [row for row in found.counterfoils if row.get("page") in pages],
        "differences": [row for row in found.differences if row.get("page") in pages],
    }


def canonical(facts: Facts) -> bytes:
    """Return the facts as JSON in the one form that is hashed."""
    return json.dumps(
        facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    ).encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)  # days, amounts, ids
