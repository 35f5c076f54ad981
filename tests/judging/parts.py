"""The parts of the file of judged cases as JSON. The file's schema in docs/ is made of these models, and of those of
what a phone holds."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

from api.v1.checkpoints.bodies import SealsBody
from api.v1.post.bodies import HeldCarnet, HeldExclusion, HeldOffice, HeldTerritory, StopEntryOut


def _in_utc(value: datetime) -> datetime:
    assert value.utcoffset() is not None
    assert not value.utcoffset(), "instants are written in UTC, with a Z"
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class StrictPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StopList(StrictPart):
    as_of: Instant
    entries: list[StopEntryOut]


class SeenPart(StrictPart):
    """What the officer is about to certify on the page of the case; a member left out was left blank."""

    id: UUID
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
    reservation: str = ""


class OwnPart(StrictPart):
    """What lies in the phone's queue and is not sent yet, as it will be sent."""

    kind: Literal["stamp", "incident", "refusal"]
    office: str = ""
    body: dict[str, Any]


class ExpectPart(StrictPart):
    """What the server's judge says: findings (code, level) in the order of the rules; seals as they should be now."""

    verdict: Literal["go", "look", "stop", "unknown"]
    findings: list[tuple[str, Literal["stop", "look", "note"]]]
    expected_page: int | None
    seals: list[str] | None

    @property
    def codes(self) -> list[str]:
        return [code for code, _level in self.findings]


class CasePart(StrictPart):
    """`qr`: a signed code was scanned. `number`: a number was typed. `carnet`: what the server told of it, if anything.
    `seen`: null for a look before stamping, else the stamp about to be made."""

    name: str
    office: str
    now: Instant
    at: Instant
    online: bool
    has_guarantor: bool
    excluding: list[str]
    qr: str | None
    number: str | None
    carnet: HeldCarnet | None
    own: list[OwnPart]
    page: int | None
    seen: SeenPart | None
    expect: ExpectPart


class NumberPart(StrictPart):
    """A number as typed, and as it is when its check letters fit; null when they do not."""

    typed: str
    number: str | None


class OwnReportPart(StrictPart):
    """A report as drawn up on a phone, and whether it explains what is found about the seals."""

    kind: str
    seals_broken: list[str]
    seals_affixed: list[str]
    about_seals: bool


class File(StrictPart):
    """What a phone holds besides the carnets, and the cases."""

    format: Literal["tir-judging-2"]
    keys: dict[Literal["keys"], list[dict[str, str]]]
    test_keys: dict[Literal["ours", "foreign"], dict[str, str]]
    offices: list[HeldOffice]
    territories: list[HeldTerritory]
    exclusions: list[HeldExclusion]
    stop_list: StopList
    own_reports: list[OwnReportPart]
    numbers: list[NumberPart]
    cases: list[CasePart]
