"""The append-only law, tried behind the model's back: the triggers refuse even the administrator, on every ledger there
is or will be, and what he does without them to a stamp is found (invariant 4). What the roles are refused stands in
test_privileges."""

from collections.abc import Iterator

import psycopg2
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from carnets.models import Carnet
from checkpoints.evidence.columns import VERSION, hashed
from tests.databases import Cursor, administering, trying
from tests.world import World
from tir.kernel.models import AppendOnly

LEDGERS = sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly))

# A value for a column of each type, as PostgreSQL names it.
ANY_VALUE = {
    "ARRAY": "'{}'",
    "bigint": "1",
    "boolean": "false",
    "bytea": "''",
    "character varying": "''",
    "date": "'2026-03-02'",
    "double precision": "1",
    "inet": "'203.0.113.9'",
    "integer": "1",
    "jsonb": "'{}'",
    "numeric": "1",
    "smallint": "1",
    "text": "''",
    "time without time zone": "'06:00'",
    "timestamp with time zone": "'2026-03-02'",
    "uuid": "'00000000-0000-0000-0000-000000000001'",
}


@pytest.fixture
def administrator(db: None) -> Iterator[Cursor]:
    """A superuser who is no replica: triggers fire for him too. What he did is taken back in the end."""
    with trying("ADMIN") as cursor:
        yield cursor


def rows(cursor: Cursor, statement: str, *parameters: object) -> list[tuple[str, ...]]:
    cursor.execute(statement, parameters)
    return list(cursor.fetchall())


def refused(cursor: Cursor, statement: str, *, saying: str) -> None:
    """Try a statement that a trigger must refuse, and go on as if it had not been tried."""
    cursor.execute("SAVEPOINT before")
    with pytest.raises(psycopg2.errors.RaiseException, match=saying):
        cursor.execute(statement)
    cursor.execute("ROLLBACK TO before")


def columns_of(cursor: Cursor, table: str) -> list[tuple[str, ...]]:
    """Return the columns with their types."""
    return rows(
        cursor,
        "SELECT quote_ident(column_name), data_type FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s AND is_identity = 'NO'",
        table,
    )


def drop_checks(cursor: Cursor, table: str) -> None:
    of_table = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass"
    for (name,) in rows(cursor, of_table, table):
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def put_any_row_in(cursor: Cursor, table: str) -> None:
    """Put one row there whatever it says: this law is about rows, not about what is in them."""
    drop_checks(cursor, table)
    names, kinds = zip(*columns_of(cursor, table), strict=True)
    values = ", ".join(ANY_VALUE[kind] for kind in kinds)
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute(f"DELETE FROM {table}")  # a migration may have left one
    cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})")
    cursor.execute("SET LOCAL session_replication_role = origin")
    assert rows(cursor, f"SELECT 1 FROM {table}") == [(1,)]


@pytest.mark.parametrize("table", LEDGERS)
class TestPostgresRefuses:
    def test_to_change_any_column(self, administrator: Cursor, table: str) -> None:
        put_any_row_in(administrator, table)

        for name, _kind in columns_of(administrator, table):
            refused(
                administrator, f"UPDATE {table} SET {name} = {name}", saying="Cannot update or delete rows"
            )

    def test_to_remove_a_row(self, administrator: Cursor, table: str) -> None:
        put_any_row_in(administrator, table)

        refused(administrator, f"DELETE FROM {table}", saying="Cannot update or delete rows")

    def test_to_truncate(self, administrator: Cursor, table: str) -> None:
        refused(administrator, f"TRUNCATE {table} CASCADE", saying="Cannot truncate rows")

    def test_whatever_the_session_sets(self, administrator: Cursor, table: str) -> None:
        """The triggers of release 2.0 asked this setting, which anybody could set."""
        put_any_row_in(administrator, table)
        administrator.execute("SET pgtrigger.ignore = '{append_only,no_truncate}'")

        refused(administrator, f"DELETE FROM {table}", saying="Cannot update or delete rows")

    def test_only_until_a_superuser_becomes_a_replica(self, administrator: Cursor, table: str) -> None:
        put_any_row_in(administrator, table)

        administrator.execute("SET LOCAL session_replication_role = replica")
        administrator.execute(f"DELETE FROM {table}")

        assert rows(administrator, f"SELECT 1 FROM {table}") == []


