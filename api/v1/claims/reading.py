"""Which claim, and which operation, a caller means: for the API and the consoles alike."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from api.scope import acts_for_country, association_of, carnets_for, claims_for
from carnets.claim_evidence import operation_to_claim
from carnets.models import TirOperation
from carnets.numbering import parse_number
from checkpoints.posts.offices import register
from guarantees.claims.opening import OpenOperation
from guarantees.days import day_in
from guarantees.models import Claim, ClaimDocument
from guarantees.territories import countries_of, territories_of
from tir.accounts.models import Role
from tir.kernel.clock import now
from tir.kernel.errors import Forbidden
from tir.kernel.places import day_at


def with_all(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """Return claims with what their page shows, in a fixed number of statements; the papers without their content."""
    papers = ClaimDocument.objects.defer("content").select_related("by")
    return rows.prefetch_related("events__by", "association__maxima", Prefetch("documents", papers))


def claimable_operation(number: str, sequence: int, user: Any) -> OpenOperation:
    """Return the operation a claim is about, for the customs of the caller's own country: that which accepted it, or
    another member of its union where the irregularity is established (art. 8(1), 37).

    Raises Http404, Forbidden, OperationNotClaimable.
    """
    own = territories_of(user.country, on=day_in(user.country, now()))
    found = (
        TirOperation.objects.select_related("carnet__association", "territory", "guarantor")
        .filter(carnet__number=parse_number(number, field="carnet"), sequence=sequence)
        .filter(Q(carnet__in=carnets_for(user)) | Q(territory__in=own))
        .first()
    )
    if found is None:
        raise Http404
    accepted_on = _accepted_on(found)
    if user.country not in countries_of(found.territory_id, on=accepted_on):
        acts_for_country(user, found.country)
    return operation_to_claim(found, accepted_on=accepted_on, country=user.country)


def _accepted_on(operation: TirOperation) -> date:
    """Return the day of acceptance or entry at the office that certified it."""
    started = operation.started_at or operation.terminated_at or now()
    office = register().by_code.get(operation.start_office or operation.termination_office)
    return day_at(started, office.time_zone) if office else day_in(operation.country, started)


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
