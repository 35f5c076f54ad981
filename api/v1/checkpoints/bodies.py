"""What the checkpoint calls take, and what they answer."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.parsing import Body, Day, Instant, InstantOrDay, Text, Words
from checkpoints.choices import ControlKind, ControlResult, DrawnBy, IncidentKind, ProofKind, RefusalReason
from checkpoints.recording.photos import LARGEST_PHOTO, MOST_PHOTOS
from tir.kernel import pictures
from tir.kernel.papers import CONTENT_TYPES

Page = Annotated[int, Field(ge=0, le=32_000)]  # which pages exist is a rule of the domain, not of the form
SealList = Annotated[list[Annotated[str, Text(40, 1)]], Field(max_length=50)]
PlateList = Annotated[list[Annotated[str, Text(35, 1, capitals=True)]], Field(max_length=20)]
ContainerList = Annotated[list[Annotated[str, Text(17, 1, capitals=True)]], Field(max_length=20)]
EquipmentList = Annotated[list[Annotated[str, Text(35, 1, capitals=True)]], Field(max_length=40)]
Packages = Annotated[int, Field(ge=0, le=10_000_000)]
Mass = Annotated[int, Field(ge=0, le=1_000_000_000)]  # kilograms

LONGEST_PHOTO = (
    LARGEST_PHOTO * 7 // 5
)  # characters of base64: what is a little too large is told by its bytes


# Milliseconds to add to the device's clock to get the server's, as the device measured it.
ClockOffset = Annotated[int, Field(ge=-(10**13), le=10**13)]


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
    removed: SealList | None = None


class StampBody(Body):
    """One stamp. Name the voucher by its signed code, or by carnet and page."""

    id: UUID
    qr: Annotated[str, Text(2000, 1)] | None = None
    carnet: Annotated[str, Text(24, 1)] | None = None
    page: Page | None = None
    occurred_at: Instant
    offline: bool = False
    seals: SealsBody = SealsBody()
    packages: Packages | None = None
    packages_basis: Literal["counted", "as_manifest"] = "counted"
    packages_presented: Packages | None = None
    mass_kg: Mass | None = None
    reservation: Annotated[str, Words(2000)] | None = None
    registration_no: Annotated[str, Text(40)] | None = None
    time_limit: InstantOrDay | None = None
    prescribed_route: Annotated[str, Text(200)] | None = None
    vehicles: PlateList | None = None
    containers: ContainerList | None = None
    equipment: EquipmentList | None = None  # vehicles and containers in one list
    partial: bool = False  # the first edition's word for goes_on
    goes_on: bool = False
    ends_here: bool = False
    unplanned: bool = False
    suspension: bool = False
    cancels: UUID | None = None
    reason: Annotated[str, Words(1000)] | None = None
    clock_offset: ClockOffset | None = None


class StampEnvelope(Body):
    """What holds stamps, whatever each of them is."""

    stamps: Annotated[list[Any], Field(min_length=1, max_length=500)]


class BatchBody(StampEnvelope):
    """Up to five hundred stamps; each is judged on its own merits."""

    stamps: Annotated[list[StampBody], Field(min_length=1, max_length=500)]


class RefusalBody(Body):
    """An office refuses to start a TIR operation."""

    id: UUID | None = None
    qr: Annotated[str, Text(2000, 1)] | None = None
    carnet: Annotated[str, Text(24, 1)] | None = None
    page: Page | None = None
    reason: Literal[tuple(RefusalReason.values)]  # type: ignore[valid-type]
    text: Annotated[str, Words(2000, 1)]
    occurred_at: Instant | None = None


class PhotoBody(Body):
    content_type: Literal[tuple(pictures.FORMATS)]  # type: ignore[valid-type]
    data: Annotated[str, Text(LONGEST_PHOTO, 1)]  # base64


class FileBody(Body):
    content_type: Literal[CONTENT_TYPES]  # type: ignore[valid-type]
    data: Annotated[str, Text(7_000_000, 1)]  # base64


class IncidentBody(Body):
    """A certified report (art. 25)."""

    id: UUID | None = None
    carnet: Annotated[str, Text(24, 1)]
    kind: Literal[tuple(IncidentKind.values)]  # type: ignore[valid-type]
    description: Annotated[str, Words(4000, 1)]
    seals_broken: SealList = []
    seals_affixed: SealList = []
    vehicles: PlateList = []
    packages: Packages | None = None
    drawn_by: Literal[tuple(DrawnBy.values)] = DrawnBy.CUSTOMS.value  # type: ignore[valid-type]
    drawn_at: Instant | None = None
    photos: Annotated[list[PhotoBody], Field(max_length=MOST_PHOTOS)] = []
    occurred_at: Instant | None = None


class ControlSealsBody(Body):
    found: SealList | None = None
    removed: SealList = []
    affixed: SealList = []


class ControlBody(Body):
    """A control by an office on the way (art. 24 and others); any office of a territory, on the route or not."""

    id: UUID | None = None
    carnet: Annotated[str, Text(24, 1)]
    kind: Literal[tuple(ControlKind.values)]  # type: ignore[valid-type]
    occurred_at: Instant | None = None
    reason: Annotated[str, Text(1000)] = ""
    result: Literal[tuple(ControlResult.values)]  # type: ignore[valid-type]
    against: Page | None = None
    text: Annotated[str, Text(4000)] = ""
    seals: ControlSealsBody = ControlSealsBody()
    packages: Packages | None = None
    mass_kg: Mass | None = None
    device: Annotated[str, Text(60)] = ""
    photos: Annotated[list[PhotoBody], Field(max_length=MOST_PHOTOS)] = []


class ProofBody(Body):
    """A paper offered in place of a missing stamp."""

    id: UUID | None = None
    carnet: Annotated[str, Text(24, 1)]
    page: Page
    kind: Literal[tuple(ProofKind.values)]  # type: ignore[valid-type]
    issuer: Annotated[str, Text(200, 1)]
    date: Day
    packages: Packages | None = None
    seals: SealList | None = None
    file: FileBody | None = None


class AcceptBody(Body):
    """Why a proof is accepted, in the officer's words; and for which office, for headquarters without a posting."""

    reason: Annotated[str, Text(1000)] = ""
    office: Annotated[str, Text(8, 1, capitals=True)] | None = None


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


