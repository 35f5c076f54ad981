"""How many journeys of which kind, and when each one begins. Pure: the same arguments give the same plan."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random

from checkpoints.reference import tables
from checkpoints.simulation.faults import FAULTS, Fault
from checkpoints.simulation.journeys import Journey
from checkpoints.simulation.travelling import Region, travel

WINDOW = timedelta(days=90)  # carnets are issued over so long a time before the end
DEFAULT_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for."""

    carnets: int
    seed: int
    until: datetime
    share: float = DEFAULT_SHARE


def plan(order: Order) -> list[Journey]:
    """Return the journeys in the order of their issue.

    A fault needs a journey whose evidence is all in by `until`; the others begin at any time of the window, and
    those that would end after `until` are still on the way.
    """
    region, corridors = Region.read(), tables.corridors()
    fitting = {
        fault.name: [corridor for corridor in corridors if fault.fits(corridor, region.roads)]
        for fault in FAULTS.values()
    }
    journeys = []
    for index, fault in enumerate(_faults(order)):
        rng = Random(f"{order.seed}/{index}")  # noqa: S311  (a plan that can be repeated, no secret)
        corridor = rng.choice(fitting[fault.name] if fault else corridors)
        journeys.append(_placed(_made(travel(corridor, region, rng), fault, region, rng), order.until, rng))
    return sorted(journeys, key=lambda journey: journey.issued_at)


def _faults(order: Order) -> Iterator[Fault | None]:
    """Yield what happens to each carnet: every kind of fault equally often, at random places."""
    rng = Random(f"{order.seed}/faults")  # noqa: S311
    kinds = rng.sample(list(FAULTS.values()), len(FAULTS))
    spoilt = sorted(rng.sample(range(order.carnets), round(order.carnets * order.share)))
    by_index = dict(zip(spoilt, islice(cycle(kinds), len(spoilt)), strict=True))
    return (by_index.get(index) for index in range(order.carnets))


def _made(journey: Journey, fault: Fault | None, region: Region, rng: Random) -> Journey:
    return fault.on(journey, region, rng) if fault else journey


def _placed(journey: Journey, until: datetime, rng: Random) -> Journey:
    issued_at = until - _age(journey, rng)
    return replace(journey, issued_at=issued_at.replace(second=0, microsecond=0))


def _age(journey: Journey, rng: Random) -> timedelta:
    """Return how long before the end the carnet is issued."""
    if journey.fault is None:
        return rng.uniform(0, 1) * WINDOW
    if journey.fault == "still_on_the_way":
        accepted, arrived = journey.on(1).after, journey.on(journey.pages).after
        return accepted + rng.uniform(0.05, 0.95) * (arrived - accepted)
    return journey.settled_after + rng.uniform(0, 1) * max(WINDOW - journey.settled_after, timedelta(days=1))
