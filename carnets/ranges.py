"""The register of carnet numbers given to associations: given whole, and cut at its end."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carnets.models import NumberRange
from carnets.numbering import LATEST_WITHOUT_CHECK_LETTERS
from guarantees.models import Association
from guarantees.registers.associations import (
    ASSOCIATION_UNKNOWN,
    association_of,
    countries_of_association,
)
from tir.kernel.values import value
from tir.registers.entering import Act, Register
from tir.registers.faults import EntryFixed, EntryUnknown, Faults

LARGEST = 999_999_999


@value
class RangeEntry:
    """The numbers `first` to `last` (digits, both included) in an association's stock."""

    association: str
    first: int
    last: int


def _read(row: NumberRange) -> RangeEntry:
    return RangeEntry(row.association.code, row.first, row.last)


def _check(entry: RangeEntry, old: RangeEntry | None, faults: Faults) -> None:
    known = association_of(entry.association) is not None
    faults.unless(known, "association", ASSOCIATION_UNKNOWN, EntryUnknown)
    faults.range(entry.first, "first", LATEST_WITHOUT_CHECK_LETTERS + 1, LARGEST)
    faults.unless(
        entry.first <= entry.last <= LARGEST, "last", _("Give the first and the last number, in this order.")
    )
    if old is not None:
        faults.unless(
            entry.association == old.association, "association", _("Numbers stay where they were given."),
            EntryFixed,
        )  # fmt: skip
        _check_cut(entry, old, faults)


def _check_cut(entry: RangeEntry, old: RangeEntry, faults: Faults) -> None:
    """A range may be cut to what is in use, never lengthened: more numbers are another range."""
    row = NumberRange.objects.get(first=entry.first)
    faults.unless(entry.last <= old.last, "last", _("Give more numbers as a range of their own."), EntryFixed)
    in_use = entry.last < row.next - 1 or row.issued > entry.last - entry.first + 1
    faults.unless(not in_use, "last", _("Numbers after this one are in use."), EntryFixed)


def _write(entry: RangeEntry, row: NumberRange | None, act: Act) -> None:
    if row is None:
        row = NumberRange(
            association=Association.objects.get(code=entry.association),
            first=entry.first, next=entry.first, given_at=act.at, given_by=act.by,
        )  # fmt: skip
    row.last = entry.last
    row.save()


def _rows() -> Any:
    return NumberRange.objects.select_related("association").order_by("first")


RANGES = Register[RangeEntry](
    noun="number_range",
    entry=RangeEntry,
    lookup={"first": "first"},
    rows=_rows,
    read=_read,
    faults=_check,
    write=_write,
    countries=lambda entry: countries_of_association(entry.association),
    is_open=False,
)
