"""TIR carnet numbers: two check letters and digits, e.g. XZ99000001 (rule R0990 of European transit).

    n = the digits as a number;  m = n mod 23;  L = chr(65 + (3m + 17) mod 26)
    check letters = L + "X" when m < 12, else "X" + L

Numbers up to 25,000,000 are the old carnets without check letters, out of circulation since 2001. Because 23 is
prime and no power of ten is a multiple of it, every wrong digit and every swap of neighbours is caught.
"""

import re

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carnets.models import Carnet, NumberRange
from guarantees.models import Association
from tir.kernel.errors import Conflict, Malformed, Refused

LATEST_WITHOUT_CHECK_LETTERS = 25_000_000
LETTER_FIRST_BELOW = 12
_FORM = re.compile(r"(X[A-Z]|[A-Z]X)?([1-9][0-9]{0,8})")


class CarnetNumberInvalid(Malformed):
    """The text is not a TIR carnet number, or its check letters do not fit its digits."""

    code = "bad_number"


class NumbersExhausted(Refused):
    """The association has no carnet number left in its stock."""

    code = "carnet_numbers_exhausted"


class CarnetNumberTaken(Conflict):
    """A carnet with this number was issued already."""

    code = "carnet_number_taken"


class CarnetNumberNotInStock(Refused):
    """The number was not given to this association."""

    code = "carnet_number_not_in_stock"


def check_letters(digits: int) -> str:
    """Return the two letters that belong before `digits`."""
    remainder = digits % 23
    letter = chr(ord("A") + (3 * remainder + 17) % 26)
    return f"{letter}X" if remainder < LETTER_FIRST_BELOW else f"X{letter}"


def format_number(digits: int) -> str:
    """Return the full carnet number for its digits: 99000001 gives XZ99000001."""
    if digits <= LATEST_WITHOUT_CHECK_LETTERS:
        return str(digits)
    return f"{check_letters(digits)}{digits}"


def parse_number(text: str, *, field: str = "number") -> str:
    """Return the number in canonical form: blanks removed, upper case, check letters verified.

    Raises CarnetNumberInvalid, naming `field`, so that a slip of the pen never reaches the database.
    """
    canonical = "".join(text.split()).upper()
    match = _FORM.fullmatch(canonical)
    if match is None or format_number(int(match[2])) != canonical:
        raise CarnetNumberInvalid(
            _("This is not a TIR carnet number: its check letters and digits do not fit. Read it again."),
            field=field,
            number=text[:24],
        )
    return canonical


def allocate(*, association: Association, number: str | None = None) -> str:
    """Take a number from the association's stock: the next one, or `number` if it lies in the stock.

    Must run inside the issuing transaction; the range's row lock makes two issues take two numbers.
    Raises NumbersExhausted, CarnetNumberNotInStock, CarnetNumberTaken, CarnetNumberInvalid.
    """
    if number is not None:
        return _take(association, parse_number(number))
    return _take_next(association)


@transaction.atomic
def _take_next(association: Association) -> str:
    for stock in association.number_ranges.select_for_update().order_by("first"):
        free = _first_free(stock)
        if free is not None:
            stock.next = free + 1
            stock.issued += 1
            stock.save(update_fields=["next", "issued"])
            return format_number(free)
    raise NumbersExhausted(
        _("No carnet number is left in your stock. Ask the international organization for a new range."),
        field="number",
        association=association.code,
    )


def _first_free(stock: NumberRange) -> int | None:
    """Skip numbers that were issued out of turn by name."""
    for digits in range(stock.next, stock.last + 1):
        if not Carnet.objects.filter(number=format_number(digits)).exists():
            return digits
    return None


def _take(association: Association, number: str) -> str:
    digits = int(_FORM.fullmatch(number)[2])  # type: ignore[index]
    in_stock = association.number_ranges.select_for_update().filter(first__lte=digits, last__gte=digits)
    stock = in_stock.first()
    if stock is None:
        raise CarnetNumberNotInStock(
            _("This number is not in your association's stock. Leave it out to take the next free one."),
            field="number",
            number=number,
        )
    if Carnet.objects.filter(number=number).exists():
        raise CarnetNumberTaken(
            _("A carnet with this number was issued already. Leave it out to take the next free one."),
            field="number",
            number=number,
        )
    stock.issued += 1
    stock.save(update_fields=["issued"])
    return number
