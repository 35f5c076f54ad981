"""A carnet reported lost that turned up: off the control list, and no longer in anybody's way."""

from rest_framework.test import APIClient

from carnets import quotas
from carnets.models import Carnet
from tests.api.calls import API, ago, ok, problem
from tests.api.conftest import Issue, OfficerAt
from tests.world import World


def verb(carnet: Carnet, name: str) -> str:
    return f"{API}/carnets/{carnet.number}/{name}/"


class TestFound:
    def test_comes_off_the_control_list(
        self, carnet: Carnet, association: APIClient, officer_at: OfficerAt
    ) -> None:
        ok(association.post(verb(carnet, "report-lost"), {"reason": "fell off the lorry", "stolen": True}))
        scan = {"number": carnet.number, "page": 1}
        before = ok(officer_at("CNURC001").post(f"{API}/scans/", scan))

        found = ok(association.post(verb(carnet, "found"), {"reason": "in the ditch"}))

        assert (found["status"], found["reason"]) == ("issued", "")
        after = ok(officer_at("CNURC001").post(f"{API}/scans/", scan))
        assert (before["verdict"], after["verdict"]) == ("stop", "go")

    def test_can_be_invalidated_or_returned_then(self, carnet: Carnet, association: APIClient) -> None:
        ok(association.post(verb(carnet, "report-lost"), {"reason": "gone"}))
        problem(association.post(verb(carnet, "return"), {}), 409, "transition_not_allowed")

        ok(association.post(verb(carnet, "found"), {"reason": "back"}))

        assert (
            ok(association.post(verb(carnet, "invalidate"), {"reason": "unused"}))["status"] == "invalidated"
        )

    def test_is_only_what_was_lost(self, carnet: Carnet, association: APIClient) -> None:
        problem(association.post(verb(carnet, "found"), {"reason": "here"}), 409, "transition_not_allowed")

    def test_is_the_issuer_s_word_alone(
        self, carnet: Carnet, association: APIClient, guarantor: APIClient, hq: APIClient
    ) -> None:
        ok(association.post(verb(carnet, "report-lost"), {"reason": "gone"}))

        problem(guarantor.post(verb(carnet, "found"), {"reason": "here"}), 404, "not_found")
        problem(hq.post(verb(carnet, "found"), {"reason": "here"}), 403, "forbidden")


class TestInvalidated:
    def test_frees_the_guarantee_and_the_quota_of_what_was_lost_unused(
        self, carnet: Carnet, association: APIClient
    ) -> None:
        ok(association.post(verb(carnet, "report-lost"), {"reason": "gone"}))
        carnet.refresh_from_db()
        lost_at = carnet.control_at
        assert (carnet.is_reserved, quotas.outstanding(carnet.holder)) == (True, 1)

        done = ok(association.post(verb(carnet, "invalidate"), {"reason": "never turned up"}))

        assert (done["status"], done["reason"]) == ("invalidated", "never turned up")
        carnet.refresh_from_db()
        assert (carnet.is_reserved, quotas.outstanding(carnet.holder)) == (False, 0)
        assert carnet.control_at == lost_at  # out of circulation since then, not only from now on
        who = carnet.issued_by.username
        assert list(carnet.events.values_list("verb", "by__username", "reason")) == [
            ("issue", who, ""), ("report_lost", who, "gone"), ("write_off", who, "never turned up"),
        ]  # fmt: skip

    def test_is_not_what_was_accepted(self, world: World, issue: Issue, association: APIClient) -> None:
        unused, accepted = issue(), issue()
        world.travel(accepted, upto=1, since=ago(days=3))
        for each in (unused, accepted):
            ok(association.post(verb(each, "report-lost"), {"reason": "gone"}))

        answer = association.post(verb(accepted, "invalidate"), {"reason": "gone"})

        refused = problem(answer, 409, "transition_not_allowed")
        assert (refused["current_status"], refused["possible_from"]) == ("accepted", ["issued"])
        accepted.refresh_from_db()
        assert (accepted.status, accepted.is_reserved) == ("lost", True)
        ok(association.post(verb(unused, "invalidate"), {"reason": "gone"}))
