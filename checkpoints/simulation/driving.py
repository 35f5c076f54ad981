"""Drives planned journeys through the public service functions, in the order in which things reached the server.

Stamps of one office in a few hours go in as one batch, as a busy post sends them; the stamps of one carnet never
overtake each other. Nothing here writes a row by itself.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, field, fields
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction

from carnets import issuing
from checkpoints.recording import controls, incidents, stamping
from checkpoints.recording.controls import ControlRequest
from checkpoints.recording.stamping import Origin, Outcome, OutcomeKind, StampRequest
from checkpoints.simulation.cast import Cast
from checkpoints.simulation.journeys import (
    BATCHED_FOR,
    Happening,
    Journey,
    PlannedControl,
    PlannedReport,
    PlannedStamp,
)
from tir.kernel.errors import DomainError, Refused

LARGEST_BATCH = 100
EVENTS_A_TRANSACTION = 400  # fewer waits for the disk; what is lost in a crash is made again by the next run
LOST_REASON = "The driver reported the papers missing at a stop."


class SimulationRefused(Refused):
    """The system refused something that the plan holds to be possible: one of the two is wrong."""

    code = "simulation_refused"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the drive is."""

    carnets: int
    stamps: int
    done: int
    total: int


Tell = Callable[[Progress], None]


@dataclass(slots=True)
class _Sum:
    """Adds up the progress of several workers."""

    tell: Tell | None
    parts: dict[int, Progress] = field(default_factory=dict)

    def part(self) -> Tell:
        """Return what one more worker tells its progress to; whoever listens hears the sum of all."""
        mine = len(self.parts)
        self.parts[mine] = Progress(0, 0, 0, 0)

        def told(progress: Progress) -> None:
            self.parts[mine] = progress
            if self.tell:
                columns = zip(*(astuple(part) for part in self.parts.values()), strict=True)
                self.tell(Progress(*map(sum, columns)))

        return told


@dataclass(frozen=True, slots=True)
class Submission:
    """Something that reaches the server: an issue, a stamp, a report, control or refusal, a report of loss."""

    at: datetime
    journey: int
    what: PlannedStamp | Happening | str


Sender = tuple[str, str]  # an office, and how it sends: a batch has one origin
ONLINE, BY_ITS_PHONE, BY_SOME_PHONE = "online", "by its phone", "by some phone"


@dataclass(slots=True)
class _Batch:
    requests: list[StampRequest] = field(default_factory=list)
    begun: datetime | None = None
    latest: datetime | None = None


@dataclass(slots=True)
class Driver:
    """Carries events out; `numbers` are the carnets issued so far, by journey."""

    cast: Cast
    journeys: Sequence[Journey]
    numbers: dict[int, str] = field(default_factory=dict)
    transports: dict[str, str] = field(default_factory=dict)  # the first carnet's number, by transport
    stamps: int = 0
    _batches: dict[Sender, _Batch] = field(default_factory=dict)
    _waiting: dict[str, Sender] = field(default_factory=dict)  # carnet number to whose batch it waits in

    def carry_out(self, event: Submission) -> None:
        journey = self.journeys[event.journey]
        if event.what == "issue":
            self._issue(event, journey)
        elif isinstance(event.what, PlannedStamp):
            self._enqueue(event.what, journey, self.numbers[event.journey], event.at)
        else:
            self._happen(event.what, journey, self.numbers[event.journey], event.at)

    def finish(self) -> None:
        for sender in list(self._batches):
            self._send(sender)

    def _issue(self, event: Submission, journey: Journey) -> None:
        application = self.cast.application(journey, self.transports.get(journey.continues, ""))
        carnet = issuing.issue(application=application, by=self.cast.issuer(journey), at=event.at)
        self.numbers[event.journey] = carnet.number
        if journey.transport:
            self.transports[journey.transport] = carnet.number

    def _happen(self, what: Happening | str, journey: Journey, number: str, at: datetime) -> None:
        self._send(self._waiting.get(number))
        if isinstance(what, str):
            issuing.report_lost(number=number, reason=LOST_REASON, by=self.cast.issuer(journey), at=at)
        else:
            _put_on_record(what, self.cast, number, occurred_at=journey.issued_at + what.after, at=at)

    def _enqueue(self, stamp: PlannedStamp, journey: Journey, number: str, at: datetime) -> None:
        sender = _sender(stamp)
        if self._waiting.get(number, sender) != sender:
            self._send(self._waiting[number])
        batch = self._batches.setdefault(sender, _Batch())
        if batch.begun and (at - batch.begun > BATCHED_FOR or len(batch.requests) >= LARGEST_BATCH):
            self._send(sender)
            batch = self._batches.setdefault(sender, _Batch())
        batch.begun, batch.latest = batch.begun or at, at
        batch.requests.append(_request(stamp, journey, number))
        self._waiting[number] = sender

    def _send(self, sender: Sender | None) -> None:
        batch = self._batches.pop(sender, None) if sender else None
        if sender is None or batch is None or batch.latest is None:
            return
        office, how = sender
        outcomes = stamping.record_stamps(
            requests=batch.requests,
            officer=self.cast.officers[office],
            at=batch.latest,
            origin=Origin(device_id=self.cast.devices[office]) if how == BY_ITS_PHONE else None,
        )
        for outcome in outcomes:
            _ensure_recorded(outcome)
            self._waiting.pop(outcome.request.number, None)
        self.stamps += len(outcomes)


