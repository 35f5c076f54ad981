"""The history of a claim: every act a row that nobody changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from guarantees.models import Claim, ClaimEvent
from tir.accounts.models import User
from tir.kernel.places import midnight_after

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class ClaimAct:
    """Who did what to a claim, on which day and with which words; `at` is when we learnt of it."""

    verb: str
    on: date
    by: User
    at: datetime
    remark: str = ""
    by_letter: bool = False


def instant_of(claim: Claim, act: ClaimAct) -> datetime:
    """Return from when an act counts: the end of its day at the association, at the latest when it was told."""
    return min(act.at, midnight_after(act.on, claim.association.time_zone) - MOMENT)


def record_act(claim: Claim, act: ClaimAct, facts: Mapping[str, object]) -> None:
    """Add an act and what it said to the claim's history."""
    said = {**facts, "by_letter": True} if act.by_letter else facts
    ClaimEvent.objects.create(
        claim=claim,
        verb=act.verb,
        on=act.on,
        recorded_at=act.at,
        by=act.by,
        remark=act.remark,
        facts=_plain(said),
    )


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    """Return facts as JSON keeps them: days and amounts as text."""
    return {
        name: str(value) if isinstance(value, (date, Decimal)) else value for name, value in facts.items()
    }
