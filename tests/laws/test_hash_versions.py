"""A column added to the ledger later: what was hashed before verifies as it did, what comes after covers the new column
too, and a change of it is found."""

from collections.abc import Iterator
from operator import itemgetter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models

from carnets.models import Carnet
from checkpoints.evidence import columns
from checkpoints.evidence.columns import COLUMNS, STAMP_COLUMNS, Column
from checkpoints.management.commands import verify_ledger
from checkpoints.models import Stamp
from checkpoints.recording import stamping
from tests.databases import address_of, administering, connected
from tests.world import HOUR, START, World, in_order

ADDED = Column("weighed_by", said=True, since=2)

pytestmark = pytest.mark.django_db(transaction=True)


def as_owner(statement: str) -> None:
    with connected(address_of(connection.settings_dict["NAME"], "OWNER")) as cursor:
        cursor.execute(statement)


@pytest.fixture
def carnet(world: World) -> Carnet:
    """A carnet with stamps of the first version."""
    carnet = world.issue()
    world.travel(carnet, upto=3)
    return carnet


@pytest.fixture
def with_new_column(carnet: Carnet, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The ledger as the next version would have it: a nullable column more, covered by the hash from version 2 on."""
    as_owner("ALTER TABLE checkpoints_stamp ADD COLUMN weighed_by varchar(40)")
    monkeypatch.setattr(columns, "COLUMNS", (*COLUMNS, ADDED))
    monkeypatch.setattr(columns, "VERSION", 2)
    names = (*STAMP_COLUMNS, ADDED.name)
    monkeypatch.setattr(stamping, "VERSION", 2)
    monkeypatch.setattr(stamping, "STAMP_COLUMNS", names)
    monkeypatch.setattr(stamping, "_in_order", itemgetter(*names))
    monkeypatch.setattr(verify_ledger, "STAMP_COLUMNS", names)
    monkeypatch.setattr(stamping, "_row", weighed(stamping._row))
    Stamp.add_to_class("weighed_by", models.CharField(max_length=40, null=True))
    columns.hashed.cache_clear()
    yield
    columns.hashed.cache_clear()
    del Stamp.weighed_by  # type: ignore[attr-defined]
    _forget_the_field()
    as_owner("ALTER TABLE checkpoints_stamp DROP COLUMN weighed_by")


def _forget_the_field() -> None:
    fields = Stamp._meta.local_fields
    fields[:] = [field for field in fields if field.name != ADDED.name]
    Stamp._meta._expire_cache()


def weighed(row_of: object) -> object:
    """Return the making of a row, with the new column filled in."""

    def made(*said: object) -> dict[str, object]:
        return {**row_of(*said), ADDED.name: "scales 2"}  # type: ignore[operator]

    return made


def stamp_once_more(world: World, carnet: Carnet) -> None:
    world.stamp(carnet, 4, START + 50 * HOUR, **in_order(carnet, 4))


class TestAColumnAddedLater:
    def test_leaves_what_was_hashed_before_as_it_was(self, with_new_column: None) -> None:
        call_command("verify_ledger", verbosity=0)

        assert set(Stamp.objects.values_list("hash_version", flat=True)) == {1}

    def test_is_covered_in_what_comes_after(
        self, world: World, carnet: Carnet, with_new_column: None
    ) -> None:
        stamp_once_more(world, carnet)

        call_command("verify_ledger", verbosity=0)
        versions = Stamp.objects.order_by("sequence").values_list("hash_version", flat=True)
        assert list(versions) == [1, 1, 1, 2]

    def test_is_found_changed_there(self, world: World, carnet: Carnet, with_new_column: None) -> None:
        stamp_once_more(world, carnet)

        edit("UPDATE checkpoints_stamp SET weighed_by = 'nobody' WHERE sequence = 4")

        with pytest.raises(CommandError, match="does not hold"):
            call_command("verify_ledger", verbosity=0)

    def test_lets_an_old_column_be_found_changed_as_before(
        self, world: World, carnet: Carnet, with_new_column: None
    ) -> None:
        stamp_once_more(world, carnet)

        edit("UPDATE checkpoints_stamp SET registration_no = '2026/1' WHERE sequence = 2")

        with pytest.raises(CommandError, match="does not hold"):
            call_command("verify_ledger", verbosity=0)


def edit(statement: str) -> None:
    """Change a row as a superuser does who is not stopped by a trigger."""
    with administering() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        assert cursor.rowcount == 1
