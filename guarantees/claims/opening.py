"""Establishing that an operation was not discharged: the first step of a claim, and who takes it (art. 8, 10, 11)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from guarantees import exposure
from guarantees.choices import Cause, EntryKind
from guarantees.claims.history import ClaimAct, record_act
from guarantees.models import Association, Claim, CustomsTerritory, LiabilityEntry, LiabilityPeriod
from tir.accounts.models import User
from tir.kernel.errors import Conflict, Refused


class ClaimExists(Conflict):
    """A claim about this operation is open already."""

    code = "claim_exists"


class OperationNotClaimable(Refused):
    """A claim needs an operation that started and was not discharged."""

    code = "operation_not_claimable"


@dataclass(frozen=True, slots=True)
class OpenOperation:
    """What a claim must know of the operation: by whom, when and where it was accepted, and where the irregularity is
    established.

    `country` is that of the customs who establish it, `guarantor` its association; in a customs union another member
    may have accepted. `accepted_on` is the day of `accepted_at` at the office that accepted the carnet or saw it enter.
    """

    carnet_number: str
    page: int
    territory: CustomsTerritory
    country: str
    guarantor: Association
    issuer: Association
    accepted_at: datetime
    accepted_on: date


@transaction.atomic
def open_claim(*, operation: OpenOperation, reason: str, is_fraud: bool, by: User, at: datetime) -> Claim:
    """Establish that an operation was not discharged; nothing is due yet.

    Liability moves to the association of the country where that is established, if another bears it (art. 8(1), 37).
    The caller holds the carnet's lock. Raises OperationNotClaimable, ClaimExists.
    """
    borne = _claimable(operation, is_fraud=is_fraud)
    claim = _create(operation, borne, reason=reason, is_fraud=is_fraud, by=by, at=at)
    record_act(claim, ClaimAct("open", claim.association.day_at(at), by, at, reason), {"is_fraud": is_fraud})
    exposure.move_liability(
        carnet_number=operation.carnet_number,
        page=operation.page,
        country=operation.country,
        accepted_on=operation.accepted_on,
        at=at,
    )
    return claim


def _claimable(operation: OpenOperation, *, is_fraud: bool) -> LiabilityPeriod:
    """Return who bears or bore the operation, as the ledger has it. A discharge bars every claim but one of fraud, by
    which it is taken back (art. 10(2))."""
    borne = exposure.last_borne(operation.carnet_number, operation.page)
    ended = _cause_of_end(operation) if borne and borne.ends_at else None
    is_over = ended == Cause.START_WITHDRAWN or (ended == Cause.DISCHARGED and not is_fraud)
    if borne is None or is_over:
        raise OperationNotClaimable(
            _(
                "A claim needs an operation that started and was not discharged (art. 10, 11). Read the carnet first."
            ),
            field="operation",
            carnet=operation.carnet_number,
            page=operation.page,
        )
    return borne


def _cause_of_end(operation: OpenOperation) -> str:
    entries = LiabilityEntry.objects.filter(
        carnet_number=operation.carnet_number, page=operation.page, kind=EntryKind.RELIEVED
    )
    return entries.order_by("-id").values_list("cause", flat=True)[0]


def _create(
    operation: OpenOperation,
    borne: LiabilityPeriod,
    *,
    reason: str,
    is_fraud: bool,
    by: User,
    at: datetime,
) -> Claim:
    try:
        with transaction.atomic():
            return Claim.objects.create(
                carnet_number=operation.carnet_number,
                page=operation.page,
                association=operation.guarantor,
                accepted_by_id=borne.association_id,
                issuer=operation.issuer,
                territory=operation.territory,
                country=operation.country,
                accepted_at=operation.accepted_at,
                accepted_on=operation.accepted_on,
                is_fraud=is_fraud,
                reason=reason,
                created_at=at,
                created_by=by,
            )
    except IntegrityError:
        raise ClaimExists(
            _("A claim about this operation is open already."),
            carnet=operation.carnet_number,
            page=operation.page,
        ) from None
