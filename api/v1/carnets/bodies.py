"""What the carnet calls take, and what they answer."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import pycountry
from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from api.parsing import COUNTRY, Body, Day, Digits, Instant, Text, Words
from carnets.choices import StopAction

OfficeCode = Annotated[str, Text(8, 1, capitals=True)]
COUNTRIES = {country.alpha_2 for country in pycountry.countries} | {
    "XK"
}  # Kosovo: customs' own lists have it


def known_country(code: str) -> str:
    if code not in COUNTRIES:
        raise PydanticCustomError("country_code", "no such country")
    return code


Country = Annotated[str, Field(pattern=COUNTRY), AfterValidator(known_country)]  # ISO 3166-1 alpha-2
Plate = Annotated[str, Text(20, 1, capitals=True)]


def hs_digits(code: str) -> str:
    """Take dots and blanks out of a commodity code, as tariffs print them."""
    return code.replace(".", "").replace(" ", "")


class VehicleBody(Body):
    """A vehicle; the certificate of approval only where the law asks for one (art. 3, 12, 29)."""

    registration: Plate
    country: Country
    kind: Literal["tractor", "trailer", "rigid"] = "rigid"
    approval_certificate: Annotated[str, Text(40)] = ""
    approval_expires: Day | None = None


class StopBody(Body):
    """A customs office, and what the lorry does there."""

    office: OfficeCode
    does: Literal[tuple(StopAction.values)]  # type: ignore[valid-type]


class LegBody(Body):
    """One TIR operation: the codes of its first and last customs office. Where the last is also the next first,
    `end_does` says whether it loads or unloads; `suspend` makes an exit a suspension."""

    start: OfficeCode
    end: OfficeCode
    end_does: Literal["load", "unload", "suspend"] | None = None


Packages = Annotated[int, Field(ge=0, le=10_000_000)]
Kilograms = Annotated[Digits, Field(gt=0, max_digits=16, decimal_places=6)]


class GoodsBody(Body):
    """A goods line: `packages` null for bulk, 0 for what is packed with another line; kinds by UN/CEFACT Rec. 21."""

    description: Annotated[str, Words(512, 1)]
    hs_code: Annotated[str, Text(20), AfterValidator(hs_digits)] = ""
    packages: Packages | None = None
    package_kind: Annotated[str, Text(2, 2, capitals=True)]
    gross_mass_kg: Kilograms
    net_mass_kg: Kilograms | None = None
    marks: Annotated[str, Words(512)] = ""
    un_numbers: Annotated[list[Annotated[str, Field(pattern="^[0-9]{4}$")]], Field(max_length=99)] = []
    equipment: Annotated[str, Text(35, capitals=True)] = ""
    load: OfficeCode | None = None
    unload: OfficeCode | None = None


class PartyBody(Body):
    """Who sends or receives a consignment."""

    name: Annotated[str, Text(70, 1)]
    country: Country
    address: Annotated[str, Text(300)] = ""


class PaperBody(Body):
    """A paper that travels with a consignment."""

    kind: Annotated[str, Text(10, 1, capitals=True)]
    number: Annotated[str, Text(70, 1)]
    date: Day | None = None


class ConsignmentBody(Body):
    """Goods loaded at one stop and unloaded at another, by the codes of the offices."""

    reference: Annotated[str, Text(35)] = ""
    consignor: PartyBody | None = None
    consignee: PartyBody | None = None
    load: OfficeCode
    unload: OfficeCode
    goods: Annotated[list[GoodsBody], Field(min_length=1, max_length=1_999)]
    documents: Annotated[list[PaperBody], Field(max_length=99)] = []


class IssueBody(Body):
    """What an association issues. The itinerary is given as `stops`, or in the short form `itinerary`; the cargo as
    `consignments`, or in the short form `goods` (one consignment from the first load to the last unload)."""

    number: Annotated[str, Text(24)] | None = None
    holder: Annotated[str, Text(18, 1)]
    guarantee: Annotated[str, Text(35, 1)]
    vouchers: Annotated[int, Field(ge=0, le=1_000)]  # which numbers of vouchers exist is a rule of the domain
    valid_until: Day
    vehicles: Annotated[list[VehicleBody], Field(max_length=10)] = []
    containers: Annotated[list[Annotated[str, Text(17, 1, capitals=True)]], Field(max_length=20)] = []
    stops: Annotated[list[StopBody], Field(min_length=2, max_length=21)] | None = None
    itinerary: Annotated[list[LegBody], Field(min_length=1, max_length=10)] | None = None
    consignments: Annotated[list[ConsignmentBody], Field(min_length=1, max_length=1_999)] | None = None
    goods: Annotated[list[GoodsBody], Field(min_length=1, max_length=1_999)] | None = None
    kind: Literal["ordinary", "tobacco_alcohol"] = "ordinary"
    heavy_or_bulky: bool = False
    continues: Annotated[str, Text(24)] | None = None
    issued_at: Instant | None = None  # in a sandbox only: an instant in the past


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
    kind: str
    approval_certificate: str
    approval_expires: date | None


class StopOut(BaseModel):
    position: int
    office: str
    territory: str
    does: str


class EquipmentOut(BaseModel):
    """A vehicle or container that carries, or pulls, the goods."""

    kind: str
    identifier: str
    country: str | None


class GoodsOut(BaseModel):
    description: str
    hs_code: str
    packages: int | None
    package_kind: str
    gross_mass_kg: str
    net_mass_kg: str | None
    marks: str
    un_numbers: list[str]
    equipment: str


class ConsignmentParty(BaseModel):
    name: str
    address: str
    country: str


class PaperOut(BaseModel):
    kind: str
    number: str
    date: date | None


class ConsignmentOut(BaseModel):
    reference: str
    consignor: ConsignmentParty | None
    consignee: ConsignmentParty | None
    load: str
    unload: str
    goods: list[GoodsOut]
    documents: list[PaperOut]


class PlannedOut(BaseModel):
    """What was issued for a pair of vouchers; nothing for a pair beyond the plan."""

    territory: str
    start: str
    end: str


class OperationLiability(BaseModel):
    status: str
    ended_by: str | None
    guarantor: str | None
    amount: str | None
    currency: str | None


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
    final: bool | None = None


class OperationOut(BaseModel):
    sequence: int
    pages: list[int]
    territory: str
    country: str
    planned: PlannedOut | None
    start: SideOut
    termination: SideOut
    status: str
    refused: bool
    liability: OperationLiability
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
    stops: list[StopOut]
    equipment: list[EquipmentOut]
    operations: list[OperationOut]
    consignments: list[ConsignmentOut] | None
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
