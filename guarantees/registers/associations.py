"""Guaranteeing associations, and the most each owes for one carnet on its territory (art. 8(3))."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guarantees.models import Association, LiabilityMaximum
from guarantees.territories import alpha3
from tir.kernel.values import value
from tir.registers.entering import Act, Register, write_version
from tir.registers.faults import EntryFixed, EntryUnknown, Faults

ALPHA_3 = 3  # letters
USER_ASSIGNED = re.compile("X[A-Z]")  # ISO 3166-1 gives these to no country: a fictional one may have them
ASSOCIATION_UNKNOWN = _("There is no association of this code. Enter the association first.")


@value
class AssociationEntry:
    """A guaranteeing association, one a country; its own figures are the API's `quota_…` and `stock_alarm`."""

    code: str
    country: str
    name: str
    time_zone: str
    name_local: str = ""
    quota_penalty: int = 5
    quota_blocked_from: int = 3
    stock_alarm: int = 500


@value
class MaximumEntry:
    """The most an association owes for one carnet, from a day on."""

    association: str
    amount: Decimal
    currency: str
    valid_from: date
    valid_to: date | None = None


def three_letters(country: str) -> str:
    """Return the country's ISO alpha-3 code; of a code that ISO leaves to users (X and a letter), one of those."""
    return f"X{country}" if USER_ASSIGNED.fullmatch(country) else alpha3(country)


def association_of(code: str) -> Association | None:
    """Return the association of this code, if there is one."""
    return Association.objects.filter(code=code).first()


def countries_of_association(code: str) -> frozenset[str]:
    """Return the country of the association of this code, alone."""
    return frozenset(Association.objects.filter(code=code).values_list("country", flat=True))


def _read_association(row: Association) -> AssociationEntry:
    return AssociationEntry(
        row.code, row.country, row.name, row.time_zone, row.name_local, row.quota_penalty,
        row.quota_blocked_from, row.stock_alarm,
    )  # fmt: skip


def _check_association(entry: AssociationEntry, old: AssociationEntry | None, faults: Faults) -> None:
    faults.form(entry.code, "code", "[0-9]{3}", _("Give the three digits of the association, as in 085."))
    faults.country(entry.country)
    is_known = len(three_letters(entry.country)) == ALPHA_3
    faults.unless(is_known, "country", _("ISO 3166-1 knows no such country."))
    faults.text(entry.name, "name", most=200)
    faults.text(entry.name_local, "name_local", most=200, least=0)
    faults.time_zone(entry.time_zone)
    faults.range(entry.quota_penalty, "quota_penalty", 0, 1000)
    faults.range(entry.quota_blocked_from, "quota_blocked_from", 1, 1000)
    faults.range(entry.stock_alarm, "stock_alarm", 0, 1_000_000)
    if old is not None:
        faults.unless(
            entry.country == old.country, "country", _("An association stays in its country."), EntryFixed
        )


def _write_association(entry: AssociationEntry, row: Association | None, _act: Act) -> None:
    row = row or Association(code=entry.code)
    row.country, row.country_alpha3 = entry.country, three_letters(entry.country)
    row.name, row.name_local, row.time_zone = entry.name, entry.name_local, entry.time_zone
    row.quota_penalty, row.quota_blocked_from = entry.quota_penalty, entry.quota_blocked_from
    row.stock_alarm = entry.stock_alarm
    row.save()


def _read_maximum(row: LiabilityMaximum) -> MaximumEntry:
    return MaximumEntry(row.association.code, row.amount, row.currency, row.valid_from, row.valid_to)


def _check_maximum(entry: MaximumEntry, old: MaximumEntry | None, faults: Faults) -> None:
    known = association_of(entry.association) is not None
    faults.unless(known, "association", ASSOCIATION_UNKNOWN, EntryUnknown)
    faults.unless(entry.amount > 0, "amount", _("Give more than 0."))
    faults.currency(entry.currency)
    if old is not None:
        faults.unless(
            (entry.amount, entry.currency) == (old.amount, old.currency),
            "amount",
            _("What holds from a day stays. Enter the new maximum from a later day."),
            EntryFixed,
        )


def _write_maximum(entry: MaximumEntry, row: LiabilityMaximum | None, act: Act) -> None:
    """Write it; the one before it, if it has no end, ends where this begins."""
    association = Association.objects.get(code=entry.association)
    if row is None:
        before = association.maxima.filter(valid_to=None, valid_from__lt=entry.valid_from).first()
        if before is not None:
            before.valid_to = entry.valid_from
            before.save(update_fields=["valid_to"])
            write_version(MAXIMA, _read_maximum(before), act)
        row = LiabilityMaximum(association=association, valid_from=entry.valid_from)
    row.amount, row.currency, row.valid_to = entry.amount, entry.currency, entry.valid_to
    row.save()


ASSOCIATIONS = Register[AssociationEntry](
    noun="association",
    entry=AssociationEntry,
    lookup={"code": "code"},
    rows=lambda: Association.objects.order_by("code"),
    read=_read_association,
    faults=_check_association,
    write=_write_association,
    countries=lambda entry: frozenset({entry.country}),
)


def _maxima() -> Any:
    return LiabilityMaximum.objects.select_related("association").order_by("association__code", "valid_from")


MAXIMA = Register[MaximumEntry](
    noun="liability_maximum",
    entry=MaximumEntry,
    lookup={"association": "association__code", "valid_from": "valid_from"},
    rows=_maxima,
    read=_read_maximum,
    faults=_check_maximum,
    write=_write_maximum,
    countries=lambda entry: countries_of_association(entry.association),
    amount=lambda entry: (entry.amount, entry.currency),
)
