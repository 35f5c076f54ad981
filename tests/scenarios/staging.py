"""A transport on its stage: the clock where the story is, the names of things, and the carnets issued."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

import tir.kernel.clock
from carnets.choices import CarnetSource
from carnets.models import Carnet
from tests.scenarios.telling import CarnetTold, Event, Moment, Scenario
from tests.scenarios.world import World
from tests.world import reconcile

API = "/api/v1"


class Clock:
    """What stands for the system's clock: the present is where the story is."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, tzinfo=UTC)

    def now(self, _zone: object = None) -> datetime:
        return self.at

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Let every reading of the clock say `at`: `tir.kernel.clock` is the one place that reads it."""
        module: Any = tir.kernel.clock
        real, module.datetime = module.datetime, self
        try:
            yield
        finally:
            module.datetime = real


class Unexpected(AssertionError):
    """The system answered something else than the book says."""


@dataclass
class Staged:
    """One transport on its stage: its world, its clock, the numbers of its carnets."""

    world: World
    scenario: Scenario
    clock: Clock
    numbers: dict[str, str] = field(default_factory=dict)
    before_stamps: Callable[[Any, Event], None] | None = None  # told before each stamp, for the phone's cases

    # --- time and names

    def instant(self, moment: Moment, place: str) -> datetime:
        return moment.instant(self.world.zones[place]).astimezone(UTC)

    def at(self, event: Event) -> datetime:
        """Return when an event happens by the clock of who tells it, which may be wrong."""
        return self._really_at(event) + timedelta(minutes=event.said.get("clock", 0))

    def _really_at(self, event: Event) -> datetime:
        place = event.said.get("clock_of") or event.who or self._issuer(event.carnet)
        return self.instant(event.moment, place)

    def heard_at(self, event: Event) -> datetime:
        """Return when the system hears of it."""
        sent = event.said.get("sent")
        return self.instant(sent, event.who) if sent else self._really_at(event)

    def id_of(self, event: Event) -> UUID:
        return uuid5(NAMESPACE_URL, f"{self.scenario.name}/{event.line}/{event.page}/{event.what}")

    def _issuer(self, carnet: str) -> str:
        return self.scenario.carnets[carnet].issued_by

    def cancelled_by(self, event: Event) -> UUID:
        """Return the stamp that a cancellation is about: the latest before it on its page, of its own office if any."""
        made = [
            each
            for each in self.scenario.events
            if each.what == "stamp"
            and (each.carnet, each.page) == (event.carnet, event.page)
            and not each.refused
            and each.line < event.line
        ]
        return self.id_of(max(made, key=lambda each: (each.who == event.who, each.line)))

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Take back what happens inside, tokens and devices too."""
        clients, devices = dict(self.world.clients), dict(self.world.devices)
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        self.world.clients, self.world.devices = clients, devices

    # --- issuing

    def issue(self) -> None:
        """Issue the carnets, or see them refused as the scenario says."""
        for name, told in self.scenario.carnets.items():
            if told.continues is not None:
                continue  # issued when the one before runs out: by its own moment, below
            self._issue(name, told)
        for name, told in self.scenario.carnets.items():
            if told.continues is not None:
                self._issue(name, told)

    def _issue(self, name: str, told: CarnetTold) -> None:
        self.clock.at = self.instant(told.issued, told.issued_by)
        client = self.world.client(f"association-{told.issued_by}")
        answer = client.post(f"{API}/carnets/", self._application(told), format="json")
        if self.scenario.not_issued:
            codes = {answer.json().get("code"), *(e.get("code") for e in answer.json().get("errors", []))}
            if answer.status_code not in (409, 422) or self.scenario.not_issued not in codes:
                raise Unexpected(f"issue: {answer.status_code} {answer.content.decode()[:600]}")
            return
        if answer.status_code != 201:
            raise Unexpected(f"issue: {answer.status_code} {answer.content.decode()[:900]}")
        self.numbers[name] = answer.json()["number"]
        if told.first_page is not None:
            Carnet.objects.filter(number=self.numbers[name]).update(source=CarnetSource.RECEIVED)

    def _application(self, told: CarnetTold) -> dict[str, Any]:
        continues = {} if told.continues is None else {"continues": self.numbers[told.continues]}
        loads = [stop.office for stop in told.route if stop.does == "load"]
        unloads = [stop.office for stop in told.route if stop.does == "unload"]
        approval = {} if told.approval is None else {
            "approval_certificate": "1543-5645", "approval_expires": str(Moment(told.approval, told.issued.at).date),
        }  # fmt: skip
        return {
            "holder": self.world.holders[told.issued_by].reference,
            "guarantee": f"{told.issued_by}-POOL",
            "vouchers": told.vouchers,
            "valid_until": str(Moment(told.accept_by, told.issued.at).date),
            "kind": told.kind,
            "heavy_or_bulky": told.is_heavy,
            "vehicles": [
                {"kind": kind, "registration": plate, "country": "KZ", **({} if kind == "tractor" else approval)}
                for kind, plate in told.vehicles
            ],
            "containers": told.containers,
            "stops": [{"office": stop.office, "does": stop.does} for stop in told.route],
            "consignments": [
                {
                    "load": line.load or loads[0],
                    "unload": line.unload or unloads[-1],
                    "goods": [
                        {
                            "description": line.description, "packages": line.packages, "package_kind": line.kind,
                            "gross_mass_kg": line.mass_kg, "hs_code": line.hs_code, "equipment": line.unit,
                        }
                    ],
                }
                for line in told.goods
            ],
            **continues,
        }  # fmt: skip

    def compare(self, at: datetime) -> None:
        """Let the machine compare everything that is due."""
        reconcile(at)
