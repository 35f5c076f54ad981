"""What each caller may see: role, association and country turned into querysets. What is outside looks absent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from carnets.annex10.models import ReconciliationRequest
from carnets.choices import IrregularityStatus
from carnets.models import (
    Carnet,
    CarnetReturn,
    GuaranteeQuery,
    Irregularity,
    NumberRange,
    ReconciliationRun,
    TirOperation,
)
from checkpoints.annex10.terminations import terminations
from checkpoints.models import ControlRecord, Device, Incident, Proof, Refusal, SafetirRecord, Stamp
from checkpoints.posts.offices import Office, register
from checkpoints.posts.postings import Officer, officer_of
from guarantees.deadlines import Side
from guarantees.models import Association, Claim, Guarantee, Holder, HolderExclusion, TerritoryMember
from tir.accounts.models import Role, User
from tir.kernel.errors import Forbidden

SEES_EVERYTHING = frozenset({Role.SECRETARIAT})
CUSTOMS = frozenset({Role.OFFICER, Role.CUSTOMS_HQ, Role.SYSTEM, Role.AUDITOR})


class NoAssociation(Forbidden):
    """The account has the role of an association but belongs to none."""

    code = "no_association"


def association_of(user: Any) -> Association:
    """Return the association the user acts for; raise NoAssociation when there is none."""
    membership = getattr(user, "membership", None)
    if membership is None:
        raise NoAssociation(_("Your account is not attached to an association. Ask your administrator."))
    association: Association = membership.association
    return association


def sees_everything(user: Any) -> bool:
    """The international organization sees all; so does an auditor who is bound to no country."""
    return user.has_role(*SEES_EVERYTHING) or (user.has_role(Role.AUDITOR) and not user.country)


def is_issuer(user: Any, carnet: Carnet) -> bool:
    """Whether the user acts for the association that issued the carnet."""
    membership = getattr(user, "membership", None)
    return membership is not None and membership.association_id == carnet.association_id


def sees_whole(user: Any, carnet: Carnet) -> bool:
    """Customs on the route and the issuer see a carnet whole; the guarantor of a territory sees its own part."""
    if sees_everything(user) or (user.has_role(Role.ASSOCIATION) and is_issuer(user, carnet)):
        return True
    if not (user.has_role(*CUSTOMS) and user.country):
        return False
    return user.country in carnet.countries or carnet.operations.filter(country=user.country).exists()


def own_territories(user: Any) -> frozenset[str]:
    """Return the codes of the customs territories that the user's association has guaranteed in."""
    membership = getattr(user, "membership", None)
    if membership is None:
        return frozenset()
    members = TerritoryMember.objects.filter(country=membership.association.country)
    return frozenset(members.values_list("territory__code", flat=True))


def carnets_for(user: Any) -> QuerySet[Carnet]:
    """Return the carnets the user may see: issued by their association, still answered for on its territory, or with
    an operation in their country."""
    if sees_everything(user):
        return Carnet.objects.all()
    visible = Q(pk__in=[])
    if user.has_role(*CUSTOMS) and user.country:
        visible |= Q(countries__contains=[user.country]) | _operation_in(country=user.country)
    membership = getattr(user, "membership", None)
    if user.has_role(Role.ASSOCIATION) and membership:
        visible |= Q(association=membership.association) | _answered_for_by(membership.association)
    return Carnet.objects.filter(visible)


def _answered_for_by(association: Association) -> Q:
    """What a guarantor needs of others' business (art. 8, 11): open operations on its territory, and claims on it."""
    claimed = Claim.objects.filter(carnet_number=OuterRef("number"), association=association)
    return _operation_in(guarantor=association, borne__gt=0) | Q(Exists(claimed))


def _operation_in(**where: Any) -> Q:
    return Q(Exists(TirOperation.objects.filter(carnet=OuterRef("pk"), **where)))


def carnet_for(user: Any, number: str) -> Carnet:
    """Return one visible carnet with what its page shows; Http404 hides what is outside."""
    carnet = (
        carnets_for(user)
        .filter(number=number.upper())
        .select_related("holder", "guarantee", "association")
        .first()
    )
    if carnet is None:
        raise Http404
    return carnet


