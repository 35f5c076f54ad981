"""Charts: figures for consoles.js to draw, and the same figures as a table for whoever does not see the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from django.utils.functional import Promise

from api.consoles.formatting import NOTHING, figure

Text: TypeAlias = "str | Promise"
Tone = Literal["brand", "second", "third", "fourth", "fifth", "sixth", "go", "look", "stop", "unknown"]
Kind = Literal["area", "bar", "stacked", "sideways"]


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one colour of bars: a value for each label, None where there is none."""

    name: Text
    values: Sequence[Decimal | int | None]
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A dashed line across the chart: a ceiling."""

    name: Text
    value: Decimal | int
    tone: Tone = "stop"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over `labels`. `across` heads the labels in the table, `addresses` opens the rows behind each label."""

    name: str
    title: Text
    kind: Kind
    across: Text
    labels: Sequence[Text]
    series: Sequence[Series]
    unit: str = ""
    limits: Sequence[Limit] = ()
    addresses: Sequence[str] = field(default=())

    @property
    def data(self) -> dict[str, Any]:
        """Return the shape that consoles.js reads."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "labels": [str(label) for label in self.labels],
            "series": [
                {"name": str(one.name), "tone": one.tone, "values": [_number(value) for value in one.values]}
                for one in self.series
            ],
            "limits": [
                {"name": str(one.name), "tone": one.tone, "value": _number(one.value)} for one in self.limits
            ],
            "addresses": list(self.addresses),
        }

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the table under the chart, figures as the language writes them."""
        places = 2 if self.unit else 0
        return [
            {
                "label": label,
                "address": self.addresses[index] if self.addresses else "",
                "values": [_written(one.values[index], places) for one in self.series],
            }
            for index, label in enumerate(self.labels)
        ]


def _number(value: Decimal | int | None) -> float | int | None:
    """Money is Decimal everywhere but here: a drawing needs no cents."""
    return float(value) if isinstance(value, Decimal) else value


def _written(value: Decimal | int | None, places: int) -> str:
    return NOTHING if value is None else figure(value, places=places)
