"""What a migration does so that the rows of a table are in the log: those to come, and those that are there."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation

from tir.log.ledgers import ONE_TEXT


class _ByTrigger(Operation):
    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """A trigger is no part of the models' state."""


class LogRows(_ByTrigger):
    """Have each row of a ledger logged as `kind`, without its `long` columns; `key` is its primary key's column."""

    def __init__(self, table: str, kind: str, key: str = "id", long: Sequence[str] = ()) -> None:
        self.table, self.kind, self.key, self.long = table, kind, key, list(long)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the trigger, then give every row that is there its pending entry."""
        arguments = ", ".join(f"'{each}'" for each in (self.kind, self.key, *self.long))
        left_out = "".join(f" - '{column}'" for column in self.long)
        schema_editor.execute(
            f"CREATE TRIGGER logged AFTER INSERT ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION log_take({arguments})"
        )
        logged = f"""
            {ONE_TEXT};
            INSERT INTO log_pending (kind, ref, hash, since)
            SELECT '{self.kind}', row.{self.key}::text,
                sha256(convert_to('{self.kind}' || E'\\n' || jsonb_strip_nulls(to_jsonb(row){left_out}), 'UTF8')),
                clock_timestamp()
            FROM {self.table} AS row ORDER BY row.{self.key}"""  # noqa: S608  (names come from migrations)
        schema_editor.execute(logged)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"DROP TRIGGER logged ON {self.table}")

    def describe(self) -> str:
        return f"Log the rows of {self.table} as {self.kind}"


class LogActs(_ByTrigger):
    """Have each change of a table written down as an administrative act on `noun`, without its `unsaid` columns; with
    `by`, only those that a person made, whom that column names."""

    def __init__(self, table: str, noun: str, unsaid: Sequence[str] = (), by: str = "") -> None:
        self.table, self.noun, self.unsaid, self.by = table, noun, list(unsaid), by

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        arguments = ", ".join(f"'{each}'" for each in (self.noun, "id", *self.unsaid))
        events = f"UPDATE OF {self.by}" if self.by else "INSERT OR UPDATE OR DELETE"
        only = f"WHEN (NEW.{self.by} IS NOT NULL) " if self.by else ""
        schema_editor.execute(
            f"CREATE TRIGGER acts AFTER {events} ON {self.table} "
            f"FOR EACH ROW {only}EXECUTE FUNCTION log_act({arguments})"
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"DROP TRIGGER acts ON {self.table}")

    def describe(self) -> str:
        return f"Write down changes of {self.table} as acts on {self.noun}"