def operations_of(user: Any, carnet: Carnet) -> list[TirOperation]:
    """Return the operations of a visible carnet that its reader has a right to, in order."""
    every = list(
        carnet.operations.select_related("territory", "planned_territory", "guarantor").order_by("sequence")
    )
    return (
        every if sees_whole(user, carnet) else [row for row in every if row.guarantor_id == _acting_for(user)]
    )


def irregularities_of(user: Any, carnet: Carnet) -> list[Irregularity]:
    """Return what was found about a visible carnet, as far as its reader has a right to it."""
    every = list(carnet.irregularities.select_related("operation__territory", "closed_by").order_by("id"))
    if sees_whole(user, carnet):
        return every
    return [item for item in every if item.operation.guarantor_id == _acting_for(user)]


def _acting_for(user: Any) -> int:
    """Return the association of a guarantor, who alone sees a carnet in part."""
    return int(user.membership.association_id)


def own_carnet(user: Any, number: str) -> Carnet:
    """Return a carnet of the user's own association, to act on."""
    carnet = Carnet.objects.filter(association=association_of(user), number=number.upper()).first()
    if carnet is None:
        raise Http404
    return carnet


def irregularities_for(user: Any) -> QuerySet[Irregularity]:
    """Return irregularities of operations in the user's country, of its own carnets, or that it guarantees."""
    every = Irregularity.objects.select_related("carnet", "operation__territory")
    if sees_everything(user):
        return every
    visible = Q(pk__in=[])
    if user.has_role(*CUSTOMS) and user.country:
        visible |= Q(operation__country=user.country)
    membership = getattr(user, "membership", None)
    if user.has_role(Role.ASSOCIATION) and membership:
        visible |= Q(carnet__association=membership.association)
        visible |= Q(operation__guarantor=membership.association, operation__borne__gt=0)
    return every.filter(visible)


def open_irregularities_shown(user: Any) -> QuerySet[Irregularity]:
    """Return what is open about carnets in scope, as far as their pages show it: all of a carnet seen whole."""
    still_open = Irregularity.objects.filter(status=IrregularityStatus.OPEN).select_related("operation")
    if sees_everything(user):
        return still_open
    visible = Q(pk__in=[])
    if user.has_role(*CUSTOMS) and user.country:
        elsewhere = TirOperation.objects.filter(carnet=OuterRef("carnet"), country=user.country)
        visible |= Q(carnet__countries__contains=[user.country]) | Q(Exists(elsewhere))
    membership = getattr(user, "membership", None)
    if user.has_role(Role.ASSOCIATION) and membership:
        visible |= Q(carnet__association=membership.association)
        visible |= Q(operation__guarantor=membership.association, operation__borne__gt=0)
    return still_open.filter(visible)


def stamps_for(user: Any) -> QuerySet[Stamp]:
    """Return the stamps the user may see: of carnets in scope; a foreign guarantor's, on its own territory."""
    rows = Stamp.objects.select_related("carnet", "officer")
    if sees_everything(user):
        return rows
    rows = rows.filter(carnet__in=carnets_for(user))
    membership = getattr(user, "membership", None)
    if user.has_role(Role.ASSOCIATION) and membership:
        association = membership.association
        own = rows.filter(carnet__association=association)
        return own | rows.filter(office__country=association.country)
    return rows


def controls_for(user: Any) -> QuerySet[ControlRecord]:
    """Return the controls the user may see: of carnets in scope; a foreign guarantor's, in its own country."""
    rows = ControlRecord.objects.select_related("carnet", "office")
    if sees_everything(user):
        return rows
    rows = rows.filter(carnet__in=carnets_for(user))
    membership = getattr(user, "membership", None)
    if user.has_role(Role.ASSOCIATION) and membership:
        association = membership.association
        return rows.filter(Q(carnet__association=association) | Q(office__country=association.country))
    return rows


def proofs_for(user: Any) -> QuerySet[Proof]:
    """Return the proofs the user may see: of carnets in scope; a foreign guarantor's, those it offered itself."""
    rows = Proof.objects.select_related("carnet", "acceptance__office")
    if sees_everything(user):
        return rows
    rows = rows.filter(carnet__in=carnets_for(user))
    membership = getattr(user, "membership", None)
    if user.has_role(Role.ASSOCIATION) and membership:
        return rows.filter(Q(carnet__association=membership.association) | Q(by=user))
    return rows


