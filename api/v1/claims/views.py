"""Claims: from non-discharge to money, with the papers, the checks and the dossier (art. 11)."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.filtering import Filter, as_number
from api.parsing import parse, required
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OVERSIGHT
from api.scope import claims_for
from api.v1.base import Endpoint, ListEndpoint, caller
from api.v1.claims.bodies import (
    ClaimBody,
    ClaimOut,
    ContestBody,
    DemandBody,
    DocumentBody,
    DocumentOut,
    LetterBody,
    NotifyBody,
    ProceedingsBody,
    StepBody,
)
from api.v1.claims.presenting import present_claim, present_claims, present_document
from api.v1.claims.reading import claimable_operation, ensure_party, visible_claim, with_all
from api.v1.documenting import View, documented, listed
from api.v1.files import Jpeg, Pdf, Png
from carnets import claiming
from guarantees import claim_documents, claims
from guarantees.choices import ClaimStatus
from guarantees.models import Claim, ClaimDocument
from tir.kernel.clock import now
from tir.kernel.errors import Malformed

TAG = "claims"
PARTIES = CUSTOMS_HQ | ASSOCIATIONS


class DocumentUnreadable(Malformed):
    """A document is not base64."""

    code = "document_unreadable"


class Claims(ListEndpoint):
    """Claims the caller has made or must answer."""

    allow: ClassVar = {"GET": CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT, "POST": CUSTOMS_HQ}
    filters = (
        Filter("status", "status", "Only claims in this status.", choices=ClaimStatus.values),
        Filter("carnet", "carnet_number", "Only claims about this carnet.", read=as_number),
    )

    def found(self, request: Request) -> Any:
        return with_all(claims_for(request.user))

    def present(self, rows: list[Claim], request: Request) -> list[dict[str, Any]]:
        return present_claims(rows, today=now().date())

    @listed("List claims", operation="list_claims", rows=ClaimOut, filters=filters, tag=TAG)
    def get(self, request: Request) -> Response:
        return super().get(request)

    @documented(
        "Establish non-discharge",
        operation="open_claim",
        body=ClaimBody,
        answers={201: ClaimOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        body, at = parse(ClaimBody, request), now()
        operation = claimable_operation(body.carnet, body.operation, request.user)
        claim = claims.open_claim(
            operation=operation, reason=body.reason, is_fraud=body.fraud, by=caller(request), at=at
        )
        return Response(_present(request, claim.pk), status=status.HTTP_201_CREATED)


class OneClaim(Endpoint):
    """One claim with its clocks, its checks, its papers and its history."""

    allow: ClassVar = {"GET": CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT}

    @documented("Read a claim", operation="read_claim", answers={200: ClaimOut}, problems=(404,), tag=TAG)
    def get(self, request: Request, claim_id: int) -> Response:
        return Response(_present(request, claim_id))


def _present(request: Request, claim_id: int) -> dict[str, Any]:
    return present_claim(visible_claim(request.user, claim_id), today=now().date())


class ClaimStep(Endpoint):
    """One step on a claim; which one is fixed by the address."""

    verb: ClassVar[str]
    body: ClassVar[Any] = StepBody
    by_customs: ClassVar[bool | None] = None  # None: as the step itself says

    def post(self, request: Request, claim_id: int) -> Response:
        body = parse(self.body, request)
        claim = visible_claim(request.user, claim_id)
        by_customs = claims.STEPS[self.verb].by_customs if self.by_customs is None else self.by_customs
        ensure_party(request.user, claim, by_customs=by_customs)
        self.take(claim, body, request)
        return Response(_present(request, claim_id))

    def take(self, claim: Claim, body: Any, request: Request) -> None:
        at = now()
        step: Callable[..., Claim] = getattr(claims, self.verb)
        step(claim_id=claim.pk, on=body.on or at.date(), by=caller(request), at=at, remark=body.remark)


def _step_documented(summary: str, verb: str, body: type[Any] = StepBody) -> Callable[[View], View]:
    return documented(
        summary,
        operation=f"{verb}_claim",
        body=body,
        answers={200: ClaimOut},
        problems=(404, 409, 422),
        tag=TAG,
    )


class Notify(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    verb = "notify"
    body = NotifyBody

    @_step_documented("Notify the association of non-discharge", "notify", NotifyBody)
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)

    def take(self, claim: Claim, body: NotifyBody, request: Request) -> None:
        at = now()
        claims.notify(
            claim_id=claim.pk,
            received_on=body.on or at.date(),
            holder_notified_on=body.holder_notified_on,
            by=caller(request),
            at=at,
            remark=body.remark,
        )


class NotifyHolder(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    verb = "notify_holder"
    by_customs = True

    @_step_documented("Record that the holder was notified", "notify_holder_of")
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)


class Proceedings(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    verb = "proceedings"
    body = ProceedingsBody
    by_customs = True

    @_step_documented("Record proceedings about the debt", "record_proceedings_of", ProceedingsBody)
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)

    def take(self, claim: Claim, body: ProceedingsBody, request: Request) -> None:
        claims.proceedings(
            claim_id=claim.pk,
            began_on=body.began_on,
            decision_enforceable_on=body.decision_enforceable_on,
            by=caller(request),
            at=now(),
            remark=body.remark,
        )


class Demand(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    verb = "demand"
    body = DemandBody

    @_step_documented("Claim payment from the association", "demand", DemandBody)
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)

    def take(self, claim: Claim, body: DemandBody, request: Request) -> None:
        at = now()
        claims.demand(
            claim_id=claim.pk,
            amount=body.amount,
            currency=body.currency,
            debtor=body.debtor,
            debtor_pursued_on=body.debtor_pursued_on,
            proceedings_began_on=body.proceedings_began_on,
            decision_enforceable_on=body.decision_enforceable_on,
            on=body.on or at.date(),
            by=caller(request),
            at=at,
            remark=body.remark,
        )


class Letter(ClaimStep):
    """A notification or a claim that reached the association on paper, recorded by it as it came."""

    allow: ClassVar = {"POST": ASSOCIATIONS}
    verb = "letter"
    body = LetterBody
    by_customs = False

    @_step_documented("Record a letter that reached the association", "record_letter_of", LetterBody)
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)

    def take(self, claim: Claim, body: LetterBody, request: Request) -> None:
        record = self._demand if body.kind == "demand" else self._notification
        record(claim, body, request)

    def _notification(self, claim: Claim, body: LetterBody, request: Request) -> None:
        at = now()
        claims.notify(
            claim_id=claim.pk,
            received_on=body.on or at.date(),
            holder_notified_on=body.holder_notified_on,
            by_letter=True,
            by=caller(request),
            at=at,
            remark=body.remark,
        )

    def _demand(self, claim: Claim, body: LetterBody, request: Request) -> None:
        if body.amount is None or body.currency is None:
            raise required("currency" if body.amount else "amount")
        at = now()
        claims.demand(
            claim_id=claim.pk,
            amount=body.amount,
            currency=body.currency,
            debtor=body.debtor,
            debtor_pursued_on=body.debtor_pursued_on,
            by_letter=True,
            on=body.on or at.date(),
            by=caller(request),
            at=at,
            remark=body.remark,
        )


class Pay(ClaimStep):
    allow: ClassVar = {"POST": ASSOCIATIONS}
    verb = "pay"

    @_step_documented("Record payment of a claim", "pay")
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)


class Contest(ClaimStep):
    allow: ClassVar = {"POST": ASSOCIATIONS}
    verb = "contest"
    body = ContestBody

    @_step_documented("Contest a claim", "contest", ContestBody)
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)

    def take(self, claim: Claim, body: ContestBody, request: Request) -> None:
        if not body.remark and not body.grounds:
            raise required("remark")
        at = now()
        claiming.contest(
            claim=claim,
            on=body.on or at.date(),
            grounds=body.grounds,
            remark=body.remark,
            by=caller(request),
            at=at,
        )


class Reimburse(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    verb = "reimburse"

    @_step_documented("Record reimbursement of a claim", "reimburse")
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)


class Withdraw(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    verb = "withdraw"

    @_step_documented("Withdraw a claim", "withdraw")
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)


class Documents(Endpoint):
    """The papers of a claim: either side adds its own."""

    allow: ClassVar = {"POST": PARTIES}

    @documented(
        "Add a document to a claim",
        operation="attach_document",
        body=DocumentBody,
        answers={201: DocumentOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request, claim_id: int) -> Response:
        body = parse(DocumentBody, request)
        claim = visible_claim(request.user, claim_id)
        if claim.country != caller(request).country:
            ensure_party(request.user, claim, by_customs=False, issuer_too=True)
        document = claim_documents.attach(
            claim=claim,
            kind=body.kind,
            name=body.name,
            content_type=body.content_type,
            content=_decoded(body.content),
            by=caller(request),
            at=now(),
        )
        return Response(present_document(document), status=status.HTTP_201_CREATED)


def _decoded(content: str) -> bytes:
    try:
        return b64decode(content, validate=True)
    except (NotBase64, ValueError):
        raise DocumentUnreadable(
            _("This document is not base64. Send it without line breaks and without a data: prefix."),
            field="content",
        ) from None


class OneDocument(Endpoint):
    """A paper of a claim, as it was handed in."""

    allow: ClassVar = {"GET": CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT}
    renderer_classes = (Pdf, Png, Jpeg, JSONRenderer)

    @documented(
        "Read a document of a claim",
        operation="read_document",
        answers={(200, "application/pdf"): bytes},
        problems=(404,),
        tag=TAG,
    )
    def get(self, request: Request, claim_id: int, document_id: int) -> HttpResponse:
        claim = visible_claim(request.user, claim_id)
        document = ClaimDocument.objects.filter(claim=claim, pk=document_id).first()
        if document is None:
            raise Http404
        disposition = content_disposition_header(True, document.name)
        return HttpResponse(
            bytes(document.content),
            content_type=document.content_type,
            headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"},
        )
