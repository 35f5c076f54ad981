"""How many journeys of which kind, and when each one begins. Pure: the same arguments give the same plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random

from checkpoints.reference import tables
from checkpoints.simulation.faults import FAULTS, PlantedFault
from checkpoints.simulation.journeys import Journey
from checkpoints.simulation.region import Region
from checkpoints.simulation.shapes import draw_shape
from checkpoints.simulation.travelling import both_carnets, travel

WINDOW = timedelta(days=90)  # carnets are issued over so long a time before the end
DEFAULT_SHARE = 0.12
EVERY, OF_THESE = 40, 7  # of so many carnets one, at that place, is the first of two under one transport
TRIES = 400  # journeys drawn until one has room for a fault


class NoRoomForFault(Exception):
    """No journey drawn could be spoilt so: the corridors have no place for this fault."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for."""

    carnets: int
    seed: int
    until: datetime
    share: float = DEFAULT_SHARE


@dataclass(frozen=True, slots=True)
class Planner:
    """What every journey of an order is drawn from."""

    order: Order
    region: Region
    corridors: Sequence[tables.Corridor]
    faults: Sequence[PlantedFault | None]

    @classmethod
    def of(cls, order: Order) -> "Planner":
        return cls(order, Region.read(), tables.corridors(), list(_faults(order)))

    def journey(self, index: int) -> Journey:
        """Return one journey, placed in time."""
        rng = self._rng(index)
        fault = self.faults[index]
        if fault is not None:
            return self._placed(self._spoilt(fault, rng), rng)
        if self._is_one_of_two(index):
            return self._both(index)[0]
        if self._is_one_of_two(index - 1):
            return self._both(index - 1)[1]
        return self._placed(travel(rng.choice(self.corridors), self.region, rng), rng)

    def _rng(self, index: int) -> Random:
        return Random(f"{self.order.seed}/{index}")  # noqa: S311  (a plan that can be repeated, no secret)

    def _spoilt(self, fault: PlantedFault, rng: Random) -> Journey:
        """Draw journeys on the planned road until one has room for the fault."""
        for _ in range(TRIES):
            shape = draw_shape(rng).planned()
            journey = travel(rng.choice(self.corridors), self.region, rng, shape, is_prompt=True)
            if fault.fits(journey, self.region):
                return fault.on(journey, self.region, rng)
        raise NoRoomForFault(fault.name)

    def _is_one_of_two(self, index: int) -> bool:
        """Whether the transport of this carnet ends under the next one."""
        in_place = index % EVERY == OF_THESE and index + 1 < len(self.faults)
        return in_place and self.faults[index] is None and self.faults[index + 1] is None

    def _both(self, index: int) -> tuple[Journey, Journey]:
        rng = self._rng(index)
        first, second, later = both_carnets(self.corridors, self.region, rng, f"transport {index}")
        issued_at = self._placed(replace(first, due_after=later + second.settled_after), rng).issued_at
        return first.placed(issued_at), second.placed(issued_at + later)

    def _placed(self, journey: Journey, rng: Random) -> Journey:
        issued_at = self.order.until - _age(journey, rng)
        return journey.placed(issued_at.replace(second=0, microsecond=0))


def plan(order: Order) -> list[Journey]:
    """Return the journeys in the order of their issue.

    A fault needs a journey whose evidence is all in by `until`, and so does one whose evidence comes in any order; the
    others begin at any time of the window, and those that would end after `until` are still on the way.
    """
    planner = Planner.of(order)
    journeys = [planner.journey(index) for index in range(order.carnets)]
    return sorted(journeys, key=lambda journey: journey.issued_at)


def _faults(order: Order) -> Iterator[PlantedFault | None]:
    """Yield what happens to each carnet: every kind of fault equally often, at random places."""
    rng = Random(f"{order.seed}/faults")  # noqa: S311
    kinds = rng.sample(list(FAULTS.values()), len(FAULTS))
    spoilt = sorted(rng.sample(range(order.carnets), round(order.carnets * order.share)))
    by_index = dict(zip(spoilt, islice(cycle(kinds), len(spoilt)), strict=True))
    return (by_index.get(index) for index in range(order.carnets))


def _age(journey: Journey, rng: Random) -> timedelta:
    """Return how long before the end the carnet is issued."""
    if journey.fault == "still_on_the_way":
        accepted, arrived = journey.on(1).after, journey.on(journey.pages).after
        return accepted + rng.uniform(0.05, 0.95) * (arrived - accepted)
    if journey.fault is None and journey.is_prompt and not journey.due_after:
        return rng.uniform(0, 1) * WINDOW
    return journey.settled_after + rng.uniform(0, 1) * max(WINDOW - journey.settled_after, timedelta(days=1))