class TestLaws:
    @pytest.mark.parametrize(
        ("table", "name"),
        [
            (model._meta.db_table, trigger.name)
            for model in apps.get_models()
            for trigger in getattr(model, "triggers", ())
        ],
    )
    def test_stand_in_the_database_and_are_on(self, administrator: Cursor, table: str, name: str) -> None:
        found = "SELECT tgenabled::text FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s"

        assert rows(administrator, found, table, name) == [("O",)]


class TestLedgers:
    def test_are_found_by_what_they_are(self) -> None:
        """The search must not come back without those that the design names."""
        assert {
            "checkpoints_stamp", "checkpoints_stamporigin", "checkpoints_incident", "checkpoints_incidentphoto",
            "checkpoints_refusal", "checkpoints_scan", "checkpoints_controlrecord", "checkpoints_controlphoto",
            "checkpoints_proof",
            "checkpoints_proofacceptance", "guarantees_liabilityentry", "guarantees_claimevent",
            "carnets_carnetevent", "carnets_reopeneddischarge",
        } <= set(LEDGERS)  # fmt: skip


@pytest.fixture
def carnet(world: World) -> Carnet:
    carnet = world.issue()
    world.travel(carnet, upto=4)
    return carnet


# An edit of each column that a stamp's hash covers.
EDITS = {
    "id": "'00000000-0000-0000-0000-000000000001'",
    "carnet_id": "carnet_id + 1",
    "sequence": "sequence + 10",
    "page": "page + 2",
    "role": "'destination'",
    "office_id": "office_id + 1",
    "officer_id": "officer_id + 1",
    "occurred_at": "occurred_at + interval '1 microsecond'",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "made": "'handed_in'",
    "is_vouched": "NOT is_vouched",
    "seals_intact": "NOT seals_intact",
    "seals_found": "'{A-10023}'",
    "seals_affixed": "'{A-10023}'",
    "seals_removed": "'{A-10023}'",
    "packages": "coalesce(packages, 0) + 1",
    "packages_basis": "'as_manifest'",
    "packages_presented": "421",
    "mass_kg": "8200",
    "reservation": "'two cartons wet'",
    "registration_no": "'2026/1'",
    "time_limit_at": "now()",
    "prescribed_route": "'A2'",
    "vehicles": "'{99ZZ999}'",
    "containers": "'{TXGU3949853}'",
    "goes_on": "NOT goes_on",
    "ends_here": "NOT ends_here",
    "is_suspension": "NOT is_suspension",
    "is_unplanned": "NOT is_unplanned",
    "cancels": "id, cancel_reason = 'wrong page'",  # a law ties the two together
    "cancel_reason": "'wrong page', cancels = id",
    "hash_version": "hash_version + 1",
}


def edit_behind_the_triggers(statement: str) -> None:
    with administering() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        assert cursor.rowcount > 0, "it edits nothing"


def assert_found() -> None:
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_ledger", verbosity=0)


@pytest.mark.django_db(transaction=True)
class TestVerifyLedger:
    def test_finds_nothing_in_an_honest_ledger(self, carnet: Carnet) -> None:
        call_command("verify_ledger", verbosity=0)

    def test_is_tried_on_every_column_a_hash_covers(self) -> None:
        assert set(EDITS) == set(hashed(VERSION))

    @pytest.mark.parametrize("column", EDITS)
    @pytest.mark.parametrize("sequence", [1, 4])
    def test_finds_an_edit_of_one_column(self, carnet: Carnet, column: str, sequence: int) -> None:
        edit_behind_the_triggers(
            f"UPDATE checkpoints_stamp SET {column} = {EDITS[column]} WHERE sequence = {sequence}"
        )

        assert_found()

    @pytest.mark.parametrize(
        "edit",
        [
            "DELETE FROM checkpoints_stamp WHERE sequence = 2",
            "DELETE FROM checkpoints_stamp WHERE sequence = 4",
            "DELETE FROM checkpoints_stamp",
            "UPDATE checkpoints_stamp SET hash = sha256('made up') WHERE sequence = 4",
            "UPDATE checkpoints_stamp SET previous_hash = sha256('made up') WHERE sequence = 1",
        ],
    )
    def test_finds_what_was_removed_or_chained_anew(self, carnet: Carnet, edit: str) -> None:
        edit_behind_the_triggers(edit)

        assert_found()
