"""Recording stamps: the one way into the ledger, for one stamp and for five hundred.

Lock the carnets, judge each stamp on its own merits in memory, append what stands, write the projection, commit.
Everything about one carnet queues at its row lock, taken in order of id, so two batches cannot deadlock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from psycopg2.extras import Json

from carnets.choices import Made, OperationStatus, PackagesBasis
from carnets.projection.evidence import Certification
from carnets.projection.facts import carnet_status
from carnets.projection.writing import write_projection
from carnets.vouchers import operation_of
from checkpoints.evidence import chain, reading, receipts
from checkpoints.evidence.columns import LISTS, STAMP_COLUMNS, VERSION
from checkpoints.evidence.dockets import CarnetUnknown, Docket, open_dockets
from checkpoints.evidence.reading import StampRow
from checkpoints.judging import preview, rules
from checkpoints.judging.case import Case
from checkpoints.models import Stamp, StampOrigin
from checkpoints.posts.offices import Office
from checkpoints.posts.postings import Officer
from checkpoints.recording import cancelling, deviations, refused
from tir.kernel.bulk import Writes
from tir.kernel.errors import Conflict, DomainError, Refused
from tir.kernel.rules import Finding, Level
from tir.kernel.values import value

ORIGIN_COLUMNS = ("stamp", "device", "certified_by", "clock_offset")


class StampIdReused(Conflict):
    """A stamp with this id is on record and says something else."""

    code = "stamp_id_reused"


class VoucherAlreadyStamped(Conflict):
    """Another stamp stands on this voucher page."""

    code = "voucher_already_stamped"


class StampRefused(Refused):
    """A rule of the checkpoint stops this stamp; the first broken rule gives the code."""

    code = "stamp_refused"


@value
class Origin:
    """How a request reached us: by which device, in whose name when another officer hands it in, and how it was made
    when that does not follow from the request itself."""

    device_id: UUID | None = None
    certified_by_id: int | None = None
    made: str | None = None


@value
class StampRequest:
    """What an officer certifies about one voucher page; `None` means the officer did not say.

    `clock_offset` is no statement but the device's own measurement: milliseconds to be added to its clock.
    """

    id: UUID
    number: str
    page: int
    occurred_at: datetime
    is_offline: bool = False
    seals_intact: bool | None = None
    seals_found: tuple[str, ...] | None = None
    seals_affixed: tuple[str, ...] | None = None
    seals_removed: tuple[str, ...] | None = None
    packages: int | None = None
    packages_basis: str = PackagesBasis.COUNTED
    packages_presented: int | None = None
    mass_kg: int | None = None
    reservation: str = ""
    registration_no: str = ""
    time_limit_at: datetime | None = None
    prescribed_route: str = ""
    vehicles: tuple[str, ...] | None = None
    containers: tuple[str, ...] | None = None
    goes_on: bool = False
    ends_here: bool = False
    is_suspension: bool = False
    is_unplanned: bool = False
    cancels: UUID | None = None
    cancel_reason: str = ""
    clock_offset: int | None = None


_SAID = tuple(name for name in STAMP_COLUMNS if name in {each.name for each in fields(StampRequest)})
_said = attrgetter(*_SAID)


class OutcomeKind(StrEnum):
    RECORDED = "recorded"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"


@value
class Outcome:
    """What became of one request. A conflict from offline has a row too: both stamps are kept."""

    request: StampRequest
    kind: OutcomeKind
    row: StampRow | None = None
    error: DomainError | None = None


def record_stamp(
    *, request: StampRequest, officer: Officer, at: datetime, origin: Origin | None = None
) -> Outcome:
    """Record one stamp and return its outcome, recorded or duplicate.

    Raises CarnetUnknown, StampIdReused, VoucherAlreadyStamped, StampRefused, CancellationRefused; the refused
    attempt is kept as a scan.
    """
    outcome = record_stamps(requests=[request], officer=officer, at=at, origin=origin)[0]
    if outcome.row is None and outcome.error is not None:
        raise outcome.error
    return outcome


def record_stamps(
    *, requests: Sequence[StampRequest], officer: Officer, at: datetime, origin: Origin | None = None
) -> list[Outcome]:
    """Record a batch, each stamp on its own merits, and return the outcomes in the order of the requests.

    What is returned as recorded is committed. Refused attempts are kept as scans, in a transaction of their own.
    """
    try:
        outcomes = _record(requests, officer, at, origin)
    except IntegrityError:
        # Two batches used one new stamp id on two carnets in the same instant: the second sees it on the next try.
        outcomes = _record(requests, officer, at, origin)
    refused.keep(outcomes, officer, at)
    return outcomes


@transaction.atomic
def _record(
    requests: Sequence[StampRequest], officer: Officer, at: datetime, origin: Origin | None
) -> list[Outcome]:
    known, dockets = open_dockets(
        {request.number for request in requests}, [request.id for request in requests], lock=True
    )
    outcomes = [_judge_and_append(request, known, dockets, officer, at, origin) for request in requests]

    changed = [docket for docket in dockets.values() if docket.added]
    writes = Writes()
    added = [row for docket in changed for row in docket.added]
    writes.insert(Stamp, STAMP_COLUMNS, [_values(row) for row in added])
    offsets = {request.id: request.clock_offset for request in requests}
    writes.insert(StampOrigin, ORIGIN_COLUMNS, _origins(added, origin or Origin(), offsets))
    write_projection([docket.change for docket in changed], writes, at=at)
    for docket in changed:
        for row in docket.added:
            deviations.tell_of_deviation(docket, row, at=at)
    return outcomes


def _judge_and_append(
    request: StampRequest,
    known: dict[UUID, StampRow],
    dockets: dict[str, Docket],
    officer: Officer,
    at: datetime,
    origin: Origin | None,
) -> Outcome:
    docket = dockets.get(request.number)
    if docket is None:
        unknown = CarnetUnknown(field="carnet", number=request.number)
        return Outcome(request, OutcomeKind.REJECTED, error=unknown)
    try:
        heard_at = None if docket.carnet.is_backdated else at
        office = officer.office_on(request.occurred_at, heard_at=heard_at)
        row = _row(request, docket, office, officer, at, origin)
        if request.id in known:
            return _replay(request, row, known[request.id])
        _ensure_on_paper(request, docket, office, at)
        stamp = reading.certification(row)
        is_online = stamp.made == Made.ONLINE
        rival = _rival(request, docket, office, is_online=is_online)
        findings = _judge(request, docket, office, at, stamp, is_online=is_online)
    except DomainError as error:
        kind = OutcomeKind.CONFLICT if isinstance(error, Conflict) else OutcomeKind.REJECTED
        return Outcome(request, kind, error=error)
    known[request.id] = _append(docket, row, office, stamp, findings, rival)
    return Outcome(request, OutcomeKind.CONFLICT if rival else OutcomeKind.RECORDED, known[request.id], rival)


def _replay(request: StampRequest, row: StampRow, first: StampRow) -> Outcome:
    """The same id again: the same statement gets the first answer, another one changes nothing."""
    if chain.says_the_same(row, first):
        return Outcome(request, OutcomeKind.DUPLICATE, first)
    raise StampIdReused(
        _("A stamp with this id is on record and says something else. Make a new id for a new stamp."),
        field="id",
        id=request.id,
    )


def _ensure_on_paper(request: StampRequest, docket: Docket, office: Office, at: datetime) -> None:
    """No carnet has such a page: nothing about it can be judged, nor kept as evidence."""
    if finding := preview.off_paper(docket, request.page, office, at):
        raise rules.refusal(StampRefused, [finding])


def _rival(
    request: StampRequest, docket: Docket, office: Office, *, is_online: bool
) -> VoucherAlreadyStamped | None:
    """Return the conflict with the stamp that stands on this page: refused online, else kept beside it.

    A page that the plan has for this office's territory stays open to it, also where an office of another territory
    has stamped it: both are kept.
    Who stamped it is told to an office that the carnet concerns.
    """
    first = docket.standing_with().by_page.get(request.page)
    if first is None or request.cancels or first.is_proof:
        return None
    told: dict[str, Any] = {}
    if preview.is_of_here(docket, office):
        told["stamp"] = {"id": first.id, "office": first.office.code, "occurred_at": first.occurred_at}
    conflict = VoucherAlreadyStamped(
        _("This page was stamped already. If that stamp is wrong, its office cancels it first."),
        field="page",
        carnet=request.number,
        page=request.page,
        **told,
    )
    if is_online and not _is_still_expected(docket, request.page, first, office):
        raise conflict
    return conflict


def _is_still_expected(docket: Docket, page: int, first: Certification, office: Office) -> bool:
    legs = docket.carnet.plan.legs
    sequence = operation_of(page)
    is_ours = sequence <= len(legs) and legs[sequence - 1].territory_id == office.territory_id
    return is_ours and first.office.territory_id != office.territory_id


def _judge(
    request: StampRequest,
    docket: Docket,
    office: Office,
    at: datetime,
    stamp: Certification,
    *,
    is_online: bool,
) -> list[Finding]:
    """Return what is to be looked at; raise StampRefused where a rule stops this stamp. What was not made online has
    happened, and is evidence."""
    if request.cancels:
        cancelling.ensure_cancellable(docket, request.cancels, request.page, office, is_online=is_online)
        return []
    heard_at = request.occurred_at if docket.carnet.is_backdated else at
    case = preview.case_of(docket, stamp, office, heard_at, is_online=is_online)
    findings = rules.CHECKPOINT.findings(case)
    stops = [finding for finding in findings if _refuses(finding, request, case)]
    if stops:
        raise rules.refusal(StampRefused, stops)
    return findings


def _refuses(finding: Finding, request: StampRequest, case: Case) -> bool:
    if finding.code in rules.NEVER_EVIDENCE and finding.level is Level.STOP:
        return True
    if not case.is_online:
        return False
    is_unconfirmed = finding.code == rules.NEEDS_CONFIRMING and not request.is_unplanned
    return finding.level is Level.STOP or is_unconfirmed


def _row(
    request: StampRequest,
    docket: Docket,
    office: Office,
    officer: Officer,
    at: datetime,
    origin: Origin | None,
) -> StampRow:
    """Return the stamp as its row would be; the chain's columns are filled in when it is appended."""
    row: StampRow = dict(zip(_SAID, _said(request), strict=True))
    for name in LISTS:
        if row[name] is not None:
            row[name] = list(row[name])
    made = _made(request, origin)
    row.update(
        carnet_id=docket.carnet.id,
        role="",
        office_id=office.id,
        officer_id=officer.user_id,
        recorded_at=at,
        made=made,
        is_vouched=made in _ANSWERED_FOR or officer.is_system or _is_enrolled(origin),
        hash_version=VERSION,
    )
    return row


