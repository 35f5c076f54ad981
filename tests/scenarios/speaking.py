"""Telling a transport through the API, in the order in which the system hears of it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rest_framework.test import APIClient

from carnets.documents.building import page_token
from carnets.models import Carnet, Irregularity
from guarantees import holders
from guarantees.models import Claim
from tests.scenarios.outcome import check
from tests.scenarios.staging import API, Staged, Unexpected
from tests.scenarios.telling import Event

CREATED = (200, 201)


@dataclass
class Spoken(Staged):
    """One transport, each event told by whom it concerns over HTTP."""

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
            check(self, {"": event.then})
        if answer is None:
            return
        self._hold(event, answer)

    def _hold(self, event: Event, answer: Any) -> None:
        where = f"line {event.line}, {event.who} {event.what} {event.page or ''}"
        if event.refused:
            if answer.status_code in CREATED or answer.json().get("code") != event.refused:
                raise Unexpected(
                    f"{where}: refused {event.refused} expected, got {answer.status_code}"
                    f" {answer.content.decode()[:500]}"
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
        step = holders.suspend if event.said["kind"] == "suspended" else holders.withdraw_authorisation
        step(holder_id=holder.pk, reason="fees not paid", by=by, at=self.clock.at)

    # --- comparing, deciding, claiming

    def _tell_comparison(self, _event: Event) -> None:
        self.compare(self.clock.at)

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
