"""Stamps at the same instant, on real connections: one winner a voucher, and no stamp twice (invariants 2 and 3)."""

from uuid import uuid4

import pytest
from knox.models import AuthToken
from rest_framework.test import APIClient

from carnets.models import TirOperation
from checkpoints.models import Stamp
from checkpoints.posts.postings import officer_of
from checkpoints.recording.stamping import OutcomeKind, VoucherAlreadyStamped, record_stamp, record_stamps
from tests.api.calls import API, problem, stamp_body
from tests.threads import at_once, raised, returned
from tests.world import HOUR, START, World, flagged, reconcile

pytestmark = pytest.mark.django_db(transaction=True)


class TestOneVoucherManyOfficers:
    def test_online_one_stamp_wins_and_the_others_get_its_facts(self, world: World) -> None:
        carnet = world.issue()
        officer = officer_of(world.officers["CNURC001"].pk)
        requests = [world.request(carnet, 1, START + HOUR, packages=count) for count in range(6)]

        results = at_once(
            *(
                lambda r=request: record_stamp(request=r, officer=officer, at=START + HOUR)
                for request in requests
            )
        )

        (winner,) = returned(results)
        losers = raised(results)
        assert len(losers) == 5
        assert all(isinstance(error, VoucherAlreadyStamped) for error in losers)
        assert {error.facts["stamp"]["id"] for error in losers} == {winner.request.id}  # type: ignore[attr-defined]
        assert Stamp.objects.count() == 1

    def test_from_offline_all_are_kept_and_the_earliest_stands(self, world: World) -> None:
        carnet, officer = world.issue(), world.officer("CNURC001")
        requests = [
            world.request(carnet, 1, START + count * HOUR, is_offline=True, seals_affixed=(f"A-{count}",))
            for count in (3, 1, 2)
        ]

        at_once(
            *(
                lambda r=request: record_stamps(requests=[r], officer=officer, at=START + 9 * HOUR)
                for request in requests
            )
        )

        assert Stamp.objects.count() == 3
        operation = TirOperation.objects.get(carnet=carnet, sequence=1)
        assert operation.start_stamp == requests[1].id
        assert operation.start_rivals == 2
        reconcile(START + 10 * HOUR)
        assert [item.code for item in carnet.irregularities.all()] == ["duplicate"]


class TestOneVoucherManyClients:
    """The same race through the whole of the API, each client on a connection of its own."""

    def test_online_one_gets_201_and_the_others_409_with_its_facts(self, world: World) -> None:
        carnet, at = world.issue(), START + HOUR
        clients = [client_of(world, "CNURC001") for _ in range(6)]
        bodies = [stamp_body(carnet.number, 1, occurred_at=at.isoformat(), packages=n) for n in range(6)]

        answers = returned(
            at_once(
                *(
                    lambda c=client, b=body: c.post(f"{API}/stamps/", b)
                    for client, body in zip(clients, bodies, strict=True)
                )
            )
        )

        (receipt,) = [answer.json() for answer in answers if answer.status_code == 201]
        conflicts = [
            problem(answer, 409, "voucher_already_stamped") for answer in answers if answer.status_code != 201
        ]
        assert len(conflicts) == 5
        first = {"id": receipt["id"], "office": "CNURC001", "occurred_at": "2026-03-02T07:00:00Z"}
        assert [conflict["stamp"] for conflict in conflicts] == [first] * 5
        assert [str(id) for id in Stamp.objects.values_list("pk", flat=True)] == [receipt["id"]]

    def test_from_offline_all_are_kept_whatever_comes_first(self, world: World) -> None:
        carnet = world.issue()
        clients = [client_of(world, "CNURC001") for _ in range(4)]
        bodies = [
            stamp_body(carnet.number, 1, occurred_at=(START + hour * HOUR).isoformat(), offline=True)
            for hour in (4, 2, 1, 3)
        ]

        answers = returned(
            at_once(
                *(
                    lambda c=client, b=body: c.post(f"{API}/stamps/batch/", {"stamps": [b]})
                    for client, body in zip(clients, bodies, strict=True)
                )
            )
        )

        results = [answer.json()["results"][0] for answer in answers]
        assert sorted(result["outcome"] for result in results) == ["conflict"] * 3 + ["recorded"]
        assert all(result["receipt"]["id"] == result["id"] for result in results)
        operation = TirOperation.objects.get(carnet=carnet, sequence=1)
        assert (str(operation.start_stamp), operation.start_rivals) == (bodies[2]["id"], 3)
        reconcile(START + 10 * HOUR)
        assert flagged(carnet) == {("duplicate", 1), ("recorded_late", 1)}, "nobody enrolled these phones"


def client_of(world: World, office: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(world.officers[office])[1]}")
    return client


class TestTheSameBatchTwiceAtOnce:
    def test_records_every_stamp_once_with_one_receipt(self, world: World) -> None:
        carnets = [world.issue() for _ in range(5)]
        officer = officer_of(world.officers["CNURC001"].pk)
        requests = [world.request(carnet, 1, START + HOUR) for carnet in carnets]

        first, second = returned(
            at_once(
                lambda: record_stamps(requests=requests, officer=officer, at=START + HOUR),
                lambda: record_stamps(requests=list(reversed(requests)), officer=officer, at=START + HOUR),
            )
        )

        assert Stamp.objects.count() == 5
        kinds = [outcome.kind for outcome in (*first, *second)]
        assert sorted(kinds) == sorted([OutcomeKind.RECORDED] * 5 + [OutcomeKind.DUPLICATE] * 5)
        hashes = {outcome.request.id: outcome.row["hash"] for outcome in first if outcome.row}
        assert hashes == {outcome.request.id: outcome.row["hash"] for outcome in second if outcome.row}

    def test_survives_one_id_on_two_carnets(self, world: World) -> None:
        one, other = world.issue(), world.issue()
        officer, stamp_id = officer_of(world.officers["CNURC001"].pk), uuid4()
        requests = [world.request(carnet, 1, START + HOUR, id=stamp_id) for carnet in (one, other)]

        results = at_once(
            *(
                lambda r=request: record_stamps(requests=[r], officer=officer, at=START + HOUR)[0]
                for request in requests
            )
        )

        kinds = sorted(outcome.kind for outcome in returned(results))
        assert kinds == [OutcomeKind.CONFLICT, OutcomeKind.RECORDED]
        assert Stamp.objects.count() == 1