def _made(request: StampRequest, origin: Origin | None) -> str:
    if origin is not None and origin.made is not None:
        return origin.made
    return Made.OFFLINE if request.is_offline else Made.ONLINE


_ANSWERED_FOR = frozenset({Made.ONLINE, Made.CORRECTED})  # by an officer who is signed in as it is recorded


def _is_enrolled(origin: Origin | None) -> bool:
    return origin is not None and origin.device_id is not None


def _append(
    docket: Docket,
    row: StampRow,
    office: Office,
    stamp: Certification,
    findings: Sequence[Finding],
    rival: VoucherAlreadyStamped | None,
) -> StampRow:
    """Chain the stamp to its predecessor and add it to the docket."""
    carnet = docket.carnet
    docket.take_in(stamp)
    row["role"] = str(docket.alignment_with().role(row["page"]))
    row["sequence"], row["previous_hash"] = carnet.latest_sequence + 1, carnet.latest_hash
    row["hash"] = chain.stamp_hash(row, carnet.latest_hash)
    row["receipt"] = _first_answer(docket, row, findings, rival)
    row["receipt"]["promise"] = receipts.promise(row, carnet=carnet.number, office=office.code)
    carnet.latest_sequence, carnet.latest_hash = row["sequence"], row["hash"]
    docket.added.append(row)
    return row


