"""Claims, who may take which of their steps, and whose deadlines somebody reads."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from api.scope.carnets import carnets_for
from api.scope.reader import Reader
from api.scope.tables import Table, audited, everything, of_country, own, rows_shown_to, where
from carnets import deadlines as clocks
from carnets.claim_evidence import operation_to_claim
from carnets.models import TirOperation
from carnets.numbering import parse_number
from guarantees.claims.opening import OpenOperation
from guarantees.days import day_in
from guarantees.deadlines import Deadline, DeadlineParty
from guarantees.models import Association, Claim, ClaimDocument
from guarantees.territories import countries_of, territories_of
from tir.accounts.models import Role
from tir.kernel.clock import now
from tir.kernel.errors import Forbidden


def _party(association: Association) -> Q:
    return Q(association=association) | Q(issuer=association)


CLAIMS: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(where("country")),
    Role.CUSTOMS_HQ: of_country(where("country")),
    Role.ASSOCIATION: own(_party),
}


def claims_for(reader: Reader) -> QuerySet[Claim]:
    """Return the claims of the reader's customs, against its association, or on its association's carnets."""
    return Claim.objects.filter(rows_shown_to(reader, CLAIMS)).select_related(
        "association", "issuer", "territory"
    )


def whole_claims_for(reader: Reader) -> QuerySet[Claim]:
    """Return visible claims with what their page shows, in a fixed number of statements; the papers without their
    content."""
    papers = ClaimDocument.objects.defer("content").select_related("by")
    return claims_for(reader).prefetch_related(
        "events__by", "association__maxima", Prefetch("documents", papers)
    )


def claim_for(reader: Reader, claim_id: int) -> Claim:
    """Return one claim the reader may see, with all its page shows; Http404 hides what is outside."""
    return get_object_or_404(whole_claims_for(reader), pk=claim_id)


def claimable_operation(reader: Reader, number: str, sequence: int) -> OpenOperation:
    """Return the operation a claim is about, for the customs of the reader's own country: that which accepted it, or
    another member of its union where the irregularity is established (art. 8(1), 37).

    Raises CarnetNumberInvalid, Http404, Forbidden, OperationNotClaimable.
    """
    rows = TirOperation.objects.select_related("carnet__association", "territory", "guarantor")
    own = territories_of(reader.country, on=day_in(reader.country, now()))
    operation = get_object_or_404(
        rows.filter(Q(carnet__in=carnets_for(reader)) | Q(territory__in=own)),
        sequence=sequence,
        carnet__number=parse_number(number, field="carnet"),
    )
    accepted_on = operation.started_on or operation.terminated_on or day_in(operation.country, now())
    if reader.country not in countries_of(operation.territory_id, on=accepted_on):
        reader.ensure_acts_for(operation.country)
    return operation_to_claim(operation, accepted_on=accepted_on, country=reader.country)


def is_issuers(reader: Reader, claim: Claim) -> bool:
    """Whether the claim is on a carnet that the reader's association issued."""
    return reader.association is not None and reader.association.pk == claim.issuer_id


def ensure_party(reader: Reader, claim: Claim, *, by_customs: bool) -> None:
    """Customs of the claiming country take their steps, the claimed association takes its own. Raises Forbidden."""
    if by_customs:
        reader.ensure_acts_for(claim.country)
    elif reader.own_association().pk != claim.association_id:
        raise Forbidden(_("Only the association that is claimed upon answers a claim; you may read it."))


def may_take(reader: Reader, claim: Claim, *, by_customs: bool) -> bool:
    """Whether steps of that side are this reader's to take."""
    if not reader.has_role(Role.CUSTOMS_HQ if by_customs else Role.ASSOCIATION):
        return False
    try:
        ensure_party(reader, claim, by_customs=by_customs)
    except Forbidden:
        return False
    return True


def may_attach(reader: Reader, claim: Claim) -> bool:
    """Whether the reader is of a side that hands in papers."""
    return (
        may_take(reader, claim, by_customs=True)
        or may_take(reader, claim, by_customs=False)
        or is_issuers(reader, claim)
    )


def claim_to_document(reader: Reader, claim_id: int) -> Claim:
    """Return a claim that the reader may add papers to. Raises Http404, Forbidden."""
    claim = claim_for(reader, claim_id)
    if not may_attach(reader, claim):
        raise Forbidden(_("Only the parties to a claim add documents."))
    return claim


def deadlines_for(reader: Reader, *, first: date, last: date) -> list[Deadline]:
    """Return the dated duties of the reader's association, or of the customs of its country, both days included."""
    side = (
        DeadlineParty(association=reader.own_association())
        if reader.has_role(Role.ASSOCIATION)
        else DeadlineParty(country=reader.country)
    )
    return clocks.deadlines(side, first=first, last=last)
