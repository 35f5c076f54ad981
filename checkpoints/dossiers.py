"""The facts of a claim's dossier, and of the defence against one: what the carnet, its stamps, its reports and its
return say about one TIR operation, on one day.

A dossier is its facts: its hash covers them, the JSON is them, the paper prints them. Who does not see the carnet whole
gets other territories' stamps as hashes alone, so that the chain can still be checked.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from carnets.claim_evidence import evidence_of
from carnets.models import Carnet, CarnetReturn, Irregularity, TirOperation
from checkpoints.models import Incident, Stamp
from guarantees.claims.rules import case_of, checks
from guarantees.claims.windows import windows
from guarantees.clocks import Window
from guarantees.models import Claim, ClaimDocument, ClaimEvent

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """How much of a carnet its reader sees: all of it, or one territory's operation."""

    sees_whole: bool


def claim_facts(claim: Claim, *, view: View, on: date) -> Facts:
    """Return the dossier of a claim as it stands on a day."""
    operation = operation_of(claim.carnet_number, claim.page)
    return _sealed(
        {
            "kind": "dossier",
            **_about(operation, view, on),
            "claim": _claim(claim, on),
            "irregularities": _irregularities(operation, view),
            "reports": _reports(operation, view),
            "stamps": _stamps(operation, view),
            "returned": _returned(operation),
        }
    )


def defence_facts(operation: TirOperation, *, on: date) -> Facts:
    """Return what else proves that an operation was terminated: the counterpart of a claim's dossier."""
    whole = View(sees_whole=True)
    return _sealed(
        {
            "kind": "defence",
            **_about(operation, whole, on),
            "evidence": evidence(operation),
            "irregularities": _irregularities(operation, whole),
            "reports": _reports(operation, whole),
            "stamps": _stamps(operation, whole),
            "returned": _returned(operation),
        }
    )


def operation_of(number: str, page: int) -> TirOperation:
    """Return the operation that a voucher page belongs to, with its carnet."""
    return TirOperation.objects.select_related(
        "territory", "guarantor", "carnet__holder", "carnet__association", "carnet__guarantee"
    ).get(carnet__number=number, sequence=(page + 1) // 2)


def _sealed(facts: Facts) -> Facts:
    """Return the facts, plain, with the hash over all of them."""
    plain = json.loads(_canonical(facts))
    return {**plain, "hash": sha256(_canonical(plain)).hexdigest()}


def _canonical(facts: Facts) -> bytes:
    return json.dumps(
        facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    ).encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, date | Decimal | UUID):
        return str(value)
    return str(value)


def _about(operation: TirOperation, view: View, on: date) -> Facts:
    return {
        "as_of": on,
        "language": get_language(),
        "is_whole": view.sees_whole,
        "carnet": _carnet(operation.carnet, view),
        "operation": _operation(operation),
    }


def _carnet(carnet: Carnet, view: View) -> Facts:
    holder = carnet.holder
    return {
        "number": carnet.number,
        "status": carnet.status,
        "issued_at": carnet.issued_at,
        "acceptance_until": carnet.acceptance_until,
        "holder": {"id": holder.reference, "name": holder.name, "address": holder.address},
        "issuer": {"code": carnet.association.code, "name": carnet.association.name},
        "guarantee": carnet.guarantee.reference if view.sees_whole else None,
        "plates": carnet.plates,
        "territories": carnet.territories if view.sees_whole else None,
    }


def _operation(operation: TirOperation) -> Facts:
    return {
        "sequence": operation.sequence,
        "pages": operation.pages,
        "territory": operation.territory.code,
        "country": operation.country,
        "status": operation.status,
        "guarantor": operation.guarantor.code if operation.guarantor else None,
        "planned": (operation.planned_start, operation.planned_end),
        "start": (operation.start_office, operation.started_at),
        "termination": (operation.termination_office, operation.terminated_at),
        "time_limit_at": operation.time_limit_at,
        "packages": (operation.packages_expected, operation.packages),
        "reservation": operation.reservation,
        "discharged_at": operation.discharged_at,
        "borne": operation.borne,
        "currency": operation.borne_currency,
    }


def _claim(claim: Claim, on: date) -> Facts:
    case = case_of(claim, evidence_of([claim])[claim.pk], today=on)
    return {
        "id": claim.pk,
        "status": claim.status,
        "association": claim.association.code,
        "country": claim.country,
        "is_fraud": claim.is_fraud,
        "reason": claim.reason,
        "amount": claim.amount,
        "currency": claim.currency,
        "debtor": claim.debtor,
        "debtor_pursued_on": claim.debtor_pursued_on,
        "accepted_at": claim.accepted_at,
        "notified_on": claim.notified_on,
        "holder_notified_on": claim.holder_notified_on,
        "proceedings_began_on": claim.proceedings_began_on,
        "decision_enforceable_on": claim.decision_enforceable_on,
        "claimed_on": claim.claimed_on,
        "paid_on": claim.paid_on,
        "reimbursed_on": claim.reimbursed_on,
        "checks": [
            {"code": check.code, "holds": check.holds, "article": check.article, "detail": check.detail}
            for check in checks(case)
        ],
        "clocks": [_clock(step, window, on) for step, window in windows(claim).items()],
        "events": [_event(event) for event in claim.events.select_related("by")],
        "documents": [_document(row) for row in claim.documents.defer("content")],
    }


