"""What kind of transport a journey is: how often it loads and unloads, what it carries, how it is sealed, which road it
takes. Drawn at random in the shares below, or asked for by a test. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import TypeVar


class Goods(StrEnum):
    COUNTED = "counted"
    BULK = "bulk"  # no line has a number of packages
    MIXED = "mixed"  # some lines have
    CONTAINERS = "containers"  # counted, each consignment in a container on a flatbed
    HEAVY = "heavy"  # heavy or bulky: no seals (art. 29)


class Sealing(StrEnum):
    """What happens to the seals on the way; the first four differ only where goods are loaded or unloaded on it."""

    KEPT = "kept"  # those of the other compartments stay, a new one comes for what was loaded
    NEW_ON_THE_NEXT_PAGE = (
        "new_on_the_next_page"  # new ones written on the next No. 1, the old ones not mentioned
    )
    REMOVED_AND_AFFIXED = "removed_and_affixed"  # both written down
    NEW_ON_THE_SAME_PAGE = "new_on_the_same_page"  # affixed on the No. 2, found on the next No. 1
    ADDED_ON_TRANSIT = "added_on_transit"  # a national seal goes on at entry and off at exit (art. 22)
    CONTROLLED = "controlled"  # an office opens and seals anew on the way (art. 24)


class Road(StrEnum):
    AS_PLANNED = "as_planned"
    ANOTHER_FRONTIER = "another_frontier"
    ONE_COUNTRY_MORE = "one_country_more"
    ONE_COUNTRY_LESS = "one_country_less"
    ENDS_AT_ANOTHER_OFFICE = "ends_at_another_office"  # art. 27, in the same country
    ENDS_ELSEWHERE = "ends_elsewhere"  # art. 27, in another country
    GOES_ON = "goes_on"  # part is unloaded at the last stop, the rest goes on to another office
    TURNED_BACK = "turned_back"  # refused at a frontier, its exit cancelled, tried elsewhere


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of transport. `loads` and `unloads` count the offices; where a corridor has no room for what is asked,
    the journey's own shape says what came of it."""

    loads: int = 1
    unloads: int = 1
    goods: Goods = Goods.COUNTED
    sealing: Sealing = Sealing.NEW_ON_THE_NEXT_PAGE
    road: Road = Road.AS_PLANNED

    def planned(self) -> "Shape":
        """Return the same transport on the planned road."""
        return replace(self, road=Road.AS_PLANNED)


Choice = TypeVar("Choice")

LOADS = {1: 70, 2: 18, 3: 8, 4: 4}
UNLOADS = {1: 62, 2: 18, 3: 9, 4: 5, 5: 3, 6: 3}
GOODS = {Goods.COUNTED: 66, Goods.CONTAINERS: 13, Goods.BULK: 9, Goods.MIXED: 7, Goods.HEAVY: 5}
SEALING = {each: 1 for each in Sealing} | {Sealing.NEW_ON_THE_NEXT_PAGE: 4, Sealing.KEPT: 2}
ROADS = {each: 3 for each in Road} | {Road.AS_PLANNED: 79}


def draw_shape(rng: Random) -> Shape:
    """Return a shape in the shares that real traffic has, as far as anybody told us."""
    return Shape(
        one_of(LOADS, rng), one_of(UNLOADS, rng), one_of(GOODS, rng), one_of(SEALING, rng), one_of(ROADS, rng)
    )


def one_of(weights: dict[Choice, int], rng: Random) -> Choice:
    """Return one of the keys, as often as its weight says."""
    return rng.choices(list(weights), list(weights.values()))[0]
