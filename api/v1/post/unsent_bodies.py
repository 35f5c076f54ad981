"""What a hand-in takes and answers."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.parsing import Body, Instant, Text
from api.v1.checkpoints.bodies import ReceiptOut, StampBody
from api.v1.checkpoints.evidence_bodies import IncidentBody, RefusalBody
from api.v1.checkpoints.statement_bodies import EvidenceReceiptOut


class UnsentEnvelope(Body):
    """Whose unsent items a file holds, and what the server of that phone is for; phones of before do not say."""

    format: Literal["tir-unsent-1", "tir-unsent-reports-1"]
    device: UUID | None = None
    officer: Annotated[str, Text(150, 1)]
    exported_at: Instant
    installation: Literal["real", "training", "demo"] | None = None
    stamps: Annotated[list[Any], Field(min_length=1, max_length=500)] | None = None
    refusals: Annotated[list[Any], Field(max_length=500)] | None = None
    incidents: Annotated[list[Any], Field(max_length=500)] | None = None


class UnsentFile(UnsentEnvelope):
    """What a phone left unsent, as it saves it in files or shows it in codes. The officer it names made it and served
    at the office that day; the caller puts it on record and answers for it. Here refusals and reports need
    their `id` and `occurred_at`: by them they are put on record once."""

    stamps: Annotated[list[StampBody], Field(min_length=1, max_length=500)] | None = None
    refusals: Annotated[list[RefusalBody], Field(max_length=500)] | None = None
    incidents: Annotated[list[IncidentBody], Field(max_length=500)] | None = None


class HandedInResult(BaseModel):
    """What became of one item; `id` is null where none could be read."""

    id: UUID | None
    kind: Literal["stamp", "refusal", "incident"]
    outcome: Literal["recorded", "duplicate", "conflict", "rejected"]
    receipt: ReceiptOut | EvidenceReceiptOut | None = None
    problem: dict[str, object] | None = None


class HandedInOut(BaseModel):
    """A result for each refusal, each report and each stamp, in the order of their lists. They are put on record in
    that order: a lorry is refused, or a report drawn up, before it is stamped."""

    results: list[HandedInResult]
