"""Offices that certify though another one was planned. Pure."""

from datetime import timedelta
from random import Random

from carnets.choices import OfficeRole
from checkpoints.simulation.faults.registry import complication
from checkpoints.simulation.journeys import Journey
from checkpoints.simulation.region import Region, Roads, minutes

USUAL_KMH = 30.0


def has_detour(journey: Journey, region: Region) -> bool:
    return bool(_detours(journey, region.roads))


def has_substitute(journey: Journey, region: Region) -> bool:
    return bool(_substitutes(journey, region.roads))


@complication(has_detour)
def wrong_country_seq(journey: Journey, region: Region, rng: Random) -> Journey:
    """The lorry enters through a frontier office that does not face the one it left by. That this was not the planned
    office is noted too, as art. 27 has it."""
    page, office = rng.choice(_detours(journey, region.roads))
    journey = _diverted(journey, page, office, region.roads)
    return journey.expecting(("wrong_country_seq", page), ("wrong_office", page))


@complication(has_substitute)
def wrong_office(journey: Journey, region: Region, rng: Random) -> Journey:
    """Another office of departure or destination than planned certifies, as it may (art. 27)."""
    page, office = rng.choice(_substitutes(journey, region.roads))
    return _diverted(journey, page, office, region.roads).expecting(("wrong_office", page))


def _detours(journey: Journey, roads: Roads) -> list[tuple[int, str]]:
    """Return the entry pages where the lorry could have come in elsewhere, with the nearest such office."""
    found = []
    for page in journey.frontier_pages:
        if page % 2 and not journey.on(page - 1).is_suspension:
            left, entered, end = (journey.on(at).office for at in (page - 1, page, page + 1))
            others = roads.entries_not_facing(left, entered, but=end)
            found += [(page, others[0])] if others else []
    return found


def _substitutes(journey: Journey, roads: Roads) -> list[tuple[int, str]]:
    """Return the first and the last page with the nearest other office that could certify there."""
    called = {call.office for call in journey.planned}
    first, last = journey.planned[0].office, journey.planned[-1].office
    departures = roads.substitutes(first, OfficeRole.DEPARTURE, near=first)
    destinations = roads.substitutes(last, OfficeRole.DESTINATION, near=last)
    pages = [(1, departures), (journey.pages, destinations)]
    free = [(page, [code for code in others if code not in called]) for page, others in pages]
    return [(page, others[0]) for page, others in free if others]


def _diverted(journey: Journey, page: int, office: str, roads: Roads) -> Journey:
    """Have another office stamp this page, and take the time that the other way needs; no limit was set for it."""
    journey = journey.with_page(page, office=office)
    for later in (page, page + 1):
        if 1 < later <= journey.pages:
            before, after = journey.on(later - 1), journey.on(later)
            needed = minutes(roads.drive(before.office, after.office, USUAL_KMH) / timedelta(hours=1) + 1)
            journey = journey.delayed_from(later, max(needed - (after.after - before.after), timedelta(0)))
    return journey.with_page(page if page % 2 else page - 1, time_limit=None)
