"""One journey, delivered to a carnet in posts: any order, any batches, more than once.

No reconciliation runs in between: what it discharged would stay so (art. 10(2)), whatever came later.
"""

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
from carnets.projection.evidence import Certification, OfficeControl
from checkpoints.recording.stamping import StampRequest, record_stamps
from guarantees.choices import Clock
from guarantees.models import ClockRule, Guarantee
from tests.evidence import Journey, Thing, deliveries, happened_at, journeys, request_of
from tests.ledger import balance_as_recorded
from tests.world import LONG_AGO, START, World
from tir.kernel.errors import DomainError
from tir.kernel.kept import Kept

DAY = timedelta(days=1)
EVERYTHING_ARRIVED = START + 100 * DAY
# When we heard and decided, which follows the deliveries; and keys, of a pair beyond the plan too.
NOT_FACTS = {"id", "carnet_id", "discharged_at", "borne_from", "heard_at"}
_copies = count(1)


@dataclass(frozen=True)
class Post:
    """What arrives at once, one thing or several, and how many days after the post before it."""

    things: Sequence[Thing]
    days_later: int = 0


@st.composite
def posts(draw: st.DrawFn, journey: Journey) -> list[Post]:
    """Cut everything that happened, in any order and with repetitions, into batches; half the time the extras come
    late, when the way itself was told long ago."""
    if draw(st.booleans()):
        return draw(_batches(journey.everything))
    return [*draw(_batches(journey.way)), *draw(_batches(journey.extras))]


@st.composite
def _batches(draw: st.DrawFn, things: Sequence[Thing]) -> list[Post]:
    left, made = draw(deliveries(things)), []
    while left:
        size = draw(st.integers(1, len(left)))
        made.append(Post(left[:size], draw(st.sampled_from([0, 0, 0, 1, 5]))))
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
        self.now = min(self.now + post.days_later * DAY, EVERYTHING_ARRIVED - 2 * DAY)
        for office, things in groupby(post.things, key=_arrives_through):
            self.now += timedelta(minutes=1)
            if office is None:
                for thing in things:
                    for copy in (self, *others):
                        copy.put(thing, at=self.now)
            else:
                requests = [copy.request(one) for one in things for copy in (self, *others)]
                record_stamps(requests=requests, officer=self.world.officer(office), at=self.now)

    def withdraw(self, how: str, at: datetime) -> None:
        """Put the carnet on the control list while its stamps are still on their way."""
        said = {"number": self.carnet.number, "reason": "by a test", "by": self.world.staff["CN"], "at": at}
        if how == "invalidated":
            issuing.invalidate(**said)
        else:
            issuing.report_lost(**said, is_stolen=how == "stolen")

    def request(self, said: Certification) -> StampRequest:
        return request_of(
            said, number=self.carnet.number, id=self._id(said.id), is_offline=True,
            cancels=self._id(said.cancels) if said.cancels else None,
        )  # fmt: skip

    def put(self, said: Any, *, at: datetime) -> bool:
        """Put a report or control on record, and return whether it was let in: one that no order lets in, for instance
        from before the issue, is out of the story in every order."""
        facts = {
            "id": self._id(said.id), "now": at, "seals_affixed": said.seals_affixed, "packages": said.packages,
        }  # fmt: skip
        try:
            if isinstance(said, OfficeControl):
                self.world.control(
                    self.carnet, said.office, said.at, seals_found=said.seals_found,
                    seals_removed=said.seals_removed, **facts,
                )  # fmt: skip
            else:
                self.world.report(
                    self.carnet,
                    said.office,
                    said.at,
                    seals_broken=said.seals_removed,
                    vehicles=said.vehicles,
                    **facts,
                )
        except DomainError as refused:
            note(f"refused: {refused}")
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
            "operations": [self._facts(row) for row in _operations(carnet)],
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


def _operations(carnet: Carnet) -> list[dict[str, Any]]:
    """Return the rows that say something: one of a pair beyond the plan whose only stamp was taken back says nothing,
    and stays only where the stamp came first."""
    rows = TirOperation.objects.filter(carnet=carnet).order_by("sequence").values()
    return [row for row in rows if row["planned_start"] or row["start_stamp"] or row["termination_stamp"]]


def let_stamps_come_late() -> None:
    """Let offices be without network for a year, so that late posts alone bar nothing."""
    ClockRule.objects.filter(clock=Clock.LONGEST_OFFLINE).update(days=365)
    Kept.forget_all()


def in_order(journey: Journey) -> list[Thing]:
    return sorted(journey.everything, key=lambda thing: (happened_at(thing), thing.id))


def _arrives_through(thing: Thing) -> str | None:
    """Stamps come in batches an office; a report or a control (None) comes by itself."""
    return thing.office.code if isinstance(thing, Certification) else None


def differences(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return what two pictures say differently, column by column, to be read when they should be equal."""
    found = {
        name: (one[name], other[name]) for name in one if one[name] != other[name] and name != "operations"
    }
    for here, there in zip(one["operations"], other["operations"], strict=False):
        columns = {name: (here[name], there[name]) for name in here if here[name] != there[name]}
        if columns:
            found[f"operation {here['sequence']}"] = columns
    if len(one["operations"]) != len(other["operations"]):
        found["operations"] = (len(one["operations"]), len(other["operations"]))
    return found
