"""The stock of carnet numbers the international organization gives to an association, and how much of it is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from carnets.models import NumberRange
from carnets.numbering import LATEST_WITHOUT_CHECK_LETTERS
from guarantees.models import Association
from tir.accounts.models import User
from tir.kernel.errors import Conflict, Refused


class NumberRangeInvalid(Refused):
    """A range of carnet numbers begins after its end, or among the old numbers without check letters."""

    code = "number_range_invalid"


class NumberRangeTaken(Conflict):
    """Some of these numbers were given out already."""

    code = "number_range_taken"


@dataclass(frozen=True, slots=True)
class Stock:
    """What one association has of carnet numbers, over all its ranges."""

    given: int
    used: int
    alarm_at: int

    @property
    def left(self) -> int:
        return self.given - self.used

    @property
    def is_low(self) -> bool:
        return self.left < self.alarm_at


def give_range(*, association: Association, first: int, last: int, by: User, at: datetime) -> NumberRange:
    """Add the numbers `first` to `last` (their digits, both included) to an association's stock.

    Raises NumberRangeInvalid, NumberRangeTaken.
    """
    if first > last or first <= LATEST_WITHOUT_CHECK_LETTERS:
        raise NumberRangeInvalid(
            _("Give the first and the last number, in this order, both above {least}.").format(
                least=LATEST_WITHOUT_CHECK_LETTERS
            ),
            field="first",
            first=first,
            last=last,
        )
    try:
        with transaction.atomic():
            return NumberRange.objects.create(
                association=association, first=first, last=last, next=first, given_at=at, given_by=by
            )
    except IntegrityError:
        raise NumberRangeTaken(
            _("Some of these numbers were given out already. Look at the ranges, and give others."),
            field="first",
            first=first,
            last=last,
        ) from None


def stocks(associations: Iterable[int]) -> dict[int, Stock]:
    """Return the stock of each association, by its key; one that was never given numbers has none."""
    rows = (
        Association.objects.filter(pk__in=set(associations), number_ranges__isnull=False)
        .values_list("pk", "stock_alarm")
        .annotate(
            given=Sum(F("number_ranges__last") - F("number_ranges__first") + 1),
            used=Sum("number_ranges__issued"),
        )
    )
    return {key: Stock(given, used, alarm) for key, alarm, given, used in rows}
