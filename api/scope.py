"""What each caller may see: role, association and country turned into querysets. What is outside looks absent."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from carnets.choices import IrregularityStatus
from carnets.models import Carnet, Irregularity, ReconciliationRun, TirOperation
from checkpoints.models import Incident, Refusal, Stamp
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


def operations_of(user: Any, carnet: Carnet) -> list[TirOperation]:
    """Return the operations of a visible carnet that its reader has a right to, in order."""
    every = list(carnet.operations.select_related("territory").order_by("sequence"))
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
        visible |= Q(operation__guarantor=membership.association)
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
        visible |= Q(operation__guarantor=membership.association)
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


def runs_for(user: Any) -> QuerySet[ReconciliationRun]:
    """Return the runs that the user's own administration asked for: their figures tell of every country's carnets."""
    own = Q(requested_by=user)
    return ReconciliationRun.objects.filter(
        own | Q(requested_by__country=user.country) if user.country else own
    )


def acts_for_country(user: User, country: str) -> None:
    """Raise Forbidden unless the user's administration is that country's."""
    if user.country != country:
        raise Forbidden(
            _("Only the customs of {country} decide about operations there.").format(country=country),
            country=country,
        )