def reports_of(user: Any, carnet: Carnet) -> QuerySet[Incident]:
    """Return the certified reports about a visible carnet; a foreign guarantor sees those of its own country."""
    every = Incident.objects.filter(carnet=carnet).select_related("office", "officer")
    if sees_whole(user, carnet):
        return every
    return every.filter(office__country=user.membership.association.country)


def refusals_of(user: Any, carnet: Carnet) -> QuerySet[Refusal]:
    """Return the refusals to start an operation of a visible carnet; a foreign guarantor's, in its own country."""
    every = Refusal.objects.filter(carnet=carnet).select_related("office")
    if sees_whole(user, carnet):
        return every
    return every.filter(office__country=user.membership.association.country)


def guarantees_for(user: Any) -> QuerySet[Guarantee]:
    """Return the guarantees of the user's association; an auditor of one country audits that country's."""
    every = Guarantee.objects.select_related("association", "holder")
    if sees_everything(user):
        return every
    if user.has_role(Role.AUDITOR):
        return every.filter(association__country=user.country)
    return every.filter(association=association_of(user))


def holders_for(user: Any) -> QuerySet[Holder]:
    """Customs look holders up in the international register; an association sees its own."""
    every = Holder.objects.select_related("association")
    if user.has_role(Role.ASSOCIATION) and not user.has_role(*CUSTOMS, *SEES_EVERYTHING):
        return every.filter(association=association_of(user))
    return every


def claims_for(user: Any) -> QuerySet[Claim]:
    """Return the claims of the user's customs, against its association, or on its association's carnets."""
    every = Claim.objects.select_related("association", "issuer", "territory")
    if sees_everything(user):
        return every
    if user.has_role(Role.ASSOCIATION):
        association = association_of(user)
        return every.filter(Q(association=association) | Q(issuer=association))
    return every.filter(country=user.country) if user.country else every.none()


def side_of(user: Any) -> Side:
    """Return whose deadlines the user reads: those of its association, or of the customs of its country."""
    if user.has_role(Role.ASSOCIATION):
        return Side(association=association_of(user))
    return Side(country=user.country)


def runs_for(user: Any) -> QuerySet[ReconciliationRun]:
    """Return the runs that the user's own administration asked for: their figures tell of every country's carnets."""
    own = Q(requested_by=user)
    return ReconciliationRun.objects.filter(
        own | Q(requested_by__country=user.country) if user.country else own
    )


def holder_for(user: Any, reference: str) -> Holder:
    """Return one visible holder by its reference as addresses have it, AAA-BBB-X; Http404 hides what is outside."""
    holder = holders_for(user).filter(reference=reference.upper().replace("-", "/")).first()
    if holder is None:
        raise Http404
    return holder


def holder_to_manage(user: Any, reference: str) -> Holder:
    """Return a holder that the user's association, or the customs of the holder's country, decide about."""
    holder = holder_for(user, reference)
    membership = getattr(user, "membership", None)
    if user.has_role(Role.ASSOCIATION) and membership and membership.association_id == holder.association_id:
        return holder
    if user.has_role(Role.CUSTOMS_HQ) and user.country == holder.country:
        return holder
    raise Forbidden(
        _("Only the holder's association and the customs of their country decide about this holder.")
    )


def sees_business(user: Any, holder: Holder) -> bool:
    """Whether the user is of the holder's association, of the customs of their country, or oversees all."""
    membership = getattr(user, "membership", None)
    is_own = (
        user.has_role(Role.ASSOCIATION) and membership and membership.association_id == holder.association_id
    )
    is_home = user.has_role(Role.CUSTOMS_HQ, Role.AUDITOR) and user.country == holder.country
    return bool(sees_everything(user) or is_own or is_home)


def exclusion_of(user: User, holder: Holder, exclusion_id: int) -> HolderExclusion:
    """Return an exclusion by the user's own country, to lift."""
    exclusion = holder.exclusions.filter(pk=exclusion_id).first()
    if exclusion is None:
        raise Http404
    acts_for_country(user, exclusion.country)
    return exclusion


def number_ranges_for(user: Any) -> QuerySet[NumberRange]:
    """Return the stock of the user's association, or everybody's; an auditor of one country audits that country's."""
    every = NumberRange.objects.select_related("association")
    if sees_everything(user):
        return every
    if user.has_role(Role.AUDITOR):
        return every.filter(association__country=user.country)
    return every.filter(association=association_of(user))


