"""The rows behind a figure: narrowed by each key and by age, oldest first, in full where they are shown."""

from datetime import timedelta
from decimal import Decimal

import pytest

from guarantees.liability.choices import Side
from guarantees.liability.moments import Moment, View
from guarantees.liability.operations import Narrowing, claimed, periods, total, whole
from guarantees.models import LiabilityPeriod
from tests.guarantees.claiming import demand, notify, open_claim
from tests.world import HOUR, START, World

DAY = timedelta(days=1)


def view(world: World, country: str = "KZ", days: int = 1) -> View:
    return View(world.associations[country], "EUR", Moment(START + days * DAY, is_now=True))


@pytest.fixture
def two(world: World) -> World:
    """Two lorries that entered Kazakhstan, on 3 and on 13 March, and stay there."""
    for since in (START, START + 10 * DAY):
        world.travel(world.issue(at=since), upto=3, since=since + HOUR)
    return world


class TestNarrowing:
    @pytest.mark.parametrize(
        ("key", "count"),
        [
            ({}, 2),
            ({"country": "KZ"}, 2),
            ({"country": "UZ"}, 0),
            ({"corridor": "CN-TJ"}, 2),
            ({"corridor": "CN-UZ"}, 0),
            ({"holder_id": 999}, 0),
        ],
    )
    def test_leaves_the_rows_with_the_key(self, two: World, key: dict[str, object], count: int) -> None:
        assert periods(view(two, days=20), Side.TERRITORY, Narrowing(**key)).count() == count  # type: ignore[arg-type]

    def test_is_by_holder_guarantee_and_issuer(self, two: World) -> None:
        own = Narrowing(
            holder_id=two.holder.pk, guarantee_id=two.guarantee.pk, issuer_id=two.associations["CN"].pk
        )

        assert periods(view(two, days=20), Side.TERRITORY, own).count() == 2
        other = Narrowing(issuer_id=two.associations["UZ"].pk)
        assert periods(view(two, days=20), Side.TERRITORY, other).count() == 0

    @pytest.mark.parametrize(
        ("days", "ages", "counts"),
        [
            (20, ((0, 9), (9, 20)), (0, 2)),
            (30, ((0, 30), (30, None)), (2, 0)),
            (31, ((0, 30), (30, None)), (1, 1)),
            (41, ((0, 30), (30, 60)), (0, 2)),
        ],
        ids=["19 and 9 days", "29 and 19 days", "30 and 20 days", "40 and 30 days"],
    )
    def test_by_age_counts_days_since_entry(
        self,
        two: World,
        days: int,
        ages: tuple[tuple[int, int | None], ...],
        counts: tuple[int, ...],
    ) -> None:
        found = tuple(
            periods(view(two, days=days), Side.TERRITORY, Narrowing(age=age)).count() for age in ages
        )

        assert found == counts


class TestPeriods:
    def test_come_oldest_first_and_add_up(self, two: World) -> None:
        found = periods(view(two, days=20), Side.TERRITORY)

        assert [row.since for row in found] == [START + 31 * HOUR, START + 10 * DAY + 31 * HOUR]
        assert (total(found).amount, total(found).count) == (Decimal(120_000), 2)
        assert total(found.none()).amount == 0

    def test_of_a_past_instant_are_those_open_then(self, two: World) -> None:
        then = View(two.associations["KZ"], "EUR", Moment(START + 5 * DAY))

        assert periods(then, Side.TERRITORY).count() == 1

    def test_are_given_in_full_in_the_order_asked_for(self, two: World) -> None:
        keys = list(periods(view(two, days=20), Side.TERRITORY).values_list("id", flat=True))

        assert [row.pk for row in whole(reversed(keys))] == keys[::-1]
        assert LiabilityPeriod.objects.count() > len(keys)


class TestClaimed:
    def test_are_the_operations_beyond_contingent(self, world: World) -> None:
        claim = open_claim(world)
        seen = view(world, days=200)
        stages = [[(row.stage, row.claimed, row.open) for row in claimed(seen, Side.TERRITORY)]]

        notify(claim, START.date() + 60 * DAY)
        stages.append([(row.stage, row.claimed, row.open) for row in claimed(seen, Side.TERRITORY)])
        demand(claim, START.date() + 120 * DAY, amount=Decimal(500))
        stages.append([(row.stage, row.claimed, row.open) for row in claimed(seen, Side.TERRITORY)])

        assert stages == [[], [("notified", 0, 60_000)], [("claimed", 500, 60_000)]]

    def test_are_never_a_carnet_as_a_whole(self, world: World) -> None:
        notify(open_claim(world), START.date() + 60 * DAY)

        assert claimed(view(world, "CN", days=200), Side.ISSUED) == []
        assert len(claimed(view(world, "CN", days=200), Side.UNDER_WAY)) == 1
        assert claimed(view(world, days=200), Side.TERRITORY, carnets=["XX00000000"]) == []
