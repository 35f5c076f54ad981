"""The three charts of the liability page."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from api.consoles import formatting
from api.consoles.charts import Chart, Limit, Series
from api.consoles.liability.asking import Subject
from api.liability_asked import AGES
from guarantees.liability.choices import Side
from guarantees.liability.figures import Figures
from guarantees.liability.history import Point


def over_time(subject: Subject, side: Side, points: Sequence[Point]) -> Chart:
    """Exposure at the end of each of 24 months and at the moment; for the issuer under the ceilings in force then."""
    limits = [Limit(_("Ceilings"), points[-1].ceiling)] if side == Side.ISSUED else []
    return Chart(
        name="over-time",
        title=_("Exposure over time"),
        kind="area",
        across=_("At the end of"),
        unit=subject.view.currency,
        labels=[formatting.day(point.on) for point in points],
        series=[Series(_("Exposure"), [point.total.amount for point in points], "brand")],
        limits=limits,
        addresses=[subject.rows(side, as_of=str(point.on)) for point in points],
    )


def ageing(subject: Subject, side: Side, figures: Figures) -> Chart:
    """What is open, by days since acceptance or entry; each band opens its rows."""
    return Chart(
        name="ageing",
        title=_("Open operations by age"),
        kind="bar",
        across=_("Days since acceptance or entry"),
        unit=subject.view.currency,
        labels=[age_label(age) for age in AGES],
        series=[Series(_("Exposure"), [total.amount for total in figures.ageing], "second")],
        addresses=[subject.rows(side, age=age) for age in AGES],
    )


def age_label(age: str) -> str:
    """Return a band as people say it: `0 to 29`, `365 and more`."""
    low, high = AGES.get(age, (30, None))
    if high is None:
        return _("{days} and more").format(days=low)
    return _("{first} to {last}").format(first=low, last=high - 1)


def places(
    subject: Subject, side: Side, parts: list[dict[str, Any]], title: str, address: Callable[[str], str]
) -> Chart:
    """Where the exposure is: by territory for the issuer, by issuing association for the guarantor."""
    return Chart(
        name="places",
        title=title,
        kind="sideways",
        across=title,
        unit=subject.view.currency,
        labels=[part["label"] for part in parts],
        series=[Series(_("Exposure"), [part["amount"] for part in parts], "third")],
        addresses=[address(part["key"]) for part in parts],
    )
