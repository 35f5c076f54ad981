"""The walk along the pages: each certification is compared with the journey so far, then the journey moves past it.

Reports and controls are taken in where their instant lies; what the walk carries from stamp to stamp is seals, load and
units. Baseline of an operation is the journey at its own No. 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from carnets.choices import Made, PackagesBasis, StopAction
from carnets.itinerary import ROLES
from carnets.projection import cargo, units
from carnets.projection import seals as sealing
from carnets.projection.alignment import Alignment
from carnets.projection.evidence import Certification, Event, OfficeFacts, Report, Seals
from carnets.projection.plan import Plan, PlannedConsignment, Practices
from carnets.projection.sides import CertifiedSide, SideFacts
from carnets.vouchers import is_start, operation_of
from tir.kernel.spelling import are_spelt_differently, common_forms
from tir.kernel.values import value

CLOCK_TOLERANCE = timedelta(minutes=10)  # a device's clock may run ahead or behind by so much
REPORT_MAY_FOLLOW = timedelta(hours=12)  # a report drawn up by the office that found the damage, just after
EARTH_KM = 6371.0
SPEED_MATTERS_FROM_KM = 20.0  # below this the offices' positions are too coarse to speak of speed
FASTEST_LORRY_KMH = 130  # as the crow flies; what is faster needs another explanation than a lorry
FASTEST_RECORDED_KMH = 9999


@dataclass(slots=True)
class _Journey:
    """What is carried from one certification to the next."""

    alignment: Alignment
    events: list[Event]
    load: cargo.Load
    train: units.Train
    seals: sealing.SealSet = field(default_factory=sealing.SealSet)
    sides: dict[int, CertifiedSide] = field(default_factory=dict)
    base: int | None = None  # packages on board at the No. 1 of the pair under way
    follow: tuple[Event, ...] = ()  # reports that the latest certification took in, drawn up after it
    latest: Certification | None = None

    def again(self, alignment: Alignment) -> "_Journey":
        """Return it as far as it has come, to go on with other evidence."""
        load, train, seals = self.load.copy(), self.train.copy(), self.seals.copy()
        sides = dict(self.sides)
        return _Journey(
            alignment, self.events, load, train, seals, sides, self.base, self.follow, self.latest
        )


@value
class Walk:
    """Every side by its page, and at the end the seals that should be on the lorry and what is on board; `packages`
    is None where nobody knows any more. From `passed` on, another page may be walked."""

    sides: dict[int, CertifiedSide]
    seals: Seals | None
    packages: int | None = None
    aboard: tuple[PlannedConsignment, ...] = ()
    passed: _Journey | None = None


def walk(alignment: Alignment, events: Iterable[Event], before: Walk | None = None) -> Walk:
    """Walk along what stands, in page order.

    `before` is the walk of the same carnet as it was known a moment ago: where the evidence only went one page further,
    so does the walk. The answer is the same without it.
    """
    happened = sorted(events, key=lambda event: (event.at, event.id))
    passed = before.passed if before is not None and not happened else None
    if passed is not None and (page := page_ahead(passed.alignment, alignment)):
        return _go_on(passed.again(alignment), page)
    journey = _Journey(alignment, happened, cargo.Load(alignment.plan), units.Train.of(alignment.plan.units))
    for sequence in alignment.standing.used:
        start, end = alignment.standing.pair(sequence)
        _begin_pair(journey, sequence, start)
        if end is not None:
            _end_pair(journey, end)
    passed = None if happened else journey
    for event in journey.events:
        sealing.move_seals_past_event(journey.seals, event)
        if event.packages is not None:
            journey.load.set_count(event.packages)
    return _at_its_end(journey, passed)


def page_ahead(was: Alignment, now: Alignment) -> int | None:
    """Return the one page by which the evidence has grown, where it lies behind all others and changes nothing of what
    the lorry did there."""
    earlier, pages = was.standing.by_page, now.standing.by_page
    page = max(pages, default=0)
    if page in earlier or len(pages) != len(earlier) + 1:
        return None
    is_same = all(
        pages.get(each) is said and now.does(each) is was.does(each) for each, said in earlier.items()
    )
    return page if is_same else None


def _go_on(journey: _Journey, page: int) -> Walk:
    said, sequence = journey.alignment.standing.by_page[page], operation_of(page)
    if is_start(page):
        _begin_pair(journey, sequence, said)
    else:
        if journey.alignment.standing.pair(sequence)[0] is None:
            _begin_pair(journey, sequence, None)
        _end_pair(journey, said)
    return _at_its_end(journey, journey)


def _at_its_end(journey: _Journey, passed: _Journey | None) -> Walk:
    return Walk(journey.sides, journey.seals.expected, journey.load.packages, journey.load.aboard, passed)


def _begin_pair(journey: _Journey, sequence: int, start: Certification | None) -> None:
    if start is None:
        cargo.start(journey.load, journey.alignment, sequence, None)
    else:
        journey.sides[start.page] = _pass_start(journey, start)
    journey.base = journey.load.packages
    _recount(journey, journey.follow if start is not None else ())


def _end_pair(journey: _Journey, end: Certification) -> None:
    journey.sides[end.page] = _pass_termination(journey, end)
    _recount(journey, journey.follow)


def _pass_start(journey: _Journey, said: Certification) -> CertifiedSide:
    alignment, sequence = journey.alignment, operation_of(said.page)
    taken = _take_events(journey, said)
    cargo.start(journey.load, alignment, sequence, said)
    does, is_visit = alignment.does(said.page), alignment.is_visit(sequence)
    found = sealing.compare(said, None if is_visit else journey.seals.expected)
    side = _side(journey, said, found, taken, is_visit=is_visit)
    units.move_train_past_stamp(
        journey.train, said, _not_aboard(journey, said), after_unload=is_visit and does is StopAction.UNLOAD
    )
    _move_past(journey, side, taken.follow, does, is_visit=is_visit)
    side.are_seals_unknown = _are_seals_unknown(journey, said, does)
    if side.are_seals_unknown and said.seals_intact and said.seals_found is None:
        journey.seals.take_over_unnamed()  # told once, not at every later start
    return side


def _pass_termination(journey: _Journey, said: Certification) -> CertifiedSide:
    alignment = journey.alignment
    taken = _take_events(journey, said)
    does = alignment.does(said.page)
    found = sealing.compare(said, journey.seals.expected)
    side = _side(journey, said, found, taken, is_visit=False)
    units.move_train_past_stamp(journey.train, said, _not_aboard(journey, said), after_unload=False)
    if does is StopAction.UNLOAD:
        units.set_down(journey.train, _emptied(journey, said))
    counted = cargo.terminate(journey.load, journey.base, alignment, operation_of(said.page), said)
    _move_past(journey, side, taken.follow, does, is_visit=False)
    side.counted = counted
    side.are_seals_checked = _are_seals_checked(alignment.plan, found)
    side.are_packages_certified = _are_packages_certified(said, found, counted)
    return side


@value
class _Taken:
    """The events a stamp takes in, and which of them were drawn up just after it."""

    events: tuple[Event, ...] = ()
    follow: tuple[Event, ...] = ()

    def explain(self, said: Certification, found: sealing.SealsFound) -> bool:
        """Whether one says why the seals are not intact here. What was sealed anew elsewhere is no reason: then the new
        seals should be here, all of them."""
        return any(
            event.explains_seals
            and (not event.seals_affixed or event.office == said.office.code or found.agree is True)
            for event in self.events
        )


NOTHING_TAKEN = _Taken()


def _take_events(journey: _Journey, said: Certification) -> _Taken:
    """Take in what happened before this certification, and reports drawn up by its own office just after it.

    A report drawn up after says which seals were broken then; the new ones were affixed after the certification, other
    vehicles joined after it unless they are stated there already, and what it counts is no baseline of that pair.
    """
    if not journey.events:
        return NOTHING_TAKEN
    due = [event for event in journey.events if _belongs_before(journey.alignment, event, said)]
    for event in due:
        journey.events.remove(event)
        is_before = event.at <= said.occurred_at
        sealing.move_seals_past_event(journey.seals, event, is_affixed=is_before)
        if is_before or common_forms(event.vehicles) & common_forms(said.vehicles):
            units.move_train_past_event(journey.train, event)
        if is_before:
            _recount(journey, (event,))
    return _Taken(tuple(due), tuple(event for event in due if event.at > said.occurred_at))


def _belongs_before(alignment: Alignment, event: Event, said: Certification) -> bool:
    if event.at <= said.occurred_at:
        return True
    is_own = isinstance(event, Report) and event.office == said.office.code
    return (
        is_own and event.at <= said.occurred_at + REPORT_MAY_FOLLOW and not _is_later(alignment, event, said)
    )


def _is_later(alignment: Alignment, event: Event, said: Certification) -> bool:
    """Whether the same office certified once more before it drew up the report, which then belongs there. A proof says
    no more than the day, so it is passed over."""
    return any(
        each.page > said.page and said.occurred_at < each.occurred_at <= event.at and not each.is_proof
        for each in alignment.standing.by_page.values()
        if each.office.code == event.office
    )


def _move_past(
    journey: _Journey, side: CertifiedSide, follow: tuple[Event, ...], does: StopAction, *, is_visit: bool
) -> None:
    said = side.said
    if said.seals_intact is False and said.seals_found is None and not side.facts.is_reported:
        journey.seals.forget()
    sealing.move_seals_past_stamp(journey.seals, said, does, is_visit=is_visit)
    for event in follow:
        # What it says is broken may have been affixed by this very stamp.
        sealing.move_seals_past_event(journey.seals, event)
        units.move_train_past_event(journey.train, event)
    journey.follow, journey.latest = follow, said


def _recount(journey: _Journey, events: Iterable[Event]) -> None:
    """Take over what reports and controls counted on board."""
    for event in events:
        if event.packages is not None:
            journey.load.set_count(event.packages)


def _side(
    journey: _Journey, said: Certification, found: sealing.SealsFound, taken: _Taken, *, is_visit: bool
) -> CertifiedSide:
    alignment, office, day = journey.alignment, said.office, said.day
    stop = alignment.stop_of(said.page)
    is_unplanned = not alignment.is_planned(said.page, office.territory_id)
    spelt_differently = are_spelt_differently(said.vehicles or (), alignment.plan.plates)
    units_missing = () if is_visit else units.missing(journey.train, said, _not_aboard(journey, said))
    facts = SideFacts(
        stamp=said.id,
        at=said.occurred_at,
        day=day,
        office="" if said.is_proof else office.code,  # a proof is accepted somewhere, not stamped
        country=office.country,
        is_planned_office=said.is_proof or stop is None or stop.office == office.code,
        is_approved=office.is_approved_on(day),
        has_role=_has_role(alignment, said),
        seals_intact=said.seals_intact,
        seals_expected=found.expected,
        seals_found=found.found,
        seals_agree=found.agree,
        is_reported=taken.explain(said, found),
        is_spelt_differently=found.is_spelt_differently or spelt_differently,
        units_missing=units_missing or None,
        speed_kmh=_speed(journey.latest, said),
        rivals=alignment.standing.rivals[said.page],
        is_unplanned=is_unplanned,
        is_unconfirmed=is_unplanned and not said.is_vouched,
        is_recorded_late=_is_recorded_late(alignment.plan, said),
    )
    return CertifiedSide(said, facts)


def _has_role(alignment: Alignment, said: Certification) -> bool:
    """Whether the office is approved for what the lorry does there (art. 45); who accepts a proof was not there."""
    return said.is_proof or ROLES[alignment.does(said.page)] in said.office.roles


def _are_seals_unknown(journey: _Journey, said: Certification, does: StopAction) -> bool:
    """Whether goods under seal start without a seal on record: nobody could compare anything later."""
    if not journey.alignment.plan.is_sealed or journey.seals.seals:
        return False
    is_taken_over = said.seals_intact is True and does is not StopAction.LOAD and not journey.seals.known
    return not is_taken_over


def _are_seals_checked(plan: Plan, found: sealing.SealsFound) -> bool:
    """A blank is not a certificate: box 25 is ticked, or the seals are listed, or there were none to check."""
    return found.are_stated or (not plan.is_sealed and not found.expected)


def _are_packages_certified(said: Certification, found: sealing.SealsFound, counted: cargo.Counted) -> bool:
    """Box 26 with its basis: a count, or as in the manifest under intact seals; where no line that is certified has a
    count, the latter or a mass (one beyond the tolerance is a statement too, and told as `mass_differs`)."""
    if said.is_proof:
        return True
    if said.packages_basis == PackagesBasis.AS_MANIFEST:
        return found.are_in_order
    return said.packages is not None if counted.is_countable else counted.is_weighed


def _not_aboard(journey: _Journey, said: Certification) -> frozenset[str]:
    """Return the units that carry named goods, none of which is loaded yet, where containers are stated: a container
    comes with its goods."""
    if said.containers is None:
        return frozenset()
    aboard = {name for c in journey.load.aboard for name in c.units}
    return frozenset(name for c in journey.alignment.plan.consignments for name in c.units) - aboard


def _emptied(journey: _Journey, said: Certification) -> frozenset[str]:
    """Return the units all of whose goods are unloaded here."""
    stop = journey.alignment.stop_of(said.page)
    here = {c for c in journey.load.aboard if stop is not None and c.unload == stop.position}
    going_on = [name for c in journey.load.aboard if c not in here for name in c.units]
    return frozenset(name for c in here for name in c.units if name not in going_on)


def _is_recorded_late(plan: Plan, said: Certification) -> bool:
    """Whether it came so late, or from a sender that nobody vouches for, that a person must look before discharge."""
    if plan.is_backdated or said.made in {Made.CORRECTED, Made.EXCHANGED}:
        return False
    if not said.is_vouched:
        return True
    if said.recorded_at <= said.occurred_at + CLOCK_TOLERANCE:
        return False
    until = plan.practice(said.office.territory_id).longest_offline.end(said.occurred_at)
    return until is not None and said.recorded_at > until


def time_limit(plan: Plan, said: Certification) -> tuple[datetime, bool]:
    """Return box 20, or the territory's own practice where it is blank or cannot be meant (art. 20 sets no number of
    days), and whether the office set it."""
    practice = plan.practice(said.office.territory_id)
    if said.time_limit_at is not None and is_possible_limit(practice, said.occurred_at, said.time_limit_at):
        return said.time_limit_at, True
    return said.occurred_at + timedelta(days=practice.transit_days), False


def is_possible_limit(practice: Practices, start: datetime, limit: datetime) -> bool:
    """Whether box 20 can be meant: after the start, and within the longest limit that the territory sets."""
    latest = practice.longest_time_limit.end(start)
    return start <= limit and (latest is None or limit <= latest)


def _speed(before: Certification | None, after: Certification) -> int | None:
    """Return the speed in km/h between two certifications in page order; None when it says nothing."""
    if before is None or before.is_proof or after.is_proof or after.occurred_at < before.occurred_at:
        return None
    distance = great_circle_km(before.office, after.office)
    if distance < SPEED_MATTERS_FROM_KM:
        return None
    hours = (after.occurred_at - before.occurred_at).total_seconds() / 3600
    return min(round(distance / hours), FASTEST_RECORDED_KMH) if hours else FASTEST_RECORDED_KMH


def great_circle_km(one: OfficeFacts, other: OfficeFacts) -> float:
    """Return the haversine distance in kilometres."""
    latitude, other_latitude = radians(one.latitude), radians(other.latitude)
    chord = (
        sin((other_latitude - latitude) / 2) ** 2
        + cos(latitude)
        * cos(other_latitude)
        * sin((radians(other.longitude) - radians(one.longitude)) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(sqrt(chord))
