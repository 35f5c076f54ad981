"""Where journeys are made and by whom, and two small tools of everybody who makes one. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from checkpoints.simulation.loads import Fleet
from checkpoints.simulation.roads import Roads


@dataclass(frozen=True, slots=True)
class Region:
    """Where journeys are made, and by whom."""

    roads: Roads
    fleet: Fleet

    @classmethod
    def read(cls) -> "Region":
        return cls(Roads.read(), Fleet.read())


def draw_seals(country: str, rng: Random) -> tuple[str, ...]:
    return tuple(
        f"{country}-{number}" for number in rng.sample(range(100_000, 1_000_000), rng.choice((1, 2, 2)))
    )


def minutes(hours: float) -> timedelta:
    """Return a length of time as stamps state it: in whole minutes."""
    return timedelta(minutes=round(hours * 60))
