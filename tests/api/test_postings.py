"""Where people serve, in which shift, and who takes their duties over."""

from datetime import timedelta
from typing import Any

from rest_framework.test import APIClient

from checkpoints.models import Device, Posting
from tests.api.calls import API, ok, today
from tests.api.conftest import Client
from tests.api.consoles.conftest import reader  # noqa: F401  (fixture)
from tests.api.people_calls import USERS, Joined
from tests.api.test_people import HQ, code_of
from tests.world import World
from tir.accounts.models import User

SHIFT = {"name": "Night", "begins": "20:00", "ends": "08:00"}
TOMORROW = timedelta(days=1)


def post(client: APIClient, user: User, office: str, **said: Any) -> Any:
    return client.post(f"{USERS}{user.pk}/postings/", {"office": office, "reason": "Order 7.", **said})


class TestPosting:
    def test_has_office_days_and_shift(self, administrator: APIClient, joined: Joined) -> None:
        officer = joined("officer.kz", postings=[])
        days = {"valid_from": str(today() + TOMORROW), "valid_to": str(today() + 9 * TOMORROW)}

        answer = post(administrator, officer, "KZALA001", shift=SHIFT, **days)

        assert answer.status_code == 201, answer.json()
        shown = answer.json()
        assert (shown["office"], shown["shift"], shown["by"]) == ("KZALA001", SHIFT, "chief.kz")
        assert {name: shown[name] for name in days} == days
        listed = administrator.get(f"{USERS}{officer.pk}/postings/").json()["results"]
        assert listed == [shown]

    def test_decides_where_stamps_are_made(
        self, administrator: APIClient, joined: Joined, client_of: Client
    ) -> None:
        officer = joined("officer.kz", postings=[])
        devices = f"{API}/devices/"
        assert code_of(client_of(officer).post(devices, {"name": "P"}), 403) == "not_posted"

        post(administrator, officer, "KZALA001")

        assert client_of(officer).post(devices, {"name": "P"}).json()["office"] == "KZALA001"

    def test_not_at_a_foreign_office(self, administrator: APIClient, joined: Joined) -> None:
        officer = joined("officer.kz", postings=[])

        assert code_of(post(administrator, officer, "UZTAS001"), 422) == "office_in_another_country"
        assert post(administrator, officer, "KZALA001").status_code == 201

    def test_not_at_two_offices_at_a_time_but_moved(self, administrator: APIClient, joined: Joined) -> None:
        officer = joined("officer.kz")
        assert code_of(post(administrator, officer, "KZHOR001"), 409) == "posted_then"

        first = str(today() + TOMORROW)
        answer = post(administrator, officer, "KZHOR001", moves=True, valid_from=first)

        assert answer.status_code == 201, answer.json()
        shown = administrator.get(f"{USERS}{officer.pk}/").json()["postings"]
        assert {(each["office"], each["valid_to"]) for each in shown} == {
            ("KZALA001", first),
            ("KZHOR001", None),
        }

    def test_not_in_the_past(self, administrator: APIClient, joined: Joined) -> None:
        officer = joined("officer.kz", postings=[])
        passed = str(today() - 3 * TOMORROW)

        assert code_of(post(administrator, officer, "KZALA001", valid_from=passed), 422) == "day_passed"
        assert not Posting.objects.filter(user=officer).exists()
        assert post(administrator, officer, "KZALA001").status_code == 201

    def test_only_for_who_works_at_an_office(self, root: APIClient, joined: Joined) -> None:
        assert code_of(post(root, joined("boss.kz", **HQ), "KZALA001"), 422) == "nothing_to_post"
        assert post(root, joined("officer.kz", postings=[]), "KZALA001").status_code == 201

    def test_days_and_hours_have_a_form(self, administrator: APIClient, joined: Joined) -> None:
        officer = joined("officer.kz", postings=[])
        for wrong in (
            {"shift": {**SHIFT, "begins": "8"}},
            {"shift": {**SHIFT, "ends": "24:00"}},
            {"shift": {**SHIFT, "name": ""}},
            {"valid_from": "2027-01-02", "valid_to": "2027-01-02"},
        ):
            assert code_of(post(administrator, officer, "KZALA001", **wrong), 400) == "body_invalid", wrong
        assert post(administrator, officer, "KZALA001", shift=SHIFT).status_code == 201

    def test_ends_on_a_day_with_a_reason(self, administrator: APIClient, joined: Joined) -> None:
        officer = joined("officer.kz")
        posting = administrator.get(f"{USERS}{officer.pk}/postings/").json()["results"][0]
        address = f"{USERS}{officer.pk}/postings/{posting['id']}/end/"
        last = str(today() + 2 * TOMORROW)

        answer = administrator.post(address, {"on": last, "reason": "Office closes."})

        assert answer.status_code == 200, answer.json()
        shown = answer.json()
        assert (shown["valid_to"], shown["ended_by"], shown["end_reason"]) == (
            last,
            "chief.kz",
            "Office closes.",
        )
        again = administrator.post(address, {"on": last, "reason": "Again."})
        assert code_of(again, 409) == "posting_is_over"
        passed = administrator.post(address, {"on": str(today() - 3 * TOMORROW), "reason": "Then."})
        assert passed.status_code == 422


