"""Planted against found: was every fault flagged under its own code and page, and nothing else? Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from checkpoints.simulation.journeys import FOR_INFORMATION
from checkpoints.simulation.truth import CarnetTruth, Truth

Flag = tuple[str, int]  # code and page
MOST_WAITING_ONE_IN = 12


@dataclass(slots=True)
class Row:
    """The counts of one code."""

    planted: int = 0
    found: int = 0
    missed: int = 0
    unexpected: int = 0


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What the system says about one carnet."""

    flags: dict[Flag, datetime] = field(default_factory=dict)  # and when it was opened
    is_resolved: bool = False
    operations: int = 0
    discharged: int = 0
    unused: int = 0
    is_waiting: bool = False  # for a person, or it was


@dataclass(frozen=True, slots=True)
class Difference:
    """One carnet about which truth and record do not agree."""

    number: str
    fault: str | None
    missed: tuple[Flag, ...]
    unexpected: tuple[Flag, ...]
    operations: int
    discharged: int
    to_be_discharged: int


@dataclass(slots=True)
class TruthComparison:
    """The whole comparison, ready to be shown."""

    codes: dict[str, Row] = field(default_factory=lambda: defaultdict(Row))
    complications: Counter[str] = field(default_factory=Counter)
    carnets: int = 0
    operations: int = 0
    carnets_to_be_discharged: int = 0
    carnets_discharged: int = 0
    operations_to_be_discharged: int = 0
    operations_discharged: int = 0
    came_due: int = 0
    honest: int = 0  # transports fully on record in which nobody did wrong
    waiting: int = 0  # of these, those that wait for a person
    differences: list[Difference] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.differences

    @property
    def are_few_waiting(self) -> bool:
        """Whether the machine does its work: of the honest transports fewer than one in twelve waits for a person."""
        return self.waiting * MOST_WAITING_ONE_IN < self.honest or not self.honest


def compare_truth(truth: Truth, on_record: Mapping[str, OnRecord]) -> TruthComparison:
    """Compare the planted truth with the irregularities and discharges on record, by carnet number."""
    comparison = TruthComparison()
    for carnet in truth.carnets:
        _add(comparison, carnet, on_record.get(carnet.number, OnRecord()))
    return comparison


def _add(comparison: TruthComparison, carnet: CarnetTruth, record: OnRecord) -> None:
    due = {(due.code, due.page) for due in carnet.comes_due if _came_due(due.code, due.page, due.at, record)}
    planted, found = set(carnet.expect), set(record.flags) - due
    missed, unexpected = planted - found, found - planted
    _count(comparison.codes, planted, found)
    if carnet.fault and carnet.is_honest:
        comparison.complications[carnet.fault] += 1
    _count_discharges(comparison, carnet, record)
    comparison.came_due += bool(due)
    if carnet.is_honest and carnet.is_complete:
        comparison.honest += 1
        comparison.waiting += record.is_waiting
    if missed or unexpected or not _is_discharged_as_planned(carnet, record):
        comparison.differences.append(_difference(carnet, record, missed, unexpected))


def _came_due(code: str, page: int, at: datetime, record: OnRecord) -> bool:
    """Whether the flag was opened by the passing of time since the simulation ended, as it should be."""
    opened_at = record.flags.get((code, page))
    return opened_at is not None and opened_at > at


def _count(codes: dict[str, Row], planted: set[Flag], found: set[Flag]) -> None:
    for code, _page in planted:
        codes[code].planted += 1
    for code, _page in planted & found:
        codes[code].found += 1
    for code, _page in planted - found:
        codes[code].missed += 1
    for code, _page in found - planted:
        codes[code].unexpected += 1


def _count_discharges(comparison: TruthComparison, carnet: CarnetTruth, record: OnRecord) -> None:
    comparison.carnets += 1
    comparison.operations += carnet.operations
    comparison.operations_to_be_discharged += carnet.discharged
    comparison.operations_discharged += record.discharged
    comparison.carnets_to_be_discharged += carnet.discharged + carnet.unused == carnet.operations
    comparison.carnets_discharged += record.discharged + record.unused == record.operations > 0


def _is_discharged_as_planned(carnet: CarnetTruth, record: OnRecord) -> bool:
    """No operation less; and none more where a planted fault bars it, unless a person resolved that.

    A lorry that was on its way may have been stamped further since, by whoever tries the system, and how long its last
    exit waited in a batch is not known.
    """
    if record.operations != carnet.operations or record.discharged < carnet.discharged:
        return False
    is_barred = any(code not in FOR_INFORMATION for code, _page in carnet.expect)
    may_be_more = not is_barred or record.is_resolved
    return may_be_more or record.discharged == carnet.discharged


def _difference(
    carnet: CarnetTruth, record: OnRecord, missed: Iterable[Flag], unexpected: Iterable[Flag]
) -> Difference:
    return Difference(
        carnet.number,
        carnet.fault,
        tuple(sorted(missed)),
        tuple(sorted(unexpected)),
        record.operations,
        record.discharged,
        carnet.discharged,
    )
