"""The devices of an office: enrolled with a token of their own, seen, found emptied, revoked."""

from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from checkpoints.models import Device, Stamp, StampOrigin
from tests.api.calls import API, DEVICES, ago, ok, problem, refused_fields, stamp_body
from tests.api.conftest import Client, Enrol, Issue, OfficerAt, Person
from tests.world import World
from tir.accounts.models import Role, User


def beat(device: dict[str, Any], client: APIClient, **said: Any) -> Any:
    return client.post(f"{DEVICES}{device['id']}/heartbeat/", {"unsent": 0, "app_version": "1.0", **said})


def revoke(device: dict[str, Any], client: APIClient) -> Any:
    return client.post(f"{DEVICES}{device['id']}/revoke/", {"reason": "lost"})


class TestEnrol:
    def test_gives_the_device_a_token_of_its_own(self, enrol: Enrol) -> None:
        device, client = enrol(lane="Lane 2")

        assert (device["office"], device["officer"]) == ("CNURC001", "officer-cnurc001")
        assert (device["name"], device["lane"], device["unsent"]) == ("Phone 3", "Lane 2", 0)
        assert ok(client.get(f"{API}/post/bundle/"))["office"]["code"] == "CNURC001"

    def test_keeps_only_the_digest_of_the_token(self, enrol: Enrol) -> None:
        device, _client = enrol()

        assert device["token"] not in str(Device.objects.values().get())

    @pytest.mark.parametrize("is_behind_tls", [True, False])
    def test_leaves_a_mark_by_which_an_emptied_phone_knows_itself(
        self, officer: APIClient, settings: Settings, is_behind_tls: bool
    ) -> None:
        settings.SESSION_COOKIE_SECURE = is_behind_tls

        answer = officer.post(DEVICES, {"name": "Phone 3"})

        mark = answer.cookies["tir_phone"]
        assert mark.value == ok(answer, 201)["id"]
        assert (mark["path"], mark["samesite"], mark["max-age"]) == ("/post/", "Strict", 31_536_000)
        assert bool(mark["secure"]) is is_behind_tls
        assert not mark["httponly"]  # the app reads it
        assert "tir_phone" not in officer.get(DEVICES).cookies

    def test_needs_a_posting(self, client_of: Client, world: World) -> None:
        unposted = User.objects.create_user("unposted", roles=[Role.OFFICER], country="CN")

        problem(client_of(unposted).post(DEVICES, {"name": "Phone"}), 403, "not_posted")
        assert not Device.objects.exists()

    def test_needs_a_name(self, officer: APIClient) -> None:
        assert refused_fields(officer.post(DEVICES, {})) == {"name": "required"}
        assert refused_fields(officer.post(DEVICES, {"name": "x" * 61})) == {"name": "too_long"}


class TestList:
    def test_shows_an_officer_the_devices_of_the_office(self, enrol: Enrol, officer_at: OfficerAt) -> None:
        here, _client = enrol("CNURC001")
        enrol("KZHOR001")

        assert ids(officer_at("CNURC001")) == [here["id"]]
        assert ids(officer_at("CNHRS001")) == []

    def test_shows_headquarters_those_of_the_country(self, enrol: Enrol, hq: APIClient) -> None:
        enrol("CNURC001")
        there, _client = enrol("KZHOR001")

        assert ids(hq) == [there["id"]]

    def test_tells_revoked_ones_apart(self, enrol: Enrol, officer: APIClient) -> None:
        lost, _client = enrol()
        kept, _client = enrol()
        ok(revoke(lost, officer))

        assert ids(officer, revoked="no") == [kept["id"]]
        assert ids(officer, revoked="yes") == [lost["id"]]
        assert refused_fields(officer.get(DEVICES, {"revoked": "maybe"})) == {"revoked": "unknown_choice"}

    def test_never_shows_a_token(self, enrol: Enrol, officer: APIClient) -> None:
        enrol()

        assert "token" not in ok(officer.get(DEVICES))["results"][0]


def ids(client: APIClient, **query: str) -> list[str]:
    return [row["id"] for row in ok(client.get(DEVICES, query))["results"]]


