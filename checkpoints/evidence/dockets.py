"""A docket: one carnet with its evidence and what that adds up to, opened to judge a scan, a stamp or a report.

With the carnet's row lock it is the ground a change stands on: judged in memory, then written in one go.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from carnets.projection.facts import Certification, OperationFacts, Report, expected_seals, project
from carnets.projection.writing import CarnetOnRecord, Change, with_discharges
from checkpoints.evidence import reading
from checkpoints.evidence.reading import StampRow
from tir.kernel.errors import NotFound


class CarnetUnknown(NotFound):
    """No carnet with this number was issued in this system."""

    code = "carnet_unknown"


@dataclass(slots=True)
class Docket:
    """One locked carnet with its evidence, growing while a batch is judged."""

    carnet: CarnetOnRecord
    certifications: list[Certification]
    reports: list[Report]
    refused: frozenset[int]
    facts: list[OperationFacts] = field(default_factory=list)
    before: list[OperationFacts] = field(default_factory=list)
    added: list[StampRow] = field(default_factory=list)

    def project_with(self, certification: Certification | None = None) -> list[OperationFacts]:
        """Return what the evidence says, with one more certification if given; discharges on record are kept."""
        more = [certification] if certification else []
        assert self.carnet.plan is not None  # noqa: S101
        facts = project(self.carnet.plan, [*self.certifications, *more], self.reports, self.refused)
        return with_discharges(self.carnet, facts)

    @property
    def seals(self) -> list[str] | None:
        """Return the seals the next office should find; `None` while none were recorded."""
        assert self.carnet.plan is not None  # noqa: S101
        return expected_seals(self.carnet.plan, self.certifications, self.reports)

    @property
    def change(self) -> Change:
        """Return what grew since the docket was opened, to be written."""
        return Change(self.carnet, self.before, self.facts)


def open_dockets(
    numbers: set[str], stamp_ids: Collection[UUID], *, lock: bool
) -> tuple[dict[UUID, StampRow], dict[str, Docket]]:
    """Return those of `stamp_ids` that are on record, whole, and the dockets by number."""
    carnets = reading.carnets(numbers, lock=lock)
    evidence, known = reading.evidence([carnet.id for carnet in carnets.values()], stamp_ids)
    remarked = [carnet.id for carnet in carnets.values() if carnet.has_reports]
    reports = reading.reports(remarked) if remarked else {}
    refused = reading.refused_pages(remarked) if remarked else {}
    dockets = {
        carnet.number: _docket(
            carnet,
            evidence.get(carnet.id, []),
            reports.get(carnet.id, []),
            refused.get(carnet.id, frozenset()),
        )
        for carnet in carnets.values()
    }
    return reading.stamp_rows(known) if known else {}, dockets


def open_docket(number: str, *, lock: bool) -> Docket | None:
    """Return the docket of one carnet, or nothing when no such carnet is on record."""
    return open_dockets({number}, (), lock=lock)[1].get(number)


def _docket(
    carnet: CarnetOnRecord, evidence: list[Certification], reports: list[Report], refused: frozenset[int]
) -> Docket:
    docket = Docket(carnet, evidence, reports, refused)
    docket.facts = docket.before = docket.project_with()
    return docket
