"""What tests of journeys draw from: the corridors, the region, and journeys of one shape."""

from random import Random

from hypothesis import strategies as st

from checkpoints.reference import tables
from checkpoints.simulation.journeys import Journey
from checkpoints.simulation.region import Region
from checkpoints.simulation.shapes import Shape
from checkpoints.simulation.travelling import travel

REGION = Region.read()
CORRIDORS = tables.corridors()
BY_CODE = {corridor.code: corridor for corridor in CORRIDORS}
seeds = st.integers(0, 2**32)
corridors = st.sampled_from(CORRIDORS)


def clean(corridor: tables.Corridor | str, seed: int, shape: Shape | None = None) -> Journey:
    """Return a journey of that shape, or of any, on which every post has network."""
    drawn = BY_CODE[corridor] if isinstance(corridor, str) else corridor
    return travel(drawn, REGION, Random(seed), shape, is_prompt=True)
