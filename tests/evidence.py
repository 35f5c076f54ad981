"""Evidence without a database: the small world's offices, plans and certifications, and journeys that hypothesis makes.

A journey here is what really happened along the route with every fault a road can have: pages skipped, rivals on one
page, stamps cancelled by the right and the wrong office, seals, plates and packages that differ, reports drawn up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from carnets.projection.facts import Certification, OfficeFacts, Plan, PlannedOperation, Report
from carnets.rules import Leg, PlannedOffice, roles_of
from tests.world import CROSSINGS, HOUR, KYRGYZ_OFFICE, OFFICES, ROUTE, START

SEALS = ("A-10023", "A-10024")
PLATE = "01KZ123ABC"
PACKAGES = 420
TRANSIT_DAYS = 10


def office_facts(code: str) -> OfficeFacts:
    """Return one office of the small world as the register would give it."""
    territory, roles, latitude, longitude = _REGISTER[code]
    partners = tuple(sorted({*_facing(code)}))
    return OfficeFacts(code, code[:2], latitude, longitude, frozenset(roles.split()), partners)


_REGISTER = {code: rest for code, *rest in (*OFFICES, KYRGYZ_OFFICE)}


def _facing(code: str) -> Iterable[str]:
    for one, other in CROSSINGS:
        if code == one:
            yield other
        if code == other:
            yield one


def territory_of(code: str) -> str:
    return str(_REGISTER[code][0])


def offices_in(territory: str) -> list[str]:
    return [code for code in _REGISTER if territory_of(code) == territory]


Route = Sequence[tuple[str, str]]


def planned(code: str) -> PlannedOffice:
    """Return one office as issuing sees it; territories are told apart by their code alone."""
    facts = office_facts(code)
    return PlannedOffice(
        code, facts.country, territory_of(code), sum(territory_of(code).encode()), facts.roles
    )


def legs_of(route: Route) -> tuple[Leg, ...]:
    return tuple(Leg(planned(start), planned(end)) for start, end in route)


def plan_of(route: Route = ROUTE, packages: int = PACKAGES) -> Plan:
    """Return the plan that issuing on this route would make."""
    legs = legs_of(route)
    return Plan(
        packages,
        frozenset({PLATE}),
        tuple(
            PlannedOperation(index + 1, *map(str, roles_of(legs, index)), TRANSIT_DAYS)
            for index in range(len(legs))
        ),
    )


def office_of(page: int, route: Route = ROUTE) -> str:
    """Return the office planned for a page."""
    return route[(page - 1) // 2][(page - 1) % 2]


def when(page: int) -> datetime:
    """Return when a lorry without haste reaches the office of a page."""
    return START + page * 10 * HOUR


def certify(page: int, at: datetime | None = None, office: str | None = None, **said: Any) -> Certification:
    """Return a certification in good order; `said` changes what the officer wrote."""
    said.setdefault("id", UUID(int=page))
    said.setdefault("seals_intact", True)
    said.setdefault("seals_affixed" if page == 1 else "seals_found", SEALS)
    if page % 2 == 0:
        said.setdefault("packages", PACKAGES)
    return Certification(
        page=page, office=office_facts(office or office_of(page)), occurred_at=at or when(page), **said
    )


def report(office: str, at: datetime, **said: Any) -> Report:
    """Return a certified report."""
    said.setdefault("id", UUID(int=1000))
    return Report(office=office, occurred_at=at, **said)


def clean(upto: int = 8, route: Route = ROUTE) -> list[Certification]:
    """Return the certifications of a journey without a fault."""
    return [certify(page, office=office_of(page, route)) for page in range(1, upto + 1)]


@dataclass(frozen=True)
class Journey:
    """Everything on record about one carnet: what was certified on the way, and what was said on top of it."""

    way: tuple[Certification, ...]
    extras: tuple[Certification | Report, ...]

    @property
    def everything(self) -> list[Certification | Report]:
        return [*self.way, *self.extras]

    @property
    def certifications(self) -> list[Certification]:
        return [thing for thing in self.everything if isinstance(thing, Certification)]

    @property
    def reports(self) -> list[Report]:
        return [thing for thing in self.everything if isinstance(thing, Report)]


_DELAYS = st.sampled_from([0, 0, 0, 0, 0, 1, -1, 3, -12, 15, 400]).map(lambda hours: hours * HOUR)
_SEALS = st.sampled_from([SEALS, SEALS, SEALS, SEALS, None, SEALS[:1], ("A-10023", "Z-9"), ("N-1",), ()])
_AFFIXED = st.sampled_from([None, None, None, ("N-1",), ("N-1", "N-2"), ()])
_INTACT = st.sampled_from([True, True, True, True, None, False])
_PACKAGES = st.sampled_from([PACKAGES, PACKAGES, PACKAGES, None, 400, 430, 0])
_VEHICLES = st.sampled_from([None, None, None, (PLATE,), ("99ZZ999",), ()])
_RARELY = st.sampled_from([False] * 9 + [True])


@st.composite
def certifications_of(draw: st.DrawFn, page: int) -> Certification:
    """Make one certification on a page by any office of its territory, mostly in good order."""
    at_planned = draw(st.integers(0, 4)) > 0
    office = office_of(page)
    if not at_planned:
        office = draw(st.sampled_from(offices_in(territory_of(office))))
    at = when(page) + draw(_DELAYS)
    is_end = page % 2 == 0
    return Certification(
        id=UUID(int=0),
        page=page,
        office=office_facts(office),
        occurred_at=at,
        seals_intact=draw(_INTACT),
        seals_found=None if page == 1 else draw(_SEALS),
        seals_affixed=SEALS if page == 1 else draw(_AFFIXED),
        packages=draw(_PACKAGES) if is_end else None,
        reservation="two cartons wet" if is_end and draw(_RARELY) else "",
        time_limit_at=at + 60 * HOUR if not is_end and draw(_RARELY) else None,
        vehicles=draw(_VEHICLES),
        is_partial=is_end and draw(_RARELY),
        is_suspension=is_end and draw(_RARELY),
    )


@st.composite
def _reports(draw: st.DrawFn, number: int) -> Report:
    page = draw(st.integers(1, 8))
    return Report(
        id=UUID(int=number),
        office=draw(st.sampled_from(offices_in(territory_of(office_of(page))))),
        occurred_at=when(page) + draw(st.sampled_from([-2, 0, 1, 20])) * HOUR,
        seals_broken=frozenset(draw(st.sampled_from([(), SEALS, SEALS[:1]]))),
        seals_affixed=frozenset(draw(st.sampled_from([(), ("N-1",), ("N-2",)]))),
        vehicles=frozenset(draw(st.sampled_from([(), ("99ZZ999",)]))),
    )


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    """Make a journey, half of them in good order, with rivals, cancellations and reports on top."""
    way = clean() if draw(st.booleans()) else draw(_rough_ways())
    rivals = [draw(certifications_of(page)) for page in draw(st.lists(st.integers(1, 8), max_size=2))]
    ranks = iter(draw(st.permutations(range(1, len(way) + len(rivals) + 1))))
    way, rivals = ([replace(one, id=UUID(int=next(ranks))) for one in part] for part in (way, rivals))
    reports = [draw(_reports(number)) for number in range(500, 500 + draw(st.integers(0, 2)))]
    return Journey(tuple(way), (*rivals, *_cancellations(draw, [*way, *rivals]), *reports))


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
        office = draw(st.sampled_from(others)) if draw(_RARELY) else target.office.code
        at = target.occurred_at + draw(st.integers(0, 30)) * HOUR
        taken_back.append(
            Certification(UUID(int=number), target.page, office_facts(office), at, cancels=target.id)
        )
    return taken_back


@st.composite
def deliveries(draw: st.DrawFn, things: Sequence[Any]) -> list[Any]:
    """Deliver every thing at least once, some twice or more, in any order."""
    again = draw(st.lists(st.sampled_from(things), max_size=4)) if things else []
    return list(draw(st.permutations([*things, *again])))
