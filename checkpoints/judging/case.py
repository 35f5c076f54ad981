"""A carnet before an office at one instant, as the rules see it: plain facts, the same for scan, stamp and phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from carnets.choices import OfficeRole, StopAction
from carnets.itinerary import ROLES
from carnets.projection.alignment import Alignment
from carnets.projection.evidence import Certification
from carnets.projection.facts import OperationFacts
from carnets.projection.plan import Plan
from carnets.projection.record import CarnetOnRecord, OperationOnRecord
from carnets.projection.sides import SideFacts
from carnets.vouchers import is_start, operation_of
from checkpoints.posts.offices import Office


@dataclass(frozen=True)
class Case:
    """One page of one carnet before one office. `facts` and `alignment` hold the stamp itself, or one as if everything
    were in order (a preview, where `said` is nothing); `before` is the alignment without it.

    Some forty rules ask the same few questions of it, so what is worked out is kept.
    """

    carnet: CarnetOnRecord
    facts: Sequence[OperationFacts]
    alignment: Alignment
    before: Alignment
    page: int
    office: Office
    at: datetime
    now: datetime
    said: Certification | None = None
    is_online: bool = True
    has_guarantor: bool = True
    excluding: frozenset[str] = frozenset()  # countries whose exclusions hold at this office (art. 38)

    @cached_property
    def plan(self) -> Plan:
        return self.carnet.plan

    @property
    def operation(self) -> OperationOnRecord | None:
        return self.carnet.operation(self.page)

    @cached_property
    def is_start(self) -> bool:
        return is_start(self.page)

    @property
    def is_acceptance(self) -> bool:
        """Acceptance at departure: the first voucher, whose date decides for the whole transport (art. 9(2))."""
        return self.page == 1

    @cached_property
    def does(self) -> StopAction:
        return self.alignment.does(self.page)

    @property
    def role(self) -> OfficeRole:
        return ROLES[self.does]

    @cached_property
    def own(self) -> OperationFacts | None:
        """The facts of the operation that the page belongs to; nothing while its pair is beyond plan and evidence."""
        index = operation_of(self.page) - 1
        return self.facts[index] if 0 <= index < len(self.facts) else None

    @cached_property
    def seen(self) -> SideFacts | None:
        """This stamp's own side, real or as if; nothing when another one stands on its page."""
        own = self.own
        if own is None:
            return None
        side = own.start if self.is_start else own.termination
        standing = self.alignment.standing.by_page.get(self.page)
        is_own = (
            standing is not None
            and standing.occurred_at == self.at
            and standing.office.code == self.office.code
        )
        return side if is_own else None

    @cached_property
    def day(self) -> date:
        """The day at the office."""
        return self.office.day(self.at)

    @cached_property
    def left(self) -> OperationFacts | None:
        """The operation before, in the order of the pairs that have evidence."""
        earlier = [
            fact for fact in self.facts if fact.has_evidence and fact.sequence < operation_of(self.page)
        ]
        return earlier[-1] if earlier else None

    def stamped_at(self, page: int) -> datetime | None:
        """Return when a page was stamped, if it was."""
        standing = self.alignment.standing.by_page.get(page)
        return standing.occurred_at if standing else None
