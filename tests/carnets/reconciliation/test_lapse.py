"""Liability ends by itself: no notification within a year of acceptance, and the association owes nothing (art. 11(1));
with the last liability the reservation goes, and the carnet is closed."""

from datetime import datetime

import pytest

from carnets.claim_evidence import following
from carnets.models import Carnet
from guarantees.claims import steps as claims
from guarantees.models import LiabilityEntry
from tests.guarantees.claiming import notify, open_claim
from tests.world import START, World, reconcile

UTC_OF_START = START.tzinfo


def lost_in_kazakhstan(world: World) -> Carnet:
    """The lorry enters on 3 March 2026 and is never seen again."""
    carnet = world.issue()
    world.travel(carnet, upto=3)
    return carnet


def states(carnet: Carnet) -> list[tuple[str, str, str]]:
    rows = carnet.operations.order_by("sequence")
    return list(rows.values_list("status", "liability", "liability_ended_by"))


@pytest.mark.parametrize(
    ("day", "state", "is_reserved"),
    [
        (datetime(2027, 3, 3, 12, tzinfo=UTC_OF_START), ("started", "borne", ""), True),
        (datetime(2027, 3, 4, 12, tzinfo=UTC_OF_START), ("started", "ended", "lapse_notice"), False),
    ],
    ids=["the last day for a notification", "the day after"],
)
def test_lapses_after_a_year_without_notification(
    world: World, day: datetime, state: tuple[str, str, str], is_reserved: bool
) -> None:
    carnet = lost_in_kazakhstan(world)

    Carnet.objects.update(reconcile_at=day)
    reconcile(day)

    carnet.refresh_from_db()
    assert states(carnet)[:2] == [("discharged", "ended", "discharge"), state]
    assert carnet.is_reserved is is_reserved
    assert (carnet.status == "closed") is not is_reserved


@pytest.mark.parametrize(("hour", "liability"), [(18, "borne"), (19, "ended")])
def test_lapses_as_the_day_after_begins_at_the_association(world: World, hour: int, liability: str) -> None:
    """4 March begins in Almaty at 19:00 UTC."""
    carnet = lost_in_kazakhstan(world)
    at = datetime(2027, 3, 3, hour, 30, tzinfo=UTC_OF_START)

    Carnet.objects.update(reconcile_at=at)
    reconcile(at)

    assert states(carnet)[1][1] == liability


def test_is_looked_at_again_when_the_year_is_over(world: World) -> None:
    carnet = lost_in_kazakhstan(world)
    reconcile(datetime(2026, 10, 1, tzinfo=UTC_OF_START))

    reconcile(datetime(2027, 3, 6, tzinfo=UTC_OF_START))

    entries = LiabilityEntry.objects.filter(carnet_number=carnet.number, cause="lapse_notice")
    assert [(entry.page, entry.kind) for entry in entries] == [(3, "relieved")]
    world.guarantee.refresh_from_db()
    assert world.guarantee.open_carnets == 0


def test_lapses_two_years_after_a_notification_that_was_contested_and_never_followed_by_a_claim(
    world: World,
) -> None:
    """Notified on 1 June 2026: the last day for a claim is 1 June 2028, and nothing happens before it."""
    carnet = lost_in_kazakhstan(world)
    told = datetime(2026, 6, 1, 12, tzinfo=UTC_OF_START)
    with following(carnet.number, 3, at=told):
        claim = open_claim(world, carnet, at=told)
        notify(claim, told.date())
        claims.contest(claim_id=claim.pk, on=told.date(), by=world.staff["KZ"], at=told, remark="No.")

    found = []
    for day in (
        told,
        datetime(2028, 6, 1, 12, tzinfo=UTC_OF_START),
        datetime(2028, 6, 2, 12, tzinfo=UTC_OF_START),
    ):
        reconcile(day)
        found.append(states(carnet)[1][1:])

    assert found == [("claimed", ""), ("claimed", ""), ("ended", "lapse_claim")]