class UnitOut(BaseModel):
    """A vehicle or container by the common form of its name."""

    name: str
    kind: str


class ScannedCarnet(BaseModel):
    number: str
    status: str
    holder: dict[str, str]
    guarantee: dict[str, str]
    valid_until: date
    vouchers: int
    packages: int | None
    plates: list[str]
    units: list[UnitOut]
    sealed: bool
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
    """The proof that a stamp is on record; a replay gets the same one.

    `signed` is the receipt as a text that anyone can check with the published keys; it promises that the stamp is in
    the log by `logged_by`. Both are null for a stamp of before receipts were signed.
    """

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
    logged_by: str | None = None
    signed: str | None = None


class BatchResult(BaseModel):
    """What became of the stamp at the same place of the request; `id` is null where none could be read."""

    id: UUID | None
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
    made: str
    seals: dict[str, object]
    packages: int | None
    packages_basis: str
    packages_presented: int | None
    mass_kg: int | None
    reservation: str
    registration_no: str
    time_limit: str | None
    prescribed_route: str
    vehicles: list[str] | None
    containers: list[str] | None
    partial: bool
    goes_on: bool
    ends_here: bool
    unplanned: bool
    suspension: bool
    cancels: UUID | None
    reason: str
    clock_offset: int | None
    hash_version: int
    previous_hash: str
    hash: str


class ControlOut(BaseModel):
    id: UUID
    carnet: str
    kind: str
    result: str
    against: int | None
    reason: str
    text: str
    seals: dict[str, object]
    packages: int | None
    mass_kg: int | None
    device: str
    photos: int
    office: str
    occurred_at: str
    recorded_at: str
    hash: str


class ProofOut(BaseModel):
    id: UUID
    carnet: str
    page: int
    kind: str
    issuer: str
    date: str
    packages: int | None
    seals: list[str] | None
    file: bool
    recorded_at: str
    accepted_at: str | None
    accepted_by: str | None


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
