"""Periods and totals follow the ledger, whoever writes it, and every difference from it is found."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from carnets.models import Carnet
from carnets.reconciliation import job
from guarantees.liability import folding
from guarantees.liability.choices import Side
from guarantees.liability.figures import figures
from guarantees.liability.moments import Moment, View
from guarantees.liability.operations import periods, total
from guarantees.models import (
    LiabilityEntry,
    LiabilityPeriod,
    LiabilityTotal,
    UnfoldedEntry,
)
from tests.databases import address_of, connected
from tests.threads import at_once, raised
from tests.world import HOUR, SEALS, START, World, office_of_page, reconcile

pytestmark = pytest.mark.usefixtures("as_worker")  # it folds

LATER = START + timedelta(days=20)


@pytest.fixture
def history(world: World) -> list[Carnet]:
    """A carnet that is discharged, one whose discharge was taken back, one on the road, one withdrawn, one unused."""
    carnets = [world.issue() for _ in range(5)]
    for carnet in carnets[:2]:
        world.travel(carnet)
    world.travel(carnets[2], upto=3)
    reconcile(LATER)
    world.report(
        carnets[1], office_of_page(carnets[1], 3), START + 25 * HOUR, now=LATER + HOUR, seals_broken=SEALS
    )
    reconcile(LATER + 2 * HOUR)
    return carnets


def kept() -> list[tuple[Any, ...]]:
    """Everything kept beside the ledger, without the keys of its own rows."""
    columns = ("entry_id", "association", "issuer", "guarantee", "holder", "carnet_number", "page", "country",
               "corridor", "amount", "currency", "since", "begins_at", "ends_at")  # fmt: skip
    of_total = ("association", "side", "currency", "dimension", "key", "amount", "number")
    totals = LiabilityTotal.objects.exclude(number=0).order_by(*of_total)
    return [
        *LiabilityPeriod.objects.order_by("entry_id").values_list(*columns),
        *totals.values_list(*of_total),
    ]


def edit_as_owner(statement: str) -> None:
    with connected(address_of(connection.settings_dict["NAME"], "OWNER")) as cursor:
        cursor.execute(statement)
        assert cursor.rowcount > 0, "it edits nothing"


class TestFold:
    def test_takes_what_it_adds_off_the_queue(self, history: list[Carnet]) -> None:
        entries = LiabilityEntry.objects.count()

        assert folding.fold_chunk(limit=3) == 3
        assert UnfoldedEntry.objects.count() == entries - 3
        assert folding.fold_all() == entries - 3
        assert (folding.fold_chunk(), folding.discrepancies()) == (0, [])

    def test_changes_no_figure(self, world: World, history: list[Carnet]) -> None:
        view = View(world.associations["CN"], "EUR", Moment(LATER + 3 * HOUR, is_now=True))
        queued = figures(view)

        folding.fold_chunk(limit=5)
        half = figures(view)
        folding.fold_all()

        assert queued == half == figures(view)


class TestRebuild:
    def test_makes_from_the_ledger_alone_what_the_trigger_made_entry_by_entry(
        self, history: list[Carnet]
    ) -> None:
        """So a migration of a database with years of history ends where daily work would have."""
        folding.fold_all()
        followed = kept()

        folding.rebuild()

        assert kept() == followed


class TestALedgerThatEndsWhatNeverBegan:
    def test_is_refused(self, world: World, history: list[Carnet]) -> None:
        """The same relief twice would leave less than nothing borne."""
        once = LiabilityEntry.objects.filter(kind="relieved").values(
            "association_id", "guarantee_id", "carnet_number", "page", "kind", "amount", "currency", "at",
            "recorded_at", "cause",
        )[0]  # fmt: skip

        with pytest.raises(IntegrityError, match="had begun"), transaction.atomic():
            LiabilityEntry.objects.create(**once)


@pytest.mark.django_db(transaction=True)
class TestVerifyLiability:
    def test_finds_nothing_in_honest_figures(self, history: list[Carnet]) -> None:
        folding.fold_chunk(limit=4)

        call_command("verify_liability", verbosity=0)

    @pytest.mark.parametrize(
        "edit",
        [
            "UPDATE guarantees_liabilitytotal SET amount = amount + 0.01 WHERE dimension = 'corridor'",
            "UPDATE guarantees_liabilitytotal SET number = number + 1 WHERE dimension = 'since'",
            "DELETE FROM guarantees_liabilitytotal WHERE dimension = 'holder'",
            "UPDATE guarantees_liabilitymonth SET month = month - 31 WHERE dimension = 'total'",
            "UPDATE guarantees_liabilityperiod SET amount = amount - 0.01 WHERE ends_at IS NULL",
            "UPDATE guarantees_liabilityperiod SET ends_at = NULL WHERE page = 7 AND carnet_number LIKE 'XZ%%'",
            "UPDATE guarantees_liabilityperiod SET country = 'AQ'",
            "DELETE FROM guarantees_liabilityperiod WHERE ends_at IS NULL",
        ],
    )
    def test_finds_every_difference_and_rebuilds(self, history: list[Carnet], edit: str) -> None:
        folding.fold_all()
        edit_as_owner(edit)

        with pytest.raises(CommandError, match="does not hold"):
            call_command("verify_liability", verbosity=0)
        call_command("verify_liability", rebuild=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
class TestReadersWhileOthersWrite:
    def test_see_totals_and_rows_agree_at_every_instant(self, transactional_db: None, world: World) -> None:
        """Stamps, discharges and folding go on; each look at the figures is of one snapshot."""
        carnets = [world.issue() for _ in range(6)]
        end = max(world.travel(carnet) for carnet in carnets) + HOUR
        view = View(world.associations["CN"], "EUR", Moment(end, is_now=True))

        def write() -> None:
            while job.reconcile_chunk(at=end, limit=1).carnets:
                pass

        def fold() -> None:
            for _ in range(20):
                folding.fold_chunk(limit=2)

        def read() -> None:
            for _ in range(20):
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                    now = figures(view)
                    for side in Side:
                        assert total(periods(view, side)) == now[side].total

        assert raised(at_once(write, fold, fold, read)) == []
        folding.fold_all()
        assert folding.discrepancies() == []
