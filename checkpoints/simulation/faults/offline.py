"""What a post with network would have refused: it happened where there was none. Pure."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from checkpoints.simulation.faults.registry import planted_fault
from checkpoints.simulation.journeys import Journey, between
from checkpoints.simulation.region import Region, minutes

DAY = timedelta(days=1)


@planted_fault()
def expired_at_accept(journey: Journey, _region: Region, rng: Random) -> Journey:
    """A post without network accepts the carnet after its last day for acceptance (art. 9)."""
    days = rng.randint(3, 6)
    journey = replace(journey, acceptance_days=days)
    return _accepted_after(journey, days, rng).expecting(("expired_at_accept", 1))


@planted_fault(lambda journey, _region: not journey.freight.is_heavy and not journey.freight.containers)
def approval_expired(journey: Journey, _region: Region, rng: Random) -> Journey:
    """A post without network accepts a vehicle whose approval certificate ran out since the issue."""
    days = rng.randint(2, 5)
    journey = replace(journey, approval_days=days)
    return _accepted_after(journey, days, rng).expecting(("approval_expired", 1))


@planted_fault()
def lost(journey: Journey, _region: Region, rng: Random) -> Journey:
    """The association reports the carnet lost; it is stamped once more by a post that had not heard."""
    before, final = journey.on(journey.pages - 1), journey.on(journey.pages)
    reported = between(before, final, rng.uniform(0.2, 0.8))
    journey = journey.with_page(final.page, is_offline=True, made=final.after + minutes(rng.uniform(6, 48)))
    return replace(journey, lost_after=reported).expecting(("lost", final.page))


@planted_fault(is_honest=True)
def recorded_late(journey: Journey, _region: Region, rng: Random) -> Journey:
    """A post was without network for longer than its territory allows, though with its own enrolled phone."""
    page = rng.randint(1, journey.pages)
    return _sent_after(journey, page, rng.uniform(80, 200)).expecting(("recorded_late", page))


@planted_fault()
def recorded_by_a_stranger(journey: Journey, _region: Region, rng: Random) -> Journey:
    """A stamp comes in later from a phone that nobody enrolled."""
    page = rng.randint(1, journey.pages)
    journey = _sent_after(journey, page, rng.uniform(2, 40)).with_page(page, is_enrolled=False)
    return journey.expecting(("recorded_late", page))


def _sent_after(journey: Journey, page: int, hours: float) -> Journey:
    made = journey.on(page).after + minutes(hours)
    journey = journey.with_page(page, is_offline=True, made=made)
    notes = (replace(note, since=made) if note.page == page else note for note in journey.notes)
    return replace(journey, notes=tuple(notes))


def _accepted_after(journey: Journey, days: int, rng: Random) -> Journey:
    """Accept the carnet at least so many days after its issue, by a post that sends its stamp later."""
    accepted = (days + 1) * DAY + minutes(rng.uniform(1, 20))
    journey = journey.delayed_from(1, accepted - journey.on(1).after)
    return journey.with_page(1, is_offline=True, made=accepted + minutes(rng.uniform(2, 20)))
