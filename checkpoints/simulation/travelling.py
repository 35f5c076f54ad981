"""A journey on which nothing goes wrong: along the planned road or another one, to its end. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from carnets.choices import OfficeRole, StopAction
from checkpoints.reference import tables
from checkpoints.simulation.calls import LEAVES, Call
from checkpoints.simulation.deviations import driven
from checkpoints.simulation.freight import Freight
from checkpoints.simulation.journeys import Journey
from checkpoints.simulation.officials import Officials
from checkpoints.simulation.region import Region, Roads, minutes
from checkpoints.simulation.shapes import Goods, Road, Sealing, Shape, draw_shape
from checkpoints.simulation.stops import pairs_of, planned_calls
from checkpoints.simulation.timing import timed
from checkpoints.simulation.turning import turned_back

BEFORE_THE_END = timedelta(hours=1)  # the second carnet is issued
WITHOUT_NETWORK = 0.12  # of journeys, those that pass some posts without network
LATEST_HOURS = 40.0  # after which such a post has sent everything


def travel(
    corridor: tables.Corridor,
    region: Region,
    rng: Random,
    shape: Shape | None = None,
    *,
    is_prompt: bool = False,
) -> Journey:
    """Return one clean journey along the corridor, of the shape asked for as far as there is room for it; `is_prompt`:
    every post has network."""
    wanted = shape or draw_shape(rng)
    planned = planned_calls(corridor, wanted, region.roads, rng)
    calls, road = driven(planned, wanted.road, region.roads, rng)
    journey = driven_journey(corridor, planned, calls, replace(wanted, road=road), region, rng)
    if road is Road.TURNED_BACK:
        return turned_back(journey, region, rng)
    is_told_late = not is_prompt and rng.random() < WITHOUT_NETWORK
    return told_late(journey, rng) if is_told_late else journey


def driven_journey(
    corridor: tables.Corridor,
    planned: tuple[Call, ...],
    calls: tuple[Call, ...],
    shape: Shape,
    region: Region,
    rng: Random,
    *,
    freight: Freight | None = None,
    seals: tuple[str, ...] = (),
) -> Journey:
    """Return the journey along these calls; `freight` and `seals` are those of a transport that goes on."""
    roads = region.roads
    pairs = pairs_of(planned, calls, roads)
    territories = [roads.territory(pair.start.office) for pair in pairs]
    freight = freight or region.fleet.draw(planned, _countries(planned, roads), shape.goods, rng)
    officials = Officials(planned, freight, shape.sealing, region, rng)
    stamps = officials.stamp(timed(pairs, roads, rng), seals)
    return Journey(
        corridor=corridor,
        shape=_came_to(shape, planned),
        planned=planned,
        pairs=pairs,
        freight=freight,
        acceptance_days=rng.randint(12, 60),
        approval_days=rng.randint(90, 900),
        stamps=stamps,
        happenings=tuple(officials.happenings),
        notes=tuple(officials.notes),
        graces=tuple(timedelta(hours=each.grace_hours) for each in territories),
        default_limits=tuple(timedelta(days=each.default_transit_days) for each in territories),
    )


def _came_to(wanted: Shape, planned: Sequence[Call]) -> Shape:
    return replace(
        wanted,
        loads=sum(call.does is StopAction.LOAD for call in planned),
        unloads=sum(call.does is StopAction.UNLOAD for call in planned),
        sealing=Sealing.KEPT if wanted.goods is Goods.HEAVY else wanted.sealing,
    )


def _countries(planned: Sequence[Call], roads: Roads) -> list[str]:
    """Return the countries in the order of travel."""
    return [roads.offices[call.office].country for call in planned if call.does not in LEAVES]


def told_late(journey: Journey, rng: Random) -> Journey:
    """Let a stretch of posts be without network: their enrolled phones send hours later, in any order."""
    first = rng.randint(1, journey.pages)
    for page in range(first, min(first + rng.randint(1, 4), journey.pages + 1)):
        made = journey.on(page).after + minutes(rng.uniform(2, LATEST_HOURS))
        journey = journey.with_page(page, is_offline=True, made=made)
        journey = replace(
            journey,
            notes=tuple(replace(note, since=made) if note.page == page else note for note in journey.notes),
        )
    return journey


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
    freight = _reloaded(first.freight, len(first.planned) - len(planned))
    seals = first.on(first.pages).seals_there
    return driven_journey(first.corridor, planned, planned, shape, region, rng, freight=freight, seals=seals)


def _reloaded(freight: Freight, passed: int) -> Freight:
    """Return the same goods, loaded at the first stop that is left and unloaded where they were to be."""
    consignments = (replace(each, load=1, unload=each.unload - passed) for each in freight.consignments)
    return replace(freight, consignments=tuple(consignments))
