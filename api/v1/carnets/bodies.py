"""What the carnet calls take, and what they answer."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.parsing import COUNTRY, Body, Day, Digits, Text, Words

OfficeCode = Annotated[str, Text(8, 1, capitals=True)]
Country = Annotated[str, Field(pattern=COUNTRY)]  # ISO 3166-1 alpha-2
Plate = Annotated[str, Text(20, 1, capitals=True)]


class VehicleBody(Body):
    registration: Plate
    country: Country
    approval_certificate: Annotated[str, Text(40)] = ""
    approval_expires: Day


class LegBody(Body):
    """One TIR operation: the codes of its first and last customs office."""

    start: OfficeCode
    end: OfficeCode


class GoodsBody(Body):
    description: Annotated[str, Words(300, 1)]
    hs_code: Annotated[str, Text(10)] = ""
    packages: Annotated[int, Field(gt=0, le=10_000_000)]
    package_kind: Annotated[str, Text(35, 1)]
    gross_mass_kg: Annotated[Digits, Field(gt=0, le=1_000_000, max_digits=10, decimal_places=3)]
    marks: Annotated[str, Words(200)] = ""


class IssueBody(Body):
    number: Annotated[str, Text(24)] | None = None
    holder: Annotated[str, Text(18, 1)]
    guarantee: Annotated[str, Text(35, 1)]
    vouchers: Annotated[int, Field(ge=0, le=1_000)]  # which numbers of vouchers exist is a rule of the domain
    valid_until: Day
    vehicles: Annotated[list[VehicleBody], Field(min_length=1, max_length=10)]
    containers: Annotated[list[Annotated[str, Text(11, 11, capitals=True)]], Field(max_length=20)] = []
    itinerary: Annotated[list[LegBody], Field(min_length=1, max_length=10)]
    goods: Annotated[list[GoodsBody], Field(min_length=1, max_length=500)]
    kind: Literal["ordinary", "tobacco_alcohol"] = "ordinary"
    heavy_or_bulky: bool = False


class ReasonBody(Body):
    reason: Annotated[str, Words(1000, 1)]


class LostBody(ReasonBody):
    stolen: bool = False


class CounterfoilBody(Body):
    """What counterfoil No. 2 of one page says."""

    page: Annotated[int, Field(ge=1, le=20)]
    office: OfficeCode | None = None
    packages: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    with_reservation: bool | None = None
    on: Day | None = None


class ReturnBody(Body):
    reason: Annotated[str, Words(1000)] = ""
    counterfoils: Annotated[list[CounterfoilBody], Field(max_length=20)] = []


class Party(BaseModel):
    id: str
    name: str
    address: str | None = None
    country: str | None = None


class GuaranteeBrief(BaseModel):
    reference: str
    association: str
    amount: str
    currency: str


class VehicleOut(BaseModel):
    registration: str
    country: str
    approval_certificate: str
    approval_expires: date


class GoodsOut(BaseModel):
    description: str
    hs_code: str
    packages: int
    package_kind: str
    gross_mass_kg: str
    marks: str


class SideOut(BaseModel):
    """One end of an operation: what was planned, and what the office recorded."""

    page: int
    role: str
    planned_office: str
    office: str | None
    at: str | None
    stamp: UUID | None
    seals_intact: bool | None
    seals: list[str] | None
    packages: int | None = None
    reservation: str | None = None
    partial: bool | None = None


class OperationOut(BaseModel):
    sequence: int
    pages: list[int]
    territory: str
    country: str
    start: SideOut
    termination: SideOut
    status: str
    time_limit: str | None
    prescribed_route: str
    discharged_at: str | None


class IrregularityOut(BaseModel):
    id: int
    carnet: str
    operation: int
    page: int
    code: str
    detail: str
    severity: str
    status: str
    bars_discharge: bool
    legal_basis: str
    facts: dict[str, object]
    opened_at: str
    next_clock: str | None
    next_clock_at: str | None
    closed_at: str | None
    close_reason: str


class CarnetOut(BaseModel):
    number: str
    status: str
    kind: str
    heavy_or_bulky: bool
    holder: Party
    guarantee: GuaranteeBrief | None
    vouchers: int
    issued_at: str
    valid_until: date
    vehicles: list[VehicleOut]
    containers: list[str]
    operations: list[OperationOut]
    goods: list[GoodsOut] | None
    packages: int | None
    irregularities: list[IrregularityOut]
    reason: str
    links: dict[str, str]


class CarnetBrief(BaseModel):
    number: str
    status: str
    holder: Party
    issuer: str
    vouchers: int
    issued_at: str
    valid_until: date
    plates: list[str]
    territories: list[str]
    links: dict[str, str]


class ReturnOut(BaseModel):
    carnet: str
    returned_at: str
    differences: list[dict[str, object]]
    requests: list[int]  # the reconciliation requests that the differences opened
