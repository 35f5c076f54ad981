"""What belongs to an office: its devices and its shifts."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from api.scope.people import people_for
from api.scope.reader import Reader
from api.scope.tables import NOTHING, Table, of_country, rows_shown_to, where
from checkpoints.models import Device
from checkpoints.posts.offices import Office, register
from tir.accounts.models import Role, User
from tir.accounts.scopes import GIVING


def _devices(at: datetime) -> Table:
    def of_the_office(reader: Reader) -> Q:
        office_id = reader.office_id_on(at)
        return NOTHING if office_id is None else Q(office_id=office_id)

    return {
        Role.CUSTOMS_HQ: of_country(where("office__country")),
        Role.OFFICER: of_the_office,
        Role.SYSTEM: of_the_office,
    }


def devices_for(reader: Reader, *, at: datetime) -> QuerySet[Device]:
    """Return the devices of the office where the reader serves that day; headquarters see their country's."""
    return Device.objects.filter(rows_shown_to(reader, _devices(at))).select_related("officer")


def device_for(reader: Reader, device_id: UUID, *, at: datetime) -> Device:
    """Return one visible device; Http404 hides those of other offices."""
    return get_object_or_404(devices_for(reader, at=at), pk=device_id)


def phones_to_end_for(user: User, reader: Reader, *, at: datetime) -> QuerySet[Device]:
    """Return the phones that somebody may end: their own wherever they are, those of the office where they serve or of
    their country's headquarters, and those of the people whom they look after."""
    found = Q(officer=user) | rows_shown_to(reader, _devices(at))
    if reader.has_role(*GIVING):
        found |= Q(officer__in=people_for(user, at=at))
    return Device.objects.filter(found).select_related("officer", "office")


def phone_to_end_for(user: User, reader: Reader, device_id: UUID, *, at: datetime) -> Device:
    """Return one of them; Http404 hides the others."""
    return get_object_or_404(phones_to_end_for(user, reader, at=at), pk=device_id)


def offices_of(reader: Reader) -> list[Office]:
    """Return the offices of the reader's country, by code."""
    found = [office for office in register().by_id.values() if office.facts.country == reader.country]
    return sorted(found, key=lambda office: office.code)


def office_of(reader: Reader, code: str, *, at: datetime) -> Office:
    """Return the office whose shift the reader may read: an officer's own, or one that headquarters name.

    Raises NotPosted; Http404 hides the others.
    """
    if reader.has_role(Role.CUSTOMS_HQ):
        named = register().by_code.get(code)
        if named is None or named.facts.country != reader.country:
            raise Http404
        return named
    office = reader.officer.office_on(at)
    if code not in ("", office.code):
        raise Http404
    return office
