"""What a scenario says, as plain facts: the carnets, what happens to them in order, and what must come out."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from carnets.itinerary import CARRIES_ON
from tir.kernel.places import zone

ISSUED_ON = date(2026, 3, 2)  # day 0 of every transport, a Monday
ISSUED_AT = time(10, 0)  # at the issuing association


@dataclass(frozen=True)
class Moment:
    """A day counted from the issue and the hour on the clock of the place."""

    day: int
    at: time
    later: timedelta = timedelta()

    def instant(self, time_zone: str) -> datetime:
        there = datetime.combine(self.date, self.at, tzinfo=zone(time_zone))
        return there + self.later

    @property
    def date(self) -> date:
        return ISSUED_ON + timedelta(days=self.day)


@dataclass(frozen=True)
class Stop:
    office: str
    does: str


@dataclass(frozen=True)
class Goods:
    """One line of the manifest; without stops it travels from the first load to the last unload."""

    packages: int | None
    kind: str
    description: str
    mass_kg: str
    hs_code: str = ""
    load: str = ""
    unload: str = ""
    unit: str = ""


@dataclass
class CarnetTold:
    """One carnet as it is applied for."""

    name: str = ""
    issued_by: str = ""
    route: list[Stop] = field(default_factory=list)
    goods: list[Goods] = field(default_factory=list)
    vehicles: list[tuple[str, str]] = field(default_factory=list)
    containers: list[str] = field(default_factory=list)
    vouchers: int = 0
    accept_by: int = 30
    issued: Moment = Moment(0, ISSUED_AT)
    is_heavy: bool = False
    kind: str = "ordinary"
    continues: str | None = None
    first_page: int | None = None  # begun outside the system: the first page seen here
    approval: int | None = 400  # the last day of the certificates of approval

    @property
    def legs(self) -> list[tuple[Stop, Stop]]:
        pairs = zip(self.route, self.route[1:], strict=False)
        return [(one, two) for one, two in pairs if CARRIES_ON.get(one.does) != two.does]  # type: ignore[call-overload]

    def office_of(self, page: int) -> str:
        return self.legs[(page - 1) // 2][(page - 1) % 2].office


@dataclass(frozen=True)
class Event:
    """Something that happens: who does it, what, on which carnet and page, and the words of it."""

    moment: Moment
    who: str
    what: str
    carnet: str = ""
    page: int = 0
    said: dict[str, Any] = field(default_factory=dict)
    phone: tuple[str, ...] = ()
    refused: str = ""
    warned: tuple[str, ...] | None = None
    then: dict[str, str] = field(default_factory=dict)
    line: int = 0

    @property
    def is_evidence(self) -> bool:
        """Whether it may arrive in any order: what happened stays true whenever it is told."""
        return self.what in ("stamp", "cancel", "report") or (
            self.what == "control" and "against" not in self.said
        )


@dataclass
class Scenario:
    """One transport of the book."""

    path: Path
    title: str = ""
    law: str = ""
    tried_as: str = ""
    red: str = ""
    story: str = ""
    carnets: dict[str, CarnetTold] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    not_issued: str = ""
    events: list[Event] = field(default_factory=list)
    judged: Moment | None = None
    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)
    boxes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def theme(self) -> str:
        return self.path.parent.name

    @property
    def name(self) -> str:
        return f"{self.theme}/{self.path.stem}"

    @property
    def end(self) -> Moment:
        """When the outcome is looked at: as told, or three days after the last event."""
        if self.judged is not None:
            return self.judged
        if not self.events:
            return Moment(1, time(12, 0))
        latest = max(self.events, key=lambda e: (e.moment.date, e.moment.at, e.moment.later)).moment
        day = (datetime.combine(latest.date, latest.at) + latest.later).date()
        arrivals = [e.said["sent"].day for e in self.events if "sent" in e.said]
        return Moment(max([(day - ISSUED_ON).days, *arrivals]) + 3, time(12, 0))
