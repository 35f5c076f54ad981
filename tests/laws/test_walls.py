"""The second wall: a reader's bounds are left out of a question, and PostgreSQL still shows nobody else's secrets.

Every question is asked without any bound, as a page would that forgot it; beside it stands what the same question finds
as the web server itself, so that an empty table proves nothing.
"""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model

from api.scope import walls
from api.scope.reader import Reader, reader_for
from api.scope.tables import everything as everything_goes
from guarantees.models import (
    Claim,
    ClaimDocument,
    ClaimEvent,
    LiabilityEntry,
    LiabilityMonth,
    LiabilityPeriod,
    LiabilityTotal,
)
from tests.databases import trying
from tests.guarantees.claiming import open_claim
from tests.world import World
from tir import roles
from tir.accounts.models import Role, User

pytestmark = pytest.mark.django_db
SECRET = (LiabilityEntry, LiabilityPeriod, Claim, ClaimEvent)


@pytest.fixture
def told(world: World) -> World:
    """A carnet of China's that travels, with its liability, and a claim of Kazakhstan's on Kazakhstan's guarantor."""
    carnet = world.issue()
    world.travel(carnet)
    open_claim(world)
    return world


def seen(reader: Reader, model: type[Model]) -> set[Any]:
    with walls.within(reader):
        return set(model._default_manager.values_list("pk", flat=True))


def everything(model: type[Model]) -> set[Any]:
    return set(model._default_manager.values_list("pk", flat=True))


def reader(role: Role, country: str = "") -> Reader:
    return reader_for(User.objects.create_user(f"{role}-{country}-walls", roles=[role], country=country))


@pytest.mark.parametrize("model", SECRET)
class TestWithoutABound:
    def test_nobody_elses_rows_are_seen(self, told: World, model: type[Model]) -> None:
        assert everything(model)
        for nobody in (
            reader(Role.OFFICER, "TR"),
            reader(Role.CUSTOMS_HQ, "TR"),
            reader(Role.CUSTOMS_HQ),
            reader(Role.AUDITOR, "TR"),
            reader(Role.ASSOCIATION, "KZ"),  # a member of none
        ):
            assert seen(nobody, model) == set()

    def test_who_oversees_sees_all(self, told: World, model: type[Model]) -> None:
        assert seen(reader(Role.SECRETARIAT), model) == everything(model)
        assert seen(reader(Role.AUDITOR), model) == everything(model)

    def test_an_association_sees_its_own(self, told: World, model: type[Model]) -> None:
        kazakh = reader_for(told.staff["KZ"])
        owner = "claim__association__country" if model is ClaimEvent else "association__country"
        expected = set(model._default_manager.filter(**{owner: "KZ"}).values_list("pk", flat=True))

        assert expected
        assert seen(kazakh, model) == expected
        assert seen(reader_for(told.staff["CN"]), model) == everything(model)  # it issued the carnet


def test_every_table_of_secrets_has_its_wall(told: World) -> None:
    with trying("ADMIN") as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relrowsecurity AND p.polname = 'bound'"
        )
        walled = {name for (name,) in cursor.fetchall()}
    models = (*SECRET, LiabilityTotal, LiabilityMonth, ClaimDocument)
    assert walled == {model._meta.db_table for model in models}


class TestTheRole:
    def test_changes_nothing(self, told: World) -> None:
        claim = Claim.objects.get()
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            walls.within(reader(Role.SECRETARIAT)),
        ):
            Claim.objects.filter(pk=claim.pk).update(reason="rewritten")
        assert Claim.objects.filter(pk=claim.pk).update(reason=claim.reason) == 1

    def test_is_left_with_the_block_also_in_an_open_transaction_and_after_an_error(self, told: World) -> None:
        def who() -> str:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_user")
                return str(cursor.fetchone()[0])

        with transaction.atomic():
            with walls.within(reader(Role.SECRETARIAT)):
                assert who() == roles.BOUND
                with walls.outside():
                    assert who() == roles.WEB
                assert who() == roles.BOUND
            assert who() == roles.WEB
            with pytest.raises(ZeroDivisionError), walls.within(reader(Role.OFFICER, "KZ")):
                raise ZeroDivisionError(who())
            assert who() == roles.WEB

    def test_signs_in_nowhere_and_nobody_but_who_serves_becomes_it(self) -> None:
        with trying() as cursor:
            cursor.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [roles.BOUND])
            assert cursor.fetchone() == (False,)
            cursor.execute(f"SET ROLE {roles.BOUND}")
        for other in ("LOG", "READ"):
            with trying(other) as cursor, pytest.raises(Exception, match="permission denied to set role"):
                cursor.execute(f"SET ROLE {roles.BOUND}")

    def test_without_a_reader_sees_nothing(self, told: World) -> None:
        assert Claim.objects.exists()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [roles.BOUND])
            cursor.execute("SELECT count(*) FROM guarantees_claim")
            assert cursor.fetchone() == (0,)
            cursor.execute("SELECT set_config('role', 'none', true)")


def test_a_page_whose_bounds_were_taken_out_shows_nothing(
    told: World, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of claims, with a scope that lets everything through."""
    number = Claim.objects.get().carnet_number
    turkish = User.objects.create_user("walls-tr", roles=[Role.CUSTOMS_HQ], country="TR")
    kazakh = User.objects.create_user("walls-kz", roles=[Role.CUSTOMS_HQ], country="KZ")
    monkeypatch.setattr("api.scope.claims.CLAIMS", {Role.CUSTOMS_HQ: everything_goes})

    def page(user: User, address: str = "/console/claims/") -> str:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(address)
        assert answer.status_code == 200
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return str(body.decode())

    for address in ("/console/claims/", "/console/claims/?export=csv"):
        assert number in page(kazakh, address)
        assert number not in page(turkish, address)
