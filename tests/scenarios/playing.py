"""Playing a transport: through the API in the order written, or its evidence through the domain in any order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from rest_framework.test import APIClient

import tir.kernel.clock
from carnets.choices import CarnetSource, Made
from carnets.documents.building import page_token
from carnets.models import Carnet, Irregularity
from carnets.projection.evidence import Certification
from checkpoints.posts.offices import Office
from checkpoints.posts.postings import Officer, officer_of
from checkpoints.recording import controls, incidents
from checkpoints.recording.stamping import Outcome, StampRequest, record_stamps
from guarantees import holders
from guarantees.models import Claim
from tests.scenarios.telling import CarnetTold, Event, Moment, Scenario
from tests.scenarios.world import World
from tests.world import reconcile

API = "/api/v1"
CREATED = (200, 201)


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
class Play:
    """One transport being played."""

    world: World
    scenario: Scenario
    clock: Clock
    numbers: dict[str, str] = field(default_factory=dict)
    before_stamps: Callable[["Play", Event], None] | None = (
        None  # told before each stamp, for the phone's cases
    )

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
        """Return the stamp that a cancellation is about: the latest before it on that page, by that office if it made any."""
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

    # --- the API, in the order written

    def play(self) -> None:
        """Tell the system everything in the order in which it hears of it."""
        self.issue()
        for event in sorted(self.scenario.events, key=self.heard_at):
            self.tell(event)

    def tell(self, event: Event) -> None:
        """Tell one event through the API, and hold the answer to what the book says."""
        self.clock.at = self.at(event)
        if event.phone:
            self._scan(event)
        if event.what == "stamp" and self.before_stamps is not None:
            self.before_stamps(self, event)
        self.clock.at = self.heard_at(event)
        answer = getattr(self, f"_tell_{event.what.replace(' ', '_')}")(event)
        if event.then:
            self.compare(self.clock.at)
            from tests.scenarios.outcome import check  # noqa: PLC0415  (outcome reads what a play says)

            check(self, {"": event.then})
        if answer is None:
            return
        self._hold(event, answer)

    def _hold(self, event: Event, answer: Any) -> None:
        where = f"line {event.line}, {event.who} {event.what} {event.page or ''}"
        if event.refused:
            if answer.status_code in CREATED or answer.json().get("code") != event.refused:
                raise Unexpected(
                    f"{where}: refused {event.refused} expected, got {answer.status_code} {answer.content.decode()[:500]}"
                )
        elif answer.status_code not in CREATED:
            raise Unexpected(f"{where}: {answer.status_code} {answer.content.decode()[:700]}")
        elif event.warned is not None:
            said = {warning["code"] for warning in answer.json()["warnings"]}
            if said != set(event.warned):
                raise Unexpected(f"{where}: warned of {sorted(said)}, expected {sorted(event.warned)}")

    def _scan(self, event: Event) -> None:
        carnet = Carnet.objects.get(number=self.numbers[event.carnet])
        body = {"qr": page_token(carnet, event.page), "occurred_at": self.at(event).isoformat()}
        answer = self.world.officer(event.who).post(f"{API}/scans/", body, format="json").json()
        verdict, codes = event.phone[0], set(event.phone[1:])
        said = {reason["code"] for reason in answer["reasons"]}
        if answer["verdict"] != verdict or said != codes:
            raise Unexpected(
                f"line {event.line}, {event.who} page {event.page}: the phone says {answer['verdict']} {sorted(said)},"
                f" expected {' '.join(event.phone)}"
            )

    def _post(self, client: APIClient, path: str, body: dict[str, Any]) -> Any:
        return client.post(f"{API}/{path}", body, format="json")

    def _tell_stamp(self, event: Event) -> Any:
        return self._post(self._sender(event), "stamps/", self.stamp_body(event))

    def _tell_look(self, event: Event) -> None:
        return None

    def _sender(self, event: Event) -> APIClient:
        is_device = "sent" in event.said and not event.said.get("unvouched")
        return self.world.device(event.who) if is_device else self.world.officer(event.who)

    def stamp_body(self, event: Event) -> dict[str, Any]:
        """Return what the officer certifies, as the API takes it."""
        said = event.said
        names = ("intact", "found", "affixed", "removed")
        body: dict[str, Any] = {
            "id": str(self.id_of(event)),
            "carnet": self.numbers[event.carnet],
            "page": event.page,
            "occurred_at": self.at(event).isoformat(),
            "offline": "sent" in said,
            "seals": {name: said[name] for name in names if said.get(name) is not None},
        }
        for ours, theirs in {
            "packages": "packages", "basis": "packages_basis", "presented": "packages_presented", "mass": "mass_kg",
            "reservation": "reservation", "vehicles": "vehicles", "containers": "containers", "goes_on": "goes_on",
            "ends_here": "ends_here", "unplanned": "unplanned", "suspends": "suspension",
        }.items():  # fmt: skip
            if ours in said:
                body[theirs] = said[ours]
        if "time_limit" in said:
            body["time_limit"] = self.instant(said["time_limit"], event.who).isoformat()
        return body

    def _tell_cancel(self, event: Event) -> Any:
        body = {
            "id": str(self.id_of(event)), "carnet": self.numbers[event.carnet], "page": event.page,
            "occurred_at": self.at(event).isoformat(), "cancels": str(self.cancelled_by(event)),
            "reason": event.said.get("text", "stamped in error"), "offline": "sent" in event.said,
        }  # fmt: skip
        return self._post(self._sender(event), "stamps/", body)

    def _tell_refuse(self, event: Event) -> Any:
        body = {
            "id": str(self.id_of(event)), "carnet": self.numbers[event.carnet], "page": event.page,
            "reason": event.said["kind"], "text": event.said["text"], "occurred_at": self.at(event).isoformat(),
        }  # fmt: skip
        return self._post(self.world.officer(event.who), "refusals/", body)

    def _tell_control(self, event: Event) -> Any:
        said = event.said
        seals = {name: said[name] for name in ("found", "removed", "affixed") if name in said}
        body = {
            "id": str(self.id_of(event)), "carnet": self.numbers[event.carnet], "kind": said["kind"],
            "result": said["result"], "occurred_at": self.at(event).isoformat(), "seals": seals,
            "text": said.get("text", ""),
        }  # fmt: skip
        for ours, theirs in {"against": "against", "packages": "packages", "mass": "mass_kg"}.items():
            if ours in said:
                body[theirs] = said[ours]
        return self._post(self.world.officer(event.who), "controls/", body)

    def _tell_report(self, event: Event) -> Any:
        said = event.said
        body: dict[str, Any] = {
            "id": str(self.id_of(event)), "carnet": self.numbers[event.carnet], "kind": said["kind"],
            "description": said.get("text", "As found on the road."), "occurred_at": self.at(event).isoformat(),
            "seals_broken": said.get("broken", []), "seals_affixed": said.get("affixed", []),
            "vehicles": said.get("vehicles", []), "drawn_by": said.get("drawn_by", "customs"),
        }  # fmt: skip
        if "packages" in said:
            body["packages"] = said["packages"]
        if "drawn" in said:
            body["drawn_at"] = self.instant(said["drawn"], event.who).isoformat()
        return self._post(self.world.officer(event.who), "incidents/", body)

    # --- proofs, control list, holders

    def _tell_offer(self, event: Event) -> Any:
        said = event.said
        who = event.who if len(event.who) > 2 else ""
        client = self.world.officer(who) if who else self.world.client(f"association-{event.who}")
        body: dict[str, Any] = {
            "id": str(self.id_of(event)), "carnet": self.numbers[event.carnet], "page": event.page,
            "kind": said["kind"], "issuer": said.get("text", "customs"), "date": str(said["dated"].date),
        }  # fmt: skip
        if "packages" in said:
            body["packages"] = said["packages"]
        if "found" in said:
            body["seals"] = said["found"]
        return self._post(client, "proofs/", body)

    def _tell_accept(self, event: Event) -> Any:
        offered = next(
            each
            for each in reversed(self.scenario.events)
            if each.what == "offer" and (each.carnet, each.page) == (event.carnet, event.page)
        )
        return self._post(self.world.officer(event.who), f"proofs/{self.id_of(offered)}/accept/", {})

    def _tell_control_list(self, event: Event) -> Any:
        client = self.world.client(f"association-{self._issuer(event.carnet)}")
        kind, number = event.said["kind"], self.numbers[event.carnet]
        if kind == "found":
            return self._post(client, f"carnets/{number}/found/", {"reason": "It turned up."})
        body = {"reason": "The driver says so.", "stolen": kind == "stolen"}
        return self._post(client, f"carnets/{number}/report-lost/", body)

    def _tell_invalidate(self, event: Event) -> Any:
        client = self.world.client(f"association-{self._issuer(event.carnet)}")
        path = f"carnets/{self.numbers[event.carnet]}/invalidate/"
        return self._post(client, path, {"reason": "Not needed any more."})

    def _tell_return(self, event: Event) -> Any:
        client = self.world.client(f"association-{self._issuer(event.carnet)}")
        body = {"counterfoils": event.said["counterfoils"]}
        return self._post(client, f"carnets/{self.numbers[event.carnet]}/return/", body)

    def _tell_holder(self, event: Event) -> None:
        holder = self.world.holders[self._issuer(event.carnet)]
        by = self.world.users[f"association-{self._issuer(event.carnet)}"]
        step = holders.suspend if event.said["kind"] == "suspended" else holders.withdraw
        step(holder_id=holder.pk, reason="fees not paid", by=by, at=self.clock.at)

    # --- comparing, deciding, claiming

    def _tell_comparison(self, _event: Event) -> None:
        self.compare(self.clock.at)

    def compare(self, at: datetime) -> None:
        """Let the machine compare everything that is due."""
        reconcile(at)

    def _tell_resolve(self, event: Event) -> Any:
        item = Irregularity.objects.filter(
            carnet__number=self.numbers[event.carnet], code=event.said["kind"], page=event.page, status="open"
        ).first()
        if item is None:
            raise Unexpected(f"line {event.line}: no {event.said['kind']} on page {event.page} to resolve")
        body = {"status": "resolved", "reason": event.said["text"]}
        client = self.world.client(f"customs-{event.who}")
        return client.patch(f"{API}/irregularities/{item.pk}/", body, format="json")

    def _tell_claim(self, event: Event) -> Any:
        body = {
            "carnet": self.numbers[event.carnet], "operation": event.page, "reason": event.said["text"],
            "fraud": "fraud" in event.said["text"],
        }  # fmt: skip
        return self._post(self.world.client(f"customs-{event.who}"), "claims/", body)

    def _step(self, event: Event, verb: str, client: APIClient, body: dict[str, Any]) -> Any:
        claim = Claim.objects.order_by("-pk").first()
        assert claim is not None, "no claim is open"
        return self._post(client, f"claims/{claim.pk}/{verb}/", body)

    def _tell_notify(self, event: Event) -> Any:
        said, body = event.said, {}
        if "on" in said:
            body["on"] = str(said["on"].date)
        if "holder_told" in said:
            body["holder_notified_on"] = str(said["holder_told"].date)
        return self._step(event, "notify", self.world.client(f"customs-{event.who}"), body)

    def _tell_demand(self, event: Event) -> Any:
        amount, currency = event.said["kind"].split()
        body = {"amount": str(Decimal(amount)), "currency": currency, "debtor": event.said.get("text", "")}
        if "pursued" in event.said:
            body["debtor_pursued_on"] = str(event.said["pursued"].date)
        return self._step(event, "demand", self.world.client(f"customs-{event.who}"), body)

    def _tell_withdraw(self, event: Event) -> Any:
        body = {"remark": event.said["text"]}
        return self._step(event, "withdraw", self.world.client(f"customs-{event.who}"), body)

    def _tell_pay(self, event: Event) -> Any:
        return self._step(event, "pay", self.world.client(f"association-{event.who}"), {})

    def _tell_contest(self, event: Event) -> Any:
        body = {"remark": event.said["text"]}
        return self._step(event, "contest", self.world.client(f"association-{event.who}"), body)

    # --- the domain, in any order

    def deliver(self, random: Random) -> None:
        """Hand the same evidence to the domain in a random order and in random batches; what is no evidence (a word of
        the association, of headquarters, a comparison) stays where it is told."""
        told: list[Event] = []
        for event in sorted(self.scenario.events, key=self.heard_at):
            if event.refused or event.what == "look":
                continue
            if event.is_evidence:
                told.append(event)
                continue
            self._deliver(told, random)
            told = []
            self.tell(replace(event, phone=(), then={}))
        self._deliver(told, random)

    def _deliver(self, told: list[Event], random: Random) -> None:
        random.shuffle(told)
        while told:
            batch = self._batch(told, random)
            told = [event for event in told if event not in batch]
            if batch[0].what in ("stamp", "cancel"):
                self._hand_in(batch)
            elif batch[0].what == "report":
                self._report(batch[0])
            else:
                self._control(batch[0])

    def _batch(self, told: list[Event], random: Random) -> list[Event]:
        """Take the first, and with it what its office says besides within the same hours, or not."""
        first = told[0]
        if first.what not in ("stamp", "cancel") or random.random() < 0.5:
            return [first]
        alike = [each for each in told if self._goes_with(first, each)]
        return alike

    def _goes_with(self, first: Event, other: Event) -> bool:
        is_near = abs((self.heard_at(first) - self.heard_at(other)).total_seconds()) < 12 * 3600
        same = first.who == other.who and first.said.get("unvouched") == other.said.get("unvouched")
        return other.what in ("stamp", "cancel") and same and is_near

    def _officer(self, event: Event) -> Officer:
        officer = officer_of(self.world.users[f"officer-{event.who}"].pk)
        return replace(officer, is_system=not event.said.get("unvouched"))

    def _hand_in(self, batch: list[Event]) -> None:
        at = max(self.heard_at(event) for event in batch)
        requests = [self.request(event) for event in batch]
        for outcome in record_stamps(requests=requests, officer=self._officer(batch[0]), at=at):
            self._accept(outcome)

    def _accept(self, outcome: Outcome) -> None:
        if outcome.row is None:
            raise Unexpected(f"page {outcome.request.page}: {outcome.kind} {outcome.error}")

    def request(self, event: Event) -> StampRequest:
        """Return a stamp as the domain takes it: what was online is told as a system tells what it heard offline."""
        common = {
            "id": self.id_of(event), "number": self.numbers[event.carnet], "page": event.page,
            "occurred_at": self.at(event), "is_offline": True,
        }  # fmt: skip
        if event.what == "cancel":
            reason = event.said.get("text", "stamped in error")
            return StampRequest(**common, cancels=self.cancelled_by(event), cancel_reason=reason)
        said = event.said
        limit = said.get("time_limit")
        return StampRequest(
            **common,
            seals_intact=said.get("intact"),
            seals_found=_tuple(said.get("found")),
            seals_affixed=_tuple(said.get("affixed")),
            seals_removed=_tuple(said.get("removed")),
            packages=said.get("packages"),
            packages_basis=said.get("basis", "counted"),
            packages_presented=said.get("presented"),
            mass_kg=said.get("mass"),
            reservation=said.get("reservation", ""),
            time_limit_at=self.instant(limit, event.who) if limit else None,
            vehicles=_tuple(said.get("vehicles")),
            containers=_tuple(said.get("containers")),
            goes_on=said.get("goes_on", False),
            ends_here=said.get("ends_here", False),
            is_suspension=said.get("suspends", False),
            is_unplanned=said.get("unplanned", False),
        )

    def certification(self, event: Event, office: Office) -> Certification:
        """Return a stamp as evidence, as the office's officer is about to make it."""
        request = self.request(event)
        names = {each.name for each in fields(Certification)} & {each.name for each in fields(StampRequest)}
        said = {name: getattr(request, name) for name in names}
        offline = {} if "sent" not in event.said else {"made": Made.OFFLINE}
        is_vouched = not event.said.get("unvouched")
        heard_at = self._really_at(event)
        return Certification(
            office=office.facts, recorded_at=heard_at, is_vouched=is_vouched, **said, **offline
        )

    def _report(self, event: Event) -> None:
        said = event.said
        drawn = said.get("drawn")
        incidents.report_incident(
            id=self.id_of(event), number=self.numbers[event.carnet], kind=said["kind"],
            description=said.get("text", "As found on the road."), seals_broken=said.get("broken", []),
            seals_affixed=said.get("affixed", []), vehicles=said.get("vehicles", []),
            packages=said.get("packages"), drawn_by=said.get("drawn_by", "customs"),
            drawn_at=self.instant(drawn, event.who) if drawn else None, occurred_at=self.at(event),
            officer=self._officer(event), at=self.heard_at(event),
        )  # fmt: skip

    def _control(self, event: Event) -> None:
        said = event.said
        request = controls.ControlRequest(
            id=self.id_of(event), number=self.numbers[event.carnet], kind=said["kind"], result=said["result"],
            occurred_at=self.at(event), text=said.get("text", ""), seals_found=_tuple(said.get("found")),
            seals_removed=tuple(said.get("removed", ())), seals_affixed=tuple(said.get("affixed", ())),
            packages=said.get("packages"), mass_kg=said.get("mass"),
        )  # fmt: skip
        controls.record_control(request=request, officer=self._officer(event), at=self.heard_at(event))


def _tuple(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)
