"""Seals, vehicles and packages that are not what they should be. Pure."""

from dataclasses import replace
from random import Random

from checkpoints.simulation.faults.registry import fault
from checkpoints.simulation.journeys import Journey
from checkpoints.simulation.travelling import Region, draw_seals


@fault()
def seal_mismatch(journey: Journey, _region: Region, rng: Random) -> Journey:
    """Another seal hangs on the lorry than was affixed, and nobody has reported anything."""
    page = rng.randint(2, journey.pages)
    old, new = journey.on(page).seals_found or (), draw_seals("ZZ", rng)[:1]
    journey = journey.with_pages_from(page, seals_found=(*old[1:], *new))
    return journey.expecting(("seal_mismatch", page))


@fault()
def seal_broken_no_pv(journey: Journey, _region: Region, rng: Random) -> Journey:
    """An office finds a seal broken, affixes its own, and draws up no certified report (art. 25)."""
    page = rng.randint(2, journey.pages)
    journey = reseal(journey, page, draw_seals(journey.on(page).office[:2], rng)[:1])
    return journey.expecting(("seal_broken_no_pv", page))


@fault()
def vehicle_changed(journey: Journey, region: Region, rng: Random) -> Journey:
    """Another tractor pulls the trailer, and nobody has reported it."""
    page = rng.randint(2, journey.pages)
    return with_tractor(journey, page, tractor(journey, region, rng)).expecting(("vehicle_changed", page))


@fault()
def pkg_short(journey: Journey, _region: Region, rng: Random) -> Journey:
    """Packages are missing at destination."""
    short = rng.randint(1, max(journey.load.packages // 20, 1))
    journey = journey.with_page(journey.pages, packages=journey.load.packages - short)
    return journey.expecting(("pkg_short", journey.pages))


@fault()
def pkg_over(journey: Journey, _region: Region, rng: Random) -> Journey:
    """There are more packages at destination than on the manifest (art. 8(5))."""
    over = rng.randint(1, max(journey.load.packages // 20, 1))
    journey = journey.with_page(journey.pages, packages=journey.load.packages + over)
    return journey.expecting(("pkg_over", journey.pages))


@fault()
def reservation(journey: Journey, _region: Region, rng: Random) -> Journey:
    """A termination is certified with a reservation (art. 28)."""
    page = 2 * rng.randint(1, journey.operations)
    text = rng.choice(
        (
            "Tarpaulin torn on the left side, goods to be counted.",
            "Two cartons wet and opened.",
            "Weight differs from the manifest by more than five per cent.",
        )
    )
    return journey.with_page(page, reservation=text).expecting(("reservation", page))


def reseal(journey: Journey, page: int, new: tuple[str, ...]) -> Journey:
    """One seal is found broken on this page, and the office puts a new one in its place."""
    remaining = (journey.on(page).seals_found or ())[1:]
    journey = journey.with_pages_from(page + 1, seals_found=(*remaining, *new))
    return journey.with_page(page, seals_intact=False, seals_found=remaining, seals_affixed=new)


def tractor(journey: Journey, region: Region, rng: Random) -> str:
    return region.fleet.plate(journey.load.plates[0].country, "tractor", rng).registration


def with_tractor(journey: Journey, page: int, tractor: str) -> Journey:
    plates = (tractor, *journey.load.registrations[1:])
    journey = journey.changed(
        lambda stamp: stamp.page > page and stamp.vehicles is not None,
        lambda stamp: replace(stamp, vehicles=plates),
    )
    return journey.with_page(page, vehicles=plates)
