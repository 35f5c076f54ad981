"""The second wall, in PostgreSQL: a page or a list that forgot its bounds still shows nobody else's secrets.

`within` lets a block of reading run as the role BOUND, for whom the tables below show the rows of one reader alone; who
that is stands in the setting `tir.reader` for the transaction. The bounds here are those of `api.scope.guarantees` and
`api.scope.claims`, said once more in SQL: not finer, and on purpose not made from them. Everybody else who connects,
to stamp, to scan, to reconcile, passes: their policy is `true`, which the planner leaves out.

What costs too much to bound in this way stands in `docs/adr/0029-a-second-wall-for-what-is-read.md`.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Final

from django.db import connection, connections, transaction

from api.scope.reader import Reader
from tir.accounts.models import Role
from tir.roles import BOUND, LOG, READ, WEB, WORKER

READER: Final = "nullif(current_setting('tir.reader', true), '')::jsonb"
# Each a subquery of its own: looked up once a statement, not once a row.
ALL: Final = f"(SELECT ({READER} ->> 'all')::boolean)"
COUNTRY: Final = f"(SELECT {READER} ->> 'country')"
AUDITED: Final = f"(SELECT ({READER} ->> 'audited'))"
ASSOCIATION: Final = f"(SELECT ({READER} ->> 'association')::bigint)"

# An association reads what it bears, and what others bear of the carnets that it issued; its country's auditor too.
_READERS: Final = f"(SELECT id FROM guarantees_association WHERE id = {ASSOCIATION} OR country = {AUDITED})"  # noqa: S608
# The plain comparison first: of a million rows it alone is worked out for each.
_BEARS: Final = f"association_id = {ASSOCIATION} OR {ALL} OR association_id IN {_READERS}"
_GUARANTEED: Final = f"(SELECT id FROM guarantees_guarantee WHERE association_id IN {_READERS})"  # noqa: S608
_OF_A_CLAIM: Final = (
    "EXISTS (SELECT FROM guarantees_claim c WHERE c.id = claim_id)"  # as far as the reader sees that
)

# By table, which rows a reader sees.
ROWS: Final[dict[str, str]] = {
    "guarantees_liabilityentry": f"{_BEARS} OR guarantee_id IN {_GUARANTEED}",
    "guarantees_liabilityperiod": f"issuer_id = {ASSOCIATION} OR {_BEARS} OR issuer_id IN {_READERS}",
    "guarantees_liabilitytotal": _BEARS,
    "guarantees_liabilitymonth": _BEARS,
    "guarantees_claim": f"{ALL} OR association_id = {ASSOCIATION} OR issuer_id = {ASSOCIATION} OR country = {COUNTRY}",
    "guarantees_claimevent": _OF_A_CLAIM,
    "guarantees_claimdocument": _OF_A_CLAIM,
}
PASSING: Final = (WEB, WORKER, LOG, READ)
OVERSEEING: Final = (Role.SECRETARIAT, Role.AUDITOR)


@contextmanager
def within(reader: Reader) -> Iterator[None]:
    """Read in one transaction, as the role for whom the walls stand, in the name of this reader."""
    was_open = connection.in_atomic_block
    with transaction.atomic():
        _become(BOUND, reader)
        yield
        if was_open:  # a setting that is local to a transaction outlives what is nested in it
            _become("none", None)


@contextmanager
def outside() -> Iterator[None]:
    """Within such a block, write or read for a moment as whoever is connected: to put on record that something was
    read, say. Without one, change nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = %s, current_setting('tir.reader', true)", [BOUND])
        is_bound, told = cursor.fetchone()
        if not is_bound:
            yield
            return
        cursor.execute("SELECT set_config('role', 'none', true)")
        yield
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('tir.reader', %s, true)", [BOUND, told]
        )


def through(reader: Reader, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Send a long answer, whose rows are read while it is sent, from behind the wall too."""
    with within(reader):
        yield from parts


def told(reader: Reader) -> dict[str, Any]:
    """Return what PostgreSQL is told of a reader; what is left out shows nothing."""
    facts: dict[str, Any] = {}
    if reader.has_role(Role.SECRETARIAT) or (reader.has_role(Role.AUDITOR) and not reader.country):
        facts["all"] = True
    if reader.country and reader.has_role(Role.CUSTOMS_HQ, Role.AUDITOR):
        facts["country"] = reader.country
    if reader.country and reader.has_role(Role.AUDITOR):
        facts["audited"] = reader.country
    if reader.association is not None:
        facts["association"] = reader.association.pk
    return facts


def _become(role: str, reader: Reader | None) -> None:
    facts = "" if reader is None else json.dumps(told(reader))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('tir.reader', %s, true)", [role, facts]
        )


def build(*, using: str, **_signal: Any) -> None:
    """After a migration: have each table's policies be those above. What is so already is left alone."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        for table, rows in ROWS.items():
            mark = sha256(f"{rows} {PASSING}".encode()).hexdigest()
            if _is_there(cursor, table) and not _stands(cursor, table, mark):
                for statement in _policies(table, rows, mark):
                    cursor.execute(statement)


def _is_there(cursor: Any, table: str) -> bool:
    """Whether the migrations got as far as this table: somebody may migrate one app alone."""
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
    return bool(cursor.fetchone() == (True,))


def _stands(cursor: Any, table: str, mark: str) -> bool:
    cursor.execute(
        "SELECT obj_description(p.oid, 'pg_policy') = %s FROM pg_policy p"
        " WHERE p.polrelid = %s::regclass AND p.polname = 'bound'",
        [mark, table],
    )
    return bool(cursor.fetchone() == (True,))


def _policies(table: str, rows: str, mark: str) -> Iterator[str]:
    yield f"DROP POLICY IF EXISTS passing ON {table}"
    yield f"DROP POLICY IF EXISTS bound ON {table}"
    yield f"CREATE POLICY passing ON {table} TO {', '.join(PASSING)} USING (true) WITH CHECK (true)"
    yield f"CREATE POLICY bound ON {table} FOR SELECT TO {BOUND} USING ({rows})"
    yield f"COMMENT ON POLICY bound ON {table} IS '{mark}'"
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
