"""What each caller may see: role, association and country turned into querysets. What is outside looks absent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from carnets.models import Carnet, Irregularity, ReconciliationRun, TirOperation
from checkpoints.models import Device
from checkpoints.offices import Office, register
from checkpoints.postings import officer_of
from guarantees.models import Association, Claim, Guarantee, Holder, TerritoryMember
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
    """Return the carnets the user may see: issued by their association, guaranteed on its territory, or with an
    operation in their country."""
    if sees_everything(user):
        return Carnet.objects.all()
    visible = Q(pk__in=[])
    if user.has_role(*CUSTOMS) and user.country:
        visible |= Q(countries__contains=[user.country]) | _operation_in(country=user.country)
    membership = getattr(user, "membership", None)
    if user.has_role(Role.ASSOCIATION) and membership:
        visible |= Q(association=membership.association) | _operation_in(guarantor=membership.association)
    return Carnet.objects.filter(visible)


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
        visible |= Q(operation__guarantor=membership.association)
    return every.filter(visible)


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


def runs_for(user: Any) -> QuerySet[ReconciliationRun]:
    """Return the runs that the user's own administration asked for: their figures tell of every country's carnets."""
    own = Q(requested_by=user)
    return ReconciliationRun.objects.filter(
        own | Q(requested_by__country=user.country) if user.country else own
    )


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
