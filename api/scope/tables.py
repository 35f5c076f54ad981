"""How a table says what a role sees: rows by the reader's country, by the reader's association, or all of them.

An entry is a function from reader to Q. What several roles show adds up; a role without an entry shows nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from django.db.models import Model, Q

from api.scope.reader import Reader
from guarantees.models import Association

Rows: TypeAlias = Callable[[Reader], Q]
Table: TypeAlias = Mapping[str, Rows]

EVERYTHING = Q()
NOTHING = Q(pk__in=[])


def rows_shown_to(reader: Reader, table: Table) -> Q:
    """Return what the reader's roles show of a noun, together. May raise NoAssociation."""
    found = NOTHING
    for role, rows in table.items():
        if role in reader.roles:
            shown = rows(reader)
            if not shown:  # an empty Q bounds nothing, and `|` would forget it
                return EVERYTHING
            found |= shown
    return found


def shows(reader: Reader, table: Table, row: Model) -> bool:
    """Whether this row is among those that the table shows the reader."""
    found = rows_shown_to(reader, table)
    return not found or type(row)._default_manager.filter(found, pk=row.pk).exists()


def where(name: str, **more: object) -> Callable[[Any], Q]:
    """Return a condition on one column, for the country or association that is put into it."""
    return lambda value: Q(**{name: value}, **more)


def everything(_reader: Reader) -> Q:
    return EVERYTHING


def of_country(rows: Callable[[str], Q]) -> Rows:
    """Bound a role by its country; an account that names none sees nothing."""
    return lambda reader: rows(reader.country) if reader.country else NOTHING


def of_posted(rows: Callable[[str], Q]) -> Rows:
    """Bound an officer by the country, while posted to an office of it: who serves nowhere today sees nothing."""
    return lambda reader: rows(reader.country) if reader.country and reader.serves else NOTHING


def audited(rows: Callable[[str], Q]) -> Rows:
    """Bound an auditor by a country; one who is bound to none audits all of them."""
    return lambda reader: rows(reader.country) if reader.country else EVERYTHING


def of_member(rows: Callable[[Association], Q]) -> Rows:
    """Bound a role by its association; an account that belongs to none sees nothing."""
    return lambda reader: rows(reader.association) if reader.association else NOTHING


def own(rows: Callable[[Association], Q]) -> Rows:
    """Bound a role by its association; an account that belongs to none is told so (NoAssociation)."""
    return lambda reader: rows(reader.own_association())
