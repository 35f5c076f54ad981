"""Seals, vehicles and packages that are not what they should be. Pure."""

from random import Random

from carnets.choices import PackagesBasis
from checkpoints.simulation.faults.changing import (
    certified_by_count,
    replaced_from,
    reseal,
    trailer,
    with_seals_listed,
    with_trailer,
    without_spelling,
)
from checkpoints.simulation.faults.registry import (
    counted,
    on_wheels,
    planted_fault,
    under_seal,
    under_seal_unexplained,
    unexplained,
)
from checkpoints.simulation.journeys import Journey
from checkpoints.simulation.region import Region, draw_seals
from checkpoints.simulation.shapes import Sealing


@planted_fault(under_seal)
def seal_mismatch(journey: Journey, _region: Region, rng: Random) -> Journey:
    """Another seal hangs on the lorry than was affixed, and nobody has reported anything."""
    page = rng.choice(journey.frontier_pages)
    old, new = journey.on(page).seals_there[0], draw_seals("ZZ", rng)[0]
    journey = replaced_from(journey, page, old, (new,))
    return with_seals_listed(journey, page).expecting(("seal_mismatch", page))


@planted_fault(under_seal_unexplained)
def seal_broken_no_pv(journey: Journey, _region: Region, rng: Random) -> Journey:
    """An office finds a seal broken, affixes its own, and draws up no certified report (art. 25)."""
    page = rng.choice(unexplained(journey))
    journey = reseal(journey, page, draw_seals(journey.on(page).office[:2], rng)[:1])
    return journey.expecting(("seal_broken_no_pv", page))


@planted_fault(under_seal)
def seals_not_checked(journey: Journey, _region: Region, rng: Random) -> Journey:
    """An office says nothing about the seals at its No. 2: a blank is not a certificate."""
    page = rng.choice([page for page in journey.frontier_pages if page % 2 == 0] or [journey.pages])
    journey = without_spelling(certified_by_count(journey, page), page)
    return journey.with_page(page, seals_intact=None, seals_found=None).expecting(("seals_not_checked", page))


def sealed_by_nobody_else(journey: Journey, region: Region) -> bool:
    """Whether no country on the way adds a seal of its own, which would be one on record."""
    return under_seal(journey, region) and journey.shape.sealing is not Sealing.ADDED_ON_TRANSIT


@planted_fault(sealed_by_nobody_else)
def seals_unknown(journey: Journey, _region: Region, _rng: Random) -> Journey:
    """The office of departure writes no seals down; those after it tick what they find as intact."""
    journey = journey.with_page(1, seals_affixed=None)
    for page in range(2, _last_page_unsealed(journey) + 1):
        journey = without_spelling(journey, page).with_page(page, seals_intact=True, seals_found=None)
    return journey.expecting(("seals_unknown", 1))


@planted_fault(counted)
def packages_not_certified(journey: Journey, _region: Region, _rng: Random) -> Journey:
    """Box 26 stays blank at destination."""
    page = journey.pages
    blank = {"packages": None, "packages_basis": PackagesBasis.COUNTED, "mass_kg": None}
    return journey.with_page(page, **blank).expecting(("packages_not_certified", page))


@planted_fault(on_wheels)
def vehicle_changed(journey: Journey, region: Region, rng: Random) -> Journey:
    """A trailer is missing, another one was hooked on, and nobody has reported it."""
    page = rng.randint(2, journey.pages)
    while page % 2 and journey.does(page) == journey.does(page - 1):  # one visit: seen at its No. 2 already
        page -= 1
    journey = with_trailer(journey, page, trailer(journey, region, rng))
    return journey.expecting(("vehicle_changed", page))


@planted_fault(counted)
def pkg_short(journey: Journey, _region: Region, rng: Random) -> Journey:
    """Packages are missing at destination."""
    right = journey.on(journey.pages).packages_there or 0
    return _with_last_count(journey, right - rng.randint(1, max(right // 20, 1))).expecting(
        ("pkg_short", journey.pages)
    )


@planted_fault(counted, is_honest=True)
def pkg_over(journey: Journey, _region: Region, rng: Random) -> Journey:
    """There are more packages at destination than on the manifest (art. 8(5)): covered, and for a person to see."""
    right = journey.on(journey.pages).packages_there or 0
    return _with_last_count(journey, right + rng.randint(1, max(right // 20, 1))).expecting(
        ("pkg_over", journey.pages)
    )


@planted_fault(
    lambda journey, _region: journey.on(journey.pages).packages_there is None and not journey.freight.is_heavy
)
def mass_differs(journey: Journey, _region: Region, rng: Random) -> Journey:
    """Bulk weighs less at destination than on the manifest, by more than the tolerance."""
    page = journey.pages
    last = journey.planned[-1].planned or 0
    kg = sum(float(each.mass_kg) for each in journey.freight.consignments if each.unload == last + 1)
    journey = journey.with_page(
        page, packages_basis=PackagesBasis.AS_MANIFEST, mass_kg=round(kg * rng.uniform(0.8, 0.95))
    )
    return journey.expecting(("mass_differs", page))


@planted_fault(is_honest=True)
def reservation(journey: Journey, _region: Region, rng: Random) -> Journey:
    """A termination is certified with a reservation (art. 28): customs decide."""
    page = 2 * rng.randint(1, len(journey.pairs))
    text = rng.choice(
        (
            "Tarpaulin torn on the left side, goods to be counted.",
            "Two cartons wet and opened.",
            "Weight differs from the manifest by more than five per cent.",
        )
    )
    return journey.with_page(page, reservation=text).expecting(("reservation", page))


def _with_last_count(journey: Journey, packages: int) -> Journey:
    """Have the last office count so many."""
    return journey.with_page(
        journey.pages, packages=packages, packages_basis=PackagesBasis.COUNTED, packages_presented=None
    )


def _last_page_unsealed(journey: Journey) -> int:
    """Return the last page on which only those seals hang that the office of departure wrote nothing about."""
    for page in range(2, journey.pages + 1):
        if journey.on(page).seals_affixed or _is_sealed_anew_after(journey, page):
            return page
        if any(happening.page == page for happening in journey.happenings):
            return page - 1
    return journey.pages


def _is_sealed_anew_after(journey: Journey, page: int) -> bool:
    """Whether goods are handled at this No. 2, and the No. 1 after it says which seals hang there then."""
    is_inner_end = page % 2 == 0 and page < journey.pages and page not in journey.frontier_pages
    return is_inner_end and bool(journey.on(page + 1).seals_affixed)
