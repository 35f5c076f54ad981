"""What hangs on the lorry and what is on board, from office to office."""

import pytest
from hypothesis import given, settings

from carnets.choices import StopAction
from checkpoints.reference import tables
from checkpoints.simulation.journeys import Journey, PlannedControl
from checkpoints.simulation.shapes import Goods, Road, Sealing, Shape
from tests.simulation.drawn import clean, corridors, seeds
from tir.kernel.spelling import common_forms

few = settings(max_examples=60)


def frontiers_after(journey: Journey) -> list[tuple[int, int]]:
    """Return the pages that follow each other without goods or seals being handled in between."""
    touched = {each.page for each in journey.happenings}
    pages = range(1, journey.pages)
    return [
        (page, page + 1)
        for page in pages
        if page + 1 not in touched
        and not journey.on(page).seals_affixed
        and not journey.on(page).seals_removed
    ]


class TestSeals:
    @few
    @given(corridors, seeds)
    def test_hang_where_nobody_touched_them(self, corridor: tables.Corridor, seed: int) -> None:
        journey = clean(corridor, seed)

        for page, following in frontiers_after(journey):
            assert journey.on(page).seals_there == journey.on(following).seals_there

    @few
    @given(corridors, seeds)
    def test_are_listed_as_they_hang(self, corridor: tables.Corridor, seed: int) -> None:
        journey = clean(corridor, seed)

        for stamp in journey.stamps:
            if stamp.seals_found is not None:
                assert common_forms(stamp.seals_found) == common_forms(stamp.seals_there)

    @pytest.mark.parametrize("sealing", Sealing)
    def test_are_new_after_an_inner_load_however_it_is_told(self, sealing: Sealing) -> None:
        journey = clean("demo", 3, Shape(loads=2, sealing=sealing))

        visit = next(pair.pages[1] for pair in journey.pairs if pair.end.does is StopAction.LOAD)
        before, after = journey.on(visit).seals_there, journey.on(visit + 2).seals_there
        assert set(after) - set(before)
        assert (set(before) <= set(after)) is (sealing is Sealing.KEPT)

    def test_are_added_and_removed_by_one_country(self) -> None:
        journey = clean("demo", 1, Shape(sealing=Sealing.ADDED_ON_TRANSIT))

        [entered] = [page for page in journey.frontier_pages if journey.on(page).seals_affixed]
        assert journey.on(entered + 1).seals_removed == journey.on(entered).seals_affixed

    def test_are_replaced_by_a_control(self) -> None:
        journey = clean("demo", 1, Shape(sealing=Sealing.CONTROLLED))

        [control] = [each for each in journey.happenings if isinstance(each, PlannedControl)]
        assert journey.on(control.page).seals_there == control.seals_affixed

    def test_are_none_on_heavy_goods(self) -> None:
        journey = clean("demo", 1, Shape(goods=Goods.HEAVY))

        assert {stamp.seals_there for stamp in journey.stamps} == {()}


class TestPackages:
    @few
    @given(corridors, seeds)
    def test_end_as_many_as_were_loaded(self, corridor: tables.Corridor, seed: int) -> None:
        journey = clean(corridor, seed)
        ended = [
            journey.on(pair.pages[1]).packages_there or 0
            for pair in journey.pairs
            if pair.end.does is StopAction.UNLOAD
        ]

        assert sum(ended) == (journey.freight.packages or 0)

    def test_of_which_a_part_ends_where_the_rest_goes_on(self) -> None:
        journey = clean("demo", 1, Shape(road=Road.GOES_ON))

        part, rest = (journey.on(page).packages_there or 0 for page in (journey.pages - 2, journey.pages))
        assert 0 < part < part + rest == journey.freight.packages


class TestContainers:
    def test_come_with_their_goods_and_are_set_down_with_them(self) -> None:
        for seed in range(20):
            journey = clean("demo", seed, Shape(loads=2, unloads=2, goods=Goods.CONTAINERS))
            for pair in journey.pairs:
                stated = journey.on(pair.pages[1]).containers
                if stated is not None:
                    assert set(stated) == self.aboard(journey, pair.end.planned or 0)

    def aboard(self, journey: Journey, stop: int) -> set[str]:
        """Return the containers whose goods are on board when a stop is reached."""
        goods = journey.freight.consignments
        return {each.container for each in goods if each.load < stop + 1 <= each.unload}
