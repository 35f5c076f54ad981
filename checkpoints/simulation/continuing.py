"""A transport under two carnets, one after the other: the first ends on the way, the second goes on. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from carnets.choices import OfficeRole, StopAction
from checkpoints.reference import tables
from checkpoints.simulation.journeys import Journey
from checkpoints.simulation.loads import Load
from checkpoints.simulation.region import Region
from checkpoints.simulation.shapes import Road, draw_shape
from checkpoints.simulation.stops import Call
from checkpoints.simulation.travelling import driven_journey, travel

BEFORE_THE_END = timedelta(hours=1)  # the second carnet is issued


def both_carnets(
    corridors: Sequence[tables.Corridor], region: Region, rng: Random, transport: str
) -> tuple[Journey, Journey, timedelta]:
    """Return two journeys of one transport, and how much later than the first carnet the second is issued."""
    while True:
        shape = replace(draw_shape(rng), road=Road.ENDS_ELSEWHERE)
        first = travel(rng.choice(corridors), region, rng, shape, is_prompt=True)
        end = first.pairs[-1].end
        can_start = OfficeRole.DEPARTURE in region.roads.offices[end.office].roles
        if first.shape.road is Road.ENDS_ELSEWHERE and can_start:
            break
    second = _second(first, region, rng)
    later = first.on(first.pages).after - BEFORE_THE_END
    return replace(first, transport=transport), replace(second, continues=transport), later


def _second(first: Journey, region: Region, rng: Random) -> Journey:
    """Return the rest of the way: loaded where the first carnet ended, under the seals that hang there."""
    ended = first.pairs[-1].end
    rest = first.planned[ended.planned or 0 :]
    calls = [Call(ended.office, StopAction.LOAD), *rest]
    planned = tuple(replace(call, planned=index) for index, call in enumerate(calls))
    shape = replace(first.shape, road=Road.AS_PLANNED)
    load = _reloaded(first.load, len(first.planned) - len(planned))
    seals = first.on(first.pages).seals_there
    return driven_journey(first.corridor, planned, planned, shape, region, rng, load=load, seals=seals)


def _reloaded(load: Load, passed: int) -> Load:
    """Return the same goods, loaded at the first stop that is left and unloaded where they were to be."""
    consignments = (replace(each, load=1, unload=each.unload - passed) for each in load.consignments)
    return replace(load, consignments=tuple(consignments))
