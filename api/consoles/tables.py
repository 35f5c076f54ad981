"""Pages that are a table: filtered by the address bar, sorted, read page by page without a count, exported."""

from collections.abc import Iterator
from typing import Any, ClassVar

import django_tables2
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django_filters import FilterSet
from django_tables2 import RequestConfig
from django_tables2.paginators import LazyPaginator

from api.consoles.base import ConsolePage
from api.consoles.careful import CarefulForm
from api.consoles.exporting import export, is_format

ROWS_A_PAGE = 50


class ConsoleTable(django_tables2.Table):
    """A table in the console's look. Say in `Meta.empty_text` what would stand here and how to make it appear."""

    class Meta:
        template_name = "consoles/table.html"
        order_by: Any = ()


class ConsoleFilter(FilterSet):
    """A table's filters. A value that the API would refuse shows its error, and no rows."""

    class Meta:
        form = CarefulForm


class _Streamed:
    """A queryset that an export reads once, in chunks: a million rows never stand in memory together."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows

    def __iter__(self) -> Iterator[Any]:
        return self.rows.iterator(chunk_size=2000)


class TablePage(ConsolePage):
    """`rows` gives what the reader may see, `filterset` narrows it, `table` has the columns.

    The same address with `export=csv` or `export=xlsx` is the same rows as a file, all of them and in the same order.
    """

    template: ClassVar[str] = "consoles/table-page.html"
    table: ClassVar[type[ConsoleTable]]
    filterset: ClassVar[type[FilterSet] | None] = None
    file_name: ClassVar[str] = ""
    caption: ClassVar["str | Promise"] = ""

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[Any]:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show one page of the rows, or all of them as a file. Raises TooManyRows for a vast workbook."""
        rows = self.rows(request, **kwargs)
        narrowing = self.filterset(request.GET, queryset=rows, request=request) if self.filterset else None
        table = self.sorted_table(request, self._narrowed(narrowing, rows))
        if is_format(wanted := request.GET.get("export", "")):
            table.data.data = _Streamed(table.data.data)
            return export(table.as_values(), wanted, self.file_name or slugify(type(self).__name__))
        table.paginate(page=page_number(request), per_page=ROWS_A_PAGE, paginator_class=LazyPaginator)
        context = {
            "table": table,
            "filter": narrowing,
            "shown": _rows_shown(table.page),
            "caption": self.caption,
        }
        return self.page(request, **{**context, **self.context(request, *args, **kwargs)})

    def _narrowed(self, narrowing: FilterSet | None, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return no row at all for a filter that cannot be read: its error stands above an empty table."""
        if narrowing is None:
            return rows
        found: QuerySet[Any] = narrowing.qs if narrowing.is_valid() else rows.none()
        return found

    def sorted_table(self, request: HttpRequest, rows: QuerySet[Any]) -> ConsoleTable:
        """Return the table in the order asked for; the key breaks ties, or pages would repeat rows."""
        table = self.table(rows)
        table.request = request  # given at once, it would have the table paginated, and the rows counted
        RequestConfig(request, paginate=False).configure(table)
        ordering = table.data.data.query.order_by
        table.data.data = table.data.data.order_by(*ordering, *(() if "pk" in ordering else ("pk",)))
        return table


def _rows_shown(page: Page[Any]) -> str:
    """Return which rows stand on the page; how many there are in all is not counted."""
    first = (page.number - 1) * ROWS_A_PAGE + 1
    count = len(page.object_list)
    if count == 0:
        return _("No rows.")
    more = _(", and more") if page.has_next() else ""
    return _("Rows {first} to {last}{more}.").format(first=first, last=first + count - 1, more=more)


def page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) <= 6 else 1  # noqa: PLR2004