class TestHeartbeat:
    def test_keeps_what_the_device_says_of_itself(self, enrol: Enrol) -> None:
        device, client = enrol()
        since = ago(minutes=7)

        said = ok(beat(device, client, unsent=12, oldest_unsent_at=since.isoformat(), lane="Lane 4"))

        assert (said["unsent"], said["lane"], said["app_version"]) == (12, "Lane 4", "1.0")
        assert said["oldest_unsent_at"] == since.isoformat().replace("+00:00", "Z")
        assert said["last_seen_at"] is not None

    def test_of_an_empty_queue_has_no_oldest(self, enrol: Enrol) -> None:
        device, client = enrol()
        ok(beat(device, client, unsent=12, oldest_unsent_at=ago(minutes=7).isoformat()))

        assert ok(beat(device, client))["oldest_unsent_at"] is None

    def test_keeps_the_lane_unless_another_is_named(self, enrol: Enrol) -> None:
        device, client = enrol(lane="Lane 2")

        assert ok(beat(device, client))["lane"] == "Lane 2"

    def test_of_another_office_is_not_taken(self, enrol: Enrol, officer_at: OfficerAt) -> None:
        device, _client = enrol("CNURC001")

        problem(beat(device, officer_at("KZHOR001")), 404, "not_found")
        ok(beat(device, officer_at("CNURC001")))

    def test_of_a_revoked_device_is_not_taken(self, enrol: Enrol, officer: APIClient) -> None:
        device, _client = enrol()
        ok(beat(device, officer))
        ok(revoke(device, officer))

        problem(beat(device, officer), 409, "device_is_revoked")


class TestWhatWaits:
    def test_is_said_with_its_urgency(self, enrol: Enrol, officer: APIClient) -> None:
        device, client = enrol()
        waited = []
        for hours in (3, 5, 25):
            ok(beat(device, client, unsent=3, oldest_unsent_at=ago(hours=hours).isoformat()))
            waited.append(ok(officer.get(DEVICES))["results"][0]["urgency"])

        assert waited == ["none", "amber", "red"]
        assert ok(beat(device, client))["urgency"] == "none"

    def test_is_named_by_its_hash_beside_the_storage(self, enrol: Enrol) -> None:
        device, client = enrol()
        storage = {"persisted": True, "free_bytes": 5_000_000_000}

        said = ok(beat(device, client, unsent=1, queue_hash="0" * 64, storage=storage))
        assert (said["queue_hash"], said["storage"]) == ("0" * 64, storage)

        said = ok(beat(device, client, unsent=1))  # as an app of release 2.0 does
        assert (said["queue_hash"], said["storage"]) == (None, {"persisted": None, "free_bytes": None})

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"queue_hash": "A" * 64}, "queue_hash"),
            ({"storage": {"persisted": "yes"}}, "storage.persisted"),
            ({"storage": {"free_bytes": -1}}, "storage.free_bytes"),
            ({"storage_lost": 1}, "storage_lost"),
        ],
    )
    def test_is_said_in_the_right_form(self, enrol: Enrol, said: dict[str, Any], field: str) -> None:
        device, client = enrol()

        assert list(refused_fields(beat(device, client, **said))) == [field]
        ok(beat(device, client))


class TestALoss:
    @pytest.fixture
    def emptied(self, enrol: Enrol) -> dict[str, Any]:
        """A phone that held three stamps when it was last heard of, and then was found emptied and enrolled anew."""
        device, client = enrol()
        ok(beat(device, client, unsent=3, oldest_unsent_at=ago(hours=2).isoformat()))
        _new, client = enrol()
        said: dict[str, Any] = ok(beat(device, client, storage_lost=True))
        return said

    def test_is_what_the_server_knew(self, emptied: dict[str, Any], officer: APIClient) -> None:
        assert (emptied["unsent"], emptied["urgency"]) == (0, "red")
        (loss,) = emptied["losses"]
        assert (loss["unsent"], loss["reported_by"]) == (3, "officer-cnurc001")
        assert loss["oldest_unsent_at"] < loss["at"]
        assert [row["losses"] for row in ok(officer.get(DEVICES))["results"]] == [[], [loss]]

    def test_is_settled_by_a_person_with_a_reason(self, emptied: dict[str, Any], officer: APIClient) -> None:
        assert refused_fields(settle(emptied, officer, "")) == {"reason": "too_short"}

        settled = ok(settle(emptied, officer, "All three offered as proofs."))

        assert (settled["losses"], settled["urgency"]) == ([], "none")
        problem(settle(emptied, officer, "Again."), 409, "nothing_lost")

    def test_is_for_the_office_and_its_headquarters(
        self, emptied: dict[str, Any], officer_at: OfficerAt, person: Person, hq: APIClient
    ) -> None:
        problem(settle(emptied, officer_at("CNHRS001"), "Not ours."), 404, "not_found")
        problem(settle(emptied, hq, "Not ours."), 404, "not_found")
        ok(settle(emptied, person(Role.CUSTOMS_HQ, country="CN"), "Told by the officer."))


