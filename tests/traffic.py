"""Some weeks of business between today and two months ago, for pages and lists that show what is open."""

from datetime import datetime, timedelta
from typing import Any

from carnets.models import Carnet
from carnets.rules import DeclaredVehicle
from guarantees.liability import folding
from guarantees.models import Guarantee, Holder
from tests.world import HOUR, LONG_AGO, ROUTE, World, reconcile
from tir.kernel.clock import now

TO_ALMATY = (ROUTE[0], ("KZHOR001", "KZALA001"))


def some_traffic(world: World) -> list[Carnet]:
    """Five carnets: one unused, two on the road, a short one of a second holder on the road, and one discharged.

    Totals hold a part of it and the queue the rest: readers must not notice.
    """
    holder, guarantee = second_holder(world)
    unused_until = (now() + timedelta(days=5)).date()
    carnets = [
        _issue(world, 50, acceptance_until=unused_until),
        _issue(world, 50),
        _issue(world, 20),
        _issue(world, 5, route=TO_ALMATY, holder=holder, guarantee=guarantee),
        _issue(world, 40),
    ]
    for carnet, pages in zip(carnets[1:], (3, 5, 3, 8), strict=True):
        world.travel(carnet, upto=pages, since=carnet.issued_at + HOUR)
    reconcile(now() - timedelta(days=1))
    folding.fold_chunk(limit=7)
    return carnets


def second_holder(world: World) -> tuple[Holder, Guarantee]:
    """Another holder of China's association, with a guarantee of his own."""
    issuer = world.associations["CN"]
    holder = Holder.objects.create(
        reference="CHN/071/1002", association=issuer, name="Tarim Lines", address="7 Oasis St, Kashgar",
        country="CN", authorised_from=LONG_AGO,
    )  # fmt: skip
    guarantee = Guarantee.objects.create(
        reference="CN-2026-0002", association=issuer, holder=holder, amount_per_carnet=50_000,
        ceiling=200_000, currency="EUR", valid_from=LONG_AGO,
    )  # fmt: skip
    return holder, guarantee


def _issue(world: World, days_ago: int, **changes: Any) -> Carnet:
    at: datetime = now() - timedelta(days=days_ago)
    changes.setdefault("acceptance_until", at.date() + timedelta(days=30))
    approved = DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", at.date() + timedelta(days=400))
    return world.issue(at=at, **{"vehicles": [approved], **changes})
