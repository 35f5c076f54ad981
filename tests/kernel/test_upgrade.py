"""A database that release 2.0 migrated ends, once it is migrated on, like one that was made today."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests import databases
from tests.databases import Cursor
from tir.roles import hand_over

RELEASE_2_0 = [("kernel", "0002"), ("carnets", "0002"), ("guarantees", "0003"), ("checkpoints", "0001")]
TRIGGERS = Path(settings.BASE_DIR) / "tests" / "kernel" / "triggers_of_2_0.sql"
FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF _pgtrigger_should_ignore(TG_NAME) THEN RETURN NULL; END IF; RAISE EXCEPTION 'no'; END $$
"""

# Everything that a migration makes or grants, in words of PostgreSQL's own.
DESCRIPTIONS = (
    "SELECT pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT pg_get_functiondef(p.oid), pg_get_userbyid(proowner), proacl::text FROM pg_proc p"
    " WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS"
    " (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')",
    "SELECT relname, relkind::text, pg_get_userbyid(relowner), relacl::text FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace",
    "SELECT attrelid::regclass::text, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attacl::text"
    "  FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped"
    "   AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace AND contype <> 't'",
)


@pytest.fixture
def of_release_2_0(django_db_setup: None) -> Iterator[str]:
    """The name of a database as release 2.0 left it, which then was the administrator's."""
    name = f"{connection.settings_dict['NAME']}_released"
    with databases.empty_one(name):
        for app, last in RELEASE_2_0:
            databases.migrate(name, app, last)
        with databases.connected(databases.address_of(name, "ADMIN")) as cursor:
            cursor.execute(
                "CREATE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE sql"
                " AS 'SELECT false'"
            )
            for trigger in re.findall(r"^CREATE TRIGGER (\w+)", TRIGGERS.read_text(), re.MULTILINE):
                cursor.execute(FUNCTION.format(name=trigger))
            cursor.execute(TRIGGERS.read_text())
            cursor.execute("ALTER TABLE checkpoints_stamp OWNER TO CURRENT_USER")
        yield name


def described(cursor: Cursor) -> list[list[tuple[str, ...]]]:
    found = []
    for description in DESCRIPTIONS:
        cursor.execute(f"{description} ORDER BY 1, 2")
        found.append(cursor.fetchall())
    return found


def test_both_are_the_same(of_release_2_0: str) -> None:
    with databases.connected(databases.address_of(of_release_2_0, "ADMIN")) as cursor:
        assert "pgtrigger" in str(described(cursor))
        hand_over(cursor, of_release_2_0)
    databases.migrate(of_release_2_0)

    with databases.connected(databases.address_of(of_release_2_0, "ADMIN")) as cursor:
        upgraded = described(cursor)
    with databases.trying("ADMIN") as cursor:
        assert upgraded == described(cursor)
    assert "pgtrigger" not in str(upgraded)
    assert all(upgraded), "each description finds something"