def drive(
    journeys: Sequence[Journey],
    *,
    until: datetime,
    tell: Tell | None = None,
    workers: int = 1,
) -> list[str]:
    """Drive the journeys up to `until` and return the carnets' numbers, in the order of the journeys.

    With several workers each takes whole associations, whose guarantees and numbers no other worker touches: the
    carnets are the same however many there are. Raises NotSeeded, and SimulationRefused when the system will not do
    what was planned.
    """
    cast, told = Cast.read(), _Sum(tell)
    shares = _shares(journeys, workers)
    if len(shares) == 1:
        return _drive(cast, journeys, until, told.part())
    numbers: dict[int, str] = {}
    with ThreadPoolExecutor(len(shares)) as pool:
        jobs = [
            pool.submit(_drive_apart, cast, [journeys[index] for index in share], until, told.part())
            for share in shares
        ]
        for share, job in zip(shares, jobs, strict=True):
            numbers.update(zip(share, job.result(), strict=True))
    return [numbers[index] for index in range(len(journeys))]


def _drive_apart(cast: Cast, journeys: Sequence[Journey], until: datetime, tell: Tell) -> list[str]:
    """Drive on this thread's own connection, and give it back."""
    try:
        return _drive(cast, journeys, until, tell)
    finally:
        connection.close()


def _drive(cast: Cast, journeys: Sequence[Journey], until: datetime, tell: Tell) -> list[str]:
    driver, events = Driver(cast, journeys), submissions_of(journeys, until=until)
    for start in range(0, len(events), EVENTS_A_TRANSACTION):
        some = events[start : start + EVENTS_A_TRANSACTION]
        done = start + len(some)
        with transaction.atomic():
            for event in some:
                driver.carry_out(event)
            if done == len(events):
                driver.finish()
        tell(Progress(len(driver.numbers), driver.stamps, done, len(events)))
    return [driver.numbers[index] for index in range(len(journeys))]


def _shares(journeys: Sequence[Journey], workers: int) -> list[list[int]]:
    """Divide the journeys by association so that every worker has about as many stamps to make."""
    by_association: dict[str, list[int]] = {}
    for index, journey in enumerate(journeys):
        by_association.setdefault(journey.freight.association, []).append(index)
    shares: list[list[int]] = [[] for _ in range(workers)]
    weights = [0] * workers
    for indexes in sorted(by_association.values(), key=len, reverse=True):
        lightest = weights.index(min(weights))
        shares[lightest] += indexes
        weights[lightest] += sum(journeys[index].pages for index in indexes)
    return [sorted(share) for share in shares if share] or [[]]


