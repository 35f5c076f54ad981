"""What the calls about holders and carnet numbers take, and what they answer."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from api.parsing import Body, Day, Text, Words

Reason = Annotated[str, Words(2000, 1)]
Quota = Annotated[int, Field(ge=0, le=1_000_000)]


class AuthoriseBody(Body):
    """A new holder: `number` is the association's own, up to ten digits; country and association go before it."""

    number: Annotated[str, Field(pattern=r"^[0-9]{1,10}$")]
    name: Annotated[str, Text(200, 1)]
    name_local: Annotated[str, Text(200)] = ""
    address: Annotated[str, Text(300, 1)]
    authorised_from: Day | None = None
    quota: Quota | None = None
    reason: Annotated[str, Words(2000)] = ""


class HolderReasonBody(Body):
    reason: Reason


class QuotaBody(Body):
    """How many carnets the holder may have out at once; null lifts the quota."""

    quota: Quota | None
    reason: Reason


class ExcludeBody(Body):
    """An exclusion by the caller's country, from its first day; `decided_on` starts the week for the notice. Either
    left out is the day on which a second person agrees."""

    valid_from: Day | None = None
    valid_to: Day | None = None
    decided_on: Day | None = None
    reason: Reason


class LiftBody(Body):
    """`on` is the first day the holder may use TIR in the country again; left out, the day on which a second person
    agrees."""

    on: Day | None = None
    reason: Reason


class GiveRangeBody(Body):
    """Numbers for an association: the digits of the first and the last, both included."""

    association: Annotated[str, Field(pattern=r"^[0-9]{3}$")]
    first: Annotated[int, Field(gt=0, le=999_999_999)]
    last: Annotated[int, Field(gt=0, le=999_999_999)]


class HolderOut(BaseModel):
    id: str
    name: str
    name_local: str
    address: str
    country: str
    association: str
    status: str
    authorised_from: date


class ExclusionNoticeOut(BaseModel):
    latest: date
    answer: str
    article: str


class ExclusionOut(BaseModel):
    id: int
    country: str
    valid_from: date
    valid_to: date | None
    reason: str
    decided_on: date | None
    recorded_at: str | None
    notice: ExclusionNoticeOut | None


class QuotaOut(BaseModel):
    """`allowed` is the quota less the penalty of each open notification of non-discharge, 0 when it is blocked."""

    quota: int | None
    allowed: int | None
    outstanding: int
    open_notifications: int
    used_up: bool


class HolderEventOut(BaseModel):
    verb: str
    on: date
    recorded_at: str
    by: str
    country: str | None
    quota: int | None
    reason: str


class WholeHolderOut(HolderOut):
    """What everybody may know, and, for those who manage or oversee, quota and history."""

    exclusions: list[ExclusionOut]
    quota: QuotaOut | None
    events: list[HolderEventOut] | None


class NumberRangeOut(BaseModel):
    id: int
    association: str
    first: str
    last: str
    next: str | None
    given: int
    used: int
    left: int
    given_at: str | None
    association_left: int
    low: bool
