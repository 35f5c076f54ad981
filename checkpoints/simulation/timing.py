"""Walking along a road with a watch: drive, wait, be stamped out, wait, be stamped in. Pure.

Dwell and speed follow what CAREC measured on its corridors in 2022: about ten hours a crossing on average with a long
tail, and 23 to 42 km/h on the road.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import ceil
from random import Random

from carnets.choices import StopAction
from checkpoints.simulation.calls import Pair, Timed
from checkpoints.simulation.region import FASTEST_KMH, SLOWEST_KMH, Roads, minutes

DWELL_MEDIAN_HOURS, DWELL_SIGMA, LONGEST_DWELL_HOURS = 7.0, 0.85, 60.0
DWELL_BEFORE_EXIT = 0.45  # of a crossing's hours, the share on the side that the lorry leaves
HANDLING_HOURS = (2.0, 20.0)  # unloading may take a night
FERRY_WAIT_HOURS = (8.0, 90.0)
SPARE_DAYS = 4  # what an office adds to the drive when it sets a time limit
STATES_LIMIT = 0.7


def timed(pairs: Sequence[Pair], roads: Roads, rng: Random) -> Iterator[Timed]:
    """Yield the pairs with their times, counted from the issue."""
    now = minutes(rng.uniform(2, 72))  # to the acceptance at departure
    for pair, follower in zip(pairs, [*pairs[1:], None], strict=True):
        starts, crossing = now, dwell(rng)
        now += _drive(pair, roads, rng) + minutes(crossing * DWELL_BEFORE_EXIT)
        limit = starts + _allowance(pair, roads) if rng.random() < STATES_LIMIT else None
        yield Timed(pair, starts, now, limit)
        if follower is not None:
            now += _until_next(pair, follower, crossing, roads, rng)


def _until_next(pair: Pair, follower: Pair, crossing: float, roads: Roads, rng: Random) -> timedelta:
    if pair.end.handles_goods:
        return minutes(rng.uniform(*HANDLING_HOURS))
    waited = minutes(crossing * (1 - DWELL_BEFORE_EXIT))
    if pair.end.does is StopAction.SUSPEND:
        wait = timedelta(hours=rng.uniform(*FERRY_WAIT_HOURS))
        waited += minutes((wait + roads.sail(pair.end.office, follower.start.office)) / timedelta(hours=1))
    return waited


def _allowance(pair: Pair, roads: Roads) -> timedelta:
    """Return the days an office would allow: the slow drive, and some to spare."""
    drive = roads.drive(pair.start.office, pair.end.office, SLOWEST_KMH)
    return timedelta(days=ceil(drive / timedelta(days=1)) + SPARE_DAYS)


def _drive(pair: Pair, roads: Roads, rng: Random) -> timedelta:
    kmh = rng.uniform(SLOWEST_KMH, FASTEST_KMH)
    drive = roads.drive(pair.start.office, pair.end.office, kmh)
    return minutes(drive / timedelta(hours=1) + rng.uniform(1, 6))


def dwell(rng: Random) -> float:
    """Return the hours a crossing takes: about ten on average, with a long tail."""
    return min(DWELL_MEDIAN_HOURS * rng.lognormvariate(0, DWELL_SIGMA), LONGEST_DWELL_HOURS)
