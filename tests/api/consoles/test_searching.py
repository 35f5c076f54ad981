"""The search: by number, plate and holder, within what the reader may see."""

import pytest

from carnets.models import Carnet
from tests.api.consoles.conftest import Reader
from tests.world import World
from tir.accounts.models import Role, User


def user(role: Role, country: str) -> User:
    return User.objects.create_user(f"{role}-{country}", roles=[role], country=country)


class TestSearch:
    @pytest.mark.parametrize("said", ["01kz", "01 KZ-123", "Silk", "chn/071/1001"])
    def test_finds_by_plate_and_holder(self, world: World, reader: Reader, carnet: Carnet, said: str) -> None:
        answer = reader(world.staff["CN"]).get("/console/search/", {"q": said})

        assert "Nothing here" not in answer.content.decode()
        assert carnet.number in answer.content.decode() or "Silk Road Haulage" in answer.content.decode()

    def test_finds_by_the_beginning_of_a_number(self, world: World, reader: Reader, carnet: Carnet) -> None:
        client = reader(world.staff["CN"])

        for said in (
            carnet.number,
            carnet.number[:5].lower(),
            f" {carnet.number[:4]} {carnet.number[4:]}",
        ):
            assert (
                f"/console/carnets/{carnet.number}/"
                in client.get("/console/search/", {"q": said}).content.decode()
            )
        assert "Type at least" in client.get("/console/search/", {"q": carnet.number[:2]}).content.decode()

    def test_finds_nothing_that_the_reader_may_not_see(self, reader: Reader, carnet: Carnet) -> None:
        client = reader(user(Role.CUSTOMS_HQ, "TR"))

        for said in (carnet.number, "01KZ123ABC"):
            assert "Nothing here" in client.get("/console/search/", {"q": said}).content.decode()
