"""The ledgers that the log covers: what each is called in it, and how the content of a row reads.

The content is text that PostgreSQL makes of the row, with its own functions and none of ours: whoever has the rows can
make it again, and whoever has the text needs no database.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

from tir.kernel.models import AppendOnly
from tir.kernel.values import value

# What makes one text of one content, whoever is connected.
ONE_TEXT = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1;"
    " SET LOCAL intervalstyle = 'postgres'"
)


@value
class Ledger:
    """A table of rows that are never changed. `long` columns are in the log by their hash, which is another column."""

    kind: str
    table: str
    key: str
    key_type: str
    long: tuple[tuple[str, str], ...] = ()

    @property
    def content(self) -> str:
        """Return the SQL of a row's content, where the row is called `row`."""
        left_out = "".join(f" - '{column}'" for column, _hash in self.long)
        return f"jsonb_strip_nulls(to_jsonb(row){left_out})::text"


@cache
def ledgers() -> dict[str, Ledger]:
    """Return every ledger by what the log calls it."""
    found = [
        _ledger(model) for model in apps.get_models() if issubclass(model, AppendOnly) and model.logged_as
    ]
    return {ledger.kind: ledger for ledger in sorted(found, key=lambda ledger: ledger.kind)}


def _ledger(model: type[AppendOnly]) -> Ledger:
    key = model._meta.pk
    key_type = str(key.rel_db_type(connection) if key.is_relation else key.cast_db_type(connection))
    table, column = str(model._meta.db_table), str(key.column)
    return Ledger(model.logged_as, table, column, key_type, tuple(model.hashed_in.items()))


def contents(kind: str, refs: Iterable[str]) -> dict[str, str]:
    """Return the content of the rows that are there, by their key as text; within `ONE_TEXT`."""
    ledger = ledgers()[kind]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT row.{ledger.key}::text, {ledger.content} FROM {ledger.table} AS row"  # noqa: S608
            f" WHERE row.{ledger.key} = ANY(%s::{ledger.key_type}[])",
            [list(refs)],
        )
        return dict(cursor.fetchall())


def by_kind(rows: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield each kind with its rows, whose `kind` names it."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    yield from found.items()


def one_text() -> None:
    """Have this transaction read contents as they were hashed."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_TEXT)
