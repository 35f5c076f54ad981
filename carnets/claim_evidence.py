"""A claim about an operation, and the carnet it is about: what its records say for or against (art. 10, 11), which of
its operations can be claimed on, and how the operation's row follows what a claim does to the liability ledger."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carnets.choices import IrregularityStatus, LiabilityStatus, OperationStatus
from carnets.models import Carnet, Irregularity, ReopenedDischarge, TirOperation
from carnets.vouchers import operation_of
from guarantees import exposure
from guarantees.choices import Cause, ClaimStatus, LiabilityEnding
from guarantees.claims import steps as claims
from guarantees.claims.opening import OpenOperation, OperationNotClaimable
from guarantees.claims.rules import Evidence, case_of_claim, checks
from guarantees.models import Association, Claim, LiabilityPeriod
from guarantees.territories import countries_of
from tir.accounts.models import User
from tir.kernel.errors import Refused


class GroundHolds(Refused):
    """The association contests on a ground that the checks do not bear out."""

    code = "ground_holds"


def evidence_of(about: Iterable[Claim]) -> dict[int, Evidence]:
    """Return the evidence for each claim by its key, in two statements however many there are."""
    rows = list(about)
    numbers = {claim.carnet_number for claim in rows}
    wanted = {(claim.carnet_number, operation_of(claim.page)) for claim in rows}
    operations = TirOperation.objects.filter(
        carnet__number__in=numbers, sequence__in={sequence for _number, sequence in wanted}
    ).values_list("carnet__number", "sequence", "status", "pk")
    status = {(number, sequence): (state, key) for number, sequence, state, key in operations}
    found = _irregularities(key for _state, key in status.values())
    return {
        claim.pk: _evidence(status.get((claim.carnet_number, operation_of(claim.page))), found)
        for claim in rows
    }


def _irregularities(operations: Iterable[int]) -> dict[int, list[str]]:
    """Return the codes that keep each operation open."""
    rows = Irregularity.objects.filter(
        operation__in=list(operations), status=IrregularityStatus.OPEN, bars_discharge=True
    )
    found: dict[int, list[str]] = {}
    for key, code in rows.order_by("pk").values_list("operation", "code"):
        found.setdefault(key, []).append(code)
    return found


def _evidence(operation: tuple[str, int] | None, found: dict[int, list[str]]) -> Evidence:
    if operation is None:
        return Evidence()
    state, key = operation
    return Evidence(state == OperationStatus.DISCHARGED, tuple(found.get(key, ())))


def contest_on_grounds(
    *, claim: Claim, on: date, grounds: Sequence[str], remark: str, by: User, at: datetime
) -> Claim:
    """Record that the association contests a claim. `grounds` are checks that do not hold; their sentences stand in for
    a remark that was not written. Raises GroundHolds."""
    case = case_of_claim(claim, evidence_of([claim])[claim.pk], today=on)
    broken = {check.code: check for check in checks(case) if not check.holds}
    for code in grounds:
        if code not in broken:
            raise GroundHolds(
                _("This condition of the claim holds, so it is no ground: {ground}.").format(ground=code),
                field="grounds",
                ground=code,
                possible=sorted(broken),
            )
    said = remark or " ".join(f"{broken[code].detail} ({broken[code].article})" for code in grounds)
    return claims.contest(claim_id=claim.pk, on=on, by=by, at=at, remark=said, grounds=grounds)


def operation_to_claim(operation: TirOperation, *, accepted_on: date, country: str = "") -> OpenOperation:
    """Return an operation as a claim takes it, for the customs of `country` who establish the irregularity there: by
    default where it was accepted, else another member of the same customs union (art. 8(1), 37).

    `accepted_on` is the day of acceptance or entry at the office that certified it. Raises OperationNotClaimable where
    the operation did not start, or nobody guarantees there.
    """
    started = operation.started_at or operation.terminated_at
    established = country or operation.country
    is_here = established == operation.country or established in countries_of(
        operation.territory_id, on=accepted_on
    )
    guarantor = Association.objects.filter(country=established).first()
    if started is None or guarantor is None or not is_here:
        raise OperationNotClaimable(
            _(
                "A claim needs an operation that started and was not discharged (art. 10, 11). Read the carnet first."
            ),
            field="operation",
            carnet=operation.carnet.number,
            page=operation.pages[0],
        )
    return OpenOperation(
        carnet_number=operation.carnet.number,
        page=operation.pages[0],
        territory=operation.territory,
        country=established,
        guarantor=guarantor,
        issuer=operation.carnet.association,
        accepted_at=started,
        accepted_on=accepted_on,
    )


@contextmanager
def following(carnet_number: str, page: int, *, at: datetime) -> Iterator[None]:
    """Take a step of a claim under the carnet's lock; the operation's row then follows the ledger, and reconciliation
    looks at the carnet again: what a claim moves, pays or revives is liability like any other."""
    with transaction.atomic():
        carnet = Carnet.objects.select_for_update(no_key=True).get(number=carnet_number)
        yield
        operation = TirOperation.objects.get(carnet=carnet, sequence=operation_of(page))
        _follow(operation, exposure.last_borne(carnet_number, page), at)
        Carnet.objects.filter(pk=carnet.pk).update(reconcile_at=at)


def _follow(operation: TirOperation, period: LiabilityPeriod | None, at: datetime) -> None:
    if period is None:
        return
    is_borne = period.ends_at is None
    if is_borne and operation.discharged_at is not None:
        _take_back(operation, at)
    operation.guarantor_id = period.association_id
    operation.borne = period.amount if is_borne else Decimal(0)
    operation.borne_currency = period.currency if is_borne else operation.borne_currency
    operation.borne_from = period.begins_at if is_borne else None
    operation.liability, operation.liability_ended_by = _liability(operation, period)
    operation.save(
        update_fields=[
            "guarantor", "borne", "borne_currency", "borne_from", "liability", "liability_ended_by", "status",
            "discharged_at",
        ]
    )  # fmt: skip


def _liability(operation: TirOperation, period: LiabilityPeriod) -> tuple[str, str]:
    """Return how far the claims about an operation are, while somebody bears it, or what ended it."""
    number, page = operation.carnet.number, operation.pages[0]
    if period.ends_at is not None:
        cause = exposure.last_cause(number, page)
        return LiabilityStatus.ENDED, ENDED_BY[cause]
    statuses = set(Claim.objects.filter(carnet_number=number, page=page).values_list("status", flat=True))
    if statuses & {ClaimStatus.CLAIMED, ClaimStatus.CONTESTED}:
        return LiabilityStatus.CLAIMED, ""
    return (LiabilityStatus.NOTIFIED if ClaimStatus.NOTIFIED in statuses else LiabilityStatus.BORNE), ""


ENDED_BY = {
    Cause.DISCHARGED: LiabilityEnding.DISCHARGE,
    Cause.LAPSE_NOTICE: LiabilityEnding.LAPSE_NOTICE,
    Cause.LAPSE_CLAIM: LiabilityEnding.LAPSE_CLAIM,
    Cause.PAID: LiabilityEnding.PAID,
    Cause.REIMBURSED: LiabilityEnding.PAID,
    Cause.WITHDRAWN: LiabilityEnding.WITHDRAWN,
}


def _take_back(operation: TirOperation, at: datetime) -> None:
    """Fraud that was notified in time takes a discharge back (art. 10(2))."""
    assert operation.discharged_at is not None  # noqa: S101
    ReopenedDischarge.objects.create(
        operation=operation, discharged_at=operation.discharged_at, reopened_at=at, reason="fraud_notified"
    )
    operation.status, operation.discharged_at = OperationStatus.TERMINATED, None
