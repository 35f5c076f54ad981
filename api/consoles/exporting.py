"""Rows as CSV and XLSX files, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from tablib import Dataset

from tir.kernel.clock import now
from tir.kernel.errors import Refused
from tir.kernel.spreadsheets import as_text

FORMATS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_XLSX_ROWS: Final = (
    20_000  # a workbook is made in memory, in eight seconds; CSV is streamed and has no limit
)
BYTE_ORDER_MARK: Final = "\ufeff"  # without it, spreadsheets read Cyrillic and Chinese as nonsense


class TooManyRows(Refused):
    """More rows than a workbook made in one piece may have."""

    code = "too_many_rows"


def is_format(wanted: str) -> bool:
    return wanted in FORMATS


def export(rows: Iterable[list[Any]], wanted: str, name: str) -> HttpResponseBase:
    """Return the rows, the first of which are the headings, as a file; raise TooManyRows for a vast workbook."""
    plain_rows = ([spreadsheet_cell(cell) for cell in row] for row in rows)
    answer: HttpResponseBase
    if wanted == "csv":
        answer = StreamingHttpResponse(_csv(plain_rows), content_type=FORMATS["csv"])
    else:
        answer = HttpResponse(_xlsx(plain_rows, name), content_type=FORMATS["xlsx"])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{now():%Y-%m-%d}.{wanted}"'
    return answer


def spreadsheet_cell(cell: Any) -> Any:
    """Return a cell as a spreadsheet may have it: figures stay figures, text never becomes a formula."""
    if isinstance(cell, datetime):
        return cell.isoformat().replace("+00:00", "Z")
    if cell is None or isinstance(cell, (bool, int, float, Decimal)):
        return cell
    return as_text(str(cell))


class _Echo:
    """What the csv module takes for a file: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def _csv(rows: Iterable[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK
    for row in rows:
        yield str(writer.writerow(row))


def _xlsx(rows: Iterable[list[Any]], name: str) -> bytes:
    headings, *kept = islice(rows, MOST_XLSX_ROWS + 2)
    if len(kept) > MOST_XLSX_ROWS:
        raise TooManyRows(
            _("A workbook takes {most} rows. Narrow the filter, or export CSV.").format(most=MOST_XLSX_ROWS),
            most=MOST_XLSX_ROWS,
        )
    book: bytes = Dataset(*kept, headers=headings, title=name[:31]).export("xlsx")
    return book
