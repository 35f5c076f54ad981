"""What the checkpoint calls take, and what they answer."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.parsing import Body, Instant, InstantOrDay, Text
from checkpoints.choices import IncidentKind, RefusalReason
from checkpoints.recording.incidents import FIRST_BYTES, LARGEST_PHOTO, MOST_PHOTOS

Page = Annotated[int, Field(ge=0, le=32_000)]  # which pages exist is a rule of the domain, not of the form
SealList = Annotated[list[Annotated[str, Text(40, 1)]], Field(max_length=50)]
PlateList = Annotated[list[Annotated[str, Text(20, 1, capitals=True)]], Field(max_length=10)]

LONGEST_PHOTO = (
    LARGEST_PHOTO * 7 // 5
)  # characters of base64: what is a little too large is told so by its bytes


class ScanBody(Body):
    """A signed code, or a typed number with its check letters."""

    qr: Annotated[str, Text(2000, 1)] | None = None
    number: Annotated[str, Text(24, 1)] | None = None
    page: Page | None = None
    occurred_at: Instant | None = None


class SealsBody(Body):
    intact: bool | None = None
    found: SealList | None = None
    affixed: SealList | None = None


class StampBody(Body):
    """One stamp. Name the voucher by its signed code, or by carnet and page."""

    id: UUID
    qr: Annotated[str, Text(2000, 1)] | None = None
    carnet: Annotated[str, Text(24, 1)] | None = None
    page: Page | None = None
    occurred_at: Instant
    offline: bool = False
    seals: SealsBody = SealsBody()
    packages: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    reservation: Annotated[str, Text(2000)] | None = None
    registration_no: Annotated[str, Text(40)] | None = None
    time_limit: InstantOrDay | None = None
    prescribed_route: Annotated[str, Text(200)] | None = None
    vehicles: PlateList | None = None
    partial: bool = False
    suspension: bool = False
    cancels: UUID | None = None
    reason: Annotated[str, Text(1000)] | None = None


class BatchBody(Body):
    """Up to five hundred stamps; each is judged on its own merits."""

    stamps: Annotated[list[StampBody], Field(min_length=1, max_length=500)]


class RefusalBody(Body):
    """An office refuses to start a TIR operation."""

    id: UUID | None = None
    qr: Annotated[str, Text(2000, 1)] | None = None
    carnet: Annotated[str, Text(24, 1)] | None = None
    page: Page | None = None
    reason: Literal[tuple(RefusalReason.values)]  # type: ignore[valid-type]
    text: Annotated[str, Text(2000, 1)]
    occurred_at: Instant | None = None


class PhotoBody(Body):
    content_type: Literal[tuple(FIRST_BYTES)]  # type: ignore[valid-type]
    data: Annotated[str, Text(LONGEST_PHOTO, 1)]  # base64


class IncidentBody(Body):
    """A certified report (art. 25)."""

    id: UUID | None = None
    carnet: Annotated[str, Text(24, 1)]
    kind: Literal[tuple(IncidentKind.values)]  # type: ignore[valid-type]
    description: Annotated[str, Text(4000, 1)]
    seals_broken: SealList = []
    seals_affixed: SealList = []
    vehicles: PlateList = []
    photos: Annotated[list[PhotoBody], Field(max_length=MOST_PHOTOS)] = []
    occurred_at: Instant | None = None


class ReasonOut(BaseModel):
    code: str
    level: str
    detail: str
    article: str


class ExpectedOut(BaseModel):
    page: int
    role: str
    office: str


class RiskOut(BaseModel):
    lane: str
    points: int
    reasons: list[str]


class LastStampOut(BaseModel):
    page: int
    role: str
    office: str
    at: str


class ScannedOperation(BaseModel):
    sequence: int
    pages: list[int]
    territory: str
    status: str
    time_limit: str | None


class ScannedCarnet(BaseModel):
    number: str
    status: str
    holder: dict[str, str]
    guarantee: dict[str, str]
    valid_until: date
    vouchers: int
    packages: int
    plates: list[str]
    operations: list[ScannedOperation]
    last_stamp: LastStampOut | None


class ScanOut(BaseModel):
    """`go`, `look` or `stop`, with every reason, and what to compare with the lorry."""

    verdict: str
    reasons: list[ReasonOut]
    carnet: ScannedCarnet | None
    expected: ExpectedOut | None
    seals: list[str] | None
    risk: RiskOut | None
    as_of: str


class WarningOut(BaseModel):
    code: str
    detail: str


class OperationBrief(BaseModel):
    sequence: int
    status: str


class ReceiptOut(BaseModel):
    """The proof that a stamp is on record; a replay gets the same one."""

    id: UUID
    carnet: str
    page: int
    role: str
    office: str
    operation: OperationBrief
    carnet_status: str
    recorded_at: str
    sequence: int
    hash: str
    previous_hash: str
    warnings: list[WarningOut]


class BatchResult(BaseModel):
    id: UUID
    outcome: Literal["recorded", "duplicate", "conflict", "rejected"]
    receipt: ReceiptOut | None = None
    problem: dict[str, object] | None = None


class BatchOut(BaseModel):
    results: list[BatchResult]


class StampOut(BaseModel):
    """A stamp as it stands in the ledger."""

    id: UUID
    carnet: str
    sequence: int
    page: int
    role: str
    office: str
    officer: str
    occurred_at: str
    recorded_at: str
    offline: bool
    seals: dict[str, object]
    packages: int | None
    reservation: str
    registration_no: str
    time_limit: str | None
    prescribed_route: str
    vehicles: list[str] | None
    partial: bool
    suspension: bool
    cancels: UUID | None
    reason: str
    previous_hash: str
    hash: str


class RefusalOut(BaseModel):
    id: UUID
    carnet: str
    page: int
    office: str
    reason: str
    text: str
    occurred_at: str
    recorded_at: str


class IncidentOut(BaseModel):
    id: UUID
    carnet: str
    kind: str
    description: str
    seals_broken: list[str]
    seals_affixed: list[str]
    vehicles: list[str]
    photos: int
    office: str
    occurred_at: str
    recorded_at: str


class OfficeOut(BaseModel):
    code: str
    country: str
    territory: str
    name: str
    latitude: float
    longitude: float
    time_zone: str
    roles: list[str]
    valid_from: date
    valid_to: date | None


class CrossingOut(BaseModel):
    code: str
    name: str
    offices: list[str]
    mode: str
    valid_from: date
    valid_to: date | None
