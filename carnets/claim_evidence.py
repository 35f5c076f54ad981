"""What a carnet's own records say for or against a claim about one of its operations (art. 10, 11)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from carnets.choices import IrregularityStatus, OperationStatus
from carnets.models import Irregularity, TirOperation
from guarantees.claims import steps as claims
from guarantees.claims.rules import Evidence, case_of, checks
from guarantees.models import Claim
from tir.accounts.models import User
from tir.kernel.errors import Refused


class GroundHolds(Refused):
    """The association contests on a ground that the checks do not bear out."""

    code = "ground_holds"


class OperationNotClaimable(Refused):
    """A claim needs an operation that started and was not discharged."""

    code = "operation_not_claimable"


def claimable(operation: TirOperation) -> claims.OpenOperation:
    """Return what a claim must know of an operation that started and was not discharged (art. 10, 11).

    It reads the carnet with its association, the territory and the guarantor. Raises OperationNotClaimable.
    """
    started = operation.started_at or operation.terminated_at
    if started is None or operation.guarantor is None or operation.status == OperationStatus.DISCHARGED:
        raise OperationNotClaimable(
            _(
                "A claim needs an operation that started and was not discharged (art. 10, 11). Read the carnet first."
            ),
            field="operation",
            status=operation.status,
        )
    return claims.OpenOperation(
        operation.carnet.number,
        operation.pages[0],
        operation.territory,
        operation.country,
        operation.guarantor,
        operation.carnet.association,
        started,
    )


def evidence_of(about: Iterable[Claim]) -> dict[int, Evidence]:
    """Return the evidence for each claim by its key, in two statements however many there are."""
    rows = list(about)
    numbers = {claim.carnet_number for claim in rows}
    wanted = {(claim.carnet_number, (claim.page + 1) // 2) for claim in rows}
    operations = TirOperation.objects.filter(
        carnet__number__in=numbers, sequence__in={sequence for _number, sequence in wanted}
    ).values_list("carnet__number", "sequence", "status", "pk")
    status = {(number, sequence): (state, key) for number, sequence, state, key in operations}
    found = _irregularities(key for _state, key in status.values())
    return {
        claim.pk: _evidence(status.get((claim.carnet_number, (claim.page + 1) // 2)), found) for claim in rows
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


def contest(*, claim: Claim, on: date, grounds: Sequence[str], remark: str, by: User, at: datetime) -> Claim:
    """Record that the association contests a claim. `grounds` are checks that do not hold; their sentences stand in for
    a remark that was not written. Raises GroundHolds."""
    case = case_of(claim, evidence_of([claim])[claim.pk], today=on)
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
