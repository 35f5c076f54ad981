"""A lost phone: who may end it, what it was known to hold, and how its office settles that (faults A and C8)."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils.html import strip_tags
from rest_framework.test import APIClient

from checkpoints.models import Device, DeviceEvent
from tests.api.calls import DEVICES, ago, ok, problem
from tests.api.conftest import Client, Enrol, OfficerAt, Person
from tests.api.consoles.conftest import Reader
from tests.api.people_calls import USERS, Joined, invite_body
from tests.world import World
from tir.accounts.models import Role, User

LIST = "/console/lost-phone/"
SAID = {"reason": "Left in a taxi in Urumqi on Monday."}


@pytest.fixture
def lost(enrol: Enrol) -> tuple[Device, APIClient]:
    """A phone of the officer at the office of departure, last heard with three stamps unsent."""
    device, client = enrol()
    body = {"unsent": 3, "oldest_unsent_at": ago(hours=5).isoformat(), "app_version": "2"}
    ok(client.post(f"{DEVICES}{device['id']}/heartbeat/", body))
    return Device.objects.get(pk=device["id"]), client


@pytest.fixture
def officer(world: World, reader: Reader) -> Browser:
    return reader(world.officers["CNURC001"])


def page_of(device: Device) -> str:
    return f"{LIST}{device.pk}/"


def words(browser: Browser, address: str) -> str:
    return " ".join(strip_tags(browser.get(address).content.decode()).split())


class TestTheOfficer:
    def test_ends_it_from_anywhere_and_reads_what_to_do(
        self, lost: tuple[Device, APIClient], officer: Browser
    ) -> None:
        device, phone = lost
        before = words(officer, page_of(device))
        assert "3 stamps were not sent when it was last heard" in before
        ok(phone.get(DEVICES))

        answer = officer.post(page_of(device), SAID)

        assert answer["Location"] == page_of(device)
        problem(phone.get(DEVICES), 401, "device_revoked")
        after = words(officer, page_of(device))
        assert "was lost (Left in a taxi in Urumqi on Monday.) with 3 stamps unsent" in after
        assert "If it is found: open the app on it." in after
        assert "read the counterfoils in their carnets" in after
        assert "It is lost: end it" not in after

    def test_finds_it_on_the_own_account_and_in_the_list(
        self, lost: tuple[Device, APIClient], officer: Browser
    ) -> None:
        device, _phone = lost

        for address in (LIST, "/console/account/", "/console/post/"):
            assert page_of(device) in officer.get(address).content.decode(), address

    def test_says_where_and_when(self, lost: tuple[Device, APIClient], officer: Browser) -> None:
        device, phone = lost

        assert officer.post(page_of(device), {"reason": " "}).status_code == 400
        ok(phone.get(DEVICES))

    def test_may_be_posted_nowhere(
        self, lost: tuple[Device, APIClient], officer: Browser, world: World
    ) -> None:
        device, _phone = lost
        world.officers["CNURC001"].postings.update(valid_to=ago(days=1).date())

        assert officer.get(page_of(device)).status_code == 200
        assert officer.post(page_of(device), SAID).status_code == 302


class TestTheOffice:
    def test_settles_what_was_lost_once(
        self, lost: tuple[Device, APIClient], officer: Browser, world: World
    ) -> None:
        device, _phone = lost
        officer.post(page_of(device), SAID)
        settle = f"/console/post/devices/{device.pk}/settle/"
        assert settle in officer.get(page_of(device)).content.decode()
        assert "was lost" in words(officer, "/console/post/")

        officer.post(settle, {"reason": "Three counterfoils offered as proofs."})

        assert settle not in officer.get(page_of(device)).content.decode()
        kinds = list(DeviceEvent.objects.filter(device=device).values_list("kind", flat=True))
        assert kinds == ["enrolled", "revoked", "storage_lost", "loss_settled"]
        assert officer.post(settle, {"reason": "Again."}).status_code == 409

    def test_is_told_of_the_loss_once_however_often_it_is_said(
        self, lost: tuple[Device, APIClient], officer: Browser
    ) -> None:
        device, _phone = lost
        for _time in range(2):
            officer.post(page_of(device), SAID)

        (loss,) = DeviceEvent.objects.filter(device=device, kind="storage_lost")
        assert (loss.unsent, loss.reason) == (3, SAID["reason"])

    def test_learns_of_one_that_had_ended_before(
        self, lost: tuple[Device, APIClient], officer: Browser
    ) -> None:
        """A password was changed, which ended the phone; that it is lost is said later."""
        device, _phone = lost
        officer.post(f"/console/account/devices/{device.pk}/end/")

        officer.post(page_of(device), SAID)

        assert DeviceEvent.objects.get(device=device, kind="storage_lost").unsent == 3


class TestWhoMay:
    def test_colleagues_headquarters_and_who_looks_after_the_officer_and_no_other(
        self, world: World, reader: Reader, enrol: Enrol, root: APIClient, joined: Joined
    ) -> None:
        device = Device.objects.get(pk=enrol("KZALA001")[0]["id"])
        roles = [{"role": "administrator", "gives": ["officer"]}]
        ok(root.post(USERS, invite_body("head", country="KZ", roles=roles, postings=[])), 201)
        head = User.objects.get(username="head")
        User.objects.filter(pk=head.pk).update(is_active=True)
        user = User.objects.create_user
        allowed = (
            joined("colleague.kz", postings=[{"office": "KZALA001"}]),
            user("hq.kz", roles=[Role.CUSTOMS_HQ], country="KZ"),
            User.objects.get(pk=head.pk),
        )
        others = (
            world.officers["KZHOR001"],
            user("hq.uz", roles=[Role.CUSTOMS_HQ], country="UZ"),
            joined("uz", country="UZ", roles=[{"role": "administrator"}], postings=[]),
        )

        assert [reader(person).get(page_of(device)).status_code for person in allowed] == [200] * 3
        assert [reader(person).get(page_of(device)).status_code for person in others] == [404] * 3
        assert [reader(person).post(page_of(device), SAID).status_code for person in others] == [404] * 3
        assert Device.objects.get(pk=device.pk).revoked_at is None

    def test_by_the_api_as_on_the_page(
        self, enrol: Enrol, officer_at: OfficerAt, person: Person, administrator: APIClient
    ) -> None:
        device, _phone = enrol("KZALA001")
        address = f"{DEVICES}{device['id']}/revoke/"
        problem(officer_at("KZHOR001").post(address, {"lost": True}), 404, "not_found")
        problem(person(Role.ADMINISTRATOR, country="UZ").post(address, {"lost": True}), 404, "not_found")

        shown = ok(administrator.post(address, {"reason": "Stolen at the market.", "lost": True}))

        assert [(loss["unsent"], loss["reported_by"]) for loss in shown["losses"]] == [(0, "chief.kz")]


class TestC8:
    """A device token enrols no further device, revocation cascades, there is a cap, no token survives a password."""

    def test_a_device_token_enrols_no_further_device(self, enrol: Enrol, client_of: Client) -> None:
        device, phone = enrol()

        problem(phone.post(DEVICES, {"name": "Clone"}), 403, "not_for_devices")
        assert Device.objects.count() == 1
        person = User.objects.get(username=device["officer"])
        ok(client_of(person).post(DEVICES, {"name": "Second"}), 201)

    def test_there_is_a_cap(self, officer_at: OfficerAt, settings: Any) -> None:
        settings.DEVICES_PER_PERSON = 2
        client = officer_at("CNURC001")
        for number in range(2):
            ok(client.post(DEVICES, {"name": f"Phone {number}"}), 201)

        problem(client.post(DEVICES, {"name": "Third"}), 409, "too_many_devices")
        assert Device.objects.count() == 2

    def test_a_closed_account_takes_sessions_tokens_phones_and_links_with_it(
        self, administrator: APIClient, joined: Joined, reader: Reader, client_of: Client
    ) -> None:
        officer = joined("officer.kz")
        browser, program = reader(officer), client_of(officer)
        phone = APIClient()
        token = ok(program.post(DEVICES, {"name": "Phone"}), 201)["token"]
        phone.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        link = administrator.post(f"{USERS}{officer.pk}/password-link/", {"reason": "Forgotten."}).json()[
            "link"
        ]
        assert (browser.get(LIST).status_code, phone.get(DEVICES).status_code) == (200, 200)

        ok(administrator.post(f"{USERS}{officer.pk}/deactivate/", {"reason": "Left."}))
        ok(administrator.post(f"{USERS}{officer.pk}/reactivate/", {"reason": "Back."}))

        assert officer.sessions.count() == officer.token_uses.count() == 0
        assert browser.get(LIST).status_code == 302, "an opened account opens no session of before"
        assert (program.get(DEVICES).status_code, phone.get(DEVICES).status_code) == (401, 401)
        assert Browser().get(link.removeprefix("http://testserver")).status_code == 404
