"""Journeys through stamps and the job, and what the catalogue must have found about them."""

from datetime import timedelta
from typing import Any

from carnets.choices import OperationStatus
from carnets.models import Carnet, Irregularity
from carnets.reconciliation.catalogue import ALWAYS, NEVER, about
from tests.world import START, World, flagged, reconcile

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
TODAY = START.date()
LATER = START + 5 * DAY


def travelled(world: World, but: dict[int, Any] | None = None, **options: Any) -> Carnet:
    """A carnet whose whole journey is on record, clean `but` for those pages, and reconciled."""
    carnet = world.issue()
    world.travel(carnet, but=but, **options)
    reconcile(LATER)
    return carnet


def assert_found(
    carnet: Carnet, code: str, page: int, *, is_found: bool = True, bars: bool | None = None
) -> None:
    """The irregularity is open as the catalogue describes it, and the operation it flags is discharged only if it may
    be. `bars` says it where that depends on the case."""
    irregularity = Irregularity.objects.filter(carnet=carnet, code=code, page=page, status="open").first()
    assert (irregularity is not None) is is_found, flagged(carnet)
    if irregularity is None:
        return
    entry = about(code, page)
    if entry.bars in (ALWAYS, NEVER):
        bars = entry.bars == ALWAYS
    assert (irregularity.severity, irregularity.bars_discharge) == (entry.severity, bars)
    assert irregularity.operation.sequence == (page + 1) // 2 - (1 if entry.of_before and page > 1 else 0)
    assert irregularity.facts
    if bars:
        assert irregularity.operation.status != OperationStatus.DISCHARGED
