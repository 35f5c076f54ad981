"""The register kept in memory, and offices that are added while it is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checkpoints.models import CustomsOffice, Posting
from checkpoints.posts.offices import register
from checkpoints.posts.postings import officer_of
from tests.world import HOUR, LONG_AGO, START, World
from tir.accounts.models import Role, User
from tir.kernel.kept import Kept


@pytest.fixture
def added(world: World) -> CustomsOffice:
    """An office of Kazakhstan that was added after this process read the register."""
    Kept.forget_all()
    assert "KZNEW001" not in register().by_code
    return CustomsOffice.objects.create(
        code="KZNEW001", country="KZ", territory=world.territories["EAEU"], name_en="New", latitude=43.0,
        longitude=77.0, time_zone="Asia/Almaty", roles=["entry", "exit"], valid_from=LONG_AGO,
    )  # fmt: skip


@pytest.fixture
def newcomer(added: CustomsOffice) -> User:
    user = User.objects.create_user("newcomer", password="secret", roles=[Role.OFFICER], country="KZ")
    Posting.objects.create(user=user, office=added, valid_from=LONG_AGO)
    return user


class TestAnOfficeAddedMeanwhile:
    def test_is_found_by_its_key(self, added: CustomsOffice) -> None:
        assert register().by_id[added.pk].code == "KZNEW001"

    def test_is_where_its_officer_serves(self, newcomer: User) -> None:
        assert officer_of(newcomer.pk).office_on(START).code == "KZNEW001"

    def test_is_read_with_the_stamps_made_there_by_who_does_not_know_it_yet(
        self, world: World, newcomer: User
    ) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=2)
        world.officers["KZNEW001"] = newcomer
        world.stamp(carnet, 3, START + 40 * HOUR, office="KZNEW001", seals_intact=True)
        stale = register().by_id
        stale.pop(newcomer.postings.get().office_id)

        world.stamp(carnet, 4, START + 50 * HOUR, packages=420, seals_intact=True)

        assert carnet.stamps.count() == 4

    def test_is_read_once_and_then_kept(self, added: CustomsOffice) -> None:
        assert register().by_id[added.pk]
        with CaptureQueriesContext(connection) as asked:
            assert register().by_id[added.pk]

        assert len(asked) == 0

    def test_that_does_not_exist_is_a_fault_of_ours(self, world: World) -> None:
        with pytest.raises(KeyError):
            register().by_id[0]
