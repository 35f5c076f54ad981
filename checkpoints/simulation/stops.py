"""Where a lorry calls: the planned stops of a journey, and the pairs of vouchers that the road it took uses. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from carnets.choices import MOST_DEPARTURE_AND_DESTINATION_OFFICES, OfficeRole, StopAction
from carnets.itinerary import legs_of, stops_of_legs
from carnets.vouchers import MOST_OPERATIONS
from checkpoints.reference import tables
from checkpoints.simulation.calls import LEAVES, Call, Pair
from checkpoints.simulation.region import Roads
from checkpoints.simulation.shapes import Shape


def planned_calls(corridor: tables.Corridor, shape: Shape, roads: Roads, rng: Random) -> tuple[Call, ...]:
    """Return the stops of a journey along the corridor with as many loads and unloads as asked for and possible."""
    legs = [
        (
            roads.offices[operation.start_office],
            roads.offices[operation.end_office],
            StopAction.SUSPEND if operation.suspension_after else None,
        )
        for operation in corridor.operations
    ]
    calls = [Call(stop.office.code, stop.does) for stop in stops_of_legs(legs)]
    loads, unloads = _within_limits(shape, len(legs))
    for _ in range(unloads - 1):
        _call_on_the_way(calls, StopAction.UNLOAD, roads, rng)
    for _ in range(loads - 1):
        _call_on_the_way(calls, StopAction.LOAD, roads, rng)
    return tuple(replace(call, planned=index) for index, call in enumerate(calls))


def _within_limits(shape: Shape, pairs: int) -> tuple[int, int]:
    """Return loads and unloads that art. 18 and the vouchers of the largest carnet allow."""
    room = min(MOST_DEPARTURE_AND_DESTINATION_OFFICES, MOST_OPERATIONS - pairs + 2)
    loads = min(shape.loads, room - 1)
    return loads, min(shape.unloads, room - loads)


def _call_on_the_way(calls: list[Call], does: StopAction, roads: Roads, rng: Random) -> None:
    """Put one more call in front of the end of some operation, where an office of the territory can handle goods;
    every load comes before every unload (art. 18). Without such an office the calls stay as they are."""
    role = OfficeRole.DEPARTURE if does is StopAction.LOAD else OfficeRole.DESTINATION
    places = [index for index in _places(calls, does) if _offices(calls, index, role, roads)]
    if not places:
        return
    near_the_end = [0 if does is StopAction.LOAD else -1]
    chosen = places[near_the_end[0]] if rng.random() < 0.6 else rng.choice(places)  # noqa: PLR2004
    office = rng.choice(_offices(calls, chosen, role, roads)[:3])
    calls.insert(chosen, Call(office, does))


def _places(calls: list[Call], does: StopAction) -> list[int]:
    """Return where a call may be put: before the end of an operation, loads before the first unload and unloads after
    the last load."""
    first_unload = next(i for i, call in enumerate(calls) if call.does is StopAction.UNLOAD)
    last_load = max(i for i, call in enumerate(calls) if call.does is StopAction.LOAD)
    ends = [i for i in range(1, len(calls)) if calls[i].does in LEAVES or calls[i].handles_goods]
    if does is StopAction.LOAD:
        return [i for i in ends if i <= first_unload]
    return [i for i in ends if i > last_load]


def _offices(calls: list[Call], index: int, role: OfficeRole, roads: Roads) -> list[str]:
    """Return offices of the territory with that role where the journey does not handle goods yet, nearest first."""
    taken = {call.office for call in calls if call.handles_goods}
    before, after = calls[index - 1].office, calls[index].office
    found = [code for code in roads.with_role(roads.offices[after].territory, role) if code not in taken]
    return sorted(found, key=lambda code: (roads.km(before, code) + roads.km(code, after), code))


def pairs_of(planned: Sequence[Call], driven: Sequence[Call], roads: Roads) -> tuple[Pair, ...]:
    """Return the pairs that the driven road uses, numbered as the vouchers are: one after the other."""
    legs = legs_of(planned)
    return tuple(
        Pair(sequence, start, end, _is_unplanned(legs, sequence, start, roads))
        for sequence, (start, end) in enumerate(legs_of(driven), start=1)
    )


def _is_unplanned(legs: Sequence[tuple[Call, Call]], sequence: int, start: Call, roads: Roads) -> bool:
    if sequence > len(legs):
        return True
    planned = legs[sequence - 1][0]
    return roads.offices[planned.office].territory != roads.offices[start.office].territory
