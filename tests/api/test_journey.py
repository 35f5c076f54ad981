"""One carnet from issue to discharge, through HTTP only: a journey of days, played in a sandbox within seconds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from tests.api.calls import ago, issue_body, stamp_body
from tests.world import ROUTE, World, reconcile
from tir.accounts.models import Role
from tir.kernel.clock import now

HOUR = timedelta(hours=1)


@pytest.mark.usefixtures("sandbox")
def test_a_carnet_is_issued_scanned_stamped_and_discharged(
    world: World,
    association: APIClient,
    officer_at: Callable[[str], APIClient],
    person: Callable[..., APIClient],
) -> None:
    begun = ago(days=8)
    issued = association.post("/api/v1/carnets/", issue_body(issued_at=begun.isoformat()))
    assert issued.status_code == 201, issued.json()
    number = issued.json()["number"]
    guarantee = association.get("/api/v1/guarantees/CN-2026-0001/").json()
    assert guarantee["exposure"] == "100000.00"

    for index, (start, end) in enumerate(ROUTE):
        for page, office in ((2 * index + 1, start), (2 * index + 2, end)):
            client, at = officer_at(office), (begun + page * 20 * HOUR).isoformat()
            look = client.post("/api/v1/scans/", {"number": number, "occurred_at": at}).json()
            assert (look["verdict"], look["expected"]["page"]) == ("go", page), look
            affixed = (
                {"intact": True, "affixed": ["A-1"]} if page == 1 else {"intact": True, "found": ["A-1"]}
            )
            receipt = client.post("/api/v1/stamps/", stamp_body(number, page, seals=affixed, occurred_at=at))
            assert receipt.status_code == 201, receipt.json()
            assert receipt.json()["warnings"] == []

    hq = person(Role.CUSTOMS_HQ, country="KZ")
    run = hq.post("/api/v1/reconciliation/runs/")
    assert run.status_code == 202
    reconcile(now())
    carnet = association.get(f"/api/v1/carnets/{number}/").json()
    assert carnet["status"] == "discharged"
    assert carnet["irregularities"] == []
    assert {each["liability"]["ended_by"] for each in carnet["operations"]} == {"discharge"}
    assert association.get("/api/v1/guarantees/CN-2026-0001/").json()["exposure"] == "0.00"
    pdf = association.get(f"/api/v1/carnets/{number}/document.pdf")
    assert pdf.content.startswith(b"%PDF")
    ledger = hq.get(f"/api/v1/stamps/?carnet={number}").json()["results"]
    assert len(ledger) == 8


def test_nothing_is_issued_in_the_past_outside_a_sandbox(association: APIClient, world: World) -> None:
    answer = association.post("/api/v1/carnets/", issue_body(issued_at=ago(days=8).isoformat()))

    assert answer.status_code == 400
    assert answer.json()["errors"][0] | {"detail": ""} == {
        "field": "issued_at", "code": "unknown_field", "detail": "",
    }  # fmt: skip
