"""A carnet reported lost that turned up: off the control list, and no longer in anybody's way."""

from rest_framework.test import APIClient

from carnets.models import Carnet
from tests.api.calls import API, ok, problem
from tests.api.conftest import OfficerAt


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
        problem(
            association.post(verb(carnet, "invalidate"), {"reason": "unused"}), 409, "transition_not_allowed"
        )

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
