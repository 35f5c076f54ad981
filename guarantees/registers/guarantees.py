"""Guarantees of one holder or of an association's pool, and the ceilings that follow one another."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guarantees.ceilings import set_ceiling
from guarantees.models import Association, Guarantee, GuaranteeCeiling, Holder
from guarantees.registers.associations import (
    ASSOCIATION_UNKNOWN,
    association_of,
    countries_of_association,
)
from tir.kernel.values import value
from tir.registers.entering import Act, Register
from tir.registers.faults import EntryFixed, EntryUnknown, Faults

GUARANTEE_UNKNOWN = _("There is no guarantee of this reference. Enter it first, and have it approved.")


@value
class GuaranteeEntry:
    """A guarantee as it began: `ceiling` and `max_open_carnets` are its first terms. Without a holder it is a pool."""

    reference: str
    association: str
    amount_per_carnet: Decimal
    ceiling: Decimal
    currency: str
    valid_from: date
    valid_to: date | None = None
    max_open_carnets: int | None = None
    holder: str = ""


@value
class CeilingEntry:
    """Terms of a guarantee that follow those before them; those last until the day these begin."""

    guarantee: str
    ceiling: Decimal
    valid_from: date
    max_open_carnets: int | None = None


def _read_guarantee(row: Guarantee) -> GuaranteeEntry:
    first = min(row.ceilings.all(), key=lambda terms: terms.valid_from)
    return GuaranteeEntry(
        row.reference, row.association.code, row.amount_per_carnet, first.ceiling, row.currency,
        row.valid_from, row.valid_to, first.max_open_carnets, row.holder.reference if row.holder else "",
    )  # fmt: skip


def _check_guarantee(entry: GuaranteeEntry, old: GuaranteeEntry | None, faults: Faults) -> None:
    faults.text(entry.reference, "reference", most=35)
    faults.unless("/" not in entry.reference, "reference", _("A reference has no stroke: use a hyphen."))
    known = association_of(entry.association) is not None
    faults.unless(known, "association", ASSOCIATION_UNKNOWN, EntryUnknown)
    faults.unless(entry.amount_per_carnet > 0, "amount_per_carnet", _("Give more than 0."))
    faults.unless(
        entry.ceiling >= entry.amount_per_carnet, "ceiling", _("A ceiling covers one carnet at least.")
    )
    faults.currency(entry.currency)
    if entry.holder:
        own = Holder.objects.filter(reference=entry.holder, association__code=entry.association).exists()
        faults.unless(own, "holder", _("The association has no holder of this reference."), EntryUnknown)
    if old is not None:
        _check_change(entry, old, faults)


def _check_change(entry: GuaranteeEntry, old: GuaranteeEntry, faults: Faults) -> None:
    for field in ("association", "currency", "holder"):
        faults.unless(
            getattr(entry, field) == getattr(old, field),
            field,
            _("Carnets rest on this: it stays. End this guarantee and enter another."),
            EntryFixed,
        )
    for field in ("ceiling", "max_open_carnets"):
        faults.unless(
            getattr(entry, field) == getattr(old, field),
            field,
            _("These are its first terms: they stay. Enter a ceiling from a later day."),
            EntryFixed,
        )


def _write_guarantee(entry: GuaranteeEntry, row: Guarantee | None, _act: Act) -> None:
    if row is None:
        row = Guarantee(
            reference=entry.reference,
            association=Association.objects.get(code=entry.association),
            holder=Holder.objects.get(reference=entry.holder) if entry.holder else None,
            ceiling=entry.ceiling,
            currency=entry.currency,
            max_open_carnets=entry.max_open_carnets,
            valid_from=entry.valid_from,
        )
    row.amount_per_carnet, row.valid_to = entry.amount_per_carnet, entry.valid_to
    changed = ["amount_per_carnet", "valid_to", "valid_from"]
    row.save(update_fields=changed if row.pk else None)


def _read_ceiling(row: GuaranteeCeiling) -> CeilingEntry:
    return CeilingEntry(row.guarantee.reference, row.ceiling, row.valid_from, row.max_open_carnets)


def _check_ceiling(entry: CeilingEntry, old: CeilingEntry | None, faults: Faults) -> None:
    rows = Guarantee.objects.filter(reference=entry.guarantee)
    faults.unless(rows.exists(), "guarantee", GUARANTEE_UNKNOWN, EntryUnknown)
    faults.unless(entry.ceiling >= 0, "ceiling", _("Give 0 or more."))
    faults.unless(
        old in (None, entry),
        "ceiling",
        _("Terms on record stay. Enter new ones from a later day."),
        EntryFixed,
    )
    later = GuaranteeCeiling.objects.filter(
        guarantee__reference=entry.guarantee, valid_from__gte=entry.valid_from
    )
    faults.unless(
        old is not None or not later.exists(),
        "valid_from",
        _("New terms begin after those on record. Look at the guarantee, and give a later day."),
        EntryFixed,
    )


def _write_ceiling(entry: CeilingEntry, _row: Any, act: Act) -> None:
    set_ceiling(
        guarantee_id=Guarantee.objects.get(reference=entry.guarantee).pk,
        ceiling=entry.ceiling,
        max_open_carnets=entry.max_open_carnets,
        valid_from=entry.valid_from,
        at=act.at,
    )


def _countries_of_guarantee(reference: str) -> frozenset[str]:
    rows = Guarantee.objects.filter(reference=reference)
    return frozenset(rows.values_list("association__country", flat=True))


def _guarantees() -> Any:
    rows = Guarantee.objects.select_related("association", "holder").prefetch_related("ceilings")
    return rows.order_by("reference")


def _ceilings() -> Any:
    """Every terms but a guarantee's first, which are the guarantee's own."""
    rows = GuaranteeCeiling.objects.select_related("guarantee__association", "guarantee__holder")
    return rows.filter(valid_from__gt=F("guarantee__valid_from")).order_by(
        "guarantee__reference", "valid_from"
    )


GUARANTEES = Register[GuaranteeEntry](
    noun="guarantee",
    entry=GuaranteeEntry,
    lookup={"reference": "reference"},
    rows=_guarantees,
    read=_read_guarantee,
    faults=_check_guarantee,
    write=_write_guarantee,
    countries=lambda entry: countries_of_association(entry.association),
    amount=lambda entry: (entry.ceiling, entry.currency),
    is_open=False,
)

CEILINGS = Register[CeilingEntry](
    noun="guarantee_ceiling",
    entry=CeilingEntry,
    lookup={"guarantee": "guarantee__reference", "valid_from": "valid_from"},
    rows=_ceilings,
    read=_read_ceiling,
    faults=_check_ceiling,
    write=_write_ceiling,
    countries=lambda entry: _countries_of_guarantee(entry.guarantee),
    amount=lambda entry: (entry.ceiling, _currency_of(entry.guarantee)),
    is_open=False,
)


def _currency_of(reference: str) -> str:
    return Guarantee.objects.filter(reference=reference).values_list("currency", flat=True).first() or ""
