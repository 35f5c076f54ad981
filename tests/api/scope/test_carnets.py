"""What is seen of a carnet stops being seen when the reason for it ends."""

from rest_framework.test import APIClient

from carnets import irregularities
from carnets.models import Carnet
from tests.api.calls import API, ago, ok
from tests.api.conftest import Issue
from tests.world import World, reconcile
from tir.accounts.models import User
from tir.kernel.clock import now


def codes(client: APIClient, carnet: Carnet) -> set[str]:
    found = ok(client.get(f"{API}/irregularities/", {"carnet": carnet.number, "status": "open"}))
    return {row["code"] for row in found["results"] if row["operation"] == 2}


class TestAGuarantorWhoIsNoLongerLiable:
    """Its operation is discharged: what is still open about it is not its business any more."""

    def discharge(self, world: World, carnet: Carnet) -> None:
        broken = carnet.irregularities.get(code="seal_broken_no_pv")
        by = User.objects.get(username="officer-kzhor001")
        irregularities.resolve(
            irregularity_id=broken.pk, reason="Cut by our own scanner team.", by=by, at=now()
        )
        reconcile(now())

    def test_sees_carnet_and_irregularities_before_and_neither_after(
        self, world: World, guarantor: APIClient, association: APIClient, issue: Issue
    ) -> None:
        carnet = issue()
        but = {4: {"office": "KZHOR001", "seals_intact": False}}
        world.travel(carnet, upto=4, since=ago(days=9), but=but)
        reconcile(now())
        assert ok(guarantor.get(f"{API}/carnets/{carnet.number}/"))["operations"][0]["status"] == "terminated"
        assert codes(guarantor, carnet) == {"seal_broken_no_pv", "wrong_office"}

        self.discharge(world, carnet)

        assert guarantor.get(f"{API}/carnets/{carnet.number}/").status_code == 404
        assert ok(guarantor.get(f"{API}/carnets/"))["results"] == []
        assert codes(guarantor, carnet) == set()
        assert codes(association, carnet) == {"wrong_office"}
