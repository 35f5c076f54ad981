"""What the claim, deadline and notice calls take, and what they answer."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.parsing import CURRENCY, Body, Day, Digits, Text, Words
from guarantees.choices import DocumentKind
from guarantees.claims.rules import CLAIM
from tir.kernel.papers import CONTENT_TYPES

Amount = Annotated[Digits, Field(gt=0, max_digits=14, decimal_places=2)]
Currency = Annotated[str, Field(pattern=CURRENCY)]
GROUNDS = tuple(rule.code for rule in CLAIM)


class ClaimBody(Body):
    """Non-discharge of one operation, named by its carnet and its place in the transport: 1, 2, …"""

    carnet: Annotated[str, Text(24, 1)]
    operation: Annotated[int, Field(ge=1, le=10)]
    reason: Annotated[str, Words(4000, 1)]
    fraud: bool = False


class StepBody(Body):
    """A step on a claim: the day it counts from (for a notification the day it was received)."""

    on: Day | None = None
    remark: Annotated[str, Words(4000)] = ""


class NotifyBody(StepBody):
    holder_notified_on: Day | None = None


class ProceedingsBody(Body):
    """Proceedings about the debt: they move the last day for a claim (art. 11(3))."""

    began_on: Day
    decision_enforceable_on: Day | None = None
    remark: Annotated[str, Words(4000)] = ""


class DemandBody(StepBody):
    amount: Amount
    currency: Currency
    debtor: Annotated[str, Text(200)] = ""
    debtor_pursued_on: Day | None = None
    proceedings_began_on: Day | None = None
    decision_enforceable_on: Day | None = None


class LetterBody(StepBody):
    """What reached the association on paper. It is recorded as it came; the checks say what it is worth."""

    kind: Literal["notification", "demand"]
    amount: Amount | None = None
    currency: Currency | None = None
    debtor: Annotated[str, Text(200)] = ""
    debtor_pursued_on: Day | None = None
    holder_notified_on: Day | None = None


class ContestBody(StepBody):
    """Why the association contests: in its own words, or by checks that do not hold, whose sentences then stand in."""

    grounds: Annotated[list[Literal[GROUNDS]], Field(max_length=20)] = []  # type: ignore[valid-type]


class DocumentBody(Body):
    kind: Literal[tuple(DocumentKind.values)]  # type: ignore[valid-type]
    name: Annotated[str, Text(120, 1)]
    content_type: Literal[CONTENT_TYPES]  # type: ignore[valid-type]
    content: Annotated[str, Text(6_700_000, 1)]  # base64


class ClockOut(BaseModel):
    step: str
    earliest: date | None
    latest: date | None
    answer: str
    article: str


class CheckOut(BaseModel):
    """One condition of a claim, judged on the day of the claim, or today while it was not made."""

    code: str
    holds: bool
    article: str
    detail: str


class DocumentOut(BaseModel):
    id: int
    kind: str
    name: str
    content_type: str
    size: int
    sha256: str
    recorded_at: str
    by: str


class ClaimEventOut(BaseModel):
    verb: str
    on: date
    recorded_at: str
    by: str
    remark: str
    facts: dict[str, Any]


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
    accepted_on: date
    amount: str | None
    currency: str | None
    debtor: str
    debtor_pursued_on: date | None
    notified_on: date | None
    received_on: date | None
    holder_notified_on: date | None
    proceedings_began_on: date | None
    decision_enforceable_on: date | None
    claimed_on: date | None
    paid_on: date | None
    reimbursed_on: date | None
    clocks: list[ClockOut]
    checks: list[CheckOut]
    events: list[ClaimEventOut]
    documents: list[DocumentOut]
    links: dict[str, str]


class DossierOut(BaseModel):
    """The facts of a dossier or a defence, with the SHA-256 over all the others; the PDF prints the same."""

    model_config = ConfigDict(extra="allow")
    kind: str
    as_of: date
    language: str
    is_whole: bool
    carnet: dict[str, Any]
    operation: dict[str, Any]
    stamps: list[dict[str, Any]]
    irregularities: list[dict[str, Any]]
    reports: list[dict[str, Any]]
    hash: str


class DeadlineOut(BaseModel):
    """One dated duty. `on` is its last day, or the first where `code` says earliest."""

    on: date
    code: str
    what: str
    missed: str
    article: str
    role: str
    carnet: str | None
    page: int | None
    claim: int | None
    guarantee: str | None
    holder: str | None
    earliest: date | None
    latest: date | None
    answer: str


class DeadlinesOut(BaseModel):
    """What is dated in a window of days; `complete` is false if it holds more rows than one answer."""

    first: date
    last: date
    complete: bool
    results: list[DeadlineOut]


class NoticeOut(BaseModel):
    id: int
    kind: str
    subject: str
    threshold: str
    text: str
    at: str
    read_at: str | None
