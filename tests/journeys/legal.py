"""Legal transports: every way in which the Convention lets a transport go, told in full by every office.

A transport is described by a value in each of seven dimensions; what two values can go together is tried together, at
least so many times as asked for. What cannot is listed with the reason.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import combinations, product
from random import Random

from checkpoints.reference import tables
from checkpoints.simulation.journeys import Journey, PlannedControl
from checkpoints.simulation.region import Region
from checkpoints.simulation.shapes import Goods, Road, Sealing, Shape
from checkpoints.simulation.travelling import travel

UNIONS = frozenset({"EAEU", "EU"})
UNSEALED = "unsealed"
TRIES = 400  # transports drawn for one pair of values before it is held to be missing from the map
DAY = timedelta(days=1)

DIMENSIONS: dict[str, tuple[object, ...]] = {
    "loads": (1, 2, 3, 4),
    "unloads": (1, 2, 3, 4, 5, 6),
    "seals": (*map(str, Sealing), UNSEALED),
    "road": tuple(map(str, Road)),
    "union": (True, False),
    "bulk": ("counted", "bulk", "mixed"),
    "suspension": ("none", "by ferry", "inside a union"),
}

Value = tuple[str, object]
Pair = frozenset[Value]


def is_possible(pair: Pair) -> bool:
    """Whether two values can go together at all."""
    values = dict(pair)
    if {"loads", "unloads"} <= values.keys():
        return int(str(values["loads"])) + int(str(values["unloads"])) <= 8  # art. 18
    if values.get("suspension") == "inside a union" and values.get("union") is False:
        return False
    return not (
        values.get("seals") == UNSEALED and values.get("bulk") in {"bulk", "mixed"}
    )  # heavy goods are counted


PAIRS = [
    pair
    for (one, values), (other, others) in combinations(DIMENSIONS.items(), 2)
    for value, another in product(values, others)
    if is_possible(pair := frozenset({(one, value), (other, another)}))
]


@dataclass
class Transports:
    """Draws legal transports until every possible pair of values was had `each` times."""

    seed: int
    each: int
    region: Region = field(default_factory=Region.read)
    counts: Counter[Pair] = field(default_factory=Counter)

    def draw(self) -> Iterator[Journey]:
        """Yield the transports."""
        rng = Random(self.seed)
        corridors = tables.corridors()
        for wanted in PAIRS:
            while self.counts[wanted] < self.each:
                journey = self._one_with(wanted, corridors, rng)
                self.counts.update(_pairs_of(values_of(journey, self.region)))
                yield journey

    def _one_with(self, wanted: Pair, corridors: list[tables.Corridor], rng: Random) -> Journey:
        for _ in range(TRIES):
            shape = _shape(dict(wanted), rng)
            journey = travel(rng.choice(corridors), self.region, rng, shape)
            if wanted <= set(values_of(journey, self.region).items()):
                return journey
        raise LookupError(f"no transport has {sorted(map(str, wanted))}")

    def told(self) -> Iterator[str]:
        """Yield the coverage, dimension by dimension."""
        for one, other in combinations(DIMENSIONS, 2):
            of_these = [self.counts[pair] for pair in PAIRS if dict(pair).keys() == {one, other}]
            yield f"{one} × {other}: {len(of_these)} pairs, each at least {min(of_these)} times"


def values_of(journey: Journey, region: Region) -> dict[str, object]:
    """Return what a transport came to in each dimension."""
    territories = {region.roads.offices[call.office].territory for call in journey.planned}
    return {
        "loads": journey.shape.loads,
        "unloads": journey.shape.unloads,
        "seals": _seals(journey),
        "road": str(journey.shape.road),
        "union": bool(territories & UNIONS),
        "bulk": _bulk(journey.shape.goods),
        "suspension": _suspension(journey, region),
    }


def _seals(journey: Journey) -> str:
    if journey.freight.is_heavy:
        return UNSEALED
    sealing = journey.shape.sealing
    is_added = any(journey.on(page).seals_affixed for page in journey.frontier_pages)
    is_controlled = any(isinstance(each, PlannedControl) for each in journey.happenings)
    has_happened = {Sealing.ADDED_ON_TRANSIT: is_added, Sealing.CONTROLLED: is_controlled}
    return str(sealing if has_happened.get(sealing, True) else Sealing.NEW_ON_THE_NEXT_PAGE)


def _bulk(goods: Goods) -> str:
    return str(goods) if goods in {Goods.BULK, Goods.MIXED} else "counted"


def _suspension(journey: Journey, region: Region) -> str:
    for stamp in journey.stamps:
        if stamp.is_suspension:
            left, resumed = (region.roads.offices[journey.on(stamp.page + i).office] for i in (0, 1))
            return "inside a union" if left.territory == resumed.territory else "by ferry"
    return "none"


def _pairs_of(values: dict[str, object]) -> Iterator[Pair]:
    return (frozenset(two) for two in combinations(values.items(), 2))


def _shape(wanted: dict[str, object], rng: Random) -> Shape:
    """Return a shape with the values wanted, any other values elsewhere."""
    unsealed = wanted.get("seals") == UNSEALED
    goods = Goods.HEAVY if unsealed else _goods(wanted, rng)
    sealing = wanted.get("seals") if "seals" in wanted and not unsealed else rng.choice(list(Sealing))
    loads, unloads = rng.choice((1, 1, 2, 3, 4)), rng.choice((1, 1, 2, 3, 4, 5, 6))
    return Shape(
        loads=int(str(wanted.get("loads", loads))),
        unloads=int(str(wanted.get("unloads", unloads))),
        goods=goods,
        sealing=Sealing(str(sealing)),
        road=Road(str(wanted.get("road", rng.choice(list(Road))))),
    )


def _goods(wanted: dict[str, object], rng: Random) -> Goods:
    if wanted.get("bulk") == "counted":
        return rng.choice((Goods.COUNTED, Goods.CONTAINERS))
    if "bulk" in wanted:
        return Goods(str(wanted["bulk"]))
    some = [each for each in Goods if each is not Goods.HEAVY or "seals" not in wanted]
    return rng.choice(some)


def settled(journey: Journey, *, until: datetime) -> Journey:
    """Place a transport so that all its evidence is on record by then, and every quiet time is over."""
    return journey.placed((until - journey.settled_after - 2 * DAY).replace(second=0, microsecond=0))


def without_box_25(journey: Journey, page: int) -> Journey:
    return journey.with_page(page, seals_intact=None, seals_found=None)


def without_box_26(journey: Journey, page: int) -> Journey:
    return journey.with_page(page, packages=None, packages_basis="counted", mass_kg=None)


def without_certificate(journey: Journey, page: int) -> Journey:
    """Take all stamps of a page away, and what was to be put on record about it alone."""
    happenings = tuple(each for each in journey.happenings if each.page != page)
    return replace(journey.without(page), happenings=happenings)
