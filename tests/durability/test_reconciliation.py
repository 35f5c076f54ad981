"""A reconciliation killed in the middle of a chunk: the next run goes on where it stopped, and ends as an undisturbed
one would have."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from carnets.models import Carnet, ReconciliationRun
from guarantees.models import Guarantee, LiabilityEntry
from tests.durability.blocking import guarantee_held
from tests.durability.site import environment, started
from tests.ledger import balance_as_recorded
from tests.world import HOUR, LONG_AGO, START, World, reconcile

pytestmark = pytest.mark.django_db(transaction=True)

CHUNK = 2
AT = START + timedelta(days=12)  # the second fault below is overdue by now

RUN = """
import sys, django
django.setup()
from datetime import datetime
from carnets.reconciliation import job
at = datetime.fromisoformat(sys.argv[1])
run = job.request_run(by=None, at=at)
job.carry_out(run_id=run.pk, at=at, clock=lambda: at, chunk=int(sys.argv[2]))
"""


FAULTS: list[dict[int, dict[str, Any] | None]] = [
    {},
    {4: {"packages": 419}},
    {},
    {3: {"time_limit_at": START + 50 * HOUR}, **dict.fromkeys(range(4, 9))},
    {3: {"seals_intact": False}},
    {},
]


def six_journeys(world: World, name: str) -> list[Carnet]:
    """Clean journeys and each kind of fault that reconciliation acts on, with a guarantee for every chunk."""
    guarantees = [
        Guarantee.objects.create(
            reference=f"CN-{name}-{number}", association=world.associations["CN"], holder=world.holder, currency="EUR",
            amount_per_carnet=Decimal(100_000), ceiling=Decimal(200_000), valid_from=LONG_AGO,
        )
        for number in range(len(FAULTS) // CHUNK)
    ]  # fmt: skip
    carnets = [world.issue(guarantee=guarantees[index // CHUNK]) for index in range(len(FAULTS))]
    for carnet, but in zip(carnets, FAULTS, strict=True):
        world.travel(carnet, but=but)
    return carnets


def picture(carnets: list[Carnet]) -> list[dict[str, Any]]:
    """Everything reconciliation writes about these carnets."""
    return [_of_one(Carnet.objects.select_related("guarantee").get(pk=carnet.pk)) for carnet in carnets]


def _of_one(carnet: Carnet) -> dict[str, Any]:
    guarantee = carnet.guarantee
    entries = LiabilityEntry.objects.filter(carnet_number=carnet.number).order_by("kind", "page")
    return {
        "guarantee": (guarantee.exposure, guarantee.open_carnets, balance_as_recorded(guarantee)),
        "carnet": (carnet.status, carnet.is_reserved, carnet.reconcile_at),
        "operations": list(
            carnet.operations.order_by("sequence").values_list("status", "borne", "discharged_at")
        ),
        "entries": list(entries.values_list("kind", "page", "amount", "cause")),
        "irregularities": list(
            carnet.irregularities.order_by("page", "code").values_list(
                "code", "page", "status", "facts", "next_clock_at"
            )
        ),
    }


class TestAKilledReconciliation:
    def test_is_resumed_and_ends_as_an_undisturbed_one(self, world: World) -> None:
        undisturbed = six_journeys(world, "UNDISTURBED")
        reconcile(AT, limit=CHUNK)
        disturbed = six_journeys(world, "DISTURBED")
        before, wanted = picture(disturbed), picture(undisturbed)

        for _once_more in range(2):
            kill_in_the_middle_of_the_second_chunk(disturbed)
            assert picture(disturbed) == [*wanted[:CHUNK], *before[CHUNK:]], (
                "of the chunk under way nothing is left"
            )

        reconcile(AT, limit=CHUNK)
        assert picture(disturbed) == wanted
        assert LiabilityEntry.objects.filter(kind="released").count() == 2 * 3, "each clean carnet once"


def kill_in_the_middle_of_the_second_chunk(carnets: list[Carnet]) -> None:
    """The chunk has discharged and flagged, and waits to release, when its process is killed."""
    command = ["-c", RUN, AT.isoformat(), str(CHUNK)]
    with (
        guarantee_held(carnets[CHUNK].guarantee) as wait_until_it_waits,
        started(command, environment("WORKER")) as run,
    ):
        wait_until_it_waits()
        run.kill()
    assert ReconciliationRun.objects.latest("pk").status == "running"
