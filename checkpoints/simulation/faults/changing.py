"""What several faults change: another seal from a page on, another trailer, a box filled in otherwise. Pure."""

from dataclasses import replace
from random import Random

from carnets.choices import PackagesBasis
from checkpoints.simulation.journeys import Expectation, Journey, PlannedControl, PlannedStamp, Seals
from checkpoints.simulation.region import Region
from tir.kernel.spelling import are_spelt_differently, common_form


def reseal(journey: Journey, page: int, new: Seals) -> Journey:
    """One seal is found broken on this page, and the office puts a new one in its place."""
    there = journey.on(page).seals_there
    journey = replaced_from(journey, page + 1, there[0], new)
    journey = without_spelling(certified_by_count(journey, page), page)
    return journey.with_page(
        page,
        seals_intact=False,
        seals_found=there[1:],
        seals_affixed=(*(journey.on(page).seals_affixed or ()), *new),
    )


def replaced_from(journey: Journey, page: int, old: str, new: Seals) -> Journey:
    """From a page on, until it comes off, another seal hangs where `old` did; a control just before that page finds it
    there already (where it would come first, see `unexplained`)."""

    def swap(seals: Seals | None) -> Seals | None:
        if seals is None:
            return None
        swapped = [new if common_form(seal) == common_form(old) else (seal,) for seal in seals]
        return tuple(seal for some in swapped for seal in some)

    def told(stamp: PlannedStamp) -> PlannedStamp:
        return replace(
            stamp,
            seals_there=swap(stamp.seals_there) or (),
            seals_found=swap(stamp.seals_found),
            seals_removed=swap(stamp.seals_removed),
        )

    journey = _with_notes_of_spelling(journey.changed(lambda stamp: stamp.page >= page, told))
    return replace(
        journey,
        happenings=tuple(
            replace(each, seals_removed=swap(each.seals_removed) or ())
            if isinstance(each, PlannedControl) and each.page >= page
            else each
            for each in journey.happenings
        ),
    )


def _with_notes_of_spelling(journey: Journey) -> Journey:
    """Keep of the notes about spelling those that still hold."""

    def holds(note: Expectation) -> bool:
        stamp = journey.on(note.page)
        found, there = stamp.seals_found or (), stamp.seals_there
        return note.code != "spelt_differently" or are_spelt_differently(there, found)

    return replace(journey, notes=tuple(note for note in journey.notes if holds(note)))


def with_seals_listed(journey: Journey, page: int) -> Journey:
    """Have the officer write down the seals as they are, and count."""
    journey = without_spelling(certified_by_count(journey, page), page)
    return journey.with_page(page, seals_intact=None, seals_found=journey.on(page).seals_there)


def certified_by_count(journey: Journey, page: int) -> Journey:
    """Have packages counted, or bulk weighed, where the seals say nothing about them any more."""
    stamp = journey.on(page)
    if page % 2 or stamp.packages_basis == PackagesBasis.COUNTED:
        return journey
    kg = None if stamp.packages_there is not None else round(_mass_aboard(journey, page))
    return journey.with_page(
        page, packages_basis=PackagesBasis.COUNTED, packages=stamp.packages_there, mass_kg=kg
    )


def _mass_aboard(journey: Journey, page: int) -> float:
    """Return what is on board at a frontier page, in kilograms."""
    here = journey.pairs[(page - 1) // 2].end.planned or 0
    aboard = (each for each in journey.freight.consignments if each.load <= here + 1 <= each.unload)
    return float(sum(each.mass_kg for each in aboard))


def without_spelling(journey: Journey, page: int) -> Journey:
    """Take out the note that the seals of this page are spelt otherwise: they are not listed as they were."""
    notes = [note for note in journey.notes if (note.code, note.page) != ("spelt_differently", page)]
    return replace(journey, notes=tuple(notes))


def tractor(journey: Journey, region: Region, rng: Random) -> str:
    plate = journey.freight.plates[0]
    return region.fleet.plate(plate.country, plate.kind, rng).registration


def trailer(journey: Journey, region: Region, rng: Random) -> str:
    plate = journey.freight.plates[-1]
    return region.fleet.plate(plate.country, plate.kind, rng).registration


def with_trailer(journey: Journey, page: int, trailer: str) -> Journey:
    """From a page on, another trailer is the last of the train, and that page says so."""
    plates = journey.freight.registrations
    journey = journey.with_page(page, vehicles=journey.on(page).vehicles or plates)
    return journey.changed(
        lambda stamp: stamp.page >= page and stamp.vehicles is not None,
        lambda stamp: replace(stamp, vehicles=(*(stamp.vehicles or ())[:-1], trailer)),
    )
