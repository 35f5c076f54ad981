"""What people call the parts of a figure."""

from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from guarantees.ceilings import set_ceiling
from guarantees.liability.choices import Dimension, Side
from guarantees.liability.figures import Figures, figures
from guarantees.liability.moments import Moment, View
from guarantees.liability.names import Named, Names
from tests.world import START, World

DAY = timedelta(days=1)


def found(world: World) -> Figures:
    world.issue()
    return figures(View(world.associations["CN"], "EUR", Moment(START + DAY, is_now=True)))[Side.ISSUED]


def test_are_those_of_the_registers(world: World) -> None:
    names = Names([found(world)], START.date())

    holder, guarantee = world.holder, world.guarantee
    assert names.of(Dimension.HOLDER, str(holder.pk)) == Named(holder.reference, holder.name)
    assert names.of(Dimension.GUARANTEE, str(guarantee.pk)) == Named(
        guarantee.reference, guarantee.reference, Decimal(10_000_000)
    )
    assert names.of(Dimension.CORRIDOR, "CN-TJ") == Named("CN-TJ", "CN-TJ")
    assert names.of(Dimension.HOLDER, "") == Named("", "")


def test_give_a_guarantee_its_ceiling_of_the_day(world: World) -> None:
    figure = found(world)
    first = START.date() + 5 * DAY
    set_ceiling(guarantee_id=world.guarantee.pk, ceiling=Decimal(300_000), valid_from=first, at=START)

    ceilings = [
        Names([figure], day).of(Dimension.GUARANTEE, str(world.guarantee.pk)).ceiling
        for day in (first - DAY, first)
    ]

    assert ceilings == [10_000_000, 300_000]


def test_cost_no_statement_a_row(world: World) -> None:
    names = Names([found(world)], START.date())

    with CaptureQueriesContext(connection) as asked:
        names.of(Dimension.HOLDER, str(world.holder.pk))
        names.of(Dimension.GUARANTEE, str(world.guarantee.pk))

    assert len(asked) == 0
