"""What confirming a guarantee takes and answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.parsing import Body, Text, Words


class ConfirmBody(Body):
    """Is this guarantee good for this carnet now, in the caller's country?"""

    carnet: Annotated[str, Text(24, 1)]
    page: Annotated[int, Field(ge=1, le=20)] | None = None


class ByHandBody(Body):
    """The association's own word on a query."""

    answer: Literal["good", "not_good"]
    text: Annotated[str, Words(2000, 1)]


class EnquiryReasonOut(BaseModel):
    code: str
    detail: str
    article: str


class ConfirmationOut(BaseModel):
    answer: str
    text: str
    at: str
    by: str


class QueryOut(BaseModel):
    id: int
    carnet: str
    page: int | None
    country: str
    office: str | None
    asked_at: str
    asked_by: str
    answer: Literal["good", "not_good"]
    reasons: list[EnquiryReasonOut]
    confirmations: list[ConfirmationOut]


class ConfirmOut(QueryOut):
    """Also who guarantees, and how much: in the asking country, when the answer is good."""

    association: str | None
    guarantee: str | None
    amount: str | None
    currency: str | None
    guarantor: str | None
