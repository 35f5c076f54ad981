"""Situations with any mixture of faults, drawn by a seed: transports of every shape, told as posts tell them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from carnets.choices import Control as Withdrawn
from carnets.choices import Made, PackagesBasis, UnitKind
from carnets.projection.evidence import Certification, Event, OfficeControl, Report
from carnets.projection.plan import Plan, Unit
from tests.evidence import PACKAGES, PLATE, SEALS, Route, legs_of, stops_of
from tests.judging.places import (
    BARRED,
    BARRED_BEFORE,
    BARRED_IN_UNION,
    CLOSED,
    DAY,
    EXPIRED,
    HOLDER,
    LOST,
    MINUTE,
    NUMBER,
    REGISTER,
    TODAY,
    Json,
    in_territory,
    office,
)
from tests.judging.presenting import can_be_own, identities
from tests.judging.situations import (
    LOADS_TWICE,
    RIGID,
    SUSPENDED,
    TWO_LANDS,
    UNLOADS_TWICE,
    CargoLine,
    Situation,
    docket,
    plan,
    planned_office,
)
from tests.world import HOUR, ROUTE, START
from tir.kernel.places import end_of_day

SEED, FEW = 1975, 160  # the year of the Convention
NEW = ("N-1", "N-2")
SPELT = ("а 10023", "A.10024")  # the same seals: a Cyrillic letter and a blank, a dot
TRACTOR, TRAILER, BOX = (
    Unit("88TR001", UnitKind.TRACTOR), Unit("88TL001", UnitKind.TRAILER), Unit("MSKU1234567", UnitKind.CONTAINER),
)  # fmt: skip
OTHER_BOX = Unit("TEMU7654321", UnitKind.CONTAINER)
LOADS_LATE = (
    ("CNURC001", "CNHRS001", "unload"), ("CNHRS001", "CNHRS001", "load"), ("CNHRS001", "CNHRS001"),
    ("KZHOR001", "KZALA001"),
)  # fmt: skip
ROUTES: tuple[Route, ...] = (
    ROUTE,
    ROUTE,
    ROUTE,
    ROUTE,
    LOADS_TWICE,
    UNLOADS_TWICE,
    TWO_LANDS,
    SUSPENDED,
    LOADS_LATE,
)
TRAINS = (RIGID, RIGID, (TRACTOR, TRAILER), (TRACTOR, TRAILER, BOX), (TRACTOR, BOX, OTHER_BOX))


def drawn(seed: int, count: int) -> Iterator[Situation]:
    """Return so many situations, the same for one seed."""
    draw = Random(seed)
    for index in range(count):
        yield _Draw(draw).situation(f"drawn {index + 1}")


@dataclass
class _Draw:
    """One situation in the making; every choice is taken from the one generator, in the order written."""

    draw: Random

    def rarely(self, chance: float) -> bool:
        return self.draw.random() < chance

    def one_of(self, *choices: Any) -> Any:
        return self.draw.choice(choices)

    def situation(self, name: str) -> Situation:
        route = self.draw.choice(ROUTES)
        fixed, units = self.plan(route)
        pages = 2 * len(legs_of(route))
        page = self.draw.randint(1, pages)
        is_rough = self.rarely(0.6)
        stamps = self.journey(route, page, is_rough=is_rough, units=units)
        if stamps and self.rarely(0.12):
            stamps.append(self.taking_back(self.draw.choice(stamps)))
        events = [self.event(number, page, route) for number in range(self.one_of(0, 0, 0, 1, 1, 2))]
        place = office(self.place(page, route))
        at = self.moment(page)
        now = (
            at
            + self.one_of(0, 0, 0, 0, 60, -20, 9, -9) * MINUTE
            + self.one_of(0, 0, 0, 0, 0, 1, 2, 4, 6) * DAY
        )
        asked = self.one_of(page, page, page, page, page, page, None, self.draw.randint(0, pages + 3), 15)
        is_online = self.rarely(0.6)
        said = None
        if asked is not None and self.rarely(0.75):
            said = self.words(asked, place.code, at, now, is_online=is_online, units=units)
        refused = [self.one_of(1, 3, 5)] if self.rarely(0.1) else []
        proofs = [self.proof(page, route)] if page > 1 and self.rarely(0.08) else []
        faults = self.faults()
        held = docket(route, stamps, events, refused, proofs, fixed, **faults)
        own = [each for each in (*stamps, *events) if can_be_own(each, place) and self.rarely(0.6)]
        return Situation(
            name, place, at, now, held, asked, said, is_online=is_online, has_guarantor=not self.rarely(0.04),
            number=held.carnet.number, own=identities(own),
            own_refusals=frozenset(refused if self.rarely(0.3) else ()),
        )  # fmt: skip

    def plan(self, route: Route) -> tuple[Plan, tuple[Unit, ...]]:
        units = self.draw.choice(TRAINS)
        fixed = plan(
            route,
            self.cargo(route, units),
            units,
            is_sealed=not self.rarely(0.12),
            is_presented=self.rarely(0.08),
        )
        return fixed, units

    def cargo(self, route: Route, units: Sequence[Unit]) -> list[CargoLine]:
        """Goods from the first stop to the last, and what inner stops load and unload; some of it cannot be counted."""
        stops = stops_of(route)
        count = self.one_of(PACKAGES, PACKAGES, PACKAGES, None)
        names = [unit.name for unit in units if unit.kind != UnitKind.TRACTOR]
        lines: list[CargoLine] = [(1, len(stops), count, tuple(names[-1:]))]
        for position, stop in enumerate(stops[1:-1], start=2):
            if stop.does == "load":
                lines.append((position, len(stops), 80, ()))
            if stop.does == "unload":
                lines.append((1, position, 120, tuple(names[:1])))
        return lines

    def journey(
        self, route: Route, page: int, *, is_rough: bool, units: Sequence[Unit]
    ) -> list[Certification]:
        """The pages before this one, mostly all of them, and now and then one after it."""
        before, after = (0.85, 0.05) if is_rough else (1.0, 0.0)
        stamped = [
            each
            for each in range(1, 2 * len(legs_of(route)) + 1)
            if self.draw.random() < (before if each < page else after)
        ]
        shift = 2 * self.draw.randint(1, 2) if self.rarely(0.08) else 0  # a detour took pages of its own
        detour = self.one_of(3, 5) if shift else 99
        stamps = []
        for each in stamped:
            where, number = planned_office(each, route), each + (shift if each >= detour else 0)
            if is_rough and self.rarely(0.12):
                where = self.draw.choice(in_territory(where))
            if is_rough and self.rarely(0.03):
                where = self.draw.choice(list(REGISTER))
            if number <= 14:
                stamps.append(self.stamp(number, each, where, is_rough=is_rough, units=units))
        for each in range(detour, detour + shift) if shift else ():
            stamps.append(
                self.stamp(each, detour, self.one_of("KGBIS001", "TJDUS001"), is_rough=False, units=units)
            )
        return [replace(stamp, id=UUID(int=index)) for index, stamp in enumerate(stamps, start=1)]

    def stamp(self, page: int, step: int, by: str, *, is_rough: bool, units: Sequence[Unit]) -> Certification:
        late = self.one_of(0, 0, 0, 0, 0, 0, 1, -12, 15) if is_rough else 0
        at = START + (step * 10 + late) * HOUR + self.draw.randint(0, 59) * MINUTE
        said = self.boxes(page, at, by, is_rough=is_rough, units=units)
        made = self.one_of(Made.ONLINE, Made.ONLINE, Made.OFFLINE)
        return Certification(UUID(int=0), page, REGISTER[by], at, at, made=made, **said)

    def boxes(self, page: int, at: datetime, by: str, *, is_rough: bool, units: Sequence[Unit]) -> Json:
        """What is written on a page: in order, or with anything missing or wrong."""
        said: Json = {"seals_intact": True, ("seals_affixed" if page == 1 else "seals_found"): SEALS}
        if page % 2 == 0:
            said["packages"] = PACKAGES
        if not is_rough:
            return said
        said["seals_intact"] = self.one_of(True, True, True, True, None, False)
        if page > 1:
            said["seals_found"] = self.one_of(
                SEALS, SEALS, SEALS, None, SEALS[:1], NEW[:1], (*SEALS, "N-1"), (), SPELT
            )
            said["seals_affixed"] = self.one_of(None, None, None, None, NEW[:1], NEW, ())
            said["seals_removed"] = self.one_of(None, None, None, None, SEALS, NEW[:1], SPELT)
        else:
            said["seals_affixed"] = self.one_of(SEALS, SEALS, SEALS, SEALS, None, ())
        if self.rarely(0.08):
            said["seals_intact"] = said["seals_found"] = None
        said |= self.units_stated(units)
        said |= self.on_the_second(at) if page % 2 == 0 else self.on_the_first(at, by)
        return said

    def units_stated(self, units: Sequence[Unit]) -> Json:
        vehicles = tuple(unit.name for unit in units if unit.kind != UnitKind.CONTAINER)
        containers = tuple(unit.name for unit in units if unit.kind == UnitKind.CONTAINER)
        return {
            "vehicles": self.one_of(
                None, None, None, None, vehicles, vehicles, vehicles[1:], ("99ZZ999",), (*vehicles, "99ZZ999"), (),
                ("01КZ 123-АВС",),
            ),
            "containers": self.one_of(None, None, None, containers, containers[:1], ()),
        }  # fmt: skip

    def on_the_first(self, at: datetime, by: str) -> Json:
        zone = REGISTER[by].time_zone
        hours = self.one_of(None, None, None, 12, 60, 240)
        limit = None if hours is None else at + hours * HOUR
        if limit is not None and self.rarely(0.6):
            limit = end_of_day(limit.date(), zone)
        if self.rarely(0.06):
            limit = at + self.one_of(-DAY, 100 * DAY, 25 * DAY)
        return {"time_limit_at": limit, "packages": self.one_of(None, None, None, None, None, None, PACKAGES)}

    def on_the_second(self, at: datetime) -> Json:
        packages = self.one_of(PACKAGES, PACKAGES, PACKAGES, 400, 430, 120, 80, 0, None, None)
        as_manifest = packages is None and self.rarely(0.6)
        return {
            "packages": packages,
            "packages_basis": PackagesBasis.AS_MANIFEST if as_manifest else PackagesBasis.COUNTED,
            "packages_presented": self.one_of(None, None, None, None, None, 410, 300),
            "mass_kg": self.one_of(None, None, None, 8200, 8364, 8365, 9000, 2000, 2040, 2041),
            "goes_on": self.rarely(0.08),
            "ends_here": self.rarely(0.06),
            "is_suspension": self.rarely(0.1),
        }

    def words(
        self, page: int, by: str, at: datetime, now: datetime, *, is_online: bool, units: Sequence[Unit]
    ) -> Certification:
        """The stamp about to be made: half of them say just what they should."""
        said = self.boxes(page, at, by, is_rough=self.rarely(0.6), units=units)
        said["reservation"] = (
            "two cartons wet" if self.rarely(0.12) and (page % 2 == 0 or self.rarely(0.15)) else ""
        )
        if page % 2 and self.rarely(0.06):
            said[self.one_of("goes_on", "ends_here", "is_suspension")] = True
        made = (
            Made.ONLINE
            if is_online
            else self.one_of(Made.OFFLINE, Made.OFFLINE, Made.OFFLINE, Made.HANDED_IN)
        )
        return Certification(
            UUID(int=self.one_of(0, 900)), page, REGISTER[by], at, now,
            made=Made.CORRECTED if self.rarely(0.03) else made, is_vouched=is_online or not self.rarely(0.15), **said,
        )  # fmt: skip

    def place(self, page: int, route: Route) -> str:
        planned = planned_office(page, route)
        if self.rarely(0.72):
            return planned
        return str(self.draw.choice(in_territory(planned) if self.rarely(0.6) else [*REGISTER, CLOSED]))

    def moment(self, page: int) -> datetime:
        hours = self.one_of(0, 0, 0, 0, 0, -9, -3, 3, -30, 240, 300, 760, 900)
        return (
            START
            + (page * 10 + int(hours)) * HOUR
            + self.draw.randint(0, 59) * MINUTE
            - (self.one_of(0, 0, 0, 0, 0, 0, 0, 1) * 12 * HOUR if page == 1 else 0 * HOUR)
        )

    def taking_back(self, target: Certification) -> Certification:
        by = target.office if self.rarely(0.75) else REGISTER["CNURC001"]
        at = target.occurred_at + self.draw.randint(0, 20) * HOUR
        return Certification(UUID(int=80), target.page, by, at, at, made=Made.OFFLINE, cancels=target.id)

    def event(self, number: int, page: int, route: Route) -> Event:
        near = max(1, page - self.draw.randint(0, 2))
        by = self.one_of(planned_office(near, route), *in_territory(planned_office(near, route)))
        at = START + (near * 10 + self.one_of(-2, 0, 1, 8, 20)) * HOUR
        said: Json = {
            "seals_removed": self.one_of((), SEALS, SEALS[:1], SPELT),
            "seals_affixed": self.one_of((), NEW[:1], NEW[1:]),
            "packages": self.one_of(None, None, None, 400),
        }  # fmt: skip
        if self.rarely(0.3):
            return OfficeControl(UUID(int=500 + number), by, at, seals_found=self.one_of(None, SEALS), **said)
        vehicles = self.one_of((), (), ("99ZZ999",), (PLATE, "99ZZ999"))
        return Report(
            UUID(int=500 + number), by, at, vehicles=vehicles, explains_seals=not self.rarely(0.2), **said
        )

    def proof(self, page: int, route: Route) -> Certification:
        """A paper accepted for a page before this one."""
        near = self.draw.randint(1, page - 1)
        facts = REGISTER[planned_office(near, route)]
        at = end_of_day((START + near * 10 * HOUR).date(), facts.time_zone)
        found = self.one_of(None, SEALS, NEW[:1])
        return Certification(
            UUID(int=700), near, facts, at, at, seals_intact=True if found is None else None, seals_found=found,
            packages=self.one_of(PACKAGES, None), is_proof=True,
        )  # fmt: skip

    def faults(self) -> Json:
        faults: Json = {"number": self.one_of(*[NUMBER] * 28, LOST, EXPIRED)}
        if self.rarely(0.06):
            faults["control"] = self.one_of(Withdrawn.INVALIDATED, Withdrawn.STOLEN, Withdrawn.EXPIRED)
            faults["control_at"] = START
        if self.rarely(0.15):
            faults["holder"] = self.one_of(HOLDER, BARRED, BARRED_BEFORE, BARRED_IN_UNION)
            faults["holder_status"] = self.one_of("authorised", "suspended", "ended")
        for name, chance, value in (
            ("acceptance_until", 0.08, TODAY), ("approval_until", 0.1, TODAY - DAY), ("is_returned", 0.03, True),
            ("is_backdated", 0.04, True), ("vouchers", 0.03, 6), ("issued_at", 0.05, START + 15 * HOUR),
        ):  # fmt: skip
            if self.rarely(chance):
                faults[name] = value
        return faults
