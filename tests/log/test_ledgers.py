"""Everything that is never changed is in the log, or stands in a list with the reason why not; and the database has the
triggers that the models say."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.clones import insider
from tests.laws.test_append_only import ANY_VALUE
from tir.kernel.models import AppendOnly
from tir.log.ledgers import ledgers
from tir.log.migrating import LogActs
from tir.log.models import AdministrativeAct, Entry, Pending

# Rows that are never changed and say nothing about a carnet, a claim or a guarantee.
UNLOGGED = {
    "kernel_installation": "said once, when the database was made, before there is a log",
    "checkpoints_scan": "looks at a carnet, and attempts that were refused: they decide nothing",
    "guarantees_noticereading": "who opened a notice: the notice is in the log, and a reading proves nothing",
    "guarantees_noticemail": "that a mail was sent: the notice is in the log, and mail proves nothing",
}
ACTS = [
    operation
    for migration in MigrationLoader(None).disk_migrations.values()
    for operation in migration.operations
    if isinstance(operation, LogActs)
]
SECRETS = {
    "accounts_user": {"password"},
    "accounts_invitation": {"token_hash"},
    "checkpoints_device": {"token_digest"},
    "signin_onetimelink": {"digest"},
    "signin_authenticator": {"secret"},
    "signin_recoverycode": {"digest"},
    "signin_clientsecret": {"digest"},
}
TRIGGERS = """
    SELECT tgrelid::regclass::text, tgargs, tgtype, tgenabled, tgfoid::regproc::text FROM pg_trigger
    WHERE NOT tgisinternal AND tgname = %s ORDER BY 1