class TestEvents:
    def test_are_what_became_of_the_devices_of_the_office(
        self, enrol: Enrol, officer: APIClient, officer_at: OfficerAt
    ) -> None:
        device, client = enrol()
        ok(beat(device, client, unsent=2, oldest_unsent_at=ago(hours=1).isoformat()))
        ok(beat(device, client, storage_lost=True))
        ok(settle(device, officer, "Both offered as proofs."))
        ok(revoke(device, officer))
        enrol("KZHOR001")

        told = ok(officer.get(f"{DEVICES}events/"))["results"]

        assert [(event["kind"], event["reason"], event["unsent"]) for event in told] == [
            ("revoked", "lost", None),
            ("loss_settled", "Both offered as proofs.", None),
            ("storage_lost", "", 2),
            ("enrolled", "", None),
        ]
        assert told[1]["settles"] == told[2]["id"]
        assert {(event["device"], event["by"]) for event in told} == {(device["id"], "officer-cnurc001")}
        assert ok(officer_at("CNHRS001").get(f"{DEVICES}events/"))["results"] == []

    def test_are_narrowed_by_office_and_kind(self, enrol: Enrol, person: Person) -> None:
        here, client = enrol()
        enrol("CNHRS001")
        ok(beat(here, client, storage_lost=True))
        hq = person(Role.CUSTOMS_HQ, country="CN")

        def found(**query: str) -> list[tuple[str, str]]:
            rows = ok(hq.get(f"{DEVICES}events/", query))["results"]
            return [(event["office"], event["kind"]) for event in rows]

        assert found(office="cnhrs001") == [("CNHRS001", "enrolled")]
        assert found(kind="storage_lost") == [("CNURC001", "storage_lost")]
        assert len(found()) == 3
        assert refused_fields(hq.get(f"{DEVICES}events/", {"kind": "stolen"})) == {"kind": "unknown_choice"}


def settle(device: dict[str, Any], client: APIClient, reason: str) -> Any:
    return client.post(f"{DEVICES}{device['id']}/settle/", {"reason": reason})


class TestRevoke:
    def test_ends_the_token_and_tells_the_device_why(self, enrol: Enrol, officer: APIClient) -> None:
        device, client = enrol()

        assert ok(revoke(device, officer))["revoked_at"] is not None

        answer = client.get(f"{API}/post/bundle/")
        problem(answer, 401, "device_revoked")
        assert answer["WWW-Authenticate"] == "Token"

    def test_leaves_the_officer_signed_in(self, enrol: Enrol, officer: APIClient) -> None:
        device, _client = enrol()
        ok(revoke(device, officer))

        ok(officer.get(f"{API}/post/bundle/"))

    def test_is_for_the_office_and_its_headquarters(
        self, enrol: Enrol, officer_at: OfficerAt, person: Person, hq: APIClient
    ) -> None:
        device, _client = enrol("CNURC001")

        problem(revoke(device, officer_at("CNHRS001")), 404, "not_found")
        problem(revoke(device, hq), 404, "not_found")
        ok(revoke(device, person(Role.CUSTOMS_HQ, country="CN")))

    def test_stands_as_it_was_first_done(self, enrol: Enrol, officer: APIClient) -> None:
        device, _client = enrol()

        assert ok(revoke(device, officer)) == ok(revoke(device, officer))

    def test_does_not_speak_to_a_token_nobody_had(self, enrol: Enrol, officer: APIClient) -> None:
        device, _client = enrol()
        ok(revoke(device, officer))
        stranger = APIClient()
        stranger.credentials(HTTP_AUTHORIZATION=f"Token tirdev{'a' * 64}")

        problem(stranger.get(f"{API}/post/bundle/"), 401, "not_signed_in")


