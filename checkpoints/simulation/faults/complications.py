"""What looks like a fault and is none: nothing bars the discharge. Pure."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from checkpoints.choices import ControlKind, DrawnBy, IncidentKind
from checkpoints.simulation.faults.changing import (
    replaced_from,
    reseal,
    tractor,
    trailer,
    with_trailer,
)
from checkpoints.simulation.faults.registry import (
    complication,
    counted,
    on_wheels,
    under_seal,
    under_seal_unexplained,
    unexplained,
)
from checkpoints.simulation.journeys import Journey, PlannedControl, PlannedReport, PlannedStamp, between
from checkpoints.simulation.region import Region, draw_seals, minutes

DAY = timedelta(days=1)
MOST_LOST = 5  # packages of some dozens or hundreds


@complication(under_seal_unexplained)
def resealed_by_control(journey: Journey, _region: Region, rng: Random) -> Journey:
    """Customs opened the lorry on the way and sealed it anew (art. 24): no certified report is needed."""
    page = rng.choice(unexplained(journey))
    stamp, before = journey.on(page), journey.on(page - 1)
    new = draw_seals(before.office[:2], rng)[:1]
    control = PlannedControl(
        page=page,
        office=before.office,
        after=between(before, stamp, rng.uniform(0.3, 0.6)),
        kind=ControlKind.RADIATION,
        seals_removed=stamp.seals_there[:1],
        seals_affixed=new,
    )
    return replaced_from(journey, page, stamp.seals_there[0], new).when(control)


@complication(under_seal)
def seals_broken_with_report(journey: Journey, _region: Region, rng: Random) -> Journey:
    """An office finds a seal broken and draws up the certified report right after its stamp."""
    page = rng.choice(journey.frontier_pages)
    stamp, following = journey.on(page), journey.on(page + 1)
    new = draw_seals(stamp.office[:2], rng)[:1]
    report = PlannedReport(
        page=page,
        office=stamp.office,
        after=min(stamp.after + minutes(rng.uniform(0.2, 1)), between(stamp, following, 0.5)),
        kind=IncidentKind.SEALS_BROKEN,
        description="Seal found broken on arrival, load in order.",
        seals_broken=stamp.seals_there[:1],
        seals_affixed=new,
    )
    journey = reseal(journey, page, new).with_page(page, seals_affixed=stamp.seals_affixed)
    return journey.when(report)


@complication(under_seal_unexplained)
def police_report(journey: Journey, _region: Region, rng: Random) -> Journey:
    """The police sealed the lorry anew after a theft at night; an office enters their report two days later."""
    page = rng.choice(unexplained(journey))
    stamp, before = journey.on(page), journey.on(page - 1)
    new, old = draw_seals("PD", rng)[:1], stamp.seals_there[0]
    report = PlannedReport(
        page=page,
        office=stamp.office,
        after=between(before, stamp, rng.uniform(0.3, 0.9)),
        kind=IncidentKind.SEALS_BROKEN,
        description="Curtain cut at a car park at night, nothing missing; sealed by the police.",
        seals_broken=(old,),
        seals_affixed=new,
        drawn_by=DrawnBy.POLICE,
        entered=stamp.after + 2 * DAY,
    )
    return replaced_from(journey, page, old, new).when(report)


@complication(lambda journey, _region: len(journey.freight.plates) > 1)
def tractor_changed(journey: Journey, region: Region, rng: Random) -> Journey:
    """Another tractor pulls the sealed trailer: a note at most, and no report is needed."""
    page, other = rng.randint(2, journey.pages), tractor(journey, region, rng)
    journey = journey.with_page(page, vehicles=journey.freight.registrations)
    return journey.changed(
        lambda stamp: stamp.page >= page and stamp.vehicles is not None,
        lambda stamp: replace(stamp, vehicles=(other, *(stamp.vehicles or ())[1:])),
    )


@complication(on_wheels)
def trailer_changed_with_report(journey: Journey, region: Region, rng: Random) -> Journey:
    """The trailer broke down and another one took over the goods, under a certified report."""
    page = rng.choice(journey.frontier_pages or [2])
    stamp, before, other = journey.on(page), journey.on(page - 1), trailer(journey, region, rng)
    report = PlannedReport(
        page=page,
        office=stamp.office,
        after=between(before, stamp, rng.uniform(0.3, 0.9)),
        kind=IncidentKind.VEHICLE_CHANGE,
        description="Axle broken; another trailer took over the goods under supervision.",
        vehicles=(other,),
    )
    return with_trailer(journey, page, other).when(report)


def _can_lose_some(journey: Journey, region: Region) -> bool:
    """Whether one unload counts what every office before it could, and so many that some may be missing at each."""
    counts = [stamp.packages_there for stamp in journey.stamps if stamp.packages_there is not None]
    return counted(journey, region) and journey.shape.unloads == 1 and min(counts) > MOST_LOST


@complication(_can_lose_some)
def goods_lost_and_reported(journey: Journey, _region: Region, rng: Random) -> Journey:
    """Some packages were destroyed on the way, a certified report says how many are left, and every office after it
    counts those: a difference accepted once never counts again."""
    return _counted_from(journey, -rng.randint(1, MOST_LOST), rng)


@complication(lambda journey, region: counted(journey, region) and journey.shape.unloads == 1)
def excess_endorsed(journey: Journey, _region: Region, rng: Random) -> Journey:
    """An office finds more packages than on the manifest and endorses that before anything is certified (art. 8(5))."""
    return _counted_from(journey, rng.randint(1, 5), rng)


def _counted_from(journey: Journey, more: int, rng: Random) -> Journey:
    """Have so many packages more on board from between two operations on: what came to light is on record before the
    second of them begins, and its No. 1 is the baseline."""
    page = rng.choice([page for page in journey.frontier_pages if page % 2] or [journey.pages - 1])
    before, after = journey.on(page - 1), journey.on(page)
    at = between(before, after, 0.5)
    found = (journey.on(page + 1).packages_there or 0) + more
    if more > 0:
        journey = journey.when(
            PlannedControl(page, after.office, at, kind=ControlKind.EXAMINATION, packages=found)
        )
    else:
        text = "Pallets fell in an accident; what could be saved was counted."
        report = PlannedReport(page, after.office, at, IncidentKind.DANGER, text, packages=found)
        journey = journey.when(report)
    return journey.changed(
        lambda stamp: stamp.page > page and stamp.packages is not None,
        lambda stamp: replace(stamp, packages=(stamp.packages_there or 0) + more, packages_presented=None),
    )


@complication(lambda journey, _region: journey.pages > 2)  # noqa: PLR2004
def offline_shuffled(journey: Journey, _region: Region, rng: Random) -> Journey:
    """Posts without network: their stamps reach the server within the time that the territory allows, in any order."""
    first = rng.randint(1, journey.pages - 1)
    offline = [page for page in range(first, journey.pages + 1) if rng.random() < 0.8]  # noqa: PLR2004
    for page in sorted({first, *offline}):
        made = journey.on(page).after + minutes(rng.uniform(2, 60))
        journey = journey.with_page(page, is_offline=True, made=made)
    return journey


@complication()
def cancelled_and_restamped(journey: Journey, _region: Region, rng: Random) -> Journey:
    """An office miscounts, cancels its own stamp and makes a right one."""
    page = 2 * rng.randint(1, len(journey.pairs))
    right = journey.on(page)
    wrong = replace(right, name="mistaken", packages=max((right.packages_there or 0) - 7, 0))
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
    stamps = tuple(stamp for stamp in journey.stamps if stamp.page != page)
    return replace(journey, stamps=stamps).also(wrong, cancelling, corrected)


@complication(lambda journey, _region: bool(_without_limit(journey)))
def slow_without_a_limit(journey: Journey, _region: Region, rng: Random) -> Journey:
    """Customs set no time limit (box 20) and the lorry took longer than usual: that is not late (art. 20)."""
    operation = rng.choice(_without_limit(journey))
    usual = journey.limit(operation) + journey.graces[operation - 1]
    delay = usual + minutes(rng.uniform(2, 60)) - journey.on(2 * operation).after
    return journey.delayed_from(2 * operation, delay)


def _without_limit(journey: Journey) -> list[int]:
    return [pair.sequence for pair in journey.pairs if journey.on(2 * pair.sequence - 1).time_limit is None]


@complication()
def still_on_the_way(journey: Journey, _region: Region, _rng: Random) -> Journey:
    """Nothing is wrong: the lorry has not arrived yet (placed so in time, see `planning`)."""
    return journey
