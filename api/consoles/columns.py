"""Columns of tables: what a reader sees in the cell, and what an export writes as a plain value."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.utils import Accessor

from api.consoles import formatting
from api.consoles.statuses import status_badge

FIGURES = {"td": {"class": "figures"}, "th": {"class": "figures"}}


class TextColumn(tables.Column):
    """Plain text. An empty value is a dash for readers and nothing in an export."""

    empty_values: Any = (None, "", [], ())

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("default", formatting.NOTHING)
        super().__init__(*args, **options)

    def value(self, **cell: Any) -> Any:
        return cell["value"]


class FigureColumn(TextColumn):
    """A count, right-aligned with digits of one width."""

    def __init__(self, *args: Any, places: int = 0, **options: Any) -> None:
        super().__init__(*args, **{"attrs": FIGURES, **options})
        self.places = places

    def render(self, value: Any) -> str:
        return formatting.figure(value, places=self.places)


class MoneyColumn(TextColumn):
    """An amount with the currency that stands in another field of the row; the export has the bare number."""

    def __init__(self, *args: Any, currency: str = "currency", **options: Any) -> None:
        super().__init__(*args, **{"attrs": FIGURES, **options})
        self.currency = Accessor(currency)

    def render(self, value: Decimal, record: Any) -> str:
        return formatting.money(value, str(self.currency.resolve(record)))


class DayColumn(TextColumn):
    def render(self, value: date) -> str:
        return formatting.day(value)


class MomentColumn(TextColumn):
    """An instant in UTC; with `office`, also what the clock there said."""

    def __init__(self, *args: Any, office: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.office = Accessor(office) if office else None

    def render(self, value: datetime, record: Any) -> SafeString:
        return formatting.moment(value, str(self.office.resolve(record)) if self.office else "")


class StatusColumn(TextColumn):
    """A choice of the model as word, shape and tone; the export has the stable code."""

    def render(self, record: Any, bound_column: Any) -> SafeString:
        return status_badge(record, str(bound_column.accessor))

    def value(self, **cell: Any) -> Any:
        return cell["bound_column"].accessor.resolve(cell["record"])


class LinkColumn(TextColumn):
    """Text that opens the page `address(record)` names."""

    def __init__(self, *args: Any, address: Callable[[Any], str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.address = address

    def render(self, value: Any, record: Any) -> SafeString:
        # A table swaps its own rows in place; a link out of it is another page.
        return format_html('<a href="{}" hx-boost="false">{}</a>', self.address(record), value)
