"""One journey, delivered to a carnet in posts: any order, any batches, more than once, reconciled in between or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count, groupby
from typing import Any
from uuid import UUID

from django.db import connection
from hypothesis import note
from hypothesis import strategies as st

from carnets import issuing
from carnets.models import Carnet, TirOperation
from carnets.projection.facts import Certification, Report
from checkpoints.posts.postings import officer_of
from checkpoints.recording.stamping import StampRequest, record_stamps
from guarantees.models import Guarantee
from tests.evidence import Journey, deliveries, journeys
from tests.ledger import balance_as_recorded
from tests.world import LONG_AGO, START, World, reconcile
from tir.kernel.errors import DomainError

DAY = timedelta(days=1)
EVERYTHING_ARRIVED = START + 100 * DAY
MOMENTS = st.sampled_from(
    [None] * 6 + [0, 5, 45]
)  # days the clock moves on before a reconciliation; None: no run
NOT_FACTS = {
    "id",
    "carnet_id",
    "discharged_at",
    "borne_from",
}  # when we decided, which follows the deliveries
_copies = count(1)


@dataclass(frozen=True)
class Post:
    """What arrives at once: one thing or several, and whether reconciliation runs after it."""

    things: Sequence[Certification | Report]
    reconcile_after: int | None


@st.composite
def posts(draw: st.DrawFn, journey: Journey) -> list[Post]:
    """Cut everything that happened, in any order and with repetitions, into batches with reconciliations between;
    half the time the extras come late, when the way itself was reconciled long ago."""
    if draw(st.booleans()):
        return draw(_batches(journey.everything))
    return [*draw(_batches(journey.way)), Post([], 5), *draw(_batches(journey.extras))]


@st.composite
def _batches(draw: st.DrawFn, things: Sequence[Certification | Report]) -> list[Post]:
    left, made = draw(deliveries(things)), []
    while left:
        size = draw(st.integers(1, len(left)))
        made.append(Post(left[:size], draw(MOMENTS)))
        left = left[size:]
    return made


@st.composite
def journeys_and_posts(draw: st.DrawFn) -> tuple[Journey, list[Post]]:
    journey = draw(journeys())
    return journey, draw(posts(journey))


class Copy:
    """One carnet under a guarantee of its own, to which a journey happens; ids keep their order in every copy."""

    def __init__(self, world: World) -> None:
        self.world, self.number = world, next(_copies)
        self.guarantee = Guarantee.objects.create(
            reference=f"CN-COPY-{self.number}", association=world.associations["CN"], holder=world.holder,
            amount_per_carnet=Decimal(100_000), ceiling=Decimal(100_000), currency="EUR", valid_from=LONG_AGO,
        )  # fmt: skip
        self.carnet = world.issue(guarantee=self.guarantee)
        self.now = START + 20 * DAY

    def receive(self, post: Post, *others: "Copy") -> None:
        """Take in a post; `others` get the same, each stamp beside ours in one and the same batch."""
        for office, things in groupby(post.things, key=_arrives_through):
            self.now += timedelta(minutes=1)
            if office is None:
                for thing in things:
                    for copy in (self, *others):
                        copy.report(thing, at=self.now)
            else:
                requests = [copy.request(one) for one in things for copy in (self, *others)]
                officer = officer_of(self.world.officers[office].pk)
                record_stamps(requests=requests, officer=officer, at=self.now)
        if post.reconcile_after is not None:
            self.now = min(self.now + post.reconcile_after * DAY, EVERYTHING_ARRIVED - DAY)
            reconcile(self.now)

    def withdraw(self, how: str, at: datetime) -> None:
        """Put the carnet on the control list while its stamps are still on their way."""
        said = {"number": self.carnet.number, "reason": "by a test", "by": self.world.staff["CN"], "at": at}
        if how == "invalidated":
            issuing.invalidate(**said)
        else:
            issuing.report_lost(**said, is_stolen=how == "stolen")

    def request(self, said: Certification) -> StampRequest:
        return StampRequest(
            id=self._id(said.id), number=self.carnet.number, page=said.page, occurred_at=said.occurred_at,
            is_offline=True, seals_intact=said.seals_intact, seals_found=said.seals_found,
            seals_affixed=said.seals_affixed, packages=said.packages, reservation=said.reservation,
            time_limit_at=said.time_limit_at, prescribed_route=said.prescribed_route, vehicles=said.vehicles,
            is_partial=said.is_partial, is_suspension=said.is_suspension,
            cancels=self._id(said.cancels) if said.cancels else None,
            cancel_reason="stamped in error" if said.cancels else "",
        )  # fmt: skip

    def report(self, said: Any, *, at: datetime) -> bool:
        """Draw up a report, and return whether it was let in: one that no order lets in, for instance from before the
        issue, is out of the story in every order."""
        try:
            self.world.report(
                self.carnet, said.office, said.occurred_at, now=at, id=self._id(said.id),
                seals_broken=sorted(said.seals_broken), seals_affixed=sorted(said.seals_affixed),
                vehicles=sorted(said.vehicles),
            )  # fmt: skip
        except DomainError as refused:
            note(f"report refused: {refused}")
            return False
        return True

    def _id(self, id: UUID) -> UUID:
        return UUID(int=self.number << 64 | id.int)

    @property
    def picture(self) -> dict[str, Any]:
        """Everything that must not depend on the order, with the copy's own ids taken out."""
        carnet = Carnet.objects.get(pk=self.carnet.pk)
        self.guarantee.refresh_from_db()
        return {
            "status": carnet.status,
            "control": carnet.control,
            "operations": [
                self._facts(row)
                for row in TirOperation.objects.filter(carnet=carnet).order_by("sequence").values()
            ],
            "exposure": self.guarantee.exposure,
            "entries": balance_as_recorded(self.guarantee),
            "liability": self._liability(),
            "irregularities": sorted(
                (
                    row.code,
                    row.page,
                    row.severity,
                    row.next_clock,
                    str(row.next_clock_at),
                    str(self._facts(row.facts)),
                )
                for row in carnet.irregularities.filter(status="open")
            ),
        }

    def _facts(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: self._without_copy(value) for name, value in values.items() if name not in NOT_FACTS}

    def _without_copy(self, value: Any) -> Any:
        prefix = str(self._id(UUID(int=0)))[:18]
        return str(value).replace(prefix, "") if isinstance(value, str | UUID) else value

    def _liability(self) -> dict[str, Decimal]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT a.country, sum(e.amount) FROM guarantees_liabilityentry e"
                " JOIN guarantees_association a ON a.id = e.association_id"
                " WHERE e.carnet_number = %s AND e.page IS NOT NULL GROUP BY 1 HAVING sum(e.amount) <> 0",
                [self.carnet.number],
            )
            return dict(cursor.fetchall())


def _arrives_through(thing: Certification | Report) -> str | None:
    """Stamps come in batches an office; a report (None) comes by itself."""
    return thing.office.code if isinstance(thing, Certification) else None
