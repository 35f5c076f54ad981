"""What several verbs of the domain have in common, so that an endpoint and a page can name the verb itself."""

from datetime import date, datetime
from typing import Protocol

from guarantees.models import Claim, Holder
from tir.accounts.models import User


class ClaimDecision(Protocol):
    """A step on a claim that asks for nothing but its day and its words."""

    def __call__(self, *, claim_id: int, on: date, by: User, at: datetime, remark: str) -> Claim: ...


class HolderDecision(Protocol):
    """A decision about a holder that asks for nothing but its reason."""

    def __call__(self, *, holder_id: int, reason: str, by: User, at: datetime) -> Holder: ...
