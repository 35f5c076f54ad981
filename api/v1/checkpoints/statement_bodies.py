"""What the calls about refusals and certified reports answer."""

from uuid import UUID

from pydantic import BaseModel


class RefusalOut(BaseModel):
    """A refusal on record. `officer` put it there; `certified_by` made it where that was another, whose phone it
    came from. `signed` is its receipt; null, as `hash` and `logged_by`, for one of before receipts were signed."""

    id: UUID
    carnet: str
    page: int
    office: str
    reason: str
    text: str
    occurred_at: str
    recorded_at: str
    officer: str
    certified_by: str | None
    hash: str | None
    logged_by: str | None
    signed: str | None


class IncidentOut(BaseModel):
    """A certified report on record, with `officer`, `certified_by` and `signed` as a refusal has them."""

    id: UUID
    carnet: str
    kind: str
    description: str
    seals_broken: list[str]
    seals_affixed: list[str]
    vehicles: list[str]
    packages: int | None
    drawn_by: str
    drawn_at: str
    photos: int
    office: str
    occurred_at: str
    recorded_at: str
    officer: str
    certified_by: str | None
    hash: str | None
    logged_by: str | None
    signed: str | None


class EvidenceReceiptOut(BaseModel):
    """The proof that a refusal or a report is on record; a report is about no page. `signed` is the text that anyone
    can check with the published keys; null, as `hash` and `logged_by`, for one of before receipts were signed."""

    id: UUID
    carnet: str
    page: int | None
    office: str
    recorded_at: str
    hash: str | None
    logged_by: str | None
    signed: str | None
