"""The facts of a claim's dossier, and of the defence against one: what the carnet, its stamps, its reports and its
return say about one TIR operation, on one day.

A dossier is its facts: its hash covers them, the JSON is them, the paper prints them. Who does not see the carnet whole
gets other territories' stamps as hashes alone, so that the chain can still be checked.
"""

import json
from datetime import date
from hashlib import sha256

from django.utils.translation import get_language

from carnets import vouchers
from carnets.claim_evidence import evidence_of
from carnets.models import Carnet, TirOperation
from checkpoints.dossiers import proving, record
from checkpoints.dossiers.record import DossierView, Facts, canonical
from guarantees.claims.rules import case_of_claim, checks
from guarantees.claims.windows import windows
from guarantees.clocks import Window
from guarantees.models import Claim, ClaimDocument, ClaimEvent


def claim_facts(claim: Claim, *, view: DossierView, on: date) -> Facts:
    """Return the dossier of a claim as it stands on a day."""
    operation = operation_with_carnet(claim.carnet_number, claim.page)
    return _sealed(
        {
            "kind": "dossier",
            **_about(operation, view, on),
            "claim": _claim(claim, on),
            **record.of(operation, view),
        }
    )


def defence_facts(operation: TirOperation, *, on: date) -> Facts:
    """Return what else proves that an operation was terminated: the counterpart of a claim's dossier."""
    whole = DossierView(sees_whole=True)
    return _sealed(
        {
            "kind": "defence",
            **_about(operation, whole, on),
            "evidence": proving.proofs_of_termination(operation),
            **record.of(operation, whole),
        }
    )


def operation_with_carnet(number: str, page: int) -> TirOperation:
    """Return the operation that a voucher page belongs to, with its carnet."""
    return TirOperation.objects.select_related(
        "territory", "guarantor", "carnet__holder", "carnet__association", "carnet__guarantee"
    ).get(carnet__number=number, sequence=vouchers.operation_of(page))


def _sealed(facts: Facts) -> Facts:
    """Return the facts, plain, with the hash over all of them."""
    plain = json.loads(canonical(facts))
    return {**plain, "hash": sha256(canonical(plain)).hexdigest()}


def _about(operation: TirOperation, view: DossierView, on: date) -> Facts:
    return {
        "as_of": on,
        "language": get_language(),
        "is_whole": view.sees_whole,
        "carnet": _carnet(operation.carnet, view),
        "operation": _operation(operation),
    }


def _carnet(carnet: Carnet, view: DossierView) -> Facts:
    holder = carnet.holder
    return {
        "number": carnet.number,
        "status": carnet.status,
        "issued_at": carnet.issued_at,
        "issued_on": carnet.issued_on,
        "continues": carnet.continues,
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
        "liability": operation.liability,
        "liability_ended_by": operation.liability_ended_by,
        "borne": operation.borne,
        "currency": operation.borne_currency,
    }


def _claim(claim: Claim, on: date) -> Facts:
    case = case_of_claim(claim, evidence_of([claim])[claim.pk], today=on)
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
