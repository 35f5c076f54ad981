"""In force on a day: the first day counts, the end does not, and without an end it lasts; Python and SQL alike."""

from datetime import date, timedelta

import pytest

from guarantees.models import Association, LiabilityMaximum
from tests.world import World
from tir.kernel.dated import DaySpan, covering, in_force

FIRST, END = date(2026, 3, 1), date(2026, 6, 1)
DAY = timedelta(days=1)
EDGES = [(FIRST - DAY, False), (FIRST, True), (END - DAY, True), (END, False), (END + DAY, False)]


class TestSpan:
    @pytest.mark.parametrize(("day", "covered"), EDGES)
    def test_covers_from_its_first_day_up_to_its_end(self, day: date, covered: bool) -> None:
        assert DaySpan(FIRST, END).covers(day) is covered

    @pytest.mark.parametrize(("day", "covered"), [(FIRST - DAY, False), (FIRST, True), (date.max, True)])
    def test_lasts_without_an_end(self, day: date, covered: bool) -> None:
        assert DaySpan(FIRST).covers(day) is covered

    def test_is_empty_when_it_ends_where_it_begins(self) -> None:
        assert not DaySpan(FIRST, FIRST).covers(FIRST)


class TestInForce:
    def test_is_the_first_that_covers_the_day(self) -> None:
        spans = [DaySpan(FIRST, END), DaySpan(FIRST), DaySpan(END)]

        assert in_force(spans, FIRST) is spans[0]
        assert in_force(spans, END) is spans[1]
        assert in_force(spans, FIRST - DAY) is None


class TestDatedRows:
    @pytest.fixture
    def maximum(self, world: World) -> LiabilityMaximum:
        row = world.associations["KZ"].maxima.get()
        row.valid_from, row.valid_to = FIRST, END
        row.save()
        return row

    @pytest.mark.parametrize(("day", "found"), EDGES)
    def test_are_found_by_python_and_sql_alike(
        self, maximum: LiabilityMaximum, day: date, found: bool
    ) -> None:
        kazakh = maximum.association

        assert maximum.covers(day) is found
        assert kazakh.maxima.in_force_on(day).exists() is found
        assert Association.objects.filter(covering(day, of="maxima"), pk=kazakh.pk).exists() is found

    def test_have_their_span(self, maximum: LiabilityMaximum) -> None:
        assert maximum.span == DaySpan(FIRST, END)
