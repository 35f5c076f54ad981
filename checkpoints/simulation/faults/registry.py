"""What a fault is, and the book of all of them. Pure.

A fault takes a clean journey and returns it spoilt, with the exact set of irregularities that must follow: no other
code, no other page. A complication looks like a fault and is none: nothing bars the discharge. An honest transport may
wait for a person all the same, where the law asks for one or a machine can not know better.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from checkpoints.simulation.journeys import Journey
from checkpoints.simulation.region import Region
from checkpoints.simulation.shapes import Goods

Spoil = Callable[[Journey, Region, Random], Journey]
Fits = Callable[[Journey, Region], bool]


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """One thing that can happen to a journey."""

    name: str
    spoil: Spoil
    fits: Fits
    is_honest: bool

    def on(self, journey: Journey, region: Region, rng: Random) -> Journey:
        return replace(self.spoil(journey, region, rng), fault=self.name, is_honest=self.is_honest)


FAULTS: dict[str, PlantedFault] = {}


def anywhere(_journey: Journey, _region: Region) -> bool:
    return True


def under_seal(journey: Journey, _region: Region) -> bool:
    """Whether there are seals, and a frontier to find them at."""
    return not journey.freight.is_heavy and bool(journey.frontier_pages)


def unexplained(journey: Journey) -> list[int]:
    """Return the frontier pages before which no control opened the lorry: one would explain what is found, and what is
    done to a seal could come before it or after."""
    explained = {happening.page for happening in journey.happenings}
    return [page for page in journey.frontier_pages if page not in explained]


def under_seal_unexplained(journey: Journey, region: Region) -> bool:
    """Whether there are seals, and a frontier before which nobody touched them."""
    return under_seal(journey, region) and bool(unexplained(journey))


def across_a_frontier(journey: Journey, _region: Region) -> bool:
    return bool(journey.frontier_pages)


def counted(journey: Journey, _region: Region) -> bool:
    """Whether packages end at the last stop that can be counted."""
    return journey.on(journey.pages).packages_there not in (None, 0)


def by_ferry(journey: Journey, _region: Region) -> bool:
    return any(stamp.is_suspension for stamp in journey.stamps)


def on_wheels(journey: Journey, _region: Region) -> bool:
    """Whether a trailer carries the goods, so that its absence is seen."""
    return journey.shape.goods is not Goods.CONTAINERS and len(journey.freight.plates) > 1


def planted_fault(fits: Fits = anywhere, *, is_honest: bool = False) -> Callable[[Spoil], Spoil]:
    """Register a function under its own name as a fault, for the journeys to which it can happen."""

    def register(spoil: Spoil) -> Spoil:
        FAULTS[spoil.__name__] = PlantedFault(spoil.__name__, spoil, fits, is_honest)
        return spoil

    return register


def complication(fits: Fits = anywhere) -> Callable[[Spoil], Spoil]:
    """Register what looks like a fault and is none."""
    return planted_fault(fits, is_honest=True)
