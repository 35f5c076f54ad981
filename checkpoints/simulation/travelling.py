"""A journey on which nothing goes wrong: every office stamps its page in time and finds what it should. Pure.

Dwell and speed follow what CAREC measured on its corridors in 2022: about ten hours a crossing on average with a long
tail, and 23 to 42 km/h on the road.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from random import Random

from checkpoints.reference import tables
from checkpoints.simulation.journeys import Journey, PlannedStamp
from checkpoints.simulation.loads import Fleet, Load
from checkpoints.simulation.roads import FASTEST_KMH, SLOWEST_KMH, Roads

DWELL_MEDIAN_HOURS, DWELL_SIGMA, LONGEST_DWELL_HOURS = 7.0, 0.85, 60.0
DWELL_BEFORE_EXIT = 0.45  # of a crossing's hours, the share on the side that the lorry leaves
FERRY_WAIT_HOURS = (8.0, 90.0)
SPARE_DAYS = 4  # what an office adds to the drive when it sets a time limit
STATES_LIMIT, STATES_VEHICLES = 0.7, 0.5


@dataclass(frozen=True, slots=True)
class Region:
    """Where journeys are made, and by whom."""

    roads: Roads
    fleet: Fleet

    @classmethod
    def read(cls) -> "Region":
        return cls(Roads.read(), Fleet.read())


def travel(corridor: tables.Corridor, region: Region, rng: Random) -> Journey:
    """Return one clean journey along the corridor, to its end."""
    roads = region.roads
    load = region.fleet.draw(_countries(corridor, roads), rng)
    seals = draw_seals(corridor.operations[0].start_office[:2], rng)
    return Journey(
        corridor=corridor,
        load=load,
        acceptance_days=rng.randint(12, 60),
        approval_days=rng.randint(90, 900),
        stamps=_stamps(corridor, roads, load, seals, rng),
        graces=tuple(
            timedelta(hours=roads.territory(operation.start_office).grace_hours)
            for operation in corridor.operations
        ),
        default_limits=tuple(
            timedelta(days=roads.territory(operation.start_office).default_transit_days)
            for operation in corridor.operations
        ),
    )


def draw_seals(country: str, rng: Random) -> tuple[str, ...]:
    return tuple(f"{country}-{rng.randint(100_000, 999_999)}" for _ in range(rng.choice((1, 2, 2))))


def minutes(hours: float) -> timedelta:
    """Return a length of time as stamps state it: in whole minutes."""
    return timedelta(minutes=round(hours * 60))


def _countries(corridor: tables.Corridor, roads: Roads) -> list[str]:
    starts = [roads.offices[operation.start_office].country for operation in corridor.operations]
    return [*starts, roads.offices[corridor.operations[-1].end_office].country]


def _stamps(
    corridor: tables.Corridor, roads: Roads, load: Load, seals: tuple[str, ...], rng: Random
) -> tuple[PlannedStamp, ...]:
    """Walk the corridor with a watch: drive, wait, be stamped out, wait, be stamped in."""
    stamps: list[PlannedStamp] = []
    now = minutes(rng.uniform(2, 72))  # from the issue to the acceptance at departure
    followers = [operation.start_office for operation in corridor.operations[1:]]
    for operation, follower in zip(corridor.operations, [*followers, None], strict=True):
        stamps.append(_start(operation, roads, load, seals, now, rng))
        crossing = _dwell(rng)
        now += _drive(operation, roads, rng) + minutes(crossing * DWELL_BEFORE_EXIT)
        stamps.append(_termination(operation, load, seals, now, rng))
        now += minutes(crossing * (1 - DWELL_BEFORE_EXIT))
        if operation.suspension_after and follower:
            now += _crossing_by_ferry(operation.end_office, follower, roads, rng)
    return tuple(stamps)


def _start(
    operation: tables.Operation,
    roads: Roads,
    load: Load,
    seals: tuple[str, ...],
    now: timedelta,
    rng: Random,
) -> PlannedStamp:
    is_departure = operation.sequence == 1
    limit = now + _allowance(operation, roads) if rng.random() < STATES_LIMIT else None
    return PlannedStamp(
        page=2 * operation.sequence - 1,
        office=operation.start_office,
        after=now,
        made=now,
        seals_intact=None if is_departure else True,
        seals_found=None if is_departure else seals,
        seals_affixed=seals if is_departure else None,
        registration_no=f"{operation.start_office[:2]}/{rng.randint(10_000, 999_999)}",
        time_limit=limit,
        vehicles=load.registrations if rng.random() < STATES_VEHICLES else None,
    )


def _termination(
    operation: tables.Operation, load: Load, seals: tuple[str, ...], now: timedelta, rng: Random
) -> PlannedStamp:
    return PlannedStamp(
        page=2 * operation.sequence,
        office=operation.end_office,
        after=now,
        made=now,
        seals_intact=True,
        seals_found=seals,
        packages=load.packages,
        vehicles=load.registrations if rng.random() < STATES_VEHICLES else None,
        is_suspension=operation.suspension_after,
    )


def _allowance(operation: tables.Operation, roads: Roads) -> timedelta:
    """Return the days an office would allow: the slow drive, and some to spare."""
    drive = roads.drive(operation.start_office, operation.end_office, SLOWEST_KMH)
    return timedelta(days=ceil(drive / timedelta(days=1)) + SPARE_DAYS)


def _drive(operation: tables.Operation, roads: Roads, rng: Random) -> timedelta:
    kmh = rng.uniform(SLOWEST_KMH, FASTEST_KMH)
    drive = roads.drive(operation.start_office, operation.end_office, kmh)
    return minutes(drive / timedelta(hours=1) + rng.uniform(1, 6))


def _dwell(rng: Random) -> float:
    """Return the hours a crossing takes: about ten on average, with a long tail."""
    return min(DWELL_MEDIAN_HOURS * rng.lognormvariate(0, DWELL_SIGMA), LONGEST_DWELL_HOURS)


def _crossing_by_ferry(port: str, other: str, roads: Roads, rng: Random) -> timedelta:
    wait = timedelta(hours=rng.uniform(*FERRY_WAIT_HOURS))
    return minutes((wait + roads.sail(port, other)) / timedelta(hours=1))
