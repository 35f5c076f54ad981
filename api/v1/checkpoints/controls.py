"""Controls on the way (art. 24 and others), and proofs in place of a missing stamp."""

from base64 import b64decode
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller, officer_behind
from api.endpoints import Endpoint, ListEndpoint, documented_list
from api.filtering import Filter, as_code, as_number
from api.openapi import documented
from api.pagination import LatestEvidence
from api.parsing import parse
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OFFICERS, SIGNED_IN
from api.scope.carnets import carnet_for
from api.scope.evidence import controls_for, proofs_for
from api.scope.posts import office_of
from api.scope.reader import reader_of
from api.v1.checkpoints.deeds import PhotoUnreadable, photos_in
from api.v1.checkpoints.evidence_bodies import (
    AcceptBody,
    ControlBody,
    ControlOut,
    FileBody,
    ProofBody,
    ProofOut,
)
from api.v1.checkpoints.presenting import present_control, present_proof
from api.v1.checkpoints.views import TAG
from carnets.numbering import parse_number
from checkpoints.models import ControlRecord, Proof
from checkpoints.recording import proofs
from checkpoints.recording.controls import ControlRequest, record_control
from tir.accounts.models import Role
from tir.kernel.clock import now

BY_CARNET_AND_OFFICE = (
    Filter("carnet", "carnet__number", "Only those of this carnet.", read=as_number),
    Filter("office", "office__code", "Only those by this office.", read=as_code),
)
BY_CARNET = BY_CARNET_AND_OFFICE[:1]


@documented_list("List controls", operation="list_controls", rows=ControlOut, tag=TAG)
class Controls(ListEndpoint):
    """What offices checked on the way, and found."""

    allow: ClassVar = {"GET": SIGNED_IN, "POST": OFFICERS}
    pagination = LatestEvidence
    filters = BY_CARNET_AND_OFFICE

    def found(self, request: Request) -> Any:
        return controls_for(reader_of(request))

    def present(self, rows: list[ControlRecord], request: Request) -> list[dict[str, Any]]:
        return [present_control(row, row.carnet.number) for row in rows]

    @documented(
        "Record a control",
        operation="record_control",
        body=ControlBody,
        answers={201: ControlOut, 200: ControlOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Put a control on record: what was checked, what was found, what was done to the seals. The same `id` sent
        again is answered with what was recorded first, and 200."""
        body, at = parse(ControlBody, request), now()
        recorded = record_control(
            request=_control_request(body, at),
            photos=photos_in(body.photos),
            officer=officer_behind(request),
            at=at,
        )
        number = parse_number(body.carnet, field="carnet")
        code = status.HTTP_201_CREATED if recorded.is_new else status.HTTP_200_OK
        return Response(present_control(recorded.control, number), status=code)


def _control_request(body: ControlBody, at: Any) -> ControlRequest:
    found = body.seals.found
    return ControlRequest(
        id=body.id or uuid4(),
        number=parse_number(body.carnet, field="carnet"),
        kind=body.kind,
        result=body.result,
        occurred_at=body.occurred_at or at,
        against=body.against,
        reason=body.reason,
        text=body.text,
        seals_found=None if found is None else tuple(found),
        seals_removed=tuple(body.seals.removed),
        seals_affixed=tuple(body.seals.affixed),
        packages=body.packages,
        mass_kg=body.mass_kg,
        device=body.device,
    )


@documented_list("List proofs", operation="list_proofs", rows=ProofOut, tag=TAG)
class Proofs(ListEndpoint):
    """Papers offered in place of a missing stamp."""

    allow: ClassVar = {"GET": SIGNED_IN, "POST": OFFICERS | ASSOCIATIONS | CUSTOMS_HQ}
    pagination = LatestEvidence
    filters = BY_CARNET

    def found(self, request: Request) -> Any:
        return proofs_for(reader_of(request))

    def present(self, rows: list[Proof], request: Request) -> list[dict[str, Any]]:
        return [present_proof(row, row.carnet.number) for row in rows]

    @documented(
        "Offer a proof",
        operation="offer_proof",
        body=ProofBody,
        answers={201: ProofOut, 200: ProofOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        body, at = parse(ProofBody, request), now()
        number = parse_number(body.carnet, field="carnet")
        carnet_for(reader_of(request), number)
        offered = proofs.offer_proof(request=_proof_request(body, number), by=caller(request), at=at)
        code = status.HTTP_201_CREATED if offered.is_new else status.HTTP_200_OK
        return Response(present_proof(offered.proof, number), status=code)


def _proof_request(body: ProofBody, number: str) -> proofs.ProofRequest:
    return proofs.ProofRequest(
        id=body.id or uuid4(),
        number=number,
        page=body.page,
        kind=body.kind,
        issuer=body.issuer,
        date=body.date,
        packages=body.packages,
        seals=None if body.seals is None else tuple(body.seals),
        file=_content(body.file) if body.file else None,
        file_type=body.file.content_type if body.file else "",
    )


def _content(file: FileBody) -> bytes:
    try:
        return b64decode(file.data, validate=True)
    except ValueError:
        raise PhotoUnreadable(
            _("This file is not base64. Send it without line breaks and without a data: prefix."),
            field="file.data",
        ) from None


class AcceptProof(Endpoint):
    """Customs of the territory whose stamp is missing accept a proof."""

    allow: ClassVar = {"POST": OFFICERS | CUSTOMS_HQ}

    @documented(
        "Accept a proof",
        operation="accept_proof",
        body=AcceptBody,
        answers={200: ProofOut},
        problems=(403, 404, 409),
        tag=TAG,
    )
    def post(self, request: Request, proof_id: UUID) -> Response:
        """Accept a proof for the territory whose stamp is missing: an officer for their own office, headquarters for
        the one they name."""
        body, at = parse(AcceptBody, request), now()
        proof = proofs_for(reader_of(request)).filter(pk=proof_id).first()
        if proof is None:
            raise Http404
        user = caller(request)
        office = (
            office_of(reader_of(request), body.office or "", at=at)
            if user.has_role(Role.CUSTOMS_HQ)
            else officer_behind(request).office_on(at)
        )
        accepted = proofs.accept_proof(proof_id=proof_id, office=office, by=user, at=at, reason=body.reason)
        return Response(present_proof(accepted.proof, proof.carnet.number))
