"""Turned back at a frontier: the entry is refused, the exit takes its stamp back, the lorry tries elsewhere. Pure."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from carnets.choices import StopAction
from checkpoints.simulation.calls import Pair
from checkpoints.simulation.journeys import Expectation, Journey, PlannedRefusal, PlannedStamp
from checkpoints.simulation.region import Region, minutes

USUAL_KMH = 30.0


def turned_back(journey: Journey, region: Region, rng: Random) -> Journey:
    """Have one entry refused. By the other frontier, or after some days by the same one, the lorry goes on."""
    turns = [pair for pair in journey.pairs[:-1] if pair.end.does is StopAction.EXIT]
    pair = rng.choice(turns)
    page, refused = pair.pages[1], journey.on(pair.pages[1] + 1)
    first = journey.on(page)
    asked = first.after + minutes(rng.uniform(2, 20))
    back = asked + minutes(rng.uniform(1, 6))
    out, into, on_the_way = _another_way(journey, pair, region, rng)
    again = replace(first, name="again", office=out, after=back + on_the_way, made=back + on_the_way)
    journey = journey.delayed_from(page + 1, again.after - first.after)
    journey = _with_time_for_the_way(journey.with_page(page + 1, office=into), page + 1, region)
    journey = journey.with_page(page - 1, time_limit=None)
    cancelling = PlannedStamp(
        page=page,
        office=first.office,
        after=back,
        made=back,
        name="cancelling",
        cancels="first",
        cancel_reason="Entry refused on the other side; the lorry came back.",
    )
    journey = journey.also(cancelling, again).when(PlannedRefusal(page + 1, refused.office, asked))
    return _renamed(journey, pair, out, into)


def _with_time_for_the_way(journey: Journey, page: int, region: Region) -> Journey:
    """Let the lorry come later to the office after `page`, if that is farther now; no limit was set for it."""
    before, after = journey.on(page), journey.on(page + 1)
    needed = region.roads.drive(before.office, after.office, USUAL_KMH) + timedelta(hours=1)
    more = max(needed - (after.after - before.after), timedelta(0))
    journey = journey.delayed_from(page + 1, minutes(more / timedelta(hours=1)))
    return journey.with_page(page, time_limit=None)


def _another_way(journey: Journey, pair: Pair, region: Region, rng: Random) -> tuple[str, str, timedelta]:
    """Return the exit and entry that are tried next, and how long it takes to get there."""
    left, entered = pair.end, journey.pairs[pair.sequence].start
    ways = region.roads.other_ways(left.office, entered.office, but=())
    taken = {call.office for call in journey.planned}
    ways = [way for way in ways if not taken & set(way)]
    if not ways:
        return left.office, entered.office, minutes(rng.uniform(20, 70))
    out, into = rng.choice(ways)
    drive = region.roads.drive(left.office, out, USUAL_KMH)
    return out, into, minutes(drive / timedelta(hours=1) + rng.uniform(2, 8))


def _renamed(journey: Journey, pair: Pair, out: str, into: str) -> Journey:
    """Let the pairs and the notes say where it was in the end."""
    pairs = list(journey.pairs)
    following = pairs[pair.sequence]
    pairs[pair.sequence - 1] = replace(pair, end=replace(pair.end, office=out))
    pairs[pair.sequence] = replace(following, start=replace(following.start, office=into))
    page = pair.pages[1]
    notes = [
        replace(note, since=journey.on(page).made) if note.page == page else note for note in journey.notes
    ]
    for at, call, office in ((page, pair.end, out), (page + 1, following.start, into)):
        if call.office != office:
            notes.append(Expectation("wrong_office", at, bars=False, since=journey.on(at).made))
    return replace(journey, pairs=tuple(pairs), notes=tuple(notes))
