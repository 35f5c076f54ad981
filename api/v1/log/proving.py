"""Proofs that a piece of evidence is in the log, for those who may see it."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request

from api.endpoints import Endpoint
from api.openapi import documented
from api.permissions import SIGNED_IN
from api.renderers import JsonRenderer, TextRenderer
from api.scope.evidence import controls_for, refusals_for, reports_for, stamps_for
from api.scope.reader import Reader, reader_of
from api.v1.log.reading import TAG, TEXT
from checkpoints.models import ControlRecord, Incident, Refusal, Stamp
from tir.kernel.models import AppendOnly
from tir.log.published import NotLoggedYet, proof_of_row


class RowProof(Endpoint):
    """A tlog-proof of one row, whose `extra` is the salt and the statement that were hashed: its kind, a line feed, its
    content."""

    allow: ClassVar = {"GET": SIGNED_IN}
    renderer_classes = (TextRenderer, JsonRenderer)
    row: ClassVar[type[AppendOnly]]
    rows_for: ClassVar[Callable[[Reader], QuerySet[Any]]]

    def get(self, request: Request, **named: UUID) -> HttpResponse:
        row = get_object_or_404(type(self).rows_for(reader_of(request)), pk=next(iter(named.values())))
        try:
            proof = proof_of_row(self.row.logged_as, str(row.pk))
        except NotLoggedYet as waiting:
            promise = getattr(row, "receipt", {}).get("promise", {})
            raise NotLoggedYet(waiting.detail, **waiting.facts, logged_by=promise.get("logged_by")) from None
        return HttpResponse(str(proof), content_type=TEXT)


def _proof_of(row: type[AppendOnly], rows_for: Callable[[Reader], QuerySet[Any]]) -> type[RowProof]:
    name = row.logged_as
    get = documented(
        f"Prove that a {name} is in the log",
        operation=f"prove_{name}",
        answers={(200, "text/plain"): str},
        problems=(404, 409),
        tag=TAG,
    )
    view = type(f"{name.title()}Proof", (RowProof,), {"row": row, "rows_for": staticmethod(rows_for)})
    return extend_schema_view(get=get)(view)


StampProof = _proof_of(Stamp, stamps_for)
ReportProof = _proof_of(Incident, reports_for)
RefusalProof = _proof_of(Refusal, refusals_for)
ControlProof = _proof_of(ControlRecord, controls_for)
