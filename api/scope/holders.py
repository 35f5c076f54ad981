"""Holders, what is decided about them, and the carnet numbers their associations have."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from api.scope.reader import Reader
from api.scope.tables import (
    Table,
    audited,
    everything,
    of_country,
    of_member,
    own,
    rows_shown_to,
    shows,
    where,
)
from carnets.models import NumberRange
from guarantees.models import Holder, HolderExclusion
from tir.accounts.models import Role
from tir.kernel.errors import Forbidden

# Customs look holders up in the international register; an association sees its own.
HOLDERS: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: everything,
    Role.OFFICER: everything,
    Role.CUSTOMS_HQ: everything,
    Role.SYSTEM: everything,
    Role.ASSOCIATION: own(where("association")),
}
MANAGED: Table = {
    Role.CUSTOMS_HQ: of_country(where("country")),
    Role.ASSOCIATION: of_member(where("association")),
}
BUSINESS: Table = {
    **MANAGED,
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(where("country")),
}
NUMBER_RANGES: Table = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(where("association__country")),
    Role.ASSOCIATION: own(where("association")),
}


def holders_for(reader: Reader) -> QuerySet[Holder]:
    """Return the holders the reader may look up."""
    return Holder.objects.filter(rows_shown_to(reader, HOLDERS)).select_related("association")


def in_address(holder: Holder) -> str:
    """Return the reference as addresses have it: AAA-BBB-X."""
    return holder.reference.replace("/", "-")


def holder_for(reader: Reader, reference: str) -> Holder:
    """Return one visible holder by its reference as addresses have it; Http404 hides what is outside."""
    return get_object_or_404(holders_for(reader), reference=reference.upper().replace("-", "/"))


def holder_to_manage(reader: Reader, reference: str) -> Holder:
    """Return a holder that the reader's association, or the customs of the holder's country, decide about."""
    holder = holder_for(reader, reference)
    if not shows(reader, MANAGED, holder):
        raise Forbidden(
            _("Only the holder's association and the customs of their country decide about this holder.")
        )
    return holder


def sees_business(reader: Reader, holder: Holder) -> bool:
    """Whether the reader is of the holder's association, of the customs of their country, or oversees all."""
    return shows(reader, BUSINESS, holder)


def exclusion_of(reader: Reader, holder: Holder, exclusion_id: int) -> HolderExclusion:
    """Return an exclusion by the reader's own country, to lift. Raises Http404, Forbidden."""
    exclusion = get_object_or_404(holder.exclusions, pk=exclusion_id)
    reader.ensure_acts_for(exclusion.country)
    return exclusion


def number_ranges_for(reader: Reader) -> QuerySet[NumberRange]:
    """Return the stock of the reader's association, or everybody's; an auditor of one country audits that country's."""
    return NumberRange.objects.filter(rows_shown_to(reader, NUMBER_RANGES)).select_related("association")