class TestStamps:
    def test_remember_the_device_beside_the_ledger(self, enrol: Enrol, issue: Issue) -> None:
        device, client = enrol()
        one, two = issue(), issue()

        first, second = stamp_body(one.number, 1), stamp_body(two.number, 1)
        ok(client.post(f"{API}/stamps/", first), 201)
        ok(client.post(f"{API}/stamps/batch/", {"stamps": [second]}))

        origins = StampOrigin.objects.values_list("stamp_id", "device_id", "certified_by")
        assert {(str(stamp), str(by), whom) for stamp, by, whom in origins} == {
            (first["id"], device["id"], None), (second["id"], device["id"], None),
        }  # fmt: skip

    @pytest.mark.parametrize(("role", "is_vouched"), [(Role.SYSTEM, True), (Role.AUDITOR, False)])
    def test_of_another_administrations_system_are_vouched_for(
        self, world: World, client_of: Client, issue: Issue, role: Role, is_vouched: bool
    ) -> None:
        """What was made offline and comes from no enrolled device must come from a system account (practice)."""
        world.officers["CNURC001"].roles = [Role.OFFICER, role]
        world.officers["CNURC001"].save()
        client = client_of(world.officers["CNURC001"])

        ok(client.post(f"{API}/stamps/", stamp_body(issue().number, 1, offline=True)), 201)

        assert Stamp.objects.get().is_vouched is is_vouched

    def test_without_a_device_have_no_origin(self, officer: APIClient, issue: Issue) -> None:
        ok(officer.post(f"{API}/stamps/", stamp_body(issue().number, 1)), 201)

        assert not StampOrigin.objects.exists()


class TestADevicesToken:
    """It does what a phone needs, and no more (M7)."""

    def test_enrols_and_revokes_no_device(self, enrol: Enrol, officer: APIClient) -> None:
        device, phone = enrol()

        problem(phone.post(DEVICES, {"name": "clone"}), 403, "not_for_devices")
        problem(phone.post(f"{DEVICES}{device['id']}/revoke/", {"reason": "x"}), 403, "not_for_devices")
        ok(officer.post(DEVICES, {"name": "another"}), 201)
        ok(officer.post(f"{DEVICES}{device['id']}/revoke/", {"reason": "x"}))

    def test_reports_for_itself_alone(self, enrol: Enrol) -> None:
        (first, phone), (second, other) = enrol(), enrol()

        problem(beat(second, phone, unsent=999), 403, "not_itself")
        ok(beat(second, other))
        ok(beat(first, phone))

    @pytest.mark.parametrize(
        ("address", "is_for_phones"),
        [
            ("post/bundle/", True),
            ("carnets/", True),
            ("reconciliation-requests/", False),
            ("holders/", False),
        ],
    )
    def test_reads_what_a_post_needs(
        self, enrol: Enrol, officer: APIClient, address: str, is_for_phones: bool
    ) -> None:
        _device, phone = enrol()

        assert officer.get(f"/api/v1/{address}").status_code == 200
        assert phone.get(f"/api/v1/{address}").status_code == (200 if is_for_phones else 403)

    def test_signs_out_with_its_device(self, enrol: Enrol) -> None:
        device, phone = enrol()

        assert phone.post("/api/v1/auth/logout/").status_code == 204

        assert Device.objects.get(pk=device["id"]).revoked_at is not None
        problem(phone.get("/api/v1/carnets/"), 401, "device_revoked")


class TestTheCap:
    def test_of_a_person(self, enrol: Enrol, officer: APIClient, settings: Settings) -> None:
        settings.DEVICES_PER_PERSON = 2
        first, _phone = enrol()
        enrol()

        problem(officer.post(DEVICES, {"name": "third"}), 409, "too_many_devices")
        ok(officer.post(f"{DEVICES}{first['id']}/revoke/", {"reason": "old"}))
        ok(officer.post(DEVICES, {"name": "third"}), 201)

    def test_of_an_office(self, enrol: Enrol, officer: APIClient, settings: Settings) -> None:
        settings.DEVICES_PER_OFFICE = 1
        enrol()

        problem(officer.post(DEVICES, {"name": "second"}), 409, "too_many_devices")
        enrol("KZHOR001")

    def test_leaves_out_what_is_idle_for_good(
        self, enrol: Enrol, officer: APIClient, settings: Settings
    ) -> None:
        settings.DEVICES_PER_PERSON = 1
        enrol()
        Device.objects.update(enrolled_at=ago(days=settings.DEVICE_IDLE_DAYS + 1), last_seen_at=None)

        ok(officer.post(DEVICES, {"name": "another"}), 201)
