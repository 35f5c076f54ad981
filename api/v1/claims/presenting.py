"""Claims, deadlines and notices as JSON."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from api.errors import instant
from api.scope.claims import claim_for
from api.scope.reader import Reader
from carnets.claim_evidence import evidence_of
from carnets.vouchers import operation_of
from guarantees import notices
from guarantees.claims.rules import Evidence, case_of_claim, checks
from guarantees.claims.windows import windows
from guarantees.deadlines import Deadline
from guarantees.models import Claim, ClaimDocument, ClaimEvent, Notice
from tir.kernel.clock import now


def present_claims(claims: Sequence[Claim], *, at: datetime) -> list[dict[str, Any]]:
    """Return claims with when each step may be taken, what the checks say, and who took which step; each is judged on
    the day that it is at its association."""
    evidence = evidence_of(claims)
    return [_claim(claim, evidence[claim.pk], claim.association.day_at(at)) for claim in claims]


def present_claim_to(reader: Reader, claim_id: int) -> dict[str, Any]:
    """Return a claim as it stands now. Raises Http404 for one that the reader may not see."""
    return present_claims([claim_for(reader, claim_id)], at=now())[0]


def _claim(claim: Claim, evidence: Evidence, today: date) -> dict[str, Any]:
    return {
        "id": claim.pk,
        "carnet": claim.carnet_number,
        "operation": operation_of(claim.page),
        "page": claim.page,
        "association": claim.association.code,
        "issuer": claim.issuer.code,
        "territory": claim.territory.code,
        "country": claim.country,
        "status": claim.status,
        "fraud": claim.is_fraud,
        "reason": claim.reason,
        "accepted_at": instant(claim.accepted_at),
        "accepted_on": claim.accepted_on,
        "amount": claim.amount and str(claim.amount),
        "currency": claim.currency or None,
        "debtor": claim.debtor,
        **_days(claim),
        "clocks": _present_clocks(claim, today),
        "checks": _present_checks(claim, evidence, today),
        "events": [_event(event) for event in claim.events.all()],
        "documents": [present_document(document) for document in claim.documents.all()],
        "links": {
            "dossier": f"/api/v1/claims/{claim.pk}/dossier.pdf",
            "dossier_json": f"/api/v1/claims/{claim.pk}/dossier.json",
        },
    }


def _days(claim: Claim) -> dict[str, date | None]:
    return {
        "debtor_pursued_on": claim.debtor_pursued_on,
        "notified_on": claim.notified_on,
        "received_on": claim.received_on,
        "holder_notified_on": claim.holder_notified_on,
        "proceedings_began_on": claim.proceedings_began_on,
        "decision_enforceable_on": claim.decision_enforceable_on,
        "claimed_on": claim.claimed_on,
        "paid_on": claim.paid_on,
        "reimbursed_on": claim.reimbursed_on,
    }


def _present_clocks(claim: Claim, today: date) -> list[dict[str, Any]]:
    """Return the window of each step, and whether it is too early, open or lapsed on that day."""
    return [
        {
            "step": step,
            "earliest": window.earliest,
            "latest": window.latest,
            "answer": window.answer(today),
            "article": window.article,
        }
        for step, window in windows(claim).items()
    ]


def _present_checks(claim: Claim, evidence: Evidence, today: date) -> list[dict[str, Any]]:
    return [
        {"code": check.code, "holds": check.holds, "article": check.article, "detail": check.detail}
        for check in checks(case_of_claim(claim, evidence, today=today))
    ]


def _event(event: ClaimEvent) -> dict[str, Any]:
    return {
        "verb": event.verb,
        "on": event.on,
        "recorded_at": instant(event.recorded_at),
        "by": event.by.get_username(),
        "remark": event.remark,
        "facts": event.facts,
    }


def present_document(document: ClaimDocument) -> dict[str, Any]:
    """Return what is known of a paper, without its content; `size` in bytes."""
    return {
        "id": document.pk,
        "kind": document.kind,
        "name": document.name,
        "content_type": document.content_type,
        "size": document.size,
        "sha256": bytes(document.sha256).hex(),
        "recorded_at": instant(document.recorded_at),
        "by": document.by.get_username(),
    }


def present_deadline(row: Deadline, *, today: date) -> dict[str, Any]:
    """Return a deadline with its window, and how it stands on `today`."""
    return {
        "on": row.on,
        "code": row.code,
        "what": str(row.duty.what),
        "missed": str(row.duty.missed),
        "article": row.window.article,
        "role": row.role,
        "carnet": row.carnet or None,
        "page": row.page,
        "claim": row.claim,
        "guarantee": row.guarantee or None,
        "holder": row.holder or None,
        "earliest": row.window.earliest,
        "latest": row.window.latest,
        "answer": row.answer(today),
    }


def present_notice(notice: Notice) -> dict[str, Any]:
    """Return a notice in the caller's language, and when they read it."""
    reading = getattr(notice, "reading", None)
    return {
        "id": notice.pk,
        "kind": notice.kind,
        "subject": notice.subject,
        "threshold": notice.threshold,
        "text": notices.sentence(notice),
        "at": instant(notice.at),
        "read_at": instant(reading.read_at) if reading else None,
    }
