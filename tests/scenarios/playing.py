"""Playing a transport: through the API in the order written, or its evidence through the domain in any order."""

from dataclasses import dataclass, fields, replace
from random import Random
from typing import Any

from carnets.choices import Made
from carnets.projection.evidence import Certification
from checkpoints.posts.offices import Office
from checkpoints.posts.postings import Officer, officer_of
from checkpoints.recording import controls, incidents
from checkpoints.recording.stamping import Outcome, StampRequest, record_stamps
from tests.scenarios.speaking import Spoken
from tests.scenarios.staging import Unexpected
from tests.scenarios.telling import Event

HOURS_OF_A_BATCH = 12


@dataclass
class Play(Spoken):
    """One transport being played."""

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
        return [each for each in told if self._goes_with(first, each)]

    def _goes_with(self, first: Event, other: Event) -> bool:
        is_near = abs((self.heard_at(first) - self.heard_at(other)).total_seconds()) < HOURS_OF_A_BATCH * 3600
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
        common: dict[str, Any] = {
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
        said: dict[str, Any] = {name: getattr(request, name) for name in names}
        made = Made.OFFLINE if "sent" in event.said else Made.ONLINE
        is_vouched = not event.said.get("unvouched")
        heard_at = self._really_at(event)
        return Certification(
            office=office.facts, recorded_at=heard_at, made=made, is_vouched=is_vouched, **said
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
