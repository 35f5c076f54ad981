"""What the guarantee calls answer."""

from datetime import date

from pydantic import BaseModel


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


class HolderOut(BaseModel):
    id: str
    name: str
    name_local: str
    address: str
    country: str
    association: str
    status: str
    authorised_from: date
