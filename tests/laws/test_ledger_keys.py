"""The liability ledger's keys, tried behind the model's back: the trigger that follows the ledger checks them, and what
an entry names cannot go away."""

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from psycopg2.errors import RaiseException

from carnets.models import Carnet
from guarantees.models import Association, Guarantee, LiabilityEntry, LiabilityPeriod
from tests.databases import trying
from tests.world import World

pytestmark = pytest.mark.django_db
NOBODY = 2**31 - 1


@pytest.fixture
def carnet(world: World) -> Carnet:
    return world.issue()


def run(statement: str, *parameters: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def write(carnet: Carnet, kind: str, amount: int, **other: int) -> None:
    """Write an entry about the first page of a carnet, straight into the table."""
    keys = {"association_id": carnet.association_id, "guarantee_id": carnet.guarantee_id, **other}
    run(
        "INSERT INTO guarantees_liabilityentry (association_id, guarantee_id, carnet_number, page, kind, amount,"
        " currency, at, recorded_at, cause) VALUES (%s, %s, %s, 1, %s, %s, 'EUR', now(), now(), 'by hand')",
        keys["association_id"],
        keys["guarantee_id"],
        carnet.number,
        kind,
        amount,
    )


class TestAnEntry:
    def test_is_taken_when_it_names_what_exists(self, carnet: Carnet) -> None:
        write(carnet, "borne", 100)
        write(carnet, "relieved", -100)

        assert LiabilityPeriod.objects.get(carnet_number=carnet.number, page=1).ends_at is not None

    @pytest.mark.parametrize("key", ["association_id", "guarantee_id"])
    def test_names_an_association_and_a_guarantee_that_exist(self, carnet: Carnet, key: str) -> None:
        with pytest.raises(IntegrityError, match="does not exist"):
            write(carnet, "borne", 100, **{key: NOBODY})

        assert not LiabilityEntry.objects.filter(carnet_number=carnet.number, page=1).exists()

    @pytest.mark.parametrize("key", ["association_id", "guarantee_id"])
    def test_ends_only_what_began_under_the_same(self, carnet: Carnet, key: str) -> None:
        write(carnet, "borne", 100)

        with pytest.raises(IntegrityError, match="ends 1 liabilities, of which 0 had begun"):
            write(carnet, "relieved", -100, **{key: NOBODY})

        assert LiabilityPeriod.objects.get(carnet_number=carnet.number, page=1).ends_at is None

    def test_is_refused_with_its_whole_statement(self, world: World) -> None:
        """One wrong row among many is found as well."""
        carnets = [world.issue() for _ in range(3)]
        rows = ", ".join(
            f"({carnet.association_id}, {NOBODY if at == 1 else carnet.guarantee_id}, '{carnet.number}', 1, 'borne',"
            " 100, 'EUR', now(), now(), 'by hand')"
            for at, carnet in enumerate(carnets)
        )
        with pytest.raises(IntegrityError, match="does not exist"):
            run(
                "INSERT INTO guarantees_liabilityentry (association_id, guarantee_id, carnet_number, page, kind,"
                f" amount, currency, at, recorded_at, cause) VALUES {rows}"
            )

        assert not LiabilityEntry.objects.filter(page=1).exists()


@pytest.mark.parametrize("model", [Association, Guarantee])
@pytest.mark.django_db(transaction=True)
class TestWhatTheLedgerNames:
    def test_is_never_deleted(self, world: World, model: type[Association | Guarantee]) -> None:
        statement = f"DELETE FROM {model._meta.db_table}"

        with trying("OWNER") as owner, pytest.raises(RaiseException, match="Cannot delete"):
            owner.execute(statement)
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(statement)

    def test_keeps_its_key(self, world: World, model: type[Association | Guarantee]) -> None:
        with pytest.raises(InternalError, match="Cannot delete or update the key of"):
            run(f"UPDATE {model._meta.db_table} SET id = id + 1000000")
