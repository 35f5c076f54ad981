"""Evidence without a database: the small world's offices, plans and certifications, and journeys that hypothesis makes.

A journey here is what really happened along the route with every fault a road can have: pages skipped, rivals on one
page, another road, stamps cancelled by the right and the wrong office, seals, plates and packages that differ, reports
drawn up and controls made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from carnets import itinerary
from carnets.choices import PackagesBasis, UnitKind
from carnets.itinerary import ItineraryStop
from carnets.projection.evidence import Certification, Event, Facing, OfficeControl, OfficeFacts, Report
from carnets.projection.packing import packed, unpacked
from carnets.projection.plan import Plan, PlannedConsignment, Unit
from carnets.rules import PlannedOffice
from checkpoints.recording.stamping import StampRequest
from tests.world import CROSSINGS, HOUR, KYRGYZ_OFFICE, LONG_AGO, OFFICES, ROUTE, START, TIME_ZONE

SEALS = ("A-10023", "A-10024")
PLATE = "01KZ123ABC"
PACKAGES = 420
MASS_KG = Decimal("8200.5")
TRANSIT_DAYS = 10

Route = Sequence[Sequence[str]]  # pairs of offices; a third value says what an inner stop does
Cargo = Sequence[tuple[int, int, int | None]]  # load and unload by position of the stop, packages

_REGISTER = {code: rest for code, *rest in (*OFFICES, KYRGYZ_OFFICE)}


def office_facts(code: str, **changes: Any) -> OfficeFacts:
    """Return one office of the small world as the register would give it."""
    territory, roles, latitude, longitude = _REGISTER[code]
    facts = OfficeFacts(
        code=code, country=code[:2], latitude=latitude, longitude=longitude, roles=frozenset(roles.split()),
        faces=tuple(Facing(partner, LONG_AGO) for partner in sorted({*_facing(code)})),
        territory_id=territory_id(territory), territory=territory, time_zone=TIME_ZONE, approved_from=LONG_AGO,
    )  # fmt: skip
    return replace(facts, **changes)


def _facing(code: str) -> Iterable[str]:
    for one, other in CROSSINGS:
        if code == one:
            yield other
        if code == other:
            yield one


def territory_id(territory: str) -> int:
    """Territories are told apart by their code alone."""
    return sum(territory.encode())


def territory_of(code: str) -> str:
    return str(_REGISTER[code][0])


def offices_in(territory: str) -> list[str]:
    return [code for code in _REGISTER if territory_of(code) == territory]


def planned(code: str) -> PlannedOffice:
    """Return one office as issuing sees it."""
    facts = office_facts(code)
    return PlannedOffice(code, facts.country, facts.territory, facts.territory_id, facts.roles)


def stops_of(route: Route) -> list[ItineraryStop[PlannedOffice]]:
    """Return the stops of a route given as pairs of offices."""
    return itinerary.stops_of_legs(
        [(planned(leg[0]), planned(leg[1]), leg[2] if len(leg) > 2 else None) for leg in route]
    )


def legs_of(route: Route) -> list[tuple[ItineraryStop[PlannedOffice], ItineraryStop[PlannedOffice]]]:
    return itinerary.legs_of(stops_of(route))


def plan_of(
    route: Route = ROUTE,
    packages: int | None = PACKAGES,
    *,
    cargo: Cargo | None = None,
    units: Sequence[Unit] = (Unit(PLATE, UnitKind.RIGID),),
    **rest: Any,
) -> Plan:
    """Return the plan that issuing on this route would make: `cargo`, or `packages` from the first stop to the last."""
    stops = stops_of(route)
    document = packed(
        [(stop.office.code, stop.does, stop.office.territory_id) for stop in stops],
        [
            PlannedConsignment(load, unload, count, MASS_KG)
            for load, unload, count in cargo or [(1, len(stops), packages)]
        ],
        units,
    )
    return unpacked(document, **{"plates": (PLATE,), **rest})


def office_of(page: int, route: Route = ROUTE) -> str:
    """Return the office planned for a page; beyond the plan the first of the route."""
    sequence = (page + 1) // 2
    return route[sequence - 1][(page - 1) % 2] if 1 <= sequence <= len(route) else route[0][0]


def when(page: int) -> datetime:
    """Return when a lorry without haste reaches the office of a page."""
    return START + page * 10 * HOUR


def certify(
    page: int,
    at: datetime | None = None,
    office: str | OfficeFacts | None = None,
    *,
    route: Route = ROUTE,
    **said: Any,
) -> Certification:
    """Return a certification in good order; `said` changes what the officer wrote."""
    said.setdefault("id", UUID(int=page))
    said.setdefault("seals_intact", True)
    said.setdefault("seals_affixed" if page == 1 else "seals_found", SEALS)
    if page % 2 == 0:
        said.setdefault("packages", PACKAGES)
    at = at or when(page)
    said.setdefault("recorded_at", at)
    where = office or office_of(page, route)
    facts = office_facts(where) if isinstance(where, str) else where
    return Certification(page=page, office=facts, occurred_at=at, **said)


def report(office: str, at: datetime, **said: Any) -> Report:
    """Return a certified report."""
    said.setdefault("id", UUID(int=1000))
    return Report(office=office, at=at, **said)


def control(office: str, at: datetime, **said: Any) -> OfficeControl:
    """Return a control by an office."""
    said.setdefault("id", UUID(int=2000))
    return OfficeControl(office=office, at=at, **said)


def clean(upto: int = 8, route: Route = ROUTE) -> list[Certification]:
    """Return the certifications of a journey without a fault."""
    return [certify(page, route=route) for page in range(1, upto + 1)]


def changed(changes: Mapping[int, Mapping[str, Any] | None], upto: int = 8) -> list[Certification]:
    """Return a clean journey but for these pages; `None` leaves one out."""
    pages = (page for page in range(1, upto + 1) if changes.get(page, {}) is not None)
    return [certify(page, **(changes.get(page) or {})) for page in pages]


SAID = {each.name for each in fields(StampRequest)} & {each.name for each in fields(Certification)}


def request_of(said: Certification, **more: Any) -> StampRequest:
    """Return the request that puts a certification on record."""
    facts = {name: getattr(said, name) for name in SAID}
    reason = "stamped in error" if said.cancels else ""
    return StampRequest(**{**facts, "cancel_reason": reason, **more})


Thing = Certification | Report | OfficeControl


@dataclass(frozen=True)
class Journey:
    """Everything on record about one carnet: what was certified on the way, and what was said on top of it."""

    way: tuple[Certification, ...]
    extras: tuple[Thing, ...]

    @property
    def everything(self) -> list[Thing]:
        return [*self.way, *self.extras]

    @property
    def certifications(self) -> list[Certification]:
        return [thing for thing in self.everything if isinstance(thing, Certification)]

    @property
    def events(self) -> list[Event]:
        return [thing for thing in self.everything if isinstance(thing, Report | OfficeControl)]


def happened_at(thing: Thing) -> datetime:
    return thing.occurred_at if isinstance(thing, Certification) else thing.at


_DELAYS = st.sampled_from([0, 0, 0, 0, 0, 1, -1, 3, -12, 15, 400]).map(lambda hours: hours * HOUR)
_SEALS = st.sampled_from(
    [SEALS, SEALS, SEALS, SEALS, None, SEALS[:1], ("A-10023", "Z-9"), ("N-1",), (), ("а 10023", "A.10024")]
)
_AFFIXED = st.sampled_from([None, None, None, ("N-1",), ("N-1", "N-2"), ()])
_REMOVED = st.sampled_from([None, None, None, SEALS, ("N-1",)])
_INTACT = st.sampled_from([True, True, True, True, None, False])
_PACKAGES = st.sampled_from([PACKAGES, PACKAGES, PACKAGES, None, 400, 430, 0])
_MASS = st.sampled_from([None, None, None, 8200, 9000])
_VEHICLES = st.sampled_from([None, None, None, (PLATE,), ("99ZZ999",), (PLATE, "99ZZ999"), ()])
_RARELY = st.sampled_from([False] * 9 + [True])


@st.composite
def certifications_of(draw: st.DrawFn, page: int) -> Certification:
    """Make one certification on a page, mostly in good order, by the planned office, by another of its territory, or
    now and then by one of any other."""
    office, elsewhere = office_of(page), draw(_RARELY)
    if elsewhere:
        office = draw(st.sampled_from(sorted(_REGISTER)))
    elif draw(st.integers(0, 4)) == 0:
        office = draw(st.sampled_from(offices_in(territory_of(office))))
    at = when(page) + draw(_DELAYS)
    said = {
        "seals_intact": draw(_INTACT),
        "seals_found": None if page == 1 else draw(_SEALS),
        "seals_affixed": SEALS if page == 1 else draw(_AFFIXED),
        "seals_removed": None if page == 1 else draw(_REMOVED),
        "vehicles": draw(_VEHICLES),
        "is_unplanned": elsewhere,
        **(_of_a_termination(draw) if page % 2 == 0 else {}),
    }
    if page % 2 and draw(_RARELY):
        said["time_limit_at"] = at + 60 * HOUR
    return Certification(UUID(int=0), page, office_facts(office), at, at, **said)


def _of_a_termination(draw: st.DrawFn) -> dict[str, Any]:
    """Make what only voucher No. 2 has boxes for."""
    packages = draw(_PACKAGES)
    as_manifest = packages is None and draw(st.booleans())
    return {
        "packages": packages,
        "packages_basis": PackagesBasis.AS_MANIFEST if as_manifest else PackagesBasis.COUNTED,
        "mass_kg": draw(_MASS),
        "reservation": "two cartons wet" if draw(_RARELY) else "",
        "goes_on": draw(_RARELY),
        "ends_here": draw(_RARELY),
        "is_suspension": draw(_RARELY),
    }


@st.composite
def _reports(draw: st.DrawFn, number: int) -> Report:
    page = draw(st.integers(1, 8))
    removed, affixed = (
        draw(st.sampled_from([(), SEALS, SEALS[:1]])),
        draw(st.sampled_from([(), ("N-1",), ("N-2",)])),
    )
    return Report(
        id=UUID(int=number),
        office=draw(st.sampled_from(offices_in(territory_of(office_of(page))))),
        at=when(page) + draw(st.sampled_from([-2, 0, 1, 20])) * HOUR,
        seals_removed=removed,
        seals_affixed=affixed,
        vehicles=draw(st.sampled_from([(), ("99ZZ999",)])),
        packages=draw(st.sampled_from([None, None, 400])),
    )


@st.composite
def _controls(draw: st.DrawFn, number: int) -> OfficeControl:
    page = draw(st.integers(1, 8))
    return OfficeControl(
        id=UUID(int=number),
        office=draw(st.sampled_from(offices_in(territory_of(office_of(page))))),
        at=when(page) + draw(st.sampled_from([-2, 0, 1, 20])) * HOUR,
        seals_found=draw(st.sampled_from([None, SEALS])),
        seals_removed=draw(st.sampled_from([(), SEALS])),
        seals_affixed=draw(st.sampled_from([(), ("N-1",), ("C-7",)])),
        packages=draw(st.sampled_from([None, None, 400])),
    )


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    """Make a journey, half of them in good order, with rivals, cancellations, reports and controls on top."""
    way = clean() if draw(st.booleans()) else draw(_rough_ways())
    rivals = [draw(certifications_of(page)) for page in draw(st.lists(st.integers(1, 10), max_size=2))]
    ranks = iter(draw(st.permutations(range(1, len(way) + len(rivals) + 1))))
    way, rivals = ([replace(one, id=UUID(int=next(ranks))) for one in part] for part in (way, rivals))
    reports = [draw(_reports(number)) for number in range(500, 500 + draw(st.integers(0, 2)))]
    controls = [draw(_controls(number)) for number in range(600, 600 + draw(st.integers(0, 1)))]
    return Journey(tuple(way), (*rivals, *_cancellations(draw, [*way, *rivals]), *reports, *controls))


@st.composite
def _rough_ways(draw: st.DrawFn) -> list[Certification]:
    not_stamped = draw(st.sets(st.integers(1, 8), max_size=3))
    return [draw(certifications_of(page)) for page in range(1, 9) if page not in not_stamped]


def _cancellations(draw: st.DrawFn, made: Sequence[Certification]) -> list[Certification]:
    """Take some stamps back, now and then by an office that may not."""
    targets = draw(st.lists(st.sampled_from(made), max_size=3)) if made else []
    taken_back = []
    for number, target in enumerate(targets, start=100):
        others = [code for code in offices_in(territory_of(target.office.code)) if code != target.office.code]
        office = draw(st.sampled_from(others)) if others and draw(_RARELY) else target.office.code
        at = target.occurred_at + draw(st.integers(0, 30)) * HOUR
        taken_back.append(
            Certification(UUID(int=number), target.page, office_facts(office), at, at, cancels=target.id)
        )
    return taken_back


@st.composite
def deliveries(draw: st.DrawFn, things: Sequence[Any]) -> list[Any]:
    """Deliver every thing at least once, some twice or more, in any order."""
    again = draw(st.lists(st.sampled_from(things), max_size=4)) if things else []
    return list(draw(st.permutations([*things, *again])))
