"""One carnet from issue to discharge, through HTTP only."""

from collections.abc import Callable
from datetime import timedelta

from rest_framework.test import APIClient

from tests.api.calls import issue_body, stamp_body
from tests.world import ROUTE, World, reconcile
from tir.accounts.models import Role
from tir.kernel.clock import now


def test_a_carnet_is_issued_scanned_stamped_and_discharged(
    world: World,
    association: APIClient,
    officer_at: Callable[[str], APIClient],
    person: Callable[..., APIClient],
) -> None:
    issued = association.post("/api/v1/carnets/", issue_body())
    assert issued.status_code == 201, issued.json()
    number = issued.json()["number"]
    guarantee = association.get("/api/v1/guarantees/CN-2026-0001/").json()
    assert guarantee["exposure"] == "100000.00"

    for index, (start, end) in enumerate(ROUTE):
        for page, office in ((2 * index + 1, start), (2 * index + 2, end)):
            client = officer_at(office)
            look = client.post("/api/v1/scans/", {"number": number}).json()
            assert look["expected"]["page"] == page, look
            affixed = (
                {"intact": True, "affixed": ["A-1"]} if page == 1 else {"intact": True, "found": ["A-1"]}
            )
            said = {"seals": affixed, "occurred_at": (now() - timedelta(hours=0)).isoformat()}
            receipt = client.post("/api/v1/stamps/", stamp_body(number, page, **said))
            assert receipt.status_code == 201, receipt.json()

    hq = person(Role.CUSTOMS_HQ, country="KZ")
    run = hq.post("/api/v1/reconciliation/runs/")
    assert run.status_code == 202
    reconcile(now())
    carnet = association.get(f"/api/v1/carnets/{number}/").json()
    assert carnet["status"] == "discharged"
    # Six hundred kilometres within a second: flagged for an officer, but nothing that discharge compares.
    assert {item["code"] for item in carnet["irregularities"]} == {"impossible_speed"}
    assert association.get("/api/v1/guarantees/CN-2026-0001/").json()["exposure"] == "0.00"
    pdf = association.get(f"/api/v1/carnets/{number}/document.pdf")
    assert pdf.content.startswith(b"%PDF")
    ledger = hq.get(f"/api/v1/stamps/?carnet={number}").json()["results"]
    assert len(ledger) == 8
