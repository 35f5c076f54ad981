"""A docket: one carnet with its evidence and what that adds up to, opened to judge a scan, a stamp or a report.

With the carnet's row lock it is the ground a change stands on: judged in memory, then written in one go.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carnets.projection.alignment import Alignment
from carnets.projection.evidence import Certification
from carnets.projection.facts import OperationFacts, Projection, projection_of
from carnets.projection.record import CarnetOnRecord
from carnets.projection.standing import Standing, standing_certifications
from carnets.projection.writing import CarnetChange, with_discharges
from carnets.vouchers import operation_of
from checkpoints.evidence import reading
from checkpoints.evidence.events import Events, events
from checkpoints.evidence.reading import StampRow
from tir.kernel.errors import NotFound
from tir.kernel.values import value


class CarnetUnknown(NotFound):
    """No carnet with this number was issued in this system."""

    code = "carnet_unknown"

    def __init__(self, **facts: Any) -> None:
        super().__init__(UNKNOWN, **facts)


UNKNOWN = _("No carnet with this number is on record. Check the number; call the association.")


@value
class _Projected:
    """A projection, and what it was worked out from: how much was on record, and what came on top."""

    certification: Certification | None
    grown: int
    projection: Projection


@dataclass(slots=True)
class Docket:
    """One carnet with its evidence, growing while a batch is judged."""

    carnet: CarnetOnRecord
    certifications: list[Certification]
    events: Events
    facts: list[OperationFacts] = field(default_factory=list)
    before: list[OperationFacts] = field(default_factory=list)
    added: list[StampRow] = field(default_factory=list)

    _projected: "_Projected | None" = None  # from what is on record
    _as_if: "_Projected | None" = None  # with the certification last asked about

    def projection_with(self, certification: Certification | None = None) -> Projection:
        """Return what the evidence says, with one more certification if given; worked out once for each."""
        known = self._projected if certification is None else self._as_if
        grown = len(self.certifications) + self.events.count
        if known is None or known.certification is not certification or known.grown != grown:
            known = _Projected(certification, grown, self._project(certification))
            if certification is None:
                self._projected = known
            else:
                self._as_if = known
        return known.projection

    def _project(self, certification: Certification | None) -> Projection:
        happened = self.events
        return projection_of(
            self.carnet.plan,
            self._with(certification),
            happened.happened,
            happened.refused_pages,
            happened.disputed_pages,
            at_least=self.last_operation,
            before=self.projection_with() if certification is not None else None,
        )

    def project_with(self, certification: Certification | None = None) -> list[OperationFacts]:
        """Return the facts of each operation, with one more certification if given; discharges on record are kept."""
        return with_discharges(self.carnet, self.projection_with(certification).facts)

    def take_in(self, certification: Certification) -> None:
        """Add a certification that was judged to what is on record."""
        projection = self.projection_with(certification)
        self.certifications.append(certification)
        grown = len(self.certifications) + self.events.count
        self._projected, self._as_if = _Projected(None, grown, projection), None
        self.facts = with_discharges(self.carnet, projection.facts)

    def standing_with(self, certification: Certification | None = None) -> Standing:
        """Return what stands on each page, accepted proofs where no stamp does."""
        return self.alignment_with(certification).standing

    def alignment_with(self, certification: Certification | None = None) -> Alignment:
        """Return how the used pairs lie along the plan."""
        return self.projection_with(certification).alignment

    def _with(self, certification: Certification | None) -> list[Certification]:
        more = [certification] if certification else []
        stamps = [*self.certifications, *more]
        if not self.events.proofs:
            return stamps
        stamped = standing_certifications(stamps).by_page
        return [
            *stamps,
            *(placed(proof, stamped) for proof in self.events.proofs if proof.page not in stamped),
        ]

    @property
    def last_operation(self) -> int:
        """Return the last operation that has a row; a pair left out before it has none."""
        return max((row.sequence for row in self.carnet.operations), default=0)

    def operation(self, page: int) -> OperationFacts | None:
        """Return the facts of the operation of a page; nothing for a pair beyond the plan on which nothing stands."""
        index = operation_of(page) - 1
        return self.facts[index] if 0 <= index < len(self.facts) else None

    @property
    def seals(self) -> list[str] | None:
        """Return the seals the next office should find; `None` while none were recorded."""
        seals = self.projection_with().seals
        return None if seals is None else list(seals)

    @property
    def change(self) -> CarnetChange:
        """Return what grew since the docket was opened, to be written."""
        return CarnetChange(self.carnet, self.before, self.facts)


def placed(proof: Certification, stamped: Mapping[int, Certification]) -> Certification:
    """Return an accepted proof at an instant: a paper proves that it had happened by its day, so it lies before what
    was stamped on later pages, and not before what was stamped on earlier ones."""
    earliest = max((each.occurred_at for page, each in stamped.items() if page < proof.page), default=None)
    later = [
        each.occurred_at
        for page, each in stamped.items()
        if page > proof.page and (earliest is None or each.occurred_at >= earliest)
    ]
    return replace(proof, occurred_at=min([proof.occurred_at, *later]))


def open_dockets(
    numbers: set[str], stamp_ids: Collection[UUID], *, lock: bool
) -> tuple[dict[UUID, StampRow], dict[str, Docket]]:
    """Return those of `stamp_ids` that are on record, whole, and the dockets by number."""
    carnets = reading.carnets(numbers, lock=lock)
    evidence, known = reading.recorded(carnets.values(), stamp_ids)
    eventful = [carnet.id for carnet in carnets.values() if carnet.has_events]
    happened = events(eventful) if eventful else {}
    dockets = {
        carnet.number: _docket(carnet, evidence.get(carnet.id, []), happened.get(carnet.id) or Events())
        for carnet in carnets.values()
    }
    return reading.stamp_rows(known) if known else {}, dockets


def open_docket(number: str, *, lock: bool) -> Docket | None:
    """Return the docket of one carnet, or nothing when no such carnet is on record."""
    return open_dockets({number}, (), lock=lock)[1].get(number)


def _docket(carnet: CarnetOnRecord, evidence: list[Certification], happened: Events) -> Docket:
    docket = Docket(carnet, evidence, happened)
    docket.facts = docket.before = docket.project_with()
    return docket
