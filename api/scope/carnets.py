"""Carnets, their operations, and what reconciliation found about them."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from api.scope.reader import Reader
from api.scope.tables import (
    NOTHING,
    Table,
    audited,
    everything,
    of_country,
    of_member,
    of_posted,
    rows_shown_to,
    shows,
    where,
)
from carnets.choices import IrregularityStatus
from carnets.models import Carnet, Irregularity, ReconciliationRun, TirOperation
from guarantees.models import Association, Claim, TerritoryMember
from tir.accounts.models import Role


def _operation_in(**of: object) -> Q:
    return Q(Exists(TirOperation.objects.filter(carnet=OuterRef("pk"), **of)))


def on_route(country: str) -> Q:
    """Carnets that were to come through a country, or of which it certified an operation."""
    return Q(countries__contains=[country]) | _operation_in(country=country)


def answered_for_by(association: Association) -> Q:
    """What a guarantor needs of others' business (art. 8, 11): open operations on its territory, and claims on it."""
    claimed = Claim.objects.filter(carnet_number=OuterRef("number"), association=association)
    return _operation_in(guarantor=association, borne__gt=0) | Q(Exists(claimed))


def _issued_or_answered_for(association: Association) -> Q:
    return Q(association=association) | answered_for_by(association)


CARNETS: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(on_route),
    Role.OFFICER: of_posted(on_route),
    Role.CUSTOMS_HQ: of_country(on_route),
    Role.SYSTEM: of_country(on_route),
    Role.ASSOCIATION: of_member(_issued_or_answered_for),
}
# Customs on the route and the issuer see a carnet whole; the guarantor of a territory sees its own part.
WHOLE: Table = {**CARNETS, Role.ASSOCIATION: of_member(where("association"))}

# A defence shows the whole way of a carnet, whoever certified it: for its issuer and for those bound to no country.
DEFENDED: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(lambda _country: NOTHING),
    Role.ASSOCIATION: of_member(where("association")),
}


def whole_on_route(country: str) -> Q:
    """What belongs to a carnet that the customs of a country see whole."""
    return Q(carnet__in=Carnet.objects.filter(on_route(country)))


def _operations_of(association: Association) -> Q:
    return Q(carnet__association=association) | Q(guarantor=association)


OPERATIONS: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(whole_on_route),
    Role.OFFICER: of_posted(whole_on_route),
    Role.CUSTOMS_HQ: of_country(whole_on_route),
    Role.SYSTEM: of_country(whole_on_route),
    Role.ASSOCIATION: of_member(_operations_of),
}


def _found_about(association: Association) -> Q:
    return Q(carnet__association=association) | Q(operation__guarantor=association)


def _at_stake_of(association: Association) -> Q:
    return Q(carnet__association=association) | Q(operation__guarantor=association, operation__borne__gt=0)


# On the page of a carnet stands all that was found about the part of it that the reader sees ...
SHOWN_IRREGULARITIES: Table = {**OPERATIONS, Role.ASSOCIATION: of_member(_found_about)}
# ... and in the list of work only what is the reader's to work on.
IRREGULARITIES: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(where("operation__country")),
    Role.OFFICER: of_posted(where("operation__country")),
    Role.CUSTOMS_HQ: of_country(where("operation__country")),
    Role.SYSTEM: of_country(where("operation__country")),
    Role.ASSOCIATION: of_member(_at_stake_of),
}


def carnets_for(reader: Reader) -> QuerySet[Carnet]:
    """Return the carnets the reader may see: issued by their association, still answered for on its territory, or with
    an operation in their country."""
    return Carnet.objects.filter(rows_shown_to(reader, CARNETS))


def carnet_for(reader: Reader, number: str) -> Carnet:
    """Return one visible carnet with what its page shows; Http404 hides what is outside."""
    rows = carnets_for(reader).select_related("holder", "guarantee", "association")
    return get_object_or_404(rows, number=number.upper())


def own_carnet(reader: Reader, number: str) -> Carnet:
    """Return a carnet of the reader's own association, to act on. Raises Http404, NoAssociation."""
    return get_object_or_404(Carnet, association=reader.own_association(), number=number.upper())


def carnet_to_defend(reader: Reader, number: str) -> Carnet:
    """Return a carnet whose defence against claims the reader may see; Http404 hides the others."""
    return get_object_or_404(Carnet, rows_shown_to(reader, DEFENDED), number=number.upper())


def is_issuer(reader: Reader, carnet: Carnet) -> bool:
    """Whether the reader acts for the association that issued the carnet."""
    return reader.association is not None and reader.association.pk == carnet.association_id


def sees_whole(reader: Reader, carnet: Carnet) -> bool:
    return shows(reader, WHOLE, carnet)


def whole_among(reader: Reader, carnets: Iterable[Carnet]) -> frozenset[int]:
    """Return the keys of those carnets that the reader sees whole, in one statement."""
    rows = Carnet.objects.filter(rows_shown_to(reader, WHOLE), pk__in=[carnet.pk for carnet in carnets])
    return frozenset(rows.values_list("pk", flat=True))


def own_territories(reader: Reader) -> frozenset[str]:
    """Return the codes of the customs territories that the reader's association has guaranteed in."""
    if reader.association is None:
        return frozenset()
    members = TerritoryMember.objects.filter(country=reader.association.country)
    return frozenset(members.values_list("territory__code", flat=True))


def operations_of(reader: Reader, carnet: Carnet) -> list[TirOperation]:
    """Return the operations of a visible carnet that its reader has a right to, in order."""
    rows = carnet.operations.filter(rows_shown_to(reader, OPERATIONS))
    return list(rows.select_related("territory").order_by("sequence"))


def irregularities_of(reader: Reader, carnet: Carnet) -> list[Irregularity]:
    """Return what was found about a visible carnet, as far as its reader has a right to it."""
    rows = carnet.irregularities.filter(rows_shown_to(reader, SHOWN_IRREGULARITIES))
    return list(rows.select_related("operation__territory", "closed_by").order_by("id"))


def open_irregularities_shown(reader: Reader) -> QuerySet[Irregularity]:
    """Return what is open about carnets in scope, as far as their pages show it."""
    rows = Irregularity.objects.filter(rows_shown_to(reader, SHOWN_IRREGULARITIES))
    return rows.filter(status=IrregularityStatus.OPEN).select_related("operation")


def irregularities_for(reader: Reader) -> QuerySet[Irregularity]:
    """Return irregularities of operations in the reader's country, of its own carnets, or that it guarantees."""
    rows = Irregularity.objects.filter(rows_shown_to(reader, IRREGULARITIES))
    return rows.select_related("carnet", "operation__territory")


def irregularity_for(reader: Reader, irregularity_id: int) -> Irregularity:
    """Return one irregularity that the reader works on; Http404 hides the others."""
    return get_object_or_404(irregularities_for(reader), pk=irregularity_id)


def _asked_by_administration(reader: Reader) -> Q:
    own = Q(requested_by=reader.user_id)
    return own | Q(requested_by__country=reader.country) if reader.country else own


RUNS: Table = {Role.CUSTOMS_HQ: _asked_by_administration}


def runs_for(reader: Reader) -> QuerySet[ReconciliationRun]:
    """Return the runs that the reader's own administration asked for: their figures tell of every country's carnets."""
    return ReconciliationRun.objects.filter(rows_shown_to(reader, RUNS))
