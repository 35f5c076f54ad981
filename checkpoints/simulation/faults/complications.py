"""What looks like a fault and is none: reconciliation must flag nothing. Pure."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from checkpoints.choices import IncidentKind
from checkpoints.simulation.faults.cargo import reseal, tractor, with_tractor
from checkpoints.simulation.faults.registry import fault
from checkpoints.simulation.journeys import Journey, PlannedReport, PlannedStamp, between
from checkpoints.simulation.travelling import Region, draw_seals, minutes

DAY = timedelta(days=1)


@fault()
def seals_changed_with_report(journey: Journey, _region: Region, rng: Random) -> Journey:
    """Customs opened the lorry on the way and sealed it anew, and the certified report says so."""
    page = rng.randint(2, journey.pages)
    stamp, before = journey.on(page), journey.on(page - 1)
    old, new = stamp.seals_found or (), draw_seals(stamp.office[:2], rng)[:1]
    report = PlannedReport(
        office=stamp.office,
        after=between(before, stamp, rng.uniform(0.3, 0.9)),
        kind=IncidentKind.SEALS_BROKEN,
        description="Load compartment opened for examination, resealed by customs.",
        seals_broken=old[:1],
        seals_affixed=new,
    )
    return replace(journey.with_pages_from(page, seals_found=(*old[1:], *new)), reports=(report,))


@fault()
def seals_broken_with_report(journey: Journey, _region: Region, rng: Random) -> Journey:
    """An office finds a seal broken and draws up the certified report right after its stamp."""
    page = rng.randint(2, journey.pages)
    stamp = journey.on(page)
    new = draw_seals(stamp.office[:2], rng)[:1]
    report = PlannedReport(
        office=stamp.office,
        after=stamp.after + minutes(rng.uniform(0.2, 1)),
        kind=IncidentKind.SEALS_BROKEN,
        description="Seal found broken on arrival, load in order.",
        seals_broken=(stamp.seals_found or ())[:1],
        seals_affixed=new,
    )
    journey = reseal(journey, page, new).with_page(page, seals_affixed=None)
    return replace(journey, reports=(report,))


@fault()
def vehicle_changed_with_report(journey: Journey, region: Region, rng: Random) -> Journey:
    """The tractor broke down and another one took over, under a certified report."""
    page = rng.randint(2, journey.pages)
    stamp, before, other = journey.on(page), journey.on(page - 1), tractor(journey, region, rng)
    report = PlannedReport(
        office=stamp.office,
        after=between(before, stamp, rng.uniform(0.3, 0.9)),
        kind=IncidentKind.VEHICLE_CHANGE,
        description="Engine failure; another tractor took over the sealed trailer.",
        vehicles=(other,),
    )
    return replace(with_tractor(journey, page, other), reports=(report,))


@fault()
def offline_shuffled(journey: Journey, _region: Region, rng: Random) -> Journey:
    """Posts without network: their stamps reach the server days later, in any order."""
    first = rng.randint(1, journey.pages - 1)
    offline = [page for page in range(first, journey.pages + 1) if rng.random() < 0.8]  # noqa: PLR2004
    latest = journey.on(journey.pages).after
    for page in sorted({first, *offline}):
        made = max(journey.on(page).after, latest - 3 * DAY) + minutes(rng.uniform(72, 120))
        journey = journey.with_page(page, is_offline=True, made=made)
    return journey


@fault()
def cancelled_and_restamped(journey: Journey, _region: Region, rng: Random) -> Journey:
    """An office miscounts, cancels its own stamp and makes a right one."""
    page = 2 * rng.randint(1, journey.operations)
    right = journey.on(page)
    wrong = replace(right, name="mistaken", packages=max(journey.load.packages - 7, 0))
    noticed = right.after + minutes(rng.uniform(0.1, 0.5))
    cancelling = PlannedStamp(
        page=page,
        office=right.office,
        after=noticed,
        made=noticed,
        name="cancelling",
        cancels="mistaken",
        cancel_reason="Miscounted; counted again.",
    )
    corrected = replace(right, name="corrected", made=noticed + minutes(0.1))
    return journey.without(page).also(wrong, cancelling, corrected)


@fault()
def still_on_the_way(journey: Journey, _region: Region, _rng: Random) -> Journey:
    """Nothing is wrong: the lorry has not arrived yet (placed so in time, see `planning`)."""
    return journey
