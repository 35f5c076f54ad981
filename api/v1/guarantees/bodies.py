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
