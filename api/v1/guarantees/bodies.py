"""What the guarantee and claim calls take, and what they answer."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from api.parsing import Body, Day, Text

Amount = Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=2)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class ClaimBody(Body):
    """Non-discharge of one operation, named by its carnet and its place in the transport: 1, 2, …"""

    carnet: Annotated[str, Text(24, 1)]
    operation: Annotated[int, Field(ge=1, le=10)]
    reason: Annotated[str, Text(4000, 1)]
    fraud: bool = False


class StepBody(Body):
    """A step on a claim: the day it counts from (for a notification the day it was received)."""

    on: Day | None = None
    remark: Annotated[str, Text(4000)] = ""


class DemandBody(StepBody):
    amount: Amount
    currency: Currency
    debtor: Annotated[str, Text(200)] = ""
    debtor_pursued_on: Day | None = None
    decision_enforceable_on: Day | None = None


class ContestBody(StepBody):
    remark: Annotated[str, Text(4000, 1)]


class GuaranteeOut(BaseModel):
    reference: str
    association: str
    holder: str | None
    amount_per_carnet: str
    ceiling: str
    exposure: str
    available: str
    currency: str
    open_carnets: int
    max_open_carnets: int | None
    valid_from: date
    valid_to: date | None


class MoneyOut(BaseModel):
    amount: str
    count: int


class AgeBandOut(BaseModel):
    from_days: int
    to_days: int | None
    amount: str
    operations: int


class IssuedOut(BaseModel):
    exposure: str
    open_carnets: int
    ceiling: str
    available: str


class TerritoryOut(BaseModel):
    exposure: str
    open_operations: int


class LiabilityOut(BaseModel):
    """Both ways: as issuer of its holders' carnets, and as guarantor of everybody's on its own territory."""

    association: str
    as_of: str
    currency: str
    issued: IssuedOut
    territory: TerritoryOut
    ageing: list[AgeBandOut]
    claims: dict[str, MoneyOut]


class ClockOut(BaseModel):
    step: str
    earliest: date | None
    latest: date | None
    answer: str
    article: str


class ClaimEventOut(BaseModel):
    verb: str
    on: date
    recorded_at: str
    by: str
    remark: str


class ClaimOut(BaseModel):
    id: int
    carnet: str
    operation: int
    page: int
    association: str
    issuer: str
    territory: str
    country: str
    status: str
    fraud: bool
    reason: str
    accepted_at: str
    amount: str | None
    currency: str | None
    debtor: str
    notified_on: date | None
    claimed_on: date | None
    paid_on: date | None
    reimbursed_on: date | None
    clocks: list[ClockOut]
    events: list[ClaimEventOut]
