"""A carnet presented at an office, in the server's own terms: what the judge is asked, and what a phone there holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from carnets.choices import CarnetStatus, UnitKind
from carnets.projection.evidence import Certification, Event
from carnets.projection.packing import packed, unpacked
from carnets.projection.plan import Plan, PlannedConsignment, Unit
from carnets.projection.record import CarnetOnRecord
from carnets.vouchers import operation_of
from checkpoints.evidence.dockets import Docket
from checkpoints.evidence.events import Events
from checkpoints.judging.preview import Here
from checkpoints.posts.offices import Office
from tests.checkpoints.judging.cases import carnet_on_record
from tests.evidence import MASS_KG, PACKAGES, PLATE, Route, certify, legs_of, stops_of, when
from tests.judging.places import HOLDER, NUMBER, PRACTICES, REGISTER, excluding_at, exclusions_of, office
from tests.world import ROUTE

CargoLine = tuple[int, int, int | None, tuple[str, ...]]  # load and unload by position, packages, units
VOUCHERS = 14
RIGID = (Unit(PLATE, UnitKind.RIGID),)
LOADS_TWICE = (("CNURC001", "CNHRS001", "load"), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001"))
UNLOADS_TWICE = (("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001", "unload"), ("KZALA001", "KGBIS001"))
TWO_LANDS = (("KZALA001", "KZQZQ001"), ("UZYAL001", "UZTAS001"))
SUSPENDED = (
    ("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001", "suspend"), ("KGBIS001", "KZQZQ001"), ("UZYAL001", "UZTAS001"),
)  # fmt: skip


@dataclass(frozen=True)
class Situation:
    """`said` is the stamp about to be made; without it the carnet is only looked at. `own` names the evidence that
    lies on the phone itself and is not on record yet. `docket` is nothing where nothing is held."""

    name: str
    office: Office
    at: datetime
    now: datetime
    docket: Docket | None = None
    page: int | None = None
    said: Certification | None = None
    is_online: bool = True
    has_guarantor: bool = True
    qr: str | None = None
    number: str | None = None
    own: frozenset[UUID] = frozenset()
    own_refusals: frozenset[int] = frozenset()

    @property
    def here(self) -> Here:
        return Here(self.has_guarantor, excluding_at(self.office.code))


def plan(
    route: Route = ROUTE, cargo: Sequence[CargoLine] | None = None, units: Sequence[Unit] = RIGID, **rest: Any
) -> Plan:
    """Return the plan that issuing would make, with the practices of this world."""
    stops = stops_of(route)
    lines = cargo or [(1, len(stops), PACKAGES, ())]
    document = packed(
        [(stop.office.code, stop.does, stop.office.territory_id) for stop in stops],
        [
            PlannedConsignment(
                load, unload, count, MASS_KG if len(lines) == 1 else Decimal(1000), frozenset(names)
            )
            for load, unload, count, names in lines
        ],
        units,
    )
    return unpacked(document, plates=(PLATE,), vouchers=VOUCHERS, practices=PRACTICES, **rest)


def docket(
    route: Route = ROUTE,
    stamps: Sequence[Certification] = (),
    events: Iterable[Event] = (),
    refused: Iterable[int] = (),
    proofs: Sequence[Certification] = (),
    fixed: Plan | None = None,
    **carnet: Any,
) -> Docket:
    """Return a carnet in circulation with everything in force, with its evidence; `carnet` says what is different."""
    holder, is_returned = carnet.pop("holder", HOLDER), carnet.pop("is_returned", False)
    is_backdated = carnet.get("is_backdated", False)
    known = replace(
        fixed or plan(route),
        is_over=is_returned,
        is_backdated=is_backdated,
        vouchers=carnet.get("vouchers", VOUCHERS),
    )
    usual = {"number": NUMBER, "vouchers": VOUCHERS, "is_returned": is_returned, "holder": holder}
    row = carnet_on_record(
        route, known, **{**usual, **carnet},
        exclusions=exclusions_of(holder), status=CarnetStatus.RETURNED if is_returned else CarnetStatus.ISSUED,
    )  # fmt: skip
    _add_pairs_beyond(row, stamps)
    return opened(row, stamps, Events(list(events), frozenset(refused), frozenset(), list(proofs)))


def _add_pairs_beyond(row: CarnetOnRecord, stamps: Sequence[Certification]) -> None:
    for said in stamps:
        sequence = operation_of(said.page)
        if sequence not in row.by_sequence:
            row.add_operation(sequence, sequence, said.office.territory_id, said.office.country)


def opened(row: CarnetOnRecord, stamps: Sequence[Certification], events: Events) -> Docket:
    found = Docket(row, list(stamps), events)
    found.facts = found.before = found.project_with()
    return found


def made(
    page: int, at: datetime | None = None, by: str | None = None, *, route: Route = ROUTE, **said: Any
) -> Certification:
    """Return a certification in good order by an office of this world."""
    place = by or planned_office(page, route)
    return certify(page, at, REGISTER[place], **said)


def planned_office(page: int, route: Route = ROUTE) -> str:
    """Return the office planned for a page; beyond the plan the first of the route."""
    legs = legs_of(route)
    index = operation_of(page) - 1
    return legs[index][(page - 1) % 2].office.code if 0 <= index < len(legs) else route[0][0]


def clean(upto: int, route: Route = ROUTE) -> list[Certification]:
    """Return the certifications of a journey without a fault."""
    return [made(page, route=route) for page in range(1, upto + 1)]


def seen(
    page: int, by: str | None = None, at: datetime | None = None, *, route: Route = ROUTE, **said: Any
) -> Certification:
    """Return what an officer writes on a page; in good order but for what is said."""
    said.setdefault("id", UUID(int=900 + max(page, 0)))
    return made(page, at or when(page), by, route=route, **said)


def look(
    name: str,
    page: int | None,
    by: str | None = None,
    *,
    at: datetime | None = None,
    now: datetime | None = None,
    route: Route = ROUTE,
    upto: int | None = None,
    stamps: Sequence[Certification] | None = None,
    said: dict[str, Any] | None = None,
    where: dict[str, Any] | None = None,
    **held: Any,
) -> Situation:
    """Return a carnet presented for a page after every page before it was stamped in order; with `said` the officer is
    about to stamp it so. `where` are further members of the situation."""
    upto = upto if upto is not None else min(max((page or 1) - 1, 0), 2 * len(legs_of(route)))
    before = clean(upto, route) if stamps is None else list(stamps)
    place = by or (planned_office(page, route) if page else "CNURC001")
    at = at or when(page or upto + 1)
    words = (
        None
        if said is None
        else seen(page or 0, place, at, route=route, **{"recorded_at": now or at, **said})
    )
    return Situation(
        name,
        office(place),
        at,
        now or at,
        docket(route, before, **held),
        page,
        words,
        number=held.get("number", NUMBER),
        **(where or {}),
    )


def listing(*seals: str, intact: bool | None = True) -> dict[str, Any]:
    """Return what an officer writes about the seals."""
    return {"seals_intact": intact, "seals_found": seals}
