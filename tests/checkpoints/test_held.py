"""What a phone holds is read by its own indices: a post asks every few minutes, and the tables hold years."""

import pytest
from django.db import connection
from django.db.models import QuerySet

from checkpoints import held
from checkpoints.offices import register
from tests.world import START, World


def plan_of(rows: QuerySet) -> str:
    """Return how PostgreSQL would read the rows if it had many: a small table is always read whole."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return rows.explain()


@pytest.mark.django_db
class TestCarnetsDue:
    def test_are_found_by_the_operations_planned_here(self, world: World) -> None:
        plan = plan_of(held.carnets_due_at(register().by_code["KZHOR001"], on=START.date()))

        assert "operation_to_start" in plan
        assert "operation_to_end" in plan
        assert "Seq Scan" not in plan


@pytest.mark.django_db
class TestOffices:
    def test_are_those_approved_that_day(self, world: World) -> None:
        codes = [office.code for office in held.offices_on(START.date())]

        assert codes == sorted(world.officers)
