"""What the liability calls answer."""

from datetime import date

from pydantic import BaseModel


class MoneyOut(BaseModel):
    amount: str
    count: int


class AgeBandOut(BaseModel):
    """Calendar days (UTC) since acceptance or entry; `age` is the band's name as the list's filter takes it."""

    age: str
    from_days: int
    to_days: int | None
    amount: str
    operations: int


class IssuedOut(BaseModel):
    exposure: str
    open_carnets: int
    ceiling: str
    available: str
    share: str


class TerritoryOut(BaseModel):
    exposure: str
    open_operations: int


class PartOut(BaseModel):
    """One row of a breakdown. `key` is what the filter of the same name takes; a guarantee has its ceiling too."""

    key: str
    name: str
    amount: str
    count: int
    ceiling: str | None = None
    share: str | None = None


class RestOut(BaseModel):
    amount: str
    count: int
    keys: int


class BreakdownOut(BaseModel):
    """The largest parts and the rest in one: together the side's total, to the cent."""

    parts: list[PartOut]
    rest: RestOut


class BreakdownsOut(BaseModel):
    """A side's exposure by what it can be broken down by."""

    holders: BreakdownOut
    corridors: BreakdownOut
    ageing: list[AgeBandOut]
    guarantees: BreakdownOut | None = None
    issuers: BreakdownOut | None = None
    territories: BreakdownOut | None = None


class SidesOut(BaseModel):
    """`issued`: carnets reserved on the association's guarantees. `under_way`: their operations in any territory.
    `territory`: everybody's operations on the association's own territory."""

    issued: BreakdownsOut
    under_way: BreakdownsOut
    territory: BreakdownsOut


class StageOut(BaseModel):
    """`exposure` is what the ledger has open at this stage, `claimed` what customs have claimed."""

    exposure: str
    operations: int
    claimed: str
    claims: int


class StagesOut(BaseModel):
    contingent: StageOut
    notified: StageOut
    claimed: StageOut
    paid: StageOut
    reimbursed: StageOut


class StagesBySideOut(BaseModel):
    under_way: StagesOut
    territory: StagesOut


class WorstCaseOut(BaseModel):
    """The most still to be paid: each open operation at the carnet's amount or, if lower, the maximum of its territory
    on the day of acceptance (art. 8(3)); what was claimed at the sum claimed; what was paid at nothing."""

    under_way: str
    territory: str


class PointOut(BaseModel):
    on: date
    amount: str
    count: int
    ceiling: str


class HistoryOut(BaseModel):
    """The end of each of the last 24 months, then the moment itself."""

    issued: list[PointOut]
    under_way: list[PointOut]
    territory: list[PointOut]


class LiabilityOut(BaseModel):
    """Both ways: as issuer of its holders' carnets, and as guarantor of everybody's on its own territory."""

    association: str
    as_of: str
    currency: str
    currencies: list[str]
    issued: IssuedOut
    under_way: TerritoryOut
    territory: TerritoryOut
    ageing: list[AgeBandOut]
    claims: dict[str, MoneyOut]
    by: SidesOut
    stages: StagesBySideOut
    worst_case: WorstCaseOut
    history: HistoryOut


class LiableHolderOut(BaseModel):
    """Whom art. 8 and 11 are about, with the address for the notification."""

    id: str
    name: str
    address: str


class OperationAtStakeOut(BaseModel):
    """One carnet (`page` null) or operation behind a figure. Of a foreign holder's carnet a guarantor sees what art. 8
    and 11 need and no more: neither its guarantee nor its corridor."""

    carnet: str
    page: int | None
    territory: str
    issuer: str
    guarantor: str | None
    holder: LiableHolderOut | None
    guarantee: str | None
    corridor: str | None
    amount: str
    currency: str
    since: str
    age_days: int
    stage: str
    claim: int | None
    claimed: str


class OperationsAtStakeOut(BaseModel):
    """A page of the rows behind a figure, and what all of them, not only this page's, add up to."""

    as_of: str
    side: str
    currency: str
    total: MoneyOut
    claimed: str
    next: str | None
    previous: str | None
    results: list[OperationAtStakeOut]
