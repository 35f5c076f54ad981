"""The carnet's page: what each reader sees of it, and what they may do."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from api.consoles.carnets.route import Reached, route_of
from api.consoles.carnets.words import FACTS
from carnets import issuing
from carnets.models import Carnet
from carnets.reconciliation.catalogue import CATALOGUE
from tests.api.calls import ago
from tests.api.conftest import Issue
from tests.api.consoles.conftest import DOT, Reader
from tests.world import START, World, reconcile
from tir.accounts.models import Role, User
from tir.kernel.clock import now


@pytest.fixture
def stamped(world: World, issue: Issue) -> Carnet:
    """A carnet that left China without intact seals and entered Kazakhstan."""
    carnet = issue()
    world.travel(carnet, upto=3, since=ago(days=9), but={2: {"seals_intact": False}})
    world.report(carnet, "CNHRS001", ago(days=8), kind="other", photos=[("image/png", DOT)])
    reconcile(now())
    return carnet


def page(client: Client, carnet: Carnet, rest: str = "") -> str:
    answer = client.get(f"/console/carnets/{carnet.number}/{rest}")
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def user(role: Role, country: str) -> User:
    return User.objects.create_user(f"{role}-{country}", roles=[role], country=country)


class TestTheWords:
    def test_name_every_fact_of_the_catalogue(self) -> None:
        told = {name for item in CATALOGUE for name in re.findall(r"'(\w+)', ", item.facts)}

        assert {"before", "speed_kmh"} <= told
        assert told - set(FACTS) == set()


class TestWhatItShows:
    def test_is_the_whole_carnet_to_its_issuer(self, world: World, reader: Reader, stamped: Carnet) -> None:
        said = page(reader(world.staff["CN"]), stamped)

        for part in (
            "document.pdf",
            "Cotton shirts",
            "CN-2026-0001",
            "art. 25",
            "TJDYU001",
            "Certified report",
        ):
            assert part in said

    def test_is_a_foreign_guarantors_own_part(self, world: World, reader: Reader, stamped: Carnet) -> None:
        client = reader(world.staff["KZ"])
        said = page(client, stamped)

        assert "KZHOR001" in said
        for part in ("document.pdf", "Cotton shirts", "CN-2026-0001", "art. 25", "CNURC001", "TJDYU001"):
            assert part not in said
        foreign, own = stamped.stamps.get(page=1).pk, stamped.stamps.get(page=3).pk
        report = stamped.incidents.get()
        assert client.get(f"/console/carnets/{stamped.number}/stamps/{foreign}/").status_code == 404
        assert client.get(f"/console/carnets/{stamped.number}/reports/{report.pk}/").status_code == 404
        assert "KZHOR001" in page(client, stamped, f"stamps/{own}/")

    def test_is_nothing_to_customs_that_are_not_on_the_route(self, reader: Reader, stamped: Carnet) -> None:
        client = reader(user(Role.CUSTOMS_HQ, "TR"))
        photo = stamped.incidents.get().photos.get()

        for rest in (
            "",
            f"stamps/{stamped.stamps.get(page=1).pk}/",
            f"reports/{photo.incident_id}/photos/{photo.pk}/",
        ):
            answer = client.get(f"/console/carnets/{stamped.number}/{rest}")
            assert answer.status_code == 404
            assert "not_found" in answer.content.decode()

    def test_has_photos_as_they_were_sent(self, world: World, reader: Reader, stamped: Carnet) -> None:
        photo = stamped.incidents.get().photos.get()
        answer = reader(world.staff["CN"]).get(
            f"/console/carnets/{stamped.number}/reports/{photo.incident_id}/photos/{photo.pk}/"
        )

        assert (answer["Content-Type"], answer.content) == ("image/png", DOT)


class TestRoute:
    def drawn(self, carnet: Carnet, flagged: set[int], days_later: float = 0) -> list[tuple[str, str]]:
        operations = list(carnet.operations.order_by("sequence"))
        return [
            (node.reached, node.way)
            for node in route_of(operations, flagged, now() + timedelta(days=days_later))
        ]

    def test_draws_a_missing_certificate_as_a_gap(self, world: World, issue: Issue) -> None:
        carnet = issue()
        world.travel(carnet, upto=5, since=ago(days=9), but={4: None})

        assert self.drawn(carnet, {3}) == [
            (Reached.CERTIFIED, "none"),
            (Reached.CERTIFIED, "done"),
            (Reached.FLAGGED, "done"),
            (Reached.MISSING, "gap"),
            (Reached.CERTIFIED, "gap"),
            (Reached.EXPECTED, "ahead"),
            (Reached.EXPECTED, "ahead"),
            (Reached.EXPECTED, "ahead"),
        ]

    def test_knows_what_is_late_and_what_was_refused(self, world: World, issue: Issue) -> None:
        carnet, refused = issue(), issue()
        world.travel(carnet, upto=1, since=ago(days=9))
        world.refuse(refused, 1, ago(days=9))

        assert [reached for reached, _way in self.drawn(carnet, set(), days_later=30)][1] == Reached.LATE
        assert [reached for reached, _way in self.drawn(refused, set())][0] == Reached.REFUSED


class TestWhatTheIssuerDoes:
    def test_is_offered_by_status(self, world: World, reader: Reader, issue: Issue, stamped: Carnet) -> None:
        client = reader(world.staff["CN"])

        assert "/invalidate/" in page(client, issue())
        assert "/invalidate/" not in page(client, stamped)
        assert "/report-lost/" in page(client, stamped)
        assert "/report-lost/" not in page(reader(world.staff["KZ"]), stamped)

    def test_is_offered_for_what_was_lost_before_anybody_accepted_it(
        self, world: World, reader: Reader, issue: Issue, stamped: Carnet
    ) -> None:
        unused, client = issue(), reader(world.staff["CN"])
        for carnet in (unused, stamped):
            issuing.report_lost(number=carnet.number, reason="gone", by=world.staff["CN"], at=now())

        assert "/invalidate/" in page(client, unused)
        assert "/invalidate/" not in page(client, stamped)

    def test_is_refused_beside_the_form_with_the_code(
        self, world: World, reader: Reader, stamped: Carnet
    ) -> None:
        answer = reader(world.staff["CN"]).post(
            f"/console/carnets/{stamped.number}/invalidate/", {"reason": "Not needed."}
        )

        assert answer.status_code == 409
        assert "transition_not_allowed" in answer.content.decode()
        assert "Not needed." in answer.content.decode()

    def test_needs_a_reason(self, world: World, reader: Reader, stamped: Carnet) -> None:
        answer = reader(world.staff["CN"]).post(f"/console/carnets/{stamped.number}/report-lost/", {})

        assert answer.status_code == 400
        assert 'href="#id_reason"' in answer.content.decode()

    def test_is_recorded(self, world: World, reader: Reader, issue: Issue, stamped: Carnet) -> None:
        client, finished = reader(world.staff["CN"]), issue()
        world.travel(finished, since=ago(days=9))
        lost = {"reason": "Fell off the lorry.", "is_stolen": "on"}
        client.post(f"/console/carnets/{stamped.number}/report-lost/", lost)
        foil = {"stamped_8": "on", "packages_8": "419"}
        client.post(f"/console/returns/{finished.number}/record/", foil)

        stamped.refresh_from_db()
        assert (stamped.status, stamped.control_reason) == ("stolen", "Fell off the lorry.")
        [difference] = finished.carnet_return.differences
        assert (difference["page"], difference["fields"]) == (8, ["packages"])

    def test_is_not_done_to_a_carnet_of_another_association(
        self, world: World, reader: Reader, stamped: Carnet
    ) -> None:
        client = reader(world.staff["KZ"])
        address = f"/console/carnets/{stamped.number}/report-lost/"

        assert client.get(address).status_code == 404
        assert client.post(address, {"reason": "Ours."}).status_code == 404


class TestWhatCustomsDo:
    def test_is_to_resolve_what_is_open_in_their_country(self, reader: Reader, stamped: Carnet) -> None:
        client, item = (
            reader(user(Role.CUSTOMS_HQ, "CN")),
            stamped.irregularities.get(code="seal_broken_no_pv"),
        )
        address = f"/console/irregularities/{item.pk}/resolve/"
        assert address in page(client, stamped)
        assert address in client.get("/console/irregularities/").content.decode()

        answer = client.post(address, {"reason": "Report found on paper."}, follow=True)

        item.refresh_from_db()
        assert (item.status, item.close_reason) == ("resolved", "Report found on paper.")
        assert "The irregularity is resolved" in answer.content.decode()
        assert client.post(address, {"reason": "Again."}).status_code == 409

    def test_is_nothing_elsewhere(self, reader: Reader, stamped: Carnet) -> None:
        client, item = (
            reader(user(Role.CUSTOMS_HQ, "KZ")),
            stamped.irregularities.get(code="seal_broken_no_pv"),
        )
        address = f"/console/irregularities/{item.pk}/resolve/"

        assert address not in page(client, stamped)
        assert client.post(address, {"reason": "Ours."}).status_code == 404


class TestIrregularities:
    def test_are_the_open_ones_unless_asked(self, reader: Reader, stamped: Carnet) -> None:
        client = reader(user(Role.CUSTOMS_HQ, "CN"))
        item = stamped.irregularities.get(code="seal_broken_no_pv")
        client.post(f"/console/irregularities/{item.pk}/resolve/", {"reason": "Accepted."})

        def found(**narrowing: str) -> bool:
            return "art. 25" in client.get("/console/irregularities/", narrowing).content.decode()

        assert not found()
        assert found(status="resolved")
        assert found(status="all", carnet=stamped.number.lower(), code="seal_broken_no_pv", severity="high")
        assert not found(status="all", carnet="XX25000000")


class TestTheClockOfAStamp:
    @pytest.mark.parametrize(
        ("offset", "said"),
        [
            (3 * 3_600_000, "3 h behind"),
            (-200_000, "3 min ahead"),
            (59_000, "right to the minute"),
            (None, None),
        ],
    )
    def test_is_said_where_the_device_measured_it(
        self, world: World, reader: Reader, offset: int | None, said: str | None
    ) -> None:
        carnet = world.issue()
        row = world.stamp(carnet, 1, START, clock_offset=offset).row
        assert row is not None

        page = reader(world.officers["CNURC001"]).get(f"/console/carnets/{carnet.number}/stamps/{row['id']}/")

        assert page.status_code == 200
        assert ("Clock of the device" in page.content.decode()) is (said is not None)
        assert said is None or said in page.content.decode()
