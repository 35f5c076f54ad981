"""Laws that are triggers: a model names its own in `triggers`, a migration makes them, and a test compares the two.

A model's tuple lists what we know; a table may have further triggers, and nothing here removes one.
"""

from dataclasses import dataclass

from django.db.migrations import RunSQL

REFUSE_CHANGE = "refuse_change"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger of a table, as PostgreSQL is told of it."""

    name: str
    event: str
    function: str
    each: str = "ROW"
    argument: str | None = None

    def made_on(self, table: str) -> str:
        """Return the statement that makes the trigger on a table."""
        said = "" if self.argument is None else "'" + self.argument.replace("'", "''") + "'"
        return (
            f"CREATE OR REPLACE TRIGGER {self.name} {self.event} ON {table}"
            f" FOR EACH {self.each} EXECUTE FUNCTION {self.function}({said})"
        )


APPEND_ONLY = Trigger("append_only", "BEFORE UPDATE OR DELETE", REFUSE_CHANGE, argument="update or delete")
NO_TRUNCATE = Trigger("no_truncate", "BEFORE TRUNCATE", REFUSE_CHANGE, each="STATEMENT", argument="truncate")


def never_deleted(name: str) -> Trigger:
    """A row stays, whatever becomes of what it says."""
    return Trigger(name, "BEFORE DELETE", REFUSE_CHANGE, argument="delete")


def stays(name: str) -> Trigger:
    """A row that others name without a foreign key is never deleted and keeps its key."""
    return Trigger(
        name, "BEFORE DELETE OR UPDATE OF id", REFUSE_CHANGE, argument="delete or update the key of"
    )


def add(table: str, *triggers: Trigger) -> RunSQL:
    """Return the operation of a migration that makes triggers on a table; going back removes them again."""
    return RunSQL(
        [trigger.made_on(table) for trigger in triggers],
        [f"DROP TRIGGER IF EXISTS {trigger.name} ON {table}" for trigger in triggers],
    )


def drop(table: str, *names: str) -> RunSQL:
    """Return the operation that removes triggers of release 2.0, each with the function of its name. A database made
    after 2.0 never had them."""
    return RunSQL(
        [
            statement
            for name in names
            for statement in (
                f"DROP TRIGGER IF EXISTS {name} ON {table}",
                f"DROP FUNCTION IF EXISTS {name}()",
            )
        ],
        RunSQL.noop,
    )
