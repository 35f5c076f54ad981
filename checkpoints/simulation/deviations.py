"""The road that a lorry takes: as planned, or another one that the Convention allows. Pure.

Each function returns the calls that are really made, or nothing where the plan and the map leave no such road.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from carnets.choices import OfficeRole, StopAction
from carnets.itinerary import legs_of
from carnets.vouchers import MOST_OPERATIONS
from checkpoints.simulation.calls import Call
from checkpoints.simulation.region import NEAREST, Roads
from checkpoints.simulation.shapes import Road

Calls = tuple[Call, ...]
Deviation = Callable[[Calls, Roads, Random], Calls | None]
ENTERS = frozenset({StopAction.ENTRY, StopAction.RESUME})


def driven(planned: Calls, road: Road, roads: Roads, rng: Random) -> tuple[Calls, Road]:
    """Return the calls that are made, and which road it came to."""
    deviation = DEVIATIONS.get(road)
    found = deviation(planned, roads, rng) if deviation else None
    if found and len(legs_of(found)) > MOST_OPERATIONS:
        found = None  # no carnet has so many vouchers
    return (
        (found, road)
        if found
        else (planned, Road.TURNED_BACK if _may_turn(planned, road) else Road.AS_PLANNED)
    )


def _may_turn(planned: Calls, road: Road) -> bool:
    return road is Road.TURNED_BACK and bool(_frontiers(planned))


def _frontiers(calls: Sequence[Call]) -> list[int]:
    """Return the indexes of the exits by road; the entry follows each."""
    return [index for index, call in enumerate(calls) if call.does is StopAction.EXIT]


def _other_ways(calls: Calls, at: int, roads: Roads) -> list[tuple[str, str]]:
    """Return other crossings of the frontier that is left at `at`, where the lorry does not call yet."""
    return roads.other_ways(
        calls[at].office, calls[at + 1].office, but=frozenset(call.office for call in calls)
    )


def _is_called_at(calls: Calls, offices: Sequence[str]) -> bool:
    return any(call.office in offices for call in calls)


def _over(calls: Calls, at: int, ways: list[tuple[str, ...]], rng: Random) -> Calls:
    """Return the calls with another way between the exit `at` and its entry: out, in and out of others, in."""
    way = rng.choice(ways)
    between = [
        Call(office, StopAction.EXIT if index % 2 else StopAction.ENTRY)
        for index, office in enumerate(way[1:-1])
    ]
    out, into = replace(calls[at], office=way[0]), replace(calls[at + 1], office=way[-1])
    return (*calls[:at], out, *between, into, *calls[at + 2 :])


def another_frontier(calls: Calls, roads: Roads, rng: Random) -> Calls | None:
    """Cross one frontier elsewhere than planned, into the same country; None where no other road leads there."""
    places = {at: ways for at in _frontiers(calls) if (ways := _other_ways(calls, at, roads))}
    if not places:
        return None
    at = rng.choice(list(places))
    return _over(calls, at, [*places[at]], rng)


def one_country_more(calls: Calls, roads: Roads, rng: Random) -> Calls | None:
    """Cross one frontier by way of a country that is not on the plan, among those nearest; None where none lies by."""
    places = {at: ways for at in _frontiers(calls) if (ways := _ways_through_others(calls, at, roads))}
    if not places:
        return None
    at = rng.choice(list(places))
    return _over(calls, at, [*places[at][:NEAREST]], rng)


def _ways_through_others(calls: Calls, at: int, roads: Roads) -> list[tuple[str, ...]]:
    """Return ways through one territory that the plan has not, the shortest first."""
    territories = {roads.offices[call.office].territory for call in calls}
    left, entered = (roads.offices[calls[i].office] for i in (at, at + 1))
    ways = [
        (*first, *second)
        for other in roads.territories
        if other not in territories
        for first in roads.between(left.territory, other)
        for second in roads.between(other, entered.territory)
    ]
    return sorted(ways, key=lambda way: (roads.length([left.code, *way, entered.code]), way))


def one_country_less(calls: Calls, roads: Roads, rng: Random) -> Calls | None:
    """Leave out a territory that is only crossed."""
    ways = []
    for at in _frontiers(calls):
        crossed = [call.does for call in calls[at + 1 : at + 4]]
        if crossed == [StopAction.ENTRY, StopAction.EXIT, StopAction.ENTRY]:
            left, entered = (roads.offices[calls[i].office].territory for i in (at, at + 3))
            ways += [(at, out, into) for out, into in roads.between(left, entered)]
    if not ways:
        return None
    at, out, into = rng.choice(ways)
    return (
        *calls[:at],
        replace(calls[at], office=out),
        replace(calls[at + 3], office=into),
        *calls[at + 4 :],
    )


def ends_at_another_office(calls: Calls, roads: Roads, _rng: Random) -> Calls | None:
    office = _another_destination(calls, calls[-1].office, roads)
    return (*calls[:-1], replace(calls[-1], office=office, ends_here=True)) if office else None


def ends_elsewhere(calls: Calls, roads: Roads, rng: Random) -> Calls | None:
    """End in a territory that was only to be crossed, with everything still on board."""
    first_unload = next(i for i, call in enumerate(calls) if call.does is StopAction.UNLOAD)
    last_load = max(i for i, call in enumerate(calls) if call.does is StopAction.LOAD)
    ends: dict[int, str] = {}
    for at in _frontiers(calls):
        if last_load < at - 1 and at < first_unload and calls[at - 1].does in ENTERS:
            ends[at] = _another_destination(calls, calls[at].office, roads) or ""
    places = [at for at, office in ends.items() if office]
    if not places:
        return None
    at = rng.choice(places)
    return (*calls[:at], replace(calls[at], office=ends[at], does=StopAction.UNLOAD, ends_here=True))


def goes_on(calls: Calls, roads: Roads, _rng: Random) -> Calls | None:
    """Go on from the last destination to the nearest other one in the same territory; None where no other is."""
    office = _another_destination(calls, calls[-1].office, roads)
    if not office:
        return None
    last = replace(calls[-1], goes_on=True)
    return (*calls[:-1], last, Call(office, StopAction.UNLOAD, ends_here=True))


def _another_destination(calls: Calls, office: str, roads: Roads) -> str | None:
    """Return the nearest office of destination in the same territory that the journey does not call at."""
    others = roads.substitutes(office, OfficeRole.DESTINATION, near=office)
    return next((code for code in others if not _is_called_at(calls, [code])), None)


DEVIATIONS: dict[Road, Deviation] = {
    Road.ANOTHER_FRONTIER: another_frontier,
    Road.ONE_COUNTRY_MORE: one_country_more,
    Road.ONE_COUNTRY_LESS: one_country_less,
    Road.ENDS_AT_ANOTHER_OFFICE: ends_at_another_office,
    Road.ENDS_ELSEWHERE: ends_elsewhere,
    Road.GOES_ON: goes_on,
}
