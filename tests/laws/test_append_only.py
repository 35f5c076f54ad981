"""The append-only law, tried behind the model’s back: PostgreSQL refuses, and a superuser’s edit is found."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction

from carnets.models import Carnet
from tests.world import World

LEDGERS = (
    "checkpoints_stamp",
    "checkpoints_incident",
    "checkpoints_incidentphoto",
    "checkpoints_refusal",
    "guarantees_liabilityentry",
    "guarantees_claimevent",
    "carnets_reopeneddischarge",
    "carnets_reconciliationrequestevent",
    "carnets_guaranteeenquiry",
    "carnets_guaranteeconfirmation",
    "checkpoints_safetirfile",
    "checkpoints_safetirrecord",
    "guarantees_holderevent",
)


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def as_superuser_without_triggers() -> Iterator[None]:
    run("SET session_replication_role = replica")
    yield
    run("SET session_replication_role = origin")


@pytest.fixture
def carnet(world: World) -> Carnet:
    carnet = world.issue()
    world.travel(carnet, upto=4)
    return carnet


class TestPostgresRefuses:
    @pytest.mark.parametrize(
        "statement", ["UPDATE checkpoints_stamp SET packages = 1", "DELETE FROM checkpoints_stamp"]
    )
    def test_to_change_or_remove_a_stamp(self, carnet: Carnet, statement: str) -> None:
        with pytest.raises(InternalError, match="Cannot update or delete rows"):
            run(statement)

    @pytest.mark.parametrize(
        "statement",
        ["UPDATE guarantees_liabilityentry SET amount = 1", "DELETE FROM guarantees_liabilityentry"],
    )
    def test_to_change_or_remove_a_liability_entry(self, carnet: Carnet, statement: str) -> None:
        with pytest.raises(InternalError, match="Cannot update or delete rows"):
            run(statement)

    @pytest.mark.parametrize("table", LEDGERS)
    def test_to_truncate_a_ledger(self, world: World, table: str) -> None:
        with pytest.raises(InternalError, match="Cannot truncate"):
            run(f"TRUNCATE {table} CASCADE")


class TestVerifyLedger:
    def test_finds_nothing_in_an_honest_ledger(self, carnet: Carnet) -> None:
        call_command("verify_ledger", verbosity=0)

    @pytest.mark.parametrize(
        "edit",
        [
            "UPDATE checkpoints_stamp SET packages = 7 WHERE sequence = 2",
            "UPDATE checkpoints_stamp SET occurred_at = occurred_at + interval '1 second' WHERE sequence = 3",
            "DELETE FROM checkpoints_stamp WHERE sequence = 2",
            "DELETE FROM checkpoints_stamp WHERE sequence = 4",
            "DELETE FROM checkpoints_stamp",
        ],
    )
    def test_finds_what_a_superuser_changed(self, carnet: Carnet, edit: str) -> None:
        with as_superuser_without_triggers():
            run(edit)

        with pytest.raises(CommandError, match="does not hold"):
            call_command("verify_ledger", verbosity=0)
