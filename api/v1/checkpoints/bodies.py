"""What the calls for scans, stamps and the registers take, and what they answer."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.parsing import Body, Instant, InstantOrDay, Text, Words

Page = Annotated[int, Field(ge=0, le=32_000)]  # which pages exist is a rule of the domain, not of the form
SealList = Annotated[list[Annotated[str, Text(40, 1)]], Field(max_length=50)]
PlateList = Annotated[list[Annotated[str, Text(35, 1, capitals=True)]], Field(max_length=20)]
ContainerList = Annotated[list[Annotated[str, Text(17, 1, capitals=True)]], Field(max_length=20)]
EquipmentList = Annotated[list[Annotated[str, Text(35, 1, capitals=True)]], Field(max_length=40)]
Packages = Annotated[int, Field(ge=0, le=10_000_000)]
Mass = Annotated[int, Field(ge=0, le=1_000_000_000)]  # kilograms

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
