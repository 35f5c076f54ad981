"""What the calls of Annex 10 take, and what they answer."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.parsing import Body, Instant, Text, Words
from api.v1.carnets.bodies import OfficeCode


class AnswerBody(Body):
    """Customs answer a request; the data only with `corrected`, where what is left out stays as it was recorded."""

    answer: Literal["confirmed", "corrected", "not_found"]
    remark: Annotated[str, Words(2000)] = ""
    occurred_at: Instant | None = None
    packages: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    reservation: Annotated[str, Words(2000)] | None = None
    registration_no: Annotated[str, Text(40)] | None = None
    partial: bool | None = None
    seals_intact: bool | None = None
    seals_found: Annotated[list[Annotated[str, Text(40, 1)]], Field(max_length=50)] | None = None


class ForwardBody(Body):
    """Another office of the same country."""

    office: OfficeCode
    remark: Annotated[str, Words(2000)] = ""


class SafetirOut(BaseModel):
    """One SafeTIR record; days are the office's own, a blank is what the office did not say.

    PFD: FD ends the transport, PD1, PD2 … a part of it; blank at an exit and at a load, which TCO names.
    """

    UPG: Literal["N", "C"]
    TNO: str
    ICC: str
    COF: str
    CNL: str
    DCL: str
    PFD: Annotated[str, Field(pattern=r"^(FD|PD[0-9]+)?$")]
    CWR: Literal["OK", "R"]
    VPN: str
    RND: str
    DDI: str
    PIC: str
    COM: str
    TCO: str
    RBC: str


class TerminationOut(BaseModel):
    carnet: str
    issuer: str
    holder: str
    page: int
    role: str
    country: str
    office: str
    occurred_at: str
    recorded_at: str
    stamp: str
    cancels: str | None
    update: Literal["N", "C"]
    stands: bool
    record: SafetirOut


class PrintedLog(BaseModel):
    """The newest published checkpoint of the log when the file was read."""

    origin: str
    size: int
    root: str


class SafetirDayOut(BaseModel):
    """The part of a day's file that the caller may see; `sha256` is the whole file's own."""

    day: date
    made_at: str
    whole_count: int
    sha256: str
    TCN: int
    records: list[SafetirOut]
    log: PrintedLog | None


class RequestEventOut(BaseModel):
    verb: str
    reminder: int | None
    at: str
    by: str | None
    office: str | None
    remark: str
    stamps: list[str]


class RequestOut(BaseModel):
    """A reconciliation request; its number is `id`, and `reminder` is the latest reminder's, 0 before the first."""

    id: int
    carnet: str
    issuer: str
    operation: int
    page: int
    reason: Literal["missing", "discrepancy"]
    source: Literal["carnet", "transmission"]
    fields: list[str]
    counterfoil: dict[str, object]
    recorded: dict[str, object]
    country: str
    office: str
    status: str
    reminder: int
    opened_at: str
    remind_at: str | None
    answered_at: str | None
    events: list[RequestEventOut]
