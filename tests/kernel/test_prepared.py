"""Statements prepared once a connection: planned once, forgotten with the connection, sent whole behind a pooler."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from guarantees.models import Association
from tests.world import World
from tir.kernel import prepared

CODES = "SELECT code FROM guarantees_association WHERE code = ANY(%s) AND country <> %s ORDER BY code"


def prepared_here() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE name LIKE 'tir_%'")
        return [statement for (statement,) in cursor.fetchall()]


def sent(call: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        call()
    return [query["sql"] for query in captured.captured_queries]


def called(statement: str, parameters: list[Any]) -> str:
    """Return the name of the prepared statement that found the rows."""
    (executed,) = sent(lambda: prepared.fetch_rows(statement, parameters))
    verb, name, _rest = executed.split(" ", 2)
    assert verb == "EXECUTE"
    return name


@pytest.fixture
def codes(world: World) -> list[str]:
    return list(Association.objects.order_by("code").values_list("code", flat=True))


@pytest.fixture
def behind_a_pooler(db: None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
        yield


class TestRows:
    def test_are_those_that_the_statement_finds(self, codes: list[str]) -> None:
        assert prepared.fetch_rows(CODES, [codes, ""]) == [(code,) for code in codes]
        assert prepared.fetch_rows(CODES, [codes[:1], ""]) == [(codes[0],)]
        assert prepared.fetch_rows(CODES, [[], ""]) == []

    def test_are_planned_anew_after_twice_as_many_calls(self, codes: list[str]) -> None:
        """A plan for an empty table must not outlive the table's growing."""
        statement = f"{CODES} DESC"

        names = [called(statement, [codes, "XX"]) for _ in range(7)]

        assert names == [names[0], *[names[1]] * 2, *[names[3]] * 4]
        assert len(set(names)) == 3
        assert len([known for known in prepared_here() if "DESC" in known]) == 1

    def test_of_what_was_longest_not_called_leave_when_there_are_plans_enough(self, codes: list[str]) -> None:
        first, often = f"{CODES} LIMIT 100", f"{CODES} LIMIT 101"
        called(first, [codes, ""])
        for limit in range(200, 200 + prepared.MOST_PLANS):
            called(f"{CODES} LIMIT {limit}", [codes, ""])
            called(often, [codes, ""])

        limits = set(re.findall(r"LIMIT (\d+)", " ".join(prepared_here())))
        assert len(prepared_here()) == prepared.MOST_PLANS
        assert "101" in limits
        assert not limits & {"100", "200"}
        assert prepared.fetch_rows(first, [codes, ""]) == [(code,) for code in codes]

    def test_take_a_value_for_a_value(self, codes: list[str]) -> None:
        """What a caller says is never read as SQL."""
        assert prepared.fetch_rows(CODES, [["'); DROP TABLE guarantees_association; --", "%s"], ""]) == []
        assert Association.objects.count() == len(codes)

    def test_are_found_again_after_a_rollback(self, codes: list[str]) -> None:
        with transaction.atomic():
            prepared.fetch_rows(CODES, [codes, "YY"])
            transaction.set_rollback(True)

        assert prepared.fetch_rows(CODES, [codes, "YY"]) == [(code,) for code in codes]

    def test_fail_as_any_other_statement_does(self, db: None) -> None:
        for _ in range(2):
            with pytest.raises(DatabaseError, match="no_such_table"), transaction.atomic():
                prepared.fetch_rows("SELECT 1 FROM no_such_table WHERE id = %s", [1])


class TestBehindAPooler:
    @pytest.mark.usefixtures("behind_a_pooler")
    def test_statements_are_sent_whole(self, codes: list[str]) -> None:
        before = prepared_here()

        (statement,) = sent(lambda: prepared.fetch_rows(CODES, [codes, "ZZ"]))

        assert statement.startswith("SELECT code FROM")
        assert prepared.fetch_rows(CODES, [codes, "ZZ"]) == [(code,) for code in codes]
        assert prepared_here() == before

    @pytest.mark.usefixtures("behind_a_pooler")
    def test_stamps_are_recorded_the_same(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=2)

        carnet.refresh_from_db()
        assert carnet.latest_sequence == 2


class TestANewConnection:
    @pytest.mark.django_db(transaction=True)
    def test_prepares_anew(self) -> None:
        assert prepared.fetch_rows(CODES, [[], "NC"]) == []
        connection.close()

        assert prepared.fetch_rows(CODES, [[], "NC"]) == []
        assert len([statement for statement in prepared_here() if "country <> $2" in statement]) == 1
