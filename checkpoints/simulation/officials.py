"""What really happens at each office and on the way: goods on and off, seals broken and affixed; and what is stamped
about it when nobody makes a mistake. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from carnets.choices import StopAction, UnitKind
from checkpoints.simulation import telling
from checkpoints.simulation.calls import LEAVES, Call, Pair, Timed
from checkpoints.simulation.freight import Freight, FreightConsignment
from checkpoints.simulation.journeys import Expectation, Happening, PlannedControl, PlannedStamp
from checkpoints.simulation.region import Region, draw_seals, minutes
from checkpoints.simulation.shapes import Sealing
from checkpoints.simulation.telling import Certified
from tir.kernel.spelling import are_spelt_differently

STATES_VEHICLES, STATES_CONTAINERS, STATES_PRESENTED = 0.5, 0.5, 0.3
CHANGES_TRACTOR = 0.05
LONG_ENOUGH = timedelta(hours=6)  # for a control on the way
PART = 0.4  # of the rest, what ends where the rest goes on


@dataclass(slots=True)
class Officials:
    """Everybody who has to do with one lorry, one after the other."""

    planned: Sequence[Call]
    freight: Freight
    sealing: Sealing
    region: Region
    rng: Random
    seals: tuple[str, ...] = ()
    national: tuple[str, ...] = ()  # of the seals, those that this territory added
    aboard: tuple[FreightConsignment, ...] = ()
    gone: Certified = Certified(0, Decimal(0))  # of what is aboard, what ended where the rest went on
    tractor: str = ""
    happenings: list[Happening] = field(default_factory=list)
    notes: list[Expectation] = field(default_factory=list)

    def stamp(self, legs: Iterable[Timed], seals: tuple[str, ...] = ()) -> tuple[PlannedStamp, ...]:
        """Return the stamps of the whole way; `seals` hang on the lorry already when its transport goes on under a
        second carnet."""
        self.seals = seals
        stamps: list[PlannedStamp] = []
        way = list(legs)
        busy = self._busy_pair([leg.pair for leg in way])
        for leg in way:
            if self.rng.random() < CHANGES_TRACTOR / len(way):
                self._change_tractor()
            stamps.append(self._start(leg, is_busy=leg.pair == busy))
            if leg.pair == busy:
                self._control(leg)
            stamps.append(self._termination(leg))
        return tuple(stamps)

    def _busy_pair(self, pairs: Sequence[Pair]) -> Pair | None:
        """Return the pair on which the seals are touched without goods being handled."""
        if self.freight.is_heavy:
            return None
        if self.sealing is Sealing.CONTROLLED:
            return self.rng.choice(pairs)
        crossed = [pair for pair in pairs if pair.start.does is StopAction.ENTRY and pair.end.does in LEAVES]
        return self.rng.choice(crossed) if self.sealing is Sealing.ADDED_ON_TRANSIT and crossed else None

    # --- on the way

    def _change_tractor(self) -> None:
        if self.freight.plates[0].kind is UnitKind.TRACTOR:
            fleet, first = self.region.fleet, self.freight.plates[0]
            self.tractor = fleet.plate(first.country, UnitKind.TRACTOR, self.rng).registration

    def _control(self, leg: Timed) -> None:
        """An office on the way opens the lorry, finds everything in order and seals it anew (art. 24)."""
        if self.sealing is not Sealing.CONTROLLED or leg.ends - leg.starts < LONG_ENOUGH:
            return
        at = leg.starts + minutes((leg.ends - leg.starts) / timedelta(hours=1) * self.rng.uniform(0.3, 0.8))
        new = self._new_seals(leg.pair.start.office)
        office = leg.pair.start.office
        self.happenings.append(
            PlannedControl(leg.pair.pages[1], office, at, seals_removed=self.seals, seals_affixed=new)
        )
        self.seals = new

    def _new_seals(self, office: str) -> tuple[str, ...]:
        return draw_seals(office[:2], self.rng)

    # --- voucher No. 1

    def _start(self, leg: Timed, *, is_busy: bool) -> PlannedStamp:
        call, page = leg.pair.start, leg.pair.pages[0]
        if call.does is StopAction.LOAD and call.planned is not None:
            here = call.planned + 1
            self.aboard += tuple(each for each in self.freight.consignments if each.load == here)
        there, said = self.seals, self._sealed_at_start(call, page, is_busy=is_busy)
        stamp = PlannedStamp(
            page=page,
            office=call.office,
            after=leg.starts,
            made=leg.starts,
            seals_there=there,
            registration_no=f"{call.office[:2]}/{self.rng.randint(10_000, 999_999)}",
            time_limit=leg.limit,
            is_unplanned=leg.pair.is_unplanned,
            **said,
            **self._units_said(),
        )
        self._note(stamp, call, leg.pair.is_unplanned)
        return stamp

    def _sealed_at_start(self, call: Call, page: int, *, is_busy: bool) -> dict[str, Any]:
        if self.freight.is_heavy:
            return {}
        if page == 1:
            return self._sealed_at_departure(call)
        if call.handles_goods:
            return self._sealed_after_handling(call)
        said = telling.seals_said(self.seals, self.rng) if self.rng.random() < 0.9 else {}  # noqa: PLR2004
        if is_busy and self.sealing is Sealing.ADDED_ON_TRANSIT:
            self.national = (f"{call.office[:2]}-N{self.rng.randint(1000, 9999)}",)
            self.seals += self.national
            said["seals_affixed"] = self.national
        return said

    def _sealed_at_departure(self, call: Call) -> dict[str, Any]:
        if self.seals:  # they hang there from the carnet before
            return {"seals_intact": True, "seals_found": self.seals}
        self.seals = self._new_seals(call.office)
        return {"seals_affixed": self.seals}

    def _sealed_after_handling(self, call: Call) -> dict[str, Any]:
        """The load compartment was opened: what hangs on it now."""
        old = self.seals
        if self.sealing is Sealing.NEW_ON_THE_SAME_PAGE:  # affixed already, see the No. 2
            return {"seals_found": old}
        if self.sealing is Sealing.KEPT and call.does is StopAction.UNLOAD:
            return telling.seals_said(old, self.rng, may_twin=False)
        new = self._new_seals(call.office)
        if self.sealing is Sealing.KEPT:
            self.seals = (*old, *new)
            return {"seals_found": old, "seals_affixed": new}
        self.seals = new
        if self.sealing is Sealing.REMOVED_AND_AFFIXED:
            return {"seals_removed": old, "seals_affixed": new}
        return {"seals_affixed": new}

    # --- voucher No. 2

    def _termination(self, leg: Timed) -> PlannedStamp:
        call, page = leg.pair.end, leg.pair.pages[1]
        there, certified = self.seals, self._certified(call)
        said = telling.seals_said(there, self.rng)
        said |= self._packages_said(call, certified)
        stamp = PlannedStamp(
            page=page,
            office=call.office,
            after=leg.ends,
            made=leg.ends,
            seals_there=there,
            packages_there=certified.packages,
            is_suspension=call.does is StopAction.SUSPEND,
            goes_on=call.goes_on,
            ends_here=call.ends_here,
            is_unplanned=leg.pair.is_unplanned,  # asked for while the No. 1 is not on record; else ignored
            **said,
            **self._units_said(),
        )
        self._note(stamp, call, is_unplanned=False)
        return self._leave(call, stamp)

    def _certified(self, call: Call) -> Certified:
        """Return what is on board, or what ends here."""
        if call.does is not StopAction.UNLOAD or call.ends_here:
            return _sum(self.aboard, self.gone)
        if call.goes_on:
            return _part(_sum(self.aboard, self.gone))
        return _sum([each for each in self.aboard if each.unload == (call.planned or 0) + 1], self.gone)

    def _packages_said(self, call: Call, certified: Certified) -> dict[str, Any]:
        if call.goes_on and certified.packages is None:
            return {"mass_kg": int(certified.mass_kg)}
        if call.goes_on:
            return {"packages": certified.packages}
        said = telling.packages_said(certified, self.rng, is_sealed=not self.freight.is_heavy)
        aboard = _sum(self.aboard, self.gone).packages
        if call.does is StopAction.UNLOAD and "packages" in said and self.rng.random() < STATES_PRESENTED:
            said["packages_presented"] = aboard
        return said

    def _leave(self, call: Call, stamp: PlannedStamp) -> PlannedStamp:
        """Take the goods off, and the seals that do not travel on."""
        if call.goes_on:
            self.gone = _part(_sum(self.aboard, self.gone))
        elif call.does is StopAction.UNLOAD:
            here = (call.planned or 0) + 1
            self.aboard = tuple(each for each in self.aboard if each.unload != here)
        is_last = call.ends_here or not self.aboard
        if call.handles_goods and self.sealing is Sealing.NEW_ON_THE_SAME_PAGE and self.seals and not is_last:
            self.seals = self._new_seals(call.office)
            return replace(stamp, seals_affixed=self.seals)
        if call.does in LEAVES and self.national:
            removed, self.national = self.national, ()
            self.seals = tuple(seal for seal in self.seals if seal not in removed)
            return replace(stamp, seals_removed=removed)
        return stamp

    # --- both

    def _units_said(self) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if self.rng.random() < STATES_VEHICLES:
            plates = self.freight.registrations
            said["vehicles"] = (self.tractor, *plates[1:]) if self.tractor else plates
        if self.freight.containers and self.rng.random() < STATES_CONTAINERS:
            said["containers"] = tuple(sorted({each.container for each in self.aboard}))
        return said

    def _note(self, stamp: PlannedStamp, call: Call, is_unplanned: bool) -> None:
        """Note what will be flagged for information: another office, another road, another spelling."""
        if is_unplanned:
            self._notes("not_planned", stamp)
        elif call.planned is not None and self.planned[call.planned].office != call.office:
            self._notes("wrong_office", stamp)
        if stamp.seals_found and are_spelt_differently(stamp.seals_there, stamp.seals_found):
            self._notes("spelt_differently", stamp)

    def _notes(self, code: str, stamp: PlannedStamp) -> None:
        self.notes.append(Expectation(code, stamp.page, bars=False, since=stamp.made))


def _sum(consignments: Iterable[FreightConsignment], gone: Certified) -> Certified:
    some = list(consignments)
    counts = [each.packages for each in some if each.packages is not None]
    packages = sum(counts) - (gone.packages or 0) if counts else None
    return Certified(packages, sum((each.mass_kg for each in some), Decimal(0)) - gone.mass_kg)


def _part(certified: Certified) -> Certified:
    packages = None if certified.packages is None else int(certified.packages * PART)
    return Certified(packages, Decimal(int(float(certified.mass_kg) * PART)))
