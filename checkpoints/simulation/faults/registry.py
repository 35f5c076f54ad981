"""What a fault is, and the book of all of them. Pure.

A fault takes a clean journey and returns it spoilt, with the exact set of irregularities that must follow: no other
code, no other page. A complication looks like a fault and is none: nothing may be flagged.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from checkpoints.reference import tables
from checkpoints.simulation.journeys import Journey
from checkpoints.simulation.roads import Roads
from checkpoints.simulation.travelling import Region

Spoil = Callable[[Journey, Region, Random], Journey]
Fits = Callable[[tables.Corridor, Roads], bool]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can happen to a journey."""

    name: str
    spoil: Spoil
    fits: Fits

    def on(self, journey: Journey, region: Region, rng: Random) -> Journey:
        return replace(self.spoil(journey, region, rng), fault=self.name)


FAULTS: dict[str, Fault] = {}


def anywhere(_corridor: tables.Corridor, _roads: Roads) -> bool:
    return True


def by_ferry(corridor: tables.Corridor, _roads: Roads) -> bool:
    return any(operation.suspension_after for operation in corridor.operations)


def fault(fits: Fits = anywhere) -> Callable[[Spoil], Spoil]:
    """Register a function under its own name as a fault, for the corridors where it can happen."""

    def register(spoil: Spoil) -> Spoil:
        FAULTS[spoil.__name__] = Fault(spoil.__name__, spoil, fits)
        return spoil

    return register
