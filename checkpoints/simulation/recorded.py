"""What the system says about simulated carnets: their flags and their discharges, read for the comparison."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q

from carnets.choices import IrregularityStatus, OperationStatus
from carnets.models import Carnet, Irregularity, TirOperation
from checkpoints.simulation.comparing import Flag, OnRecord
from checkpoints.simulation.truth import Truth


def is_on_record(truth: Truth) -> bool:
    """Whether every carnet of the file is in this database."""
    numbers = [carnet.number for carnet in truth.carnets]
    return Carnet.objects.filter(number__in=numbers).count() == len(numbers)


def carnets_on_record(truth: Truth) -> dict[str, OnRecord]:
    """Return what the system says about the carnets of the file, by number; strangers are left out.

    What a person resolved counts as flagged, for somebody decided about it; what later evidence cured does not.
    """
    numbers = [carnet.number for carnet in truth.carnets]
    flags, resolved, barred = _flags(numbers)
    operations = TirOperation.objects.filter(carnet__number__in=numbers).values_list("carnet__number")
    counted = operations.annotate(
        total=Count("pk"),
        discharged=Count("pk", filter=Q(status=OperationStatus.DISCHARGED)),
        unused=Count("pk", filter=Q(status=OperationStatus.UNUSED)),
    )
    return {
        number: OnRecord(flags[number], number in resolved, total, discharged, unused, number in barred)
        for number, total, discharged, unused in counted
    }


def _flags(numbers: Sequence[str]) -> tuple[dict[str, dict[Flag, datetime]], set[str], set[str]]:
    """Return the flags by carnet, the carnets about which a person decided something, and those that waited for one."""
    flags: dict[str, dict[Flag, datetime]] = defaultdict(dict)
    resolved, barred = set(), set()
    counted = Irregularity.objects.filter(carnet__number__in=numbers).exclude(status=IrregularityStatus.CURED)
    for number, code, page, opened_at, status, bars in counted.values_list(
        "carnet__number", "code", "page", "opened_at", "status", "bars_discharge"
    ):
        flags[number][code, page] = opened_at
        if bars:
            barred.add(number)
        if status == IrregularityStatus.RESOLVED:
            resolved.add(number)
    return flags, resolved, barred
