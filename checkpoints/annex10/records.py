"""The SafeTIR record of a termination, and which records a carnet's stamps bring about, in the order of the ledger.

No record is overwritten: a correction is a cancelling record that repeats every mandatory field, then a new one.
Codes as in the public client's documentation of the record (domain.md 4.3): TNO, ICC, COF and so on.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from django.db.models import QuerySet

from carnets.choices import StopAction
from carnets.projection.alignment import Alignment, align
from carnets.projection.evidence import Certification
from carnets.projection.plan import Plan
from carnets.projection.standing import standing_certifications
from carnets.vouchers import MOST_PAGES, is_start, operation_of
from checkpoints.evidence import reading
from checkpoints.evidence.columns import STAMP_COLUMNS
from checkpoints.evidence.reading import StampRow
from checkpoints.models import Stamp
from checkpoints.posts.offices import Office, register
from guarantees.territories import alpha3

NEW, CANCELLED = "N", "C"
FINAL, PARTIAL, NEITHER = "FD", "PD", ""  # a partial termination is numbered: PD1, PD2 …
IN_ORDER, WITH_RESERVATION = "OK", "R"
LOAD, EXIT, TERMINATED = "LOAD", "EXIT", ""
TERMINATION_PAGES = tuple(range(2, MOST_PAGES + 1, 2))
MANDATORY = ("TNO", "ICC", "COF", "CNL", "DCL", "PFD", "CWR", "VPN")
OPTIONAL = ("RND", "DDI", "PIC", "COM", "TCO", "RBC")
CODES = ("UPG", *MANDATORY, *OPTIONAL)

Record = dict[str, str]


@dataclass(frozen=True, slots=True)
class TerminationEnding:
    """What a voucher No. 2 ends, in the record's codes: all of the transport, a part of it, or only this operation."""

    pfd: str
    tco: str


@dataclass(frozen=True, slots=True)
class SafetirChange:
    """One record due: a termination that stands now as `ending`, or one that does no longer. `cause` is the stamp that
    did it, which may stand on another page: it may show that what looked final was not."""

    update: str
    row: StampRow
    cause: StampRow
    ending: TerminationEnding

    @property
    def key(self) -> tuple[UUID, UUID, str]:
        return self.row["id"], self.cause["id"], self.update


@dataclass(slots=True)
class TerminationRecords:
    """The stamps of one carnet as they came, and which terminations stand after each: stamp and ending by page."""

    plan: Plan
    seen: list[Certification] = field(default_factory=list)
    rows: dict[UUID, StampRow] = field(default_factory=dict)
    standing: dict[int, tuple[UUID, TerminationEnding]] = field(default_factory=dict)

    def add(self, row: StampRow) -> Iterator[SafetirChange]:
        """Take one more stamp in, and yield what it changes, along the pages."""
        self.seen.append(reading.certification(row))
        self.rows[row["id"]] = row
        before, self.standing = self.standing, endings(self.alignment)
        for page in sorted({*before, *self.standing}):
            was, now = before.get(page), self.standing.get(page)
            if was == now:
                continue
            if was is not None:
                yield SafetirChange(CANCELLED, self.rows[was[0]], row, was[1])
            if now is not None:
                yield SafetirChange(NEW, self.rows[now[0]], row, now[1])

    @property
    def alignment(self) -> Alignment:
        return align(self.plan, standing_certifications(self.seen))

    def ending_of(self, row: StampRow) -> TerminationEnding:
        """Return what a termination that never stood would end."""
        return _ending(self.alignment, reading.certification(row))


def stamps_by_carnet(
    carnet_ids: Sequence[int], *, before: datetime | None = None
) -> Iterator[tuple[int, Iterator[StampRow]]]:
    """Yield the stamps of each carnet as they were recorded, so that a day is a prefix of the next."""
    stamps: QuerySet[Stamp] = Stamp.objects.filter(carnet_id__in=carnet_ids)
    if before is not None:
        stamps = stamps.filter(recorded_at__lt=before)
    ordered = stamps.order_by("carnet_id", "recorded_at", "sequence").values(*STAMP_COLUMNS)
    yield from groupby(ordered, key=itemgetter("carnet_id"))


def changes_of(rows: Iterable[StampRow], plan: Plan) -> Iterator[SafetirChange]:
    """Yield what each stamp of one carnet, in the order of the ledger, changes about the standing terminations.

    A stamp that does not stand (a later rival from offline, a cancellation that is not its office's) changes nothing.
    Proofs that were accepted in place of a stamp are no terminations, so they change nothing either.
    """
    terminations = TerminationRecords(plan)
    for row in rows:
        yield from terminations.add(row)


def endings(alignment: Alignment) -> dict[int, tuple[UUID, TerminationEnding]]:
    """Return what each standing termination ends, by page; partial ones numbered along the journey."""
    found: dict[int, tuple[UUID, TerminationEnding]] = {}
    partial = 0
    for page, said in sorted(alignment.standing.by_page.items()):
        if is_start(page):
            continue
        ending = _ending(alignment, said, after=partial)
        partial += ending.pfd.startswith(PARTIAL)
        found[page] = said.id, ending
    return found


def _ending(alignment: Alignment, said: Certification, *, after: int | None = None) -> TerminationEnding:
    """`after` is how many partial terminations went before; worked out where it is not given."""
    does = alignment.does(said.page)
    if does is StopAction.UNLOAD:
        if not said.goes_on and alignment.is_final(operation_of(said.page)):
            return TerminationEnding(FINAL, TERMINATED)
        number = _partial_before(alignment, said.page) if after is None else after
        return TerminationEnding(f"{PARTIAL}{number + 1}", TERMINATED)
    return TerminationEnding(NEITHER, LOAD if does is StopAction.LOAD else EXIT)


def _partial_before(alignment: Alignment, page: int) -> int:
    before = (ending for at, (_id, ending) in endings(alignment).items() if at < page)
    return sum(ending.pfd.startswith(PARTIAL) for ending in before)


def record_of(row: StampRow, number: str, ending: TerminationEnding) -> Record:
    """Return the record of one termination stamp, as new.

    Days are the office's own. The customs ledger is this ledger, so CNL and DCL are the stamp's place in it and
    the day it was recorded; RND and DDI are what the office wrote on the certificate. RBC is not known here.
    """
    office = register().by_id[row["office_id"]]
    return {
        "UPG": NEW,
        "TNO": number,
        "ICC": alpha3(office.facts.country),
        "COF": office.code,
        "CNL": f"{number}/{row['sequence']}",
        "DCL": _day(row["recorded_at"], office),
        "PFD": ending.pfd,
        "CWR": WITH_RESERVATION if row["reservation"] else IN_ORDER,
        "VPN": str(row["page"]),
        "RND": row["registration_no"],
        "DDI": _day(row["occurred_at"], office),
        "PIC": "" if row["packages"] is None else str(row["packages"]),
        "COM": row["reservation"],
        "TCO": ending.tco,
        "RBC": "",
    }


def why_cancelled(change: SafetirChange) -> str:
    """Return why a record is taken back, for whoever reads the file: the office's reason, or the page that showed it to
    be something else."""
    return (
        str(change.cause["cancel_reason"]) or f"superseded by the certificate on page {change.cause['page']}"
    )


def cancelling(record: Record, comment: str) -> Record:
    """Return the record that takes one back: every field as it was sent, but the comment, which says why."""
    return {**record, "UPG": CANCELLED, "COM": comment}


def _day(at: datetime, office: Office) -> str:
    return office.day(at).isoformat()
