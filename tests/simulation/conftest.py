"""A seeded installation, and what most tests do with it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from carnets.reconciliation import job
from checkpoints.simulation import driving, planning, table, truth
from checkpoints.simulation.comparing import TruthComparison, compare_truth
from checkpoints.simulation.planning import Order
from checkpoints.simulation.recorded import carnets_on_record
from checkpoints.simulation.seeding import seed

UNTIL = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)

Simulate = Callable[[Order], truth.Truth]


def compared(planted: truth.Truth) -> TruthComparison:
    return compare_truth(planted, carnets_on_record(planted))


def told(comparison: TruthComparison) -> str:
    return "\n".join(table.lines(comparison))


@pytest.fixture
def card_path(tmp_path: Path) -> Path:
    return tmp_path / "demo.json"


@pytest.fixture
def seeded(db: None, card_path: Path) -> Path:
    """Seed, and return where the card is."""
    seed(card_path=card_path, at=UNTIL)
    return card_path


@pytest.fixture
def simulate(seeded: Path) -> Simulate:
    """Return a function that drives an order, reconciles, and returns the truth."""

    def run(order: Order) -> truth.Truth:
        journeys = planning.plan(order)
        numbers = driving.drive(journeys, until=order.until)
        while job.reconcile_chunk(at=order.until).carnets:
            pass
        return truth.truth_of(seed=order.seed, until=order.until, journeys=journeys, numbers=numbers)

    return run