class TestHandingOver:
    def hand_over(self, client: APIClient, person: User, to: User, **said: Any) -> Any:
        body = {"to": to.pk, "reason": "Leave.", **said}
        return client.post(f"{USERS}{person.pk}/hand-over/", body)

    def test_gives_postings_with_shift_and_days(self, administrator: APIClient, joined: Joined) -> None:
        last = str(today() + 30 * TOMORROW)
        posting = {"office": "KZHOR001", "shift": SHIFT, "valid_to": last}
        going, staying = joined("going", postings=[posting]), joined("staying", postings=[])
        first = str(today() + TOMORROW)

        answer = self.hand_over(administrator, going, staying, on=first)

        left = {"requests": 0, "phones": []}
        assert answer.json() == {"offices": ["KZHOR001"], "roles": [], "notices": 0, **left}
        shown = administrator.get(f"{USERS}{staying.pk}/").json()["postings"]
        assert [(each["office"], each["shift"], each["valid_from"], each["valid_to"]) for each in shown] == [
            ("KZHOR001", SHIFT, first, last)
        ]
        assert [each["valid_to"] for each in administrator.get(f"{USERS}{going.pk}/").json()["postings"]] == [
            first
        ]

    def test_gives_roles_when_asked(self, root: APIClient, joined: Joined) -> None:
        going = joined("going", **HQ)
        staying = joined("staying", postings=[])

        answer = self.hand_over(root, going, staying, roles=True)

        assert answer.json()["roles"] == ["customs_hq"]
        assert User.objects.get(pk=staying.pk).roles == ["customs_hq", "officer"]
        assert User.objects.get(pk=going.pk).roles == []

    def test_not_to_who_serves_elsewhere_nor_to_a_closed_account(
        self, administrator: APIClient, joined: Joined
    ) -> None:
        going, elsewhere = joined("going"), joined("elsewhere", postings=[{"office": "KZHOR001"}])
        assert code_of(self.hand_over(administrator, going, elsewhere), 409) == "posted_then"
        administrator.post(f"{USERS}{elsewhere.pk}/deactivate/", {"reason": "Left."})
        assert code_of(self.hand_over(administrator, going, elsewhere), 409) == "colleague_closed"

        assert self.hand_over(administrator, going, joined("free", postings=[])).status_code == 200

    def test_not_of_a_superior_nor_to_a_stranger(
        self, administrator: APIClient, joined: Joined, world: World
    ) -> None:
        boss, officer = joined("boss.kz", **HQ), joined("officer.kz")
        assert code_of(self.hand_over(administrator, boss, officer), 403) == "superior"
        assert code_of(self.hand_over(administrator, officer, world.officers["UZTAS001"]), 404) == "not_found"

        assert self.hand_over(administrator, officer, joined("free", postings=[])).status_code == 200

    def test_says_what_waits_at_the_office_and_on_the_phones_and_ends_these_when_asked(
        self,
        administrator: APIClient,
        joined: Joined,
        client_of: Client,
        reader: Any,  # noqa: F811
    ) -> None:
        going = joined("going", postings=[{"office": "KZHOR001"}])
        staying = joined("staying", postings=[])
        for name in ("Phone 1", "Phone 2"):
            device = ok(client_of(going).post(f"{API}/devices/", {"name": name}), 201)
            phone = Device.objects.filter(pk=device["id"])
            phone.update(unsent=int(name[-1]) - 1)
        chief = reader(User.objects.get(username="chief.kz"))
        page = chief.get(f"/console/people/{going.pk}/hand-over/").content.decode()
        assert "Phone 2 (1 stamp not sent)" in page

        stays = self.hand_over(administrator, going, staying)
        ends = self.hand_over(administrator, going, staying, end_phones=True)

        assert stays.json()["phones"] == [{"name": "Phone 1", "unsent": 0}, {"name": "Phone 2", "unsent": 1}]
        assert (ends.json()["offices"], ends.json()["phones"]) == ([], [])
        assert set(Device.objects.filter(officer=going).values_list("revoke_reason", flat=True)) == {"Leave."}
