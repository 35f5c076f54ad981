"""Offices that certify though another one was planned. Pure."""

from datetime import timedelta
from random import Random

from carnets.choices import OfficeRole
from checkpoints.reference import tables
from checkpoints.simulation.faults.registry import fault
from checkpoints.simulation.journeys import Journey
from checkpoints.simulation.roads import Roads
from checkpoints.simulation.travelling import Region, minutes

USUAL_KMH = 30.0


def has_detour(corridor: tables.Corridor, roads: Roads) -> bool:
    return bool(_detours(corridor, roads))


def has_substitute(corridor: tables.Corridor, roads: Roads) -> bool:
    return bool(_substitutes(corridor, roads))


@fault(has_detour)
def wrong_country_seq(journey: Journey, region: Region, rng: Random) -> Journey:
    """The lorry enters through a frontier office that does not face the one it left by. That this was not the planned
    office is noted too, as art. 27 has it."""
    page, office = rng.choice(_detours(journey.corridor, region.roads))
    journey = _diverted(journey, page, office, region.roads)
    return journey.expecting(("wrong_country_seq", page), ("wrong_office", page))


@fault(has_substitute)
def wrong_office(journey: Journey, region: Region, rng: Random) -> Journey:
    """Another office of departure or destination than planned certifies, as it may (art. 27)."""
    page, office = rng.choice(_substitutes(journey.corridor, region.roads))
    return _diverted(journey, page, office, region.roads).expecting(("wrong_office", page))


def _detours(corridor: tables.Corridor, roads: Roads) -> list[tuple[int, str]]:
    """Return the entry pages where the lorry could have come in elsewhere, with the nearest such office."""
    found = []
    for before, after in zip(corridor.operations, corridor.operations[1:], strict=False):
        others = roads.entries_not_facing(before.end_office, after.start_office, but=after.end_office)
        if others and not before.suspension_after:
            found.append((2 * after.sequence - 1, others[0]))
    return found


def _substitutes(corridor: tables.Corridor, roads: Roads) -> list[tuple[int, str]]:
    """Return the first and the last page with the nearest other office that could certify there."""
    first, last = corridor.operations[0], corridor.operations[-1]
    departures = roads.substitutes(first.start_office, OfficeRole.DEPARTURE, near=first.start_office)
    destinations = roads.substitutes(last.end_office, OfficeRole.DESTINATION, near=last.end_office)
    pages = [(1, departures), (2 * last.sequence, destinations)]
    return [(page, others[0]) for page, others in pages if others]


def _diverted(journey: Journey, page: int, office: str, roads: Roads) -> Journey:
    """Have another office stamp this page, and take the time that the other way needs; no limit was set for it."""
    journey = journey.with_page(page, office=office)
    for later in (page, page + 1):
        if 1 < later <= journey.pages:
            before, after = journey.on(later - 1), journey.on(later)
            needed = minutes(roads.drive(before.office, after.office, USUAL_KMH) / timedelta(hours=1) + 1)
            journey = journey.delayed_from(later, max(needed - (after.after - before.after), timedelta(0)))
    return journey.with_page(page if page % 2 else page - 1, time_limit=None)
