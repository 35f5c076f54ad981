"""What stamping reads of each territory: its own numbers and clocks, else those of everyone."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from carnets.projection.plan import Practices
from checkpoints.posts.territories import practices, territories
from guarantees.models import ClockRule, CustomsTerritory
from tests.world import LONG_AGO, START, World
from tir.kernel.kept import Kept

DAY = timedelta(days=1)


def change(world: World, code: str, **numbers: object) -> None:
    CustomsTerritory.objects.filter(pk=world.territories[code].pk).update(**numbers)


def practice(world: World, code: str) -> Practices:
    return practices()[world.territories[code].pk]


class TestTerritories:
    def test_are_all_there_are_by_key(self, world: World) -> None:
        found = territories()

        assert {key: territory.code for key, territory in found.items()} == {
            world.territories[code].pk: code for code in ("CN", "EAEU", "UZ", "TJ")
        }

    def test_are_read_once_and_then_kept(self, world: World) -> None:
        with CaptureQueriesContext(connection) as first:
            territories()
        with CaptureQueriesContext(connection) as second:
            territories()

        assert (len(first), len(second)) == (1, 0)


class TestPractices:
    def test_are_each_territorys_own(self, world: World) -> None:
        change(world, "EAEU", default_transit_days=15, grace_hours=48, mass_tolerance=50, reports=False)

        own, other = practice(world, "EAEU"), practice(world, "UZ")

        assert (own.transit_days, own.grace_hours, own.mass_tolerance, own.reports) == (15, 48, 50, False)
        assert (other.transit_days, other.grace_hours, other.mass_tolerance, other.reports) == (
            10, 24, 20, True,
        )  # fmt: skip

    def test_have_the_clocks_of_everyone_where_a_territory_has_none(self, world: World) -> None:
        usual = practice(world, "UZ")

        assert usual.longest_offline.end(START) == START + 3 * DAY
        assert usual.longest_time_limit.end(START) == START + 90 * DAY
        assert usual.suspension.end(START) == START + 30 * DAY

    def test_have_a_territorys_own_clock_before_that_of_everyone(self, world: World) -> None:
        for clock, days in (("longest_offline", 7), ("longest_time_limit", 60), ("suspension", 45)):
            ClockRule.objects.create(
                clock=clock, territory=world.territories["EAEU"], days=days, valid_from=LONG_AGO,
                article="practice",
            )  # fmt: skip
        Kept.forget_all()

        own = practice(world, "EAEU")

        assert own.longest_offline.end(START) == START + 7 * DAY
        assert own.longest_time_limit.end(START) == START + 60 * DAY
        assert own.suspension.end(START) == START + 45 * DAY
        assert practice(world, "UZ").suspension.end(START) == START + 30 * DAY

    def test_change_in_a_process_once_it_reads_them_anew(self, world: World) -> None:
        assert practice(world, "EAEU").grace_hours == 24
        change(world, "EAEU", grace_hours=72)
        assert practice(world, "EAEU").grace_hours == 24

        Kept.forget_all()

        assert practice(world, "EAEU").grace_hours == 72
