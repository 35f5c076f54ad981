"""The page of a shift: whose, which day, what waits, and what may be narrowed and taken along."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from carnets.models import Carnet
from carnets.rules import DeclaredVehicle
from checkpoints.models import Device, DeviceEvent
from checkpoints.phones import devices
from checkpoints.posts.postings import officer_of
from checkpoints.recording import scanning
from checkpoints.recording.stamping import Origin, record_stamp
from tests.api.consoles.conftest import Reader
from tests.world import World
from tir.accounts.models import Role, User
from tir.kernel.clock import now

POST = "/console/post/"


def issued(world: World) -> Carnet:
    at = now() - timedelta(hours=1)
    until = at.date() + timedelta(days=30)
    vehicle = DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", until + timedelta(days=300))
    return world.issue(at=at, acceptance_until=until, vehicles=[vehicle])


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """A shift of one day: at midnight a stamp and the look at it would lie in two."""
    with time_machine.travel(
        now().replace(hour=7, minute=0), tick=True
    ):  # UTC; the offices are five hours ahead
        yield


@pytest.fixture
def busy(world: World) -> Carnet:
    """A carnet scanned and stamped by a phone on lane 2, which has four more stamps to send; one stamp refused."""
    carnet, at = issued(world), now()
    officer = officer_of(world.officers["CNURC001"].pk)
    phone = devices.enrol(name="Phone 3", lane="2", token_digest="a", by=officer, at=at)
    devices.record_device_state(device_id=phone.pk, unsent=4, oldest_unsent_at=at, app_version="1", at=at)
    scanning.scan(number=carnet.number, officer=officer, occurred_at=at, at=at)
    request = world.request(carnet, 1, at + timedelta(seconds=41))
    record_stamp(request=request, officer=officer, at=at + timedelta(seconds=41), origin=Origin(phone.pk))
    world.batch("CNURC001", [world.request(carnet, 5, at)], at)
    return carnet


@pytest.fixture
def leader(world: World, reader: Reader) -> Client:
    return reader(world.officers["CNURC001"])


@pytest.fixture
def headquarters(world: World, reader: Reader) -> Client:
    return reader(User.objects.create_user("hq", roles=[Role.CUSTOMS_HQ], country="CN"))


def shown(client: Client, **query: str) -> Any:
    answer = client.get(POST, query)
    assert answer.status_code == 200
    return answer


def ways(answer: Any) -> list[str]:
    """Return how the stamps on the page were made, in the words of their cells."""
    return [strip_tags(row.get_cell("made")) for row in answer.context["table"].rows]


def numbers(answer: Any) -> list[str]:
    return [row.record.carnet.number for row in answer.context["table"].rows]


class TestPost:
    def test_shows_the_day_so_far(self, busy: Carnet, leader: Client) -> None:
        answer = shown(leader)

        assert numbers(answer) == [busy.number]
        assert (answer.context["count"].waiting, answer.context["count"].refused_stamps) == (4, 1)
        assert answer.context["average"] == "0 min 41 s"
        assert answer.context["handling"].series[0].values == [41]
        for said in ("Phone 3", "not_planned", "4 unsent, oldest 0 min", 'hx-trigger="every 30s"'):
            assert said in answer.content.decode()

    def test_says_how_each_stamp_was_made(self, busy: Carnet, leader: Client, world: World) -> None:
        assert ways(shown(leader)) == ["online"]

        world.stamp(issued(world), 1, now(), "CNURC001", is_offline=True)

        assert sorted(ways(shown(leader))) == ["offline, and sent later", "online"]
        exported = leader.get(POST, {"export": "csv"})
        assert "offline" in b"".join(exported.streaming_content).decode()  # type: ignore[attr-defined]

    def test_of_another_day_stands_still(self, busy: Carnet, leader: Client) -> None:
        answer = shown(leader, day=str(now().date() - timedelta(days=3)))

        assert numbers(answer) == []
        assert "every 30s" not in answer.content.decode()

    def test_is_narrowed_by_the_address_bar(self, busy: Carnet, leader: Client, world: World) -> None:
        late = issued(world)
        world.stamp(late, 1, now(), "CNURC001", is_offline=True)

        assert numbers(shown(leader, officer="Officer-CNURC001", role="departure", made="online")) == [
            busy.number
        ]
        assert numbers(shown(leader, made="offline")) == [late.number]
        assert numbers(shown(leader, made="handed_in")) == []
        assert numbers(shown(leader, role="exit")) == []

    @pytest.mark.parametrize("query", [{"day": "someday"}, {"role": "driver"}])
    def test_says_what_it_cannot_read(self, busy: Carnet, leader: Client, query: dict[str, str]) -> None:
        answer = shown(leader, **query)

        assert answer.context["filter"].form.errors
        assert numbers(answer) == []

    def test_is_exported(self, busy: Carnet, leader: Client) -> None:
        answer = leader.get(POST, {"export": "csv"})

        content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        assert busy.number in content
        assert "Phone 3" in content

    def test_is_of_the_officers_own_office(self, busy: Carnet, leader: Client) -> None:
        assert leader.get(POST, {"office": "KZHOR001"}).status_code == 404

    def test_lets_headquarters_choose_an_office_of_their_country(
        self, busy: Carnet, headquarters: Client
    ) -> None:
        assert numbers(shown(headquarters)) == []  # CNHRS001 comes first
        assert numbers(shown(headquarters, office="CNURC001")) == [busy.number]
        assert headquarters.get(POST, {"office": "KZHOR001"}).status_code == 404

    def test_links_the_days_handover(self, busy: Carnet, leader: Client) -> None:
        answer = leader.get(shown(leader).context["handover"])

        assert answer["Content-Type"] == "application/pdf"

    def test_reads_the_same_few_tables_however_busy(self, busy: Carnet, leader: Client, world: World) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as asked:
                shown(leader)
            return len(asked)

        shown(leader)  # whether the log stands still is known for a minute
        few = queries()
        for _each in range(3):
            world.stamp(issued(world), 1, now())

        assert queries() == few <= 22


def heard(device: Device, hours: float, **said: Any) -> None:
    """Let a device say that four stamps wait, the oldest for so many hours."""
    since = now() - timedelta(hours=hours)
    facts = {"unsent": 4, "oldest_unsent_at": since, "app_version": "1", "at": now()}
    devices.record_device_state(device_id=device.pk, **{**facts, **said})


def concerns(answer: Any) -> list[str]:
    return [row["device"].name for row in answer.context["concerns"]]


class TestPhonesThatNeedSomebody:
    @pytest.mark.parametrize(
        ("hours", "said", "tone", "is_of_concern"),
        [
            (3.5, "4 unsent, oldest 3 h", "brand", False),
            (5.5, "4 unsent, oldest 5 h", "look", True),
            (25, "4 unsent, oldest 25 h", "stop", True),
            (72, "4 unsent, oldest 3 d", "stop", True),
        ],
    )
    def test_are_those_whose_stamps_wait_for_hours(
        self, busy: Carnet, leader: Client, hours: float, said: str, tone: str, is_of_concern: bool
    ) -> None:
        heard(Device.objects.get(), hours)

        answer = shown(leader)

        state = answer.context["devices"][0]["state"]
        assert said in state
        assert tone in state
        assert concerns(answer) == (["Phone 3"] if is_of_concern else [])
        assert ("Phones that need somebody" in answer.content.decode()) is is_of_concern

    def test_are_seen_when_they_fall_silent(
        self, busy: Carnet, leader: Client, world: World, reader: Reader
    ) -> None:
        assert concerns(shown(leader)) == []

        with time_machine.travel(now() + timedelta(hours=25)):
            answer = shown(reader(world.officers["CNURC001"]))

        assert concerns(answer) == ["Phone 3"]
        assert "4 unsent, oldest 25 h" in answer.content.decode()

    def test_are_shown_to_the_headquarters_of_their_country(
        self, busy: Carnet, headquarters: Client, world: World, reader: Reader
    ) -> None:
        heard(Device.objects.get(), 25)

        answer = shown(headquarters)  # at CNHRS001, which has no phone

        assert (concerns(answer), answer.context["devices"]) == (["Phone 3"], [])
        assert "CNURC001" in answer.content.decode()
        assert concerns(shown(reader(world.officers["CNHRS001"]))) == []
        abroad = User.objects.create_user("kz", roles=[Role.CUSTOMS_HQ], country="KZ")
        assert concerns(shown(reader(abroad))) == []


class TestALoss:
    @pytest.fixture
    def emptied(self, busy: Carnet, world: World) -> Device:
        device = Device.objects.get()
        heard(device, 2)
        heard(device, 0, unsent=0, emptied_by=world.officers["CNURC001"].pk)
        return device

    def test_says_who_lost_what_and_what_to_do(self, emptied: Device, leader: Client) -> None:
        answer = shown(leader)

        assert concerns(answer) == ["Phone 3"]
        said = strip_tags(answer.context["concerns"][0]["losses"][0])
        assert "the phone of officer-cnurc001 was found emptied with 4 stamps unsent" in said
        page = answer.content.decode()
        assert "read the counterfoils" in page
        assert f"/console/post/devices/{emptied.pk}/settle/" in page

    def test_is_settled_with_a_reason(self, emptied: Device, leader: Client) -> None:
        address = f"{POST}devices/{emptied.pk}/settle/"
        assert leader.post(address, {"reason": " "}).status_code == 400
        assert concerns(shown(leader)) == ["Phone 3"]

        answer = leader.post(address, {"reason": "Four counterfoils offered as proofs."}, follow=True)

        assert concerns(answer) == []
        assert "The loss is settled." in answer.content.decode()
        event = DeviceEvent.objects.get(kind="loss_settled")
        assert (event.by, event.reason) == (
            answer.wsgi_request.user,
            "Four counterfoils offered as proofs.",
        )
        assert leader.post(address, {"reason": "Again."}).status_code == 409

    def test_is_not_for_other_offices(
        self, emptied: Device, world: World, reader: Reader, leader: Client
    ) -> None:
        stranger, address = reader(world.officers["KZHOR001"]), f"{POST}devices/{emptied.pk}/settle/"

        assert [send(address).status_code for send in (stranger.get, stranger.post)] == [404, 404]
        assert leader.get(address).status_code == 200


class TestRevokeDevice:
    def test_ends_the_phone_and_says_so(self, busy: Carnet, leader: Client) -> None:
        device = Device.objects.get()
        page = shown(leader)
        assert f"/console/post/devices/{device.pk}/revoke/" in page.content.decode()

        answer = leader.post(f"{POST}devices/{device.pk}/revoke/", {"reason": "left in a taxi"}, follow=True)

        device.refresh_from_db()
        assert (device.revoked_by, device.revoke_reason) == (page.wsgi_request.user, "left in a taxi")
        assert "The device is revoked." in answer.content.decode()
        assert "Phone 3" not in [row["device"].name for row in answer.context["devices"]]

    def test_needs_a_reason(self, busy: Carnet, leader: Client) -> None:
        device = Device.objects.get()

        assert leader.post(f"{POST}devices/{device.pk}/revoke/", {"reason": ""}).status_code == 400
        assert Device.objects.get().revoked_at is None

    def test_is_not_for_other_offices(self, busy: Carnet, world: World, reader: Reader) -> None:
        stranger, device = reader(world.officers["KZHOR001"]), Device.objects.get()

        for send in (stranger.get, stranger.post):
            assert send(f"{POST}devices/{device.pk}/revoke/").status_code == 404
