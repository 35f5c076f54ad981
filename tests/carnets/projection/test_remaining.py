"""What remaining pages must say: boxes 9 to 11 and 16 after a load, an unload and a control."""

from typing import Any
from uuid import uuid4

import pytest

from carnets.models import Carnet
from carnets.projection.remaining import RemainingPage, remaining_pages
from carnets.projection.walk import walk
from checkpoints.evidence.dockets import open_docket
from checkpoints.posts.postings import officer_of
from checkpoints.recording.controls import ControlRequest, record_control
from tests.world import HOUR, SEALS, START, World

# Stops: 1 loads, 2 loads, 3 leaves, 4 enters, 5 unloads, 6 leaves, 7 enters, 8 unloads; pages 1 to 10 of 14.
ROUTE = (
    ("CNURC001", "CNHRS001", "load"),
    ("CNHRS001", "CNHRS001"),
    ("KZHOR001", "KZALA001"),
    ("KZALA001", "KZQZQ001"),
    ("UZYAL001", "UZTAS001"),
)
# Consignments as the world spreads them: 420 packages from 1 to 8, one from 1 to 5, one from 2 to 8.
WHOLE_WAY, TO_ALMATY, FROM_HORGOS = 1, 2, 3


@pytest.fixture
def carnet(world: World) -> Carnet:
    return world.issue(route=ROUTE)


def pages(carnet: Carnet) -> dict[int, RemainingPage]:
    docket = open_docket(carnet.number, lock=False)
    assert docket is not None
    alignment = docket.alignment_with()
    found = remaining_pages(alignment, walk(alignment, docket.events.happened))
    return {each.page: each for each in found}


def travel(world: World, carnet: Carnet, upto: int, **last: Any) -> None:
    """Stamp the pages up to one, in order; `last` is what the last one says besides."""
    said: dict[int, dict[str, Any]] = {
        1: {"seals_affixed": SEALS},
        2: {"seals_intact": True, "packages": 421},
        3: {"seals_intact": True},
        4: {"seals_intact": True, "packages": 422},
        5: {"seals_intact": True},
        6: {"seals_intact": True, "packages": 1},
        7: {"seals_affixed": ("K-1",)},
        8: {"seals_intact": True, "packages": 421},
        9: {"seals_intact": True},
        10: {"seals_intact": True, "packages": 421},
    }
    for page in range(1, upto + 1):
        more = last if page == upto else {}
        world.stamp(carnet, page, START + page * 10 * HOUR, is_offline=True, **said[page], **more)


class TestBeforeTheStart:
    def test_every_page_is_as_printed(self, carnet: Carnet) -> None:
        found = pages(carnet)

        assert list(found) == list(range(1, 15))
        assert all(found[page].is_as_printed for page in range(1, 11))
        assert all(each.seals is None for each in found.values())


class TestAfterALoad:
    def test_pages_say_what_will_be_on_board_at_their_own_start(self, world: World, carnet: Carnet) -> None:
        travel(world, carnet, 1)

        found = pages(carnet)

        said = {page: (found[page].consignments, found[page].packages) for page in (2, 3, 5, 7, 9)}
        assert said == {
            2: ((WHOLE_WAY, TO_ALMATY), 421),
            3: ((WHOLE_WAY, TO_ALMATY, FROM_HORGOS), 422),
            5: ((WHOLE_WAY, TO_ALMATY, FROM_HORGOS), 422),
            7: ((WHOLE_WAY, FROM_HORGOS), 421),
            9: ((WHOLE_WAY, FROM_HORGOS), 421),
        }
        assert all(found[page].is_as_printed for page in range(2, 11))

    def test_every_page_bears_the_seals(self, world: World, carnet: Carnet) -> None:
        travel(world, carnet, 1)

        assert {each.seals for each in pages(carnet).values()} == {SEALS}

    def test_a_spare_page_is_written_in_with_what_is_on_board_now(self, world: World, carnet: Carnet) -> None:
        travel(world, carnet, 1)

        spare = pages(carnet)[11]

        assert (spare.consignments, spare.written_in) == ((1, 2), (1, 2))
        assert not spare.is_as_printed


class TestAfterAnUnload:
    def test_only_pages_that_are_left_are_named(self, world: World, carnet: Carnet) -> None:
        travel(world, carnet, 7)

        assert list(pages(carnet)) == list(range(8, 15))

    def test_seals_and_goods_are_those_that_go_on(self, world: World, carnet: Carnet) -> None:
        travel(world, carnet, 7)

        found = pages(carnet)

        assert {each.seals for each in found.values()} == {("K-1",)}
        assert {each.consignments for each in found.values()} == {(WHOLE_WAY, FROM_HORGOS)}
        assert {each.packages for each in found.values()} == {421}

    def test_a_load_that_was_left_out_is_struck_out_nowhere_while_it_may_come(
        self, world: World, carnet: Carnet
    ) -> None:
        travel(world, carnet, 2)

        assert all(each.is_as_printed for page, each in pages(carnet).items() if page <= 10)


class TestAfterAControl:
    def test_seals_and_count_are_new_on_every_page(self, world: World, carnet: Carnet) -> None:
        travel(world, carnet, 7)
        record_control(
            request=ControlRequest(
                id=uuid4(), number=carnet.number, kind="examination", result="satisfactory",
                occurred_at=START + 75 * HOUR, seals_removed=("K-1",), seals_affixed=("C-7",), packages=418,
            ),
            officer=officer_of(world.officers["KZALA001"].pk),
            at=START + 75 * HOUR,
        )  # fmt: skip

        found = pages(carnet)

        assert {each.seals for each in found.values()} == {("C-7",)}
        assert {each.packages for each in found.values()} == {418}


class TestAfterTheEnd:
    def test_nothing_is_left_to_write(self, world: World, carnet: Carnet) -> None:
        travel(world, carnet, 10)

        assert pages(carnet) == {}

    def test_what_goes_on_after_all_goes_on_the_next_pair(self, world: World, carnet: Carnet) -> None:
        travel(world, carnet, 10, goes_on=True)

        assert list(pages(carnet)) == [11, 12, 13, 14]
