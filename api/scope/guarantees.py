"""Guarantees, the liability under them, and what was asked about them."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from api.scope.reader import Reader
from api.scope.tables import (
    Table,
    audited,
    everything,
    of_country,
    of_member,
    of_posted,
    own,
    rows_shown_to,
    where,
)
from carnets.models import GuaranteeQuery
from guarantees.models import Association, Guarantee
from tir.accounts.models import Role


def _itself(association: Association) -> Q:
    return Q(pk=association.pk)


GUARANTEES: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(where("association__country")),
    Role.ASSOCIATION: own(where("association")),
}
# Whose liability: a country bounds auditors alone. An association's account reads what it is a member of.
LIABLE: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(where("country")),
    Role.ASSOCIATION: own(_itself),
}
ENQUIRIES: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(where("country")),
    Role.OFFICER: of_posted(where("country")),
    Role.CUSTOMS_HQ: of_country(where("country")),
    Role.SYSTEM: of_country(where("country")),
    Role.ASSOCIATION: of_member(where("carnet__association")),
}


def guarantees_for(reader: Reader) -> QuerySet[Guarantee]:
    """Return the guarantees of the reader's association; an auditor of one country audits that country's."""
    return Guarantee.objects.filter(rows_shown_to(reader, GUARANTEES)).select_related("association", "holder")


def liable_for(reader: Reader) -> QuerySet[Association]:
    """Return the associations whose liability the reader may see, by code. Raises NoAssociation."""
    return Association.objects.filter(rows_shown_to(reader, LIABLE)).order_by("code")


def association_for(reader: Reader, code: str) -> Association:
    """Return the association of that code if the reader may see its liability; Http404 otherwise."""
    return get_object_or_404(liable_for(reader), code=code)


def enquiries_for(reader: Reader) -> QuerySet[GuaranteeQuery]:
    """Return what the reader's own customs asked, or what was asked about carnets of the reader's association."""
    rows = GuaranteeQuery.objects.filter(rows_shown_to(reader, ENQUIRIES))
    return rows.select_related("carnet__holder", "carnet__association", "asked_by")


def own_enquiry(reader: Reader, enquiry_id: int) -> GuaranteeQuery:
    """Return an enquiry about a carnet of the reader's own association, to add its word. Raises Http404."""
    return get_object_or_404(
        enquiries_for(reader), pk=enquiry_id, carnet__association=reader.own_association()
    )
