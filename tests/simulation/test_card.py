"""The card of an installation: for its owner alone, and enough to sign in and to issue."""

import json
import stat
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.auth import authenticate

from carnets import issuing
from carnets.itinerary import stops_of_legs
from carnets.rules import Application, DeclaredConsignment, DeclaredGoods, DeclaredVehicle
from checkpoints.posts.offices import planned_office
from checkpoints.posts.postings import officer_of
from checkpoints.simulation.accounts import sample_accounts
from guarantees.models import Guarantee, Holder
from tests.simulation.conftest import UNTIL
from tir.accounts.models import User


def read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text()))


class TestCard:
    def test_is_for_its_owner_alone(self, seeded: Path) -> None:
        assert stat.S_IMODE(seeded.stat().st_mode) == 0o600

    def test_has_the_form_that_clients_rely_on(self, seeded: Path) -> None:
        card = read(seeded)

        assert set(card) == {"base_url", "sandbox", "accounts", "corridor"}
        keys = {"username", "password", "roles", "office", "association", "country"}
        assert all(set(account) == keys for account in card["accounts"])
        assert len(card["accounts"]) == len(sample_accounts())
        assert set(card["corridor"]) == {"itinerary", "officers", "association_user", "holder", "guarantee"}

    def test_lets_every_account_sign_in(self, seeded: Path, rf: Any) -> None:
        for account in read(seeded)["accounts"][::20]:
            user = authenticate(rf.post("/"), username=account["username"], password=account["password"])
            assert user is not None

    def test_has_a_corridor_ready_to_issue_on(self, seeded: Path) -> None:
        corridor = read(seeded)["corridor"]

        by = User.objects.get(username=corridor["association_user"])
        carnet = issuing.issue(application=self.application(corridor, by), by=by, at=UNTIL)

        assert carnet.operations.count() == len(corridor["itinerary"]) >= 4
        for operation in carnet.operations.all():
            for office in (operation.planned_start, operation.planned_end):
                user = User.objects.get(username=corridor["officers"][office])
                assert officer_of(user.pk).office_on(UNTIL).code == office

    def application(self, corridor: dict[str, Any], by: User) -> Application:
        day = UNTIL.date()
        stops = stops_of_legs(
            [
                (
                    planned_office(leg["start"], on=day, field="itinerary"),
                    planned_office(leg["end"], on=day, field="itinerary"),
                    None,
                )
                for leg in corridor["itinerary"]
            ]
        )
        tea = DeclaredGoods("Green tea", 400, "CT", Decimal(8400), "090220")
        return Application(
            association=by.membership.association,
            holder=Holder.objects.get(reference=corridor["holder"]),
            guarantee=Guarantee.objects.get(reference=corridor["guarantee"]),
            vouchers=14,
            acceptance_until=day + timedelta(days=30),
            vehicles=[DeclaredVehicle("新A12345", "CN", "1234-5678", day + timedelta(days=300))],
            stops=stops,
            consignments=[DeclaredConsignment(1, len(stops), (tea,))],
        )
