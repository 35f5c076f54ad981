"""What the calls of a post take and answer: what a phone holds offline, the devices of an office, handed-in stamps."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.health import PublicKeys
from api.parsing import Body, Instant, Text, Words
from api.v1.checkpoints.bodies import SealsBody, UnitOut

Count = Annotated[int, Field(ge=0, le=1_000_000)]
LaneName = Annotated[str, Text(20)]


class NamesOut(BaseModel):
    en: str
    ru: str
    zh: str


class OwnOffice(BaseModel):
    code: str
    country: str
    territory: str
    name: NamesOut
    roles: list[str]
    time_zone: str


class OwnOfficer(BaseModel):
    username: str


class StopEntryOut(BaseModel):
    number: str
    control: str
    since: str | None


class HeldLog(BaseModel):
    """The newest published checkpoint. A phone keeps it, and asks for a proof that the next one grew out of it."""

    origin: str
    size: int
    checkpoint: str


class StopListOut(BaseModel):
    """`complete` is false for an answer to `since` or `after`: then the entries are to be added to what is held."""

    as_of: str
    complete: bool
    entries: list[StopEntryOut]


class FacingOut(BaseModel):
    """An office across the border, from the first day up to, not including, the last."""

    office: str
    valid_from: date
    valid_to: date | None


class HeldOffice(BaseModel):
    code: str
    country: str
    territory: str
    name: str
    roles: list[str]
    time_zone: str
    faces: list[FacingOut]
    approved_from: date
    approved_to: date | None
    lat: float
    lon: float


class HeldTerritory(BaseModel):
    code: str
    name: NamesOut
    default_transit_days: int
    grace_hours: int
    mass_tolerance: int
    suspension_days: int | None
    longest_offline_days: int | None
    longest_time_limit_days: int | None
    reports: bool


class HeldExclusion(BaseModel):
    """From the first day up to, not including, the last."""

    holder: str
    country: str
    valid_from: date
    valid_to: date | None


class NamedCode(BaseModel):
    code: str
    name: NamesOut


class ReasonsOut(BaseModel):
    refusal: list[NamedCode]
    incident: list[NamedCode]


class BundleOut(BaseModel):
    """Everything a phone needs to judge offline, but for the carnets due.

    What `version` names (keys, registers, reasons) is left out for a caller who holds that version already.
    """

    as_of: str
    version: str
    sandbox: bool
    installation: str  # real, training, demo
    office: OwnOffice
    officer: OwnOfficer
    log: HeldLog | None
    stop_list: StopListOut
    keys: PublicKeys | None = None
    offices: list[HeldOffice] | None = None
    territories: list[HeldTerritory] | None = None
    exclusions: list[HeldExclusion] | None = None
    excluding: list[str] | None = None
    has_guarantor: bool | None = None
    reasons: ReasonsOut | None = None


class HeldHolder(BaseModel):
    id: str
    name: str
    status: str


class HeldGuarantee(BaseModel):
    reference: str


class HeldStop(BaseModel):
    position: int
    office: str
    does: str


class HeldLeg(BaseModel):
    territory: str
    start: HeldStop
    end: HeldStop


class HeldCargo(BaseModel):
    load: int
    unload: int
    packages: int | None
    mass_kg: float
    units: list[str]


class HeldPlan(BaseModel):
    """A leg for each planned pair of vouchers, what is loaded and unloaded where, and the units that carry it."""

    legs: list[HeldLeg]
    cargo: list[HeldCargo]
    units: list[UnitOut]
    sealed: bool
    presented: bool
    over: bool


class HeldStamp(BaseModel):
    """A stamp as evidence; what the officer left blank is left out."""

    id: UUID
    page: int
    office: str
    occurred_at: str
    recorded_at: str
    made: str
    vouched: bool
    seals: SealsBody | None = None
    packages: int | None = None
    packages_basis: str | None = None
    packages_presented: int | None = None
    mass_kg: int | None = None
    time_limit: str | None = None
    vehicles: list[str] | None = None
    containers: list[str] | None = None
    goes_on: bool | None = None
    ends_here: bool | None = None
    suspension: bool | None = None
    cancels: UUID | None = None


class HeldEvent(BaseModel):
    """A certified report or a control."""

    id: UUID
    kind: Literal["report", "control"]
    office: str
    at: str
    seals_removed: list[str]
    seals_affixed: list[str]
    vehicles: list[str]
    packages: int | None
    explains_seals: bool


class HeldCarnet(BaseModel):
    """One carnet with everything the rules of the checkpoint ask about it."""

    number: str
    issued_at: str
    acceptance_until: date
    vouchers: int
    packages: int | None
    holder: HeldHolder
    guarantee: HeldGuarantee
    approval_until: date | None
    plates: list[str]
    plan: HeldPlan
    pairs: int
    stamps: list[HeldStamp]
    proofs: list[HeldStamp]
    events: list[HeldEvent]
    refused: list[int]
    control: str
    control_at: str | None
    returned: bool
    backdated: bool
    seals_expected: list[str] | None


class DueOut(BaseModel):
    """Follow `next` as it is for more."""

    as_of: str
    next: str | None
    carnets: list[HeldCarnet]


class EnrolBody(Body):
    """A phone or tablet, by the name that is written on it."""

    name: Annotated[str, Text(60, 1)]
    lane: LaneName = ""


class StorageBody(Body):
    """What the browser of a device says of its storage: whether it keeps it, and how much is free."""

    persisted: bool | None = None
    free_bytes: Annotated[int, Field(ge=0, le=2**62)] | None = None


class HeartbeatBody(Body):
    """What a device says of itself. `queue_hash` is the SHA-256, in hex, of the ids of what is unsent: in lower case,
    sorted, joined by line feeds. `storage_lost` says that its storage was found empty: what was known to be unsent is
    then kept as a loss, until somebody has settled it."""

    unsent: Count
    queue_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    storage: StorageBody = StorageBody()
    storage_lost: bool = False
    app_version: Annotated[str, Text(40)] = ""
    oldest_unsent_at: Instant | None = None
    lane: LaneName | None = None


class RevokeBody(Body):
    """`lost` says that nobody has the device in hand: what it was known to hold unsent is then kept as a loss, until
    somebody has settled it."""

    reason: Annotated[str, Text(200)] = ""
    lost: bool = False


class SettleBody(Body):
    """What was done about what was lost with a device."""

    reason: Annotated[str, Words(1000, 1)]


class StorageOut(BaseModel):
    persisted: bool | None
    free_bytes: int | None


class LossOut(BaseModel):
    """What a device was known to hold unsent when its storage was found empty, and who reported that."""

    at: str
    reported_by: str
    unsent: int
    oldest_unsent_at: str | None


class DeviceOut(BaseModel):
    """`urgency` is by the server's clock: amber when something has waited for four hours, red when for a day, whether
    the device speaks or is silent; red also while `losses` names one."""

    id: UUID
    name: str
    lane: str
    office: str
    officer: str
    enrolled_at: str
    app_version: str
    last_seen_at: str | None
    unsent: int
    oldest_unsent_at: str | None
    queue_hash: str | None
    storage: StorageOut
    urgency: Literal["none", "amber", "red"]
    losses: list[LossOut]
    revoked_at: str | None


class DeviceEventOut(BaseModel):
    """What became of a device. `unsent` and `oldest_unsent_at` are of a loss; what settles one names its `id`."""

    id: int
    device: UUID
    name: str
    office: str
    kind: str
    at: str
    by: str
    reason: str
    unsent: int | None
    oldest_unsent_at: str | None
    settles: int | None


class EnrolledOut(DeviceOut):
    """The token is shown this once; the device keeps it."""

    token: str
    expires_at: str
