"""Which claim, and which operation, a caller means: for the API and the consoles alike."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from api.scope import acts_for_country, association_of, carnets_for, claims_for
from carnets.choices import OperationStatus
from carnets.models import TirOperation
from carnets.numbering import parse_number
from guarantees.claims.steps import OpenOperation
from guarantees.models import Claim, ClaimDocument
from tir.accounts.models import Role
from tir.kernel.errors import Forbidden, Refused


class OperationNotClaimable(Refused):
    """A claim needs an operation that started and was not discharged."""

    code = "operation_not_claimable"


def with_all(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """Return claims with what their page shows, in a fixed number of statements; the papers without their content."""
    papers = ClaimDocument.objects.defer("content").select_related("by")
    return rows.prefetch_related("events__by", "association__maxima", Prefetch("documents", papers))


def claimable_operation(number: str, sequence: int, user: Any) -> OpenOperation:
    """Return the operation a claim is about, in the caller's own country, started and not discharged.

    Raises Http404, Forbidden, OperationNotClaimable.
    """
    found = (
        TirOperation.objects.select_related("carnet__association", "territory", "guarantor")
        .filter(carnet__in=carnets_for(user), sequence=sequence)
        .filter(carnet__number=parse_number(number, field="carnet"))
        .first()
    )
    if found is None:
        raise Http404
    acts_for_country(user, found.country)
    started = found.started_at or found.terminated_at
    if started is None or found.guarantor is None or found.status == OperationStatus.DISCHARGED:
        raise OperationNotClaimable(
            _(
                "A claim needs an operation that started and was not discharged (art. 10, 11). Read the carnet first."
            ),
            field="operation",
            status=found.status,
        )
    return OpenOperation(
        found.carnet.number,
        found.pages[0],
        found.territory,
        found.country,
        found.guarantor,
        found.carnet.association,
        started,
    )


def visible_claim(user: Any, claim_id: int) -> Claim:
    """Return one claim the user may see, with all its page shows; Http404 hides what is outside."""
    claim = with_all(claims_for(user)).filter(pk=claim_id).first()
    if claim is None:
        raise Http404
    return claim


def ensure_party(user: Any, claim: Claim, *, by_customs: bool, issuer_too: bool = False) -> None:
    """Customs of the claiming country take their steps, the claimed association takes its own."""
    if by_customs:
        acts_for_country(user, claim.country)
        return
    ours = association_of(user).pk
    if ours != claim.association_id and not (issuer_too and ours == claim.issuer_id):
        raise Forbidden(_("Only the association that is claimed upon answers a claim; you may read it."))


def may_take(user: Any, claim: Claim, *, by_customs: bool) -> bool:
    """Whether steps of that side are this reader's to take."""
    role = Role.CUSTOMS_HQ if by_customs else Role.ASSOCIATION
    if not user.has_role(role):
        return False
    try:
        ensure_party(user, claim, by_customs=by_customs)
    except Forbidden:
        return False
    return True
