"""Claims: from non-discharge to money, with the papers, the checks and the dossier (art. 11)."""

from base64 import b64decode
from binascii import Error as NotBase64
from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller
from api.endpoints import ActEndpoint, Endpoint, ListEndpoint, documented_act, documented_list
from api.filtering import Filter, as_number
from api.openapi import documented
from api.parsing import parse
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OVERSIGHT
from api.renderers import JpegRenderer, JsonRenderer, PdfRenderer, PngRenderer
from api.scope.claims import claim_for, claim_to_document, claimable_operation, whole_claims_for
from api.scope.reader import reader_of
from api.v1.claims.bodies import (
    ClaimBody,
    ClaimOut,
    DocumentBody,
    DocumentOut,
)
from api.v1.claims.presenting import present_claim_to, present_claims, present_document
from carnets.claim_evidence import following
from guarantees.choices import ClaimStatus
from guarantees.claims import documents
from guarantees.claims.opening import open_claim
from guarantees.models import Claim, ClaimDocument
from tir.kernel.clock import now
from tir.kernel.errors import Malformed

TAG = "claims"
PARTIES = CUSTOMS_HQ | ASSOCIATIONS


class DocumentUnreadable(Malformed):
    """A document is not base64."""

    code = "document_unreadable"


@documented_list("List claims", operation="list_claims", rows=ClaimOut, tag=TAG)
class Claims(ListEndpoint):
    """Claims the caller has made or must answer."""

    allow: ClassVar = {"GET": CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT, "POST": CUSTOMS_HQ}
    filters = (
        Filter("status", "status", "Only claims in this status.", choices=ClaimStatus.values),
        Filter("carnet", "carnet_number", "Only claims about this carnet.", read=as_number),
    )

    def found(self, request: Request) -> Any:
        return whole_claims_for(reader_of(request))

    def present(self, rows: list[Claim], request: Request) -> list[dict[str, Any]]:
        return present_claims(rows, at=now())

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
        operation = claimable_operation(reader_of(request), body.carnet, body.operation)
        with following(operation.carnet_number, operation.page, at=at):
            claim = open_claim(
                operation=operation, reason=body.reason, is_fraud=body.fraud, by=caller(request), at=at
            )
        return Response(present_claim_to(reader_of(request), claim.pk), status=status.HTTP_201_CREATED)


class OneClaim(Endpoint):
    """One claim with its clocks, its checks, its papers and its history."""

    allow: ClassVar = {"GET": CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT}

    @documented("Read a claim", operation="read_claim", answers={200: ClaimOut}, problems=(404,), tag=TAG)
    def get(self, request: Request, claim_id: int) -> Response:
        return Response(present_claim_to(reader_of(request), claim_id))


@documented_act(
    "Add a document to a claim",
    operation="attach_document",
    answer=DocumentOut,
    problems=(404, 409, 422),
    tag=TAG,
)
class Documents(ActEndpoint):
    """The papers of a claim: either side adds its own."""

    allow: ClassVar = {"POST": PARTIES}
    body = DocumentBody
    most_bytes = 7_000_000  # a paper of 5 MB, in base64
    status = status.HTTP_201_CREATED

    def act(self, request: Request, body: DocumentBody, *, claim_id: int) -> Any:
        """Keep a paper. Raises DocumentUnreadable for what is not base64."""
        document = documents.attach(
            claim=claim_to_document(reader_of(request), claim_id),
            kind=body.kind,
            name=body.name,
            content_type=body.content_type,
            content=_decoded(body.content),
            by=caller(request),
            at=now(),
        )
        return present_document(document)


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
    renderer_classes = (PdfRenderer, PngRenderer, JpegRenderer, JsonRenderer)

    @documented(
        "Read a document of a claim",
        operation="read_document",
        answers={(200, "application/pdf"): bytes},
        problems=(404,),
        tag=TAG,
    )
    def get(self, request: Request, claim_id: int, document_id: int) -> HttpResponse:
        """A paper of a claim, as it was handed in, under its own name and type."""
        claim = claim_for(reader_of(request), claim_id)
        document = get_object_or_404(ClaimDocument, claim=claim, pk=document_id)
        disposition = content_disposition_header(True, document.name)
        return HttpResponse(
            bytes(document.content),
            content_type=document.content_type,
            headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"},
        )
