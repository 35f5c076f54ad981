"""What a phone holds is read by its own indices: a post asks every few minutes, and the tables hold years."""

import pytest
from django.db import connection

from carnets.models import Carnet
from checkpoints.models import CustomsOffice
from checkpoints.phones import offline_bundle
from checkpoints.posts.offices import register
from tests.databases import administering
from tests.world import START, World

# Years of carnets whose journeys are over, so that PostgreSQL has a choice and statistics to choose by.
CARNETS = """
INSERT INTO carnets_carnet
SELECT (jsonb_populate_record(c, jsonb_build_object('id', c.id + n, 'number', (1000000 + n)::text))).*
  FROM carnets_carnet c, generate_series(1, 1000) n WHERE c.id = %(carnet)s
"""
OPERATIONS = """
INSERT INTO carnets_tiroperation
SELECT (jsonb_populate_record(o, jsonb_build_object('id', o.id + 10 * n, 'carnet_id', o.carnet_id + n,
           'status', 'terminated', 'started_at', now(), 'terminated_at', now()))).*
  FROM carnets_tiroperation o, generate_series(1, 1000) n WHERE o.carnet_id = %(carnet)s
"""


def add_years_of_carnets(carnet: Carnet) -> None:
    with connection.cursor() as cursor:
        for statement in (CARNETS, OPERATIONS):
            cursor.execute(statement, {"carnet": carnet.pk})
    with administering() as cursor:
        cursor.execute("ANALYZE carnets_carnet, carnets_tiroperation")


@pytest.mark.django_db(transaction=True)
class TestCarnetsDue:
    def test_are_found_by_the_operations_planned_here(self, world: World) -> None:
        add_years_of_carnets(world.issue())

        plan = offline_bundle.carnets_due_at(register().by_code["KZHOR001"], on=START.date()).explain()

        assert "operation_to_start" in plan
        assert "operation_to_end" in plan
        assert "Seq Scan" not in plan


@pytest.mark.django_db
class TestOffices:
    def test_are_also_those_that_were_approved_once_for_old_stamps_name_them(self, world: World) -> None:
        CustomsOffice.objects.filter(code="UZGIS001").update(valid_to=START.date())
        register.forget()

        codes = [office.code for office in offline_bundle.offices_for_phones()]

        assert codes == sorted(world.officers)
        assert "UZGIS001" in codes
