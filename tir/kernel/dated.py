"""What is in force on a day, said once: from its first day up to, not including, the first that no longer counts.

A day is a `date` of the calendar where the thing counts (`tir.kernel.places.day_at`), never an instant.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from tir.kernel.values import value


@value
class DaySpan:
    """A stretch of days; without an end it lasts."""

    valid_from: date
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        """Whether that day lies in it: the first does, `valid_to` does not."""
        return _covers(self.valid_from, self.valid_to, day)


def _covers(valid_from: date, valid_to: date | None, day: date) -> bool:
    return valid_from <= day and (valid_to is None or day < valid_to)


class Covering(Protocol):
    """Whatever can say whether it is in force on a day."""

    def covers(self, day: date) -> bool: ...


Item = TypeVar("Item", bound=Covering)
Row = TypeVar("Row", bound=models.Model)


def in_force(items: Iterable[Item], day: date) -> Item | None:
    """Return the first of `items` that is in force on `day`, in the order they come."""
    return next((item for item in items if item.covers(day)), None)


def covering(day: date, *, of: str = "") -> Q:
    """Return the condition that a dated row is in force on `day`; `of` names a relation that leads to it."""
    at = f"{of}__" if of else ""
    no_end = Q(**{f"{at}valid_to": None}) | Q(**{f"{at}valid_to__gt": day})
    return Q(**{f"{at}valid_from__lte": day}) & no_end


class DatedQuerySet(models.QuerySet[Row]):
    """Rows with a first day and perhaps an end."""

    def in_force_on(self, day: date) -> Self:
        """Return the rows in force on that day."""
        return self.filter(covering(day))


class Dated(models.Model):
    """Valid from the first day up to, not including, the last."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def span(self) -> DaySpan:
        """The days this row is in force."""
        return DaySpan(self.valid_from, self.valid_to)

    def covers(self, day: date) -> bool:
        """Whether this row is in force on that day."""
        return _covers(self.valid_from, self.valid_to, day)


class DateRange(Func):
    """daterange(valid_from, valid_to): the end is exclusive, and no end means still valid."""

    function = "daterange"
    output_field = DateRangeField()


def never_overlapping(name: str, *same: str) -> ExclusionConstraint:
    """Two dated rows about the same thing may follow each other, never overlap."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (DateRange(F("valid_from"), F("valid_to")), RangeOperators.OVERLAPS),
            *((field, RangeOperators.EQUAL) for field in same),
        ],
    )