"""
AFTER_INSERT_FOR_EACH_ROW = 1 | 4
AFTER_ANY_FOR_EACH_ROW = 1 | 4 | 8 | 16


def triggers(name: str) -> dict[str, tuple[list[str], int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS, [name])
        return {
            table: (bytes(arguments).decode().split("\0")[:-1], kind, enabled, function.rpartition(".")[2])
            for table, arguments, kind, enabled, function in cursor.fetchall()
        }


class TestLedgers:
    def test_are_all_that_is_never_changed(self) -> None:
        never_changed = {model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly)}
        logged = {ledger.table for ledger in ledgers().values()}

        assert logged | set(UNLOGGED) == never_changed
        assert not logged & set(UNLOGGED)
        assert len(logged) == len(ledgers()), "one word for one ledger"

    def test_of_long_columns_keep_their_hash(self) -> None:
        """A column of bytes that is not in the log by its hash would be in it whole, photo by photo."""
        for model in apps.get_models():
            if issubclass(model, AppendOnly) and model.logged_as:
                columns = {each.column for each in model._meta.fields}
                long = {each.column for each in model._meta.fields if each.name in ("content", "file")
                        and each.get_internal_type() == "BinaryField"}  # fmt: skip
                assert long == set(model.hashed_in), model
                assert set(model.hashed_in.values()) <= columns, model


@pytest.mark.django_db
class TestTriggers:
    def test_take_each_ledger_as_its_model_says(self) -> None:
        said = {
            ledger.table: [ledger.kind, ledger.key, *(column for column, _hashed in ledger.long)]
            for ledger in ledgers().values()
        }
        found = triggers("logged")

        assert {table: arguments for table, (arguments, *_rest) in found.items()} == said
        assert {tuple(rest) for _arguments, *rest in found.values()} == {
            (AFTER_INSERT_FOR_EACH_ROW, "O", "log_take")
        }

    def test_write_down_acts_as_the_migration_says(self) -> None:
        found = triggers("acts")

        assert {table: arguments for table, (arguments, *_rest) in found.items()} == {
            each.table: [each.noun, "id", *each.unsaid] for each in ACTS
        }
        assert {function for *_rest, function in found.values()} == {"log_act"}
        assert all(kind == AFTER_ANY_FOR_EACH_ROW for table, (_, kind, *_rest) in found.items()
                   if table != "carnets_irregularity")  # fmt: skip


def columns_of(table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = %s",
            [table],
        )
        return dict(cursor.fetchall())


OTHER_VALUE = {
    **ANY_VALUE, "ARRAY": "'{x}'", "bigint": "2", "boolean": "true", "bytea": "'x'", "character varying": "'x'",
    "date": "'2026-03-03'", "double precision": "2", "integer": "2", "jsonb": "'{\"x\": 1}'", "numeric": "2",
    "smallint": "2", "text": "'x'", "time without time zone": "'07:00'",
    "timestamp with time zone": "'2026-03-03'",
    "uuid": "'00000000-0000-0000-0000-000000000002'",
}  # fmt: skip


def acts() -> list[tuple[str, str, dict[str, Any]]]:
    """Return what was written down since asked last."""
    found = list(AdministrativeAct.objects.order_by("pk").values_list("verb", "noun", "content"))
    with insider() as run:
        run("DELETE FROM log_administrativeact")
    return found


def only_acts_fire(table: str) -> None:
    """These tests are of the trigger, not of the table's other laws."""
    with insider() as run:
        run("SET CONSTRAINTS ALL IMMEDIATE")
        checks = run(
            "SELECT conname FROM pg_constraint WHERE contype IN ('c', 'x') AND conrelid = %s::regclass", table
        )
        for (name,) in checks:
            run(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
        run(f"DELETE FROM {table}")
        run(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        run(f"ALTER TABLE {table} ENABLE TRIGGER acts")
        run("DELETE FROM log_administrativeact")


def put_any_row_in(table: str, columns: dict[str, str]) -> None:
    values = ", ".join(ANY_VALUE[kind] for kind in columns.values())
    names = ", ".join(f'"{name}"' for name in columns)
    with insider(fires_triggers=True) as run:
        run(f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({values})")


EVERY_ACT = [each for each in ACTS if not each.by]


@pytest.mark.django_db
@pytest.mark.parametrize("each", EVERY_ACT, ids=lambda each: each.table)
class TestActs:
    @pytest.fixture
    def columns(self, each: LogActs) -> dict[str, str]:
        """The table with one row in it."""
        columns = columns_of(each.table)
        only_acts_fire(each.table)
        put_any_row_in(each.table, columns)
        return columns

    def change(self, each: LogActs, column: str, kind: str) -> None:
        with insider(fires_triggers=True) as run:
            run(f'UPDATE {each.table} SET "{column}" = {OTHER_VALUE[kind]}')

    def test_of_coming_and_going_are_written_down(self, each: LogActs, columns: dict[str, str]) -> None:
        with insider(fires_triggers=True) as run:
            run(f"DELETE FROM {each.table}")

        said = set(columns) - set(each.unsaid)
        assert [(verb, noun, set(content)) for verb, noun, content in acts()] == [
            ("insert", each.noun, said),
            ("delete", each.noun, said),
        ]

    def test_of_changing_any_column_are_written_down(self, each: LogActs, columns: dict[str, str]) -> None:
        acts()
        for column, kind in columns.items():
            self.change(each, column, kind)
            found = acts()
            assert [verb for verb, *_rest in found] == ([] if column in each.unsaid else ["update"]), column
            self.change(each, column, kind)
            assert acts() == [], "nothing changed"

    def test_never_tell_a_secret(self, each: LogActs, columns: dict[str, str]) -> None:
        secrets = SECRETS.get(each.table, set())
        named = {
            name
            for name in columns
            if any(word in name for word in ("password", "token", "digest", "secret"))
        }
        assert secrets == named
        assert secrets <= set(each.unsaid)
        assert all(not secrets & set(content) for _verb, _noun, content in acts())


@pytest.mark.django_db
def test_an_irregularity_is_written_down_when_a_person_closes_it() -> None:
    (each,) = (each for each in ACTS if each.by)
    columns = columns_of(each.table)
    only_acts_fire(each.table)
    put_any_row_in(each.table, {**columns, "closed_by_id": "bigint"})
    assert acts() == [], "found by rule"
    with insider(fires_triggers=True) as run:
        run(f"UPDATE {each.table} SET closed_by_id = NULL")
        assert acts() == []
        run(f"UPDATE {each.table} SET closed_by_id = 7")

    ((verb, noun, content),) = acts()
    assert (verb, noun, content["closed_by_id"]) == ("update", "irregularity", 7)


@pytest.mark.django_db
def test_an_act_is_itself_a_row_of_a_ledger() -> None:
    only_acts_fire("guarantees_membership")
    put_any_row_in("guarantees_membership", columns_of("guarantees_membership"))

    (act,) = AdministrativeAct.objects.all()
    assert Pending.objects.filter(kind="administrative_act", ref=str(act.pk)).exists()
    assert not Entry.objects.exists()
