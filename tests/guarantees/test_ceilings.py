"""Ceilings are dated: what may be reserved goes by the day, and a past day keeps the ceiling it had."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from guarantees import exposure
from guarantees.ceilings import CeilingOutOfOrder, ceilings_on, follow_terms, set_ceiling, terms_on
from guarantees.liability.history import sums_of_ceilings
from guarantees.liability.moments import Moment, View
from guarantees.models import Guarantee, GuaranteeCeiling
from tests.world import HOUR, LONG_AGO, START, World

DAY = timedelta(days=1)
TODAY = START.date()
OLD, NEW = Decimal(10_000_000), Decimal(100_000)


def change(world: World, ceiling: Decimal, valid_from: date, at: datetime = START) -> GuaranteeCeiling:
    return set_ceiling(guarantee_id=world.guarantee.pk, ceiling=ceiling, valid_from=valid_from, at=at)


class TestAGuarantee:
    def test_has_from_its_first_day_the_ceiling_it_was_made_with(self, world: World) -> None:
        row = world.guarantee.ceilings.get()

        assert (row.ceiling, row.max_open_carnets, row.valid_from, row.valid_to) == (
            OLD,
            None,
            LONG_AGO,
            None,
        )
        assert terms_on(world.guarantee, LONG_AGO - DAY) is None

    @pytest.mark.parametrize(
        ("day", "ceiling"),
        [(TODAY - DAY, OLD), (TODAY, NEW), (TODAY + DAY, NEW)],
        ids=["before", "on", "after"],
    )
    def test_covers_on_each_day_what_it_did_then(self, world: World, day: date, ceiling: Decimal) -> None:
        change(world, NEW, TODAY)
        view = View(world.associations["CN"], "EUR", Moment(START))

        assert ceilings_on([world.guarantee.pk], day) == {world.guarantee.pk: ceiling}
        assert sums_of_ceilings(view, [day]) == {day: ceiling}

    def test_rewrites_no_past_day(self, world: World) -> None:
        change(world, NEW, TODAY)

        with pytest.raises(CeilingOutOfOrder):
            change(world, OLD, TODAY)
        assert change(world, OLD, TODAY + DAY).ceiling == OLD

    def test_never_has_two_ceilings_at_once(self, world: World) -> None:
        with pytest.raises(IntegrityError, match="guarantee_ceiling_once"), transaction.atomic():
            GuaranteeCeiling.objects.create(guarantee=world.guarantee, ceiling=1, valid_from=TODAY)


class TestReserving:
    def test_goes_by_the_ceiling_of_the_day_at_the_association(self, world: World) -> None:
        """It is 3 March in China from 16:00 UTC on."""
        change(world, NEW, TODAY + DAY)
        eve, morning = START.replace(hour=15, minute=59), START.replace(hour=16)
        world.issue(at=eve - HOUR)
        world.issue(at=eve)

        with pytest.raises(exposure.GuaranteeCeilingExceeded) as refused:
            world.issue(at=morning)

        assert refused.value.facts["ceiling"] == NEW

    def test_stops_at_a_ceiling_that_was_lowered_below_what_is_in_use(self, world: World) -> None:
        world.issue()
        world.issue()

        change(world, Decimal(50_000), TODAY + DAY, at=START + DAY)

        guarantee = Guarantee.objects.get()
        assert guarantee.exposure == guarantee.ceiling == 200_000
        assert terms_on(guarantee, TODAY + DAY).ceiling == 50_000  # type: ignore[union-attr]
        with pytest.raises(exposure.GuaranteeCeilingExceeded):
            world.issue(at=START + DAY)

    def test_is_held_to_the_ceiling_by_postgresql_as_well(self, world: World) -> None:
        change(world, NEW, TODAY)
        world.issue()

        with pytest.raises(IntegrityError, match="guarantee_exposure_within_ceiling"), transaction.atomic():
            Guarantee.objects.update(exposure=NEW + 1)


class TestFollowing:
    def test_brings_the_columns_to_terms_whose_day_has_come(self, world: World) -> None:
        change(world, NEW, TODAY + DAY)
        morning = START.replace(hour=16)

        moved = [follow_terms(at=at) for at in (morning - HOUR, morning, morning)]

        assert moved == [0, 1, 0]
        assert Guarantee.objects.get().ceiling == NEW