def _clock(step: str, window: Window, on: date) -> Facts:
    return {
        "step": step,
        "earliest": window.earliest,
        "latest": window.latest,
        "article": window.article,
        "answer": window.answer(on),
    }


def _event(event: ClaimEvent) -> Facts:
    return {
        "verb": event.verb,
        "on": event.on,
        "recorded_at": event.recorded_at,
        "by": event.by.get_username(),
        "remark": event.remark,
        "facts": event.facts,
    }


def _document(document: ClaimDocument) -> Facts:
    return {
        "kind": document.kind,
        "name": document.name,
        "size": document.size,
        "sha256": document.sha256,
        "at": document.recorded_at,
    }


def _irregularities(operation: TirOperation, view: View) -> list[Facts]:
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


def _reports(operation: TirOperation, view: View) -> list[Facts]:
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
            "photos": [photo.sha256 for photo in row.photos.all()],
        }
        for row in rows.order_by("occurred_at", "pk")
    ]


def _stamps(operation: TirOperation, view: View) -> list[Facts]:
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
        "is_offline": row.is_offline,
        "seals_intact": row.seals_intact,
        "seals": row.seals_affixed or row.seals_found or [],
        "packages": row.packages,
        "reservation": row.reservation,
        "registration_no": row.registration_no,
        "cancels": row.cancels,
        "id": row.pk,
        "previous_hash": row.previous_hash,
        "hash": row.hash,
        "receipt_hash": sha256(_canonical(row.receipt)).digest(),
    }


def _withheld(row: Stamp) -> Facts:
    return {"sequence": row.sequence, "previous_hash": row.previous_hash, "hash": row.hash, "withheld": True}


def _returned(operation: TirOperation) -> Facts | None:
    found = CarnetReturn.objects.filter(carnet=operation.carnet).first()
    if found is None:
        return None
    pages = operation.pages
    return {
        "returned_at": found.returned_at,
        "counterfoils": [row for row in found.counterfoils if row.get("page") in pages],
        "differences": [row for row in found.differences if row.get("page") in pages],
    }


def evidence(operation: TirOperation) -> list[Facts]:
    """Return everything on record that shows the operation ended, the strongest first, each with its article."""
    standing = _standing(Stamp.objects.filter(carnet=operation.carnet).select_related("office"))
    return [
        *_terminations(operation, standing),
        *_seen_later(operation, standing),
        *_counterfoils(operation),
    ]


def _standing(rows: Iterable[Stamp]) -> Sequence[Stamp]:
    """Return the stamps that were not cancelled, in the order of what happened."""
    every = list(rows)
    cancelled = {row.cancels for row in every if row.cancels}
    left = (row for row in every if row.pk not in cancelled and not row.cancels)
    return sorted(left, key=lambda row: (row.page, row.occurred_at))


def _terminations(operation: TirOperation, standing: Sequence[Stamp]) -> list[Facts]:
    """Voucher No. 2 of the operation itself: termination was certified (art. 28)."""
    rows = (row for row in standing if row.page == operation.pages[1])
    return [_piece("termination_certified", "art. 28", row) for row in rows]


def _seen_later(operation: TirOperation, standing: Sequence[Stamp]) -> list[Facts]:
    """Customs further on took the same load over: the nearest, and the last, which is the destination's if it got
    there."""
    later = [row for row in standing if row.page > operation.pages[1]]
    if not later:
        return []
    pieces = [_piece("taken_over_further_on", "art. 10", later[0])]
    if later[-1].page != later[0].page:
        pieces.append(_piece("certified_last", "art. 10", later[-1]))
    return pieces


def _piece(code: str, article: str, row: Stamp) -> Facts:
    return {
        "code": code,
        "article": article,
        "page": row.page,
        "office": row.office.code,
        "at": row.occurred_at,
        "seals_intact": row.seals_intact,
        "packages": row.packages,
        "reservation": row.reservation,
        "hash": row.hash,
    }


def _counterfoils(operation: TirOperation) -> list[Facts]:
    """The stamped counterfoils stayed in the carnet that the holder brought back (Annex 10 par. 2)."""
    returned = _returned(operation)
    if returned is None:
        return []
    return [
        {
            "code": "counterfoil_returned",
            "article": "Annex 10, par. 2",
            "page": row.get("page"),
            "office": row.get("office"),
            "at": row.get("on"),
            "seals_intact": None,
            "packages": row.get("packages"),
            "reservation": "",
            "hash": sha256(_canonical(row)).digest(),
        }
        for row in returned["counterfoils"]
    ]