def submissions_of(journeys: Sequence[Journey], *, until: datetime) -> list[Submission]:
    """Return everything that reaches the server by `until`, in order."""
    events = [event for index, journey in enumerate(journeys) for event in _events(index, journey)]
    return sorted((event for event in events if event.at <= until), key=lambda event: event.at)


def _events(index: int, journey: Journey) -> Iterator[Submission]:
    yield Submission(journey.issued_at, index, "issue")
    for stamp in journey.stamps:
        yield Submission(journey.issued_at + stamp.made, index, stamp)
    for happening in journey.happenings:
        yield Submission(journey.issued_at + happening.made, index, happening)
    if journey.lost_after is not None:
        yield Submission(journey.issued_at + journey.lost_after, index, "lost")


def _sender(stamp: PlannedStamp) -> Sender:
    if not stamp.is_offline:
        return stamp.office, ONLINE
    return stamp.office, BY_ITS_PHONE if stamp.is_enrolled else BY_SOME_PHONE


SAID_ALIKE = {each.name for each in fields(StampRequest)} & {each.name for each in fields(PlannedStamp)} - {
    "cancels"
}


def _request(stamp: PlannedStamp, journey: Journey, number: str) -> StampRequest:
    limit = None if stamp.time_limit is None else journey.issued_at + stamp.time_limit
    return StampRequest(
        id=_id(number, stamp.page, stamp.name),
        number=number,
        occurred_at=journey.issued_at + stamp.after,
        time_limit_at=limit,
        cancels=_id(number, stamp.page, stamp.cancels) if stamp.cancels else None,
        **{name: getattr(stamp, name) for name in SAID_ALIKE},
    )


def _put_on_record(what: Happening, cast: Cast, number: str, *, occurred_at: datetime, at: datetime) -> None:
    """Have the office put a report, a control or a refusal on record."""
    if isinstance(what, PlannedReport):
        _report_incident(what, cast, number, occurred_at, at)
    elif isinstance(what, PlannedControl):
        _record_control(what, cast, number, at)
    else:
        incidents.refuse_start(
            id=_id(number, what.page, "refusal"),
            number=number,
            page=what.page,
            reason=what.reason,
            text="The papers for the goods are not complete.",
            occurred_at=at,
            officer=cast.officers[what.office],
            at=at,
        )


def _report_incident(
    report: PlannedReport, cast: Cast, number: str, occurred_at: datetime, at: datetime
) -> None:
    incidents.report_incident(
        id=_id(number, report.page, report.kind),
        number=number,
        kind=report.kind,
        description=report.description,
        seals_broken=report.seals_broken,
        seals_affixed=report.seals_affixed,
        vehicles=report.vehicles,
        packages=report.packages,
        drawn_by=report.drawn_by,
        occurred_at=occurred_at,
        officer=cast.officers[report.office],
        at=at,
    )


def _record_control(control: PlannedControl, cast: Cast, number: str, at: datetime) -> None:
    request = ControlRequest(
        id=_id(number, control.page, f"control {control.kind}"),
        number=number,
        kind=control.kind,
        result=control.result,
        occurred_at=at,
        against=control.against,
        text="Goods as described." if control.against is None else "Not as certified.",
        seals_removed=control.seals_removed,
        seals_affixed=control.seals_affixed,
        packages=control.packages,
    )
    controls.record_control(request=request, officer=cast.officers[control.office], at=at)


def _id(number: str, page: int, name: str) -> UUID:
    """Return an id that is the same in every run with the same numbers."""
    return uuid5(NAMESPACE_URL, f"tir-simulation/{number}/{page}/{name}")


def _ensure_recorded(outcome: Outcome) -> None:
    """A rival stamp from offline is a conflict that is kept; anything else refused means that the plan is wrong."""
    if outcome.kind is OutcomeKind.RECORDED or (
        outcome.kind is OutcomeKind.CONFLICT and outcome.row is not None
    ):
        return
    error = outcome.error or DomainError(outcome.kind)
    raise SimulationRefused(
        f"{outcome.request.number}, page {outcome.request.page}: {error.error_code}: {error.detail}",
        number=outcome.request.number,
        page=outcome.request.page,
    ) from error
