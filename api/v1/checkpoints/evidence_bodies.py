"""What the calls for evidence beside stamps take and answer: refusals to start, certified reports, controls, proofs."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.parsing import Body, Day, Instant, Text, Words
from api.v1.checkpoints.bodies import Mass, Packages, Page, PlateList, SealList
from checkpoints.choices import ControlKind, ControlResult, DrawnBy, IncidentKind, ProofKind, RefusalReason
from checkpoints.recording.photos import LARGEST_PHOTO, MOST_PHOTOS
from tir.kernel import pictures
from tir.kernel.papers import CONTENT_TYPES

LONGEST_PHOTO = (
    LARGEST_PHOTO * 7 // 5
)  # characters of base64: what is a little too large is told by its bytes


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