def terminations_for(user: Any, *, with_exits: bool) -> QuerySet[Stamp]:
    """Return terminations of the association's own carnets, or those that the user's own customs certified."""
    every = terminations(with_exits=with_exits)
    if sees_everything(user):
        return every
    if user.has_role(Role.ASSOCIATION):
        return every.filter(carnet__association=association_of(user))
    return every.filter(office__country=user.country) if user.country else every.none()


def safetir_records_for(user: Any) -> QuerySet[SafetirRecord]:
    """Return the records of daily files that the user may see, by the same bounds as the terminations themselves."""
    every = SafetirRecord.objects.all()
    if sees_everything(user):
        return every
    if user.has_role(Role.ASSOCIATION):
        return every.filter(association=association_of(user))
    return every.filter(country=user.country) if user.country else every.none()


def reconciliation_requests_for(user: Any, officer: Officer, at: datetime) -> QuerySet[ReconciliationRequest]:
    """Return the requests of the user's association, or those to the user's office, or to its whole administration."""
    every = ReconciliationRequest.objects.select_related("carnet__holder", "carnet__association", "operation")
    if sees_everything(user):
        return every
    visible = Q(pk__in=[])
    if user.has_role(Role.CUSTOMS_HQ, Role.AUDITOR) and user.country:
        visible |= Q(country=user.country)
    if user.has_role(Role.OFFICER):
        office_id = officer.office_id_on(at)
        visible |= Q(office=register().by_id[office_id].code) if office_id is not None else Q(pk__in=[])
    membership = getattr(user, "membership", None)
    if user.has_role(Role.ASSOCIATION) and membership:
        visible |= Q(carnet__association=membership.association)
    return every.filter(visible)


def carnet_returns_for(user: Any) -> QuerySet[CarnetReturn]:
    """Return the returns that the user's association recorded, or everybody's."""
    every = CarnetReturn.objects.select_related("carnet__holder", "recorded_by")
    if sees_everything(user):
        return every
    if user.has_role(Role.AUDITOR):
        return every.filter(carnet__association__country=user.country)
    return every.filter(carnet__association=association_of(user))


def guarantee_enquiries_for(user: Any) -> QuerySet[GuaranteeQuery]:
    """Return what the user's own customs asked, or what was asked about carnets of the user's association."""
    every = GuaranteeQuery.objects.select_related("carnet__holder", "carnet__association", "asked_by")
    if sees_everything(user):
        return every
    visible = Q(pk__in=[])
    if user.has_role(*CUSTOMS) and user.country:
        visible |= Q(country=user.country)
    membership = getattr(user, "membership", None)
    if user.has_role(Role.ASSOCIATION) and membership:
        visible |= Q(carnet__association=membership.association)
    return every.filter(visible)


def devices_for(user: Any, *, at: datetime) -> QuerySet[Device]:
    """Return the devices of the office where the officer serves that day; headquarters see their country's."""
    every = Device.objects.select_related("officer")
    if user.has_role(Role.CUSTOMS_HQ):
        return every.filter(office__country=user.country) if user.country else every.none()
    office_id = (getattr(user, "known_officer", None) or officer_of(user.pk)).office_id_on(at)
    return every.filter(office_id=office_id) if office_id else every.none()


def office_of(user: Any, code: str, *, at: datetime) -> Office:
    """Return the office whose shift the user may read: an officer's own, or one that headquarters name.

    Raises NotPosted; Http404 hides the others.
    """
    if user.has_role(Role.CUSTOMS_HQ):
        named = register().by_code.get(code)
        if named is None or named.facts.country != user.country:
            raise Http404
        return named
    office = (getattr(user, "known_officer", None) or officer_of(user.pk)).office_on(at)
    if code not in ("", office.code):
        raise Http404
    return office


def device_for(user: Any, device_id: UUID, *, at: datetime) -> Device:
    """Return one visible device; Http404 hides those of other offices."""
    device = devices_for(user, at=at).filter(pk=device_id).first()
    if device is None:
        raise Http404
    return device


def acts_for_country(user: User, country: str) -> None:
    """Raise Forbidden unless the user's administration is that country's."""
    if user.country != country:
        raise Forbidden(
            _("Only the customs of {country} decide about operations there.").format(country=country),
            country=country,
        )
