"""A claim to test with: one operation that started and was never terminated."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from carnets.claim_evidence import operation_to_claim
from carnets.models import Carnet
from guarantees.claims import opening
from guarantees.claims import steps as claims
from guarantees.claims.opening import OpenOperation
from guarantees.days import day_in
from guarantees.models import Claim
from tests.world import START, World, reconcile
from tir.accounts.models import Role, User

DAY = timedelta(days=1)
NOTIFIED = date(2026, 5, 15)
FIRST, LAST = date(2026, 6, 15), date(2028, 5, 15)  # the days on which it may be claimed
ACCEPTED = START + 31 * timedelta(hours=1)  # page 3, entry into Kazakhstan, by `World.travel`


def headquarters(country: str = "KZ") -> User:
    """Return the customs headquarters of a country."""
    name = f"hq-{country.lower()}"
    found = User.objects.filter(username=name).first()
    return found or User.objects.create_user(
        name, password="secret", roles=[Role.CUSTOMS_HQ], country=country, email=f"{name}@example.org"
    )


def open_carnet(world: World) -> Carnet:
    """Return a carnet that entered Kazakhstan and was never seen again; the time limit has passed."""
    carnet = world.issue()
    world.travel(carnet, upto=3)
    reconcile(START + 40 * DAY)
    return carnet


def open_claim(world: World, carnet: Carnet | None = None, **said: Any) -> Claim:
    """Establish that its second operation was not discharged."""
    carnet = carnet or open_carnet(world)
    return opening.open_claim(
        operation=to_claim(carnet, 2, country=said.get("country", "")),
        reason="No trace of the load since entry.",
        is_fraud=said.get("is_fraud", False),
        by=headquarters(said.get("country") or "KZ"),
        at=said.get("at", START + 45 * DAY),
    )


def to_claim(carnet: Carnet, sequence: int, *, country: str = "") -> OpenOperation:
    """Return an operation as a claim takes it, accepted on the day in its country."""
    operation = carnet.operations.select_related("carnet__association", "territory").get(sequence=sequence)
    started = operation.started_at or operation.terminated_at
    assert started
    return operation_to_claim(operation, accepted_on=day_in(operation.country, started), country=country)


def notify(claim: Claim, on: date, **said: Any) -> Claim:
    return claims.notify(claim_id=claim.pk, received_on=on, by=headquarters(), at=instant(on), **said)


def demand(claim: Claim, on: date, **said: Any) -> Claim:
    facts: dict[str, Any] = {
        "amount": Decimal(60_000),
        "currency": "EUR",
        "debtor": "Silk Road Haulage",
        "debtor_pursued_on": on - DAY,
        **said,
    }
    by = facts.pop("by", headquarters())
    return claims.demand(claim_id=claim.pk, on=on, by=by, at=instant(on), **facts)


def instant(on: date) -> datetime:
    return datetime.combine(on, START.timetz())


def verbs(claim: Claim) -> list[str]:
    """Return what was done about the claim, in order."""
    return list(claim.events.values_list("verb", flat=True))
