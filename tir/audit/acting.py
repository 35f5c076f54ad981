"""Tells the database who acts, so that the acts it writes down by its own triggers name a person (`log_act.sql`)."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tir.audit.asking import Asking, current

TELL = "SELECT set_config('tir.actor', %s, true)"
IDLE = 0  # libpq: connected, and nothing begun


class SayWho:
    """A wrapper of statements that says who acts with the first statement of each transaction, for its length alone.

    It rides on that statement, so it costs no way to the database and back. What is said inside a savepoint that is
    undone would be undone with it: hence with the first statement, which precedes any savepoint of ours.
    """

    def __init__(self, asking: Asking) -> None:
        self.asking, self.is_said = asking, False

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        said = self._to_say(context["connection"])
        if said is None:
            return execute(sql, params, many, context)
        self.is_said = True
        if many or not isinstance(params, (list, tuple)) or context["cursor"].cursor.name is not None:
            with context["connection"].connection.cursor() as cursor:
                cursor.execute(TELL, [said])
            return execute(sql, params, many, context)
        return execute(f"{TELL}; {sql}", [said, *params], many, context)

    def _to_say(self, database: Any) -> str | None:
        """Return what this transaction must still be told; None outside of one, and while nobody is known."""
        raw = database.connection
        if raw is None or not database.in_atomic_block:
            return None
        is_new = raw.info.transaction_status == IDLE
        return actor_of(self.asking) if is_new or not self.is_said else None


def actor_of(asking: Asking) -> str | None:
    """Return what the database is told of who acts, None while nobody is known."""
    person = asking.who()
    if person is None:
        return None
    return json.dumps({"id": person.pk, "name": person.get_username(), "request": asking.request_id})


@contextmanager
def named_in_acts(asking: Asking | None = None) -> Iterator[None]:
    """Have administrative acts within name who asks."""
    asking = asking or current()
    if asking is None:
        yield
        return
    with connection.execute_wrapper(SayWho(asking)):
        yield