def _first_answer(
    docket: Docket, row: StampRow, findings: Sequence[Finding], rival: VoucherAlreadyStamped | None
) -> dict[str, Any]:
    carnet, operation = docket.carnet, docket.operation(row["page"])
    warnings = [{"code": finding.code, "detail": finding.detail} for finding in findings]
    if rival is not None:
        warnings.insert(0, {"code": rival.code, "detail": str(rival.detail)})
    return {
        "operation_status": operation.status if operation else OperationStatus.EXPECTED,
        "carnet_status": carnet_status(docket.facts, control=carnet.control, is_returned=carnet.is_returned),
        "warnings": warnings,
    }


def _values(row: StampRow) -> Sequence[Any]:
    values: Sequence[Any] = _in_order({**row, "receipt": Json(row["receipt"])})
    return values


_in_order = itemgetter(*STAMP_COLUMNS)


def _origins(
    rows: Sequence[StampRow], origin: Origin, offsets: Mapping[UUID, int | None]
) -> list[tuple[Any, ...]]:
    """Return what is kept beside the stamps; nothing of one of which neither device, officer nor clock is known."""
    beside = [(row["id"], origin.device_id, origin.certified_by_id, offsets[row["id"]]) for row in rows]
    return [each for each in beside if any(said is not None for said in each[1:])]
