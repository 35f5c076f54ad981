"""A log that stands still: said on the screens of those who should act, and by policy nothing is issued without it."""

from datetime import timedelta
from typing import Any

import pytest

from carnets.models import Carnet
from tests.growing import Grow
from tests.world import START, World
from tir.kernel.clock import now
from tir.kernel.kept import Kept
from tir.log.models import Checkpoint, Pending
from tir.log.standing import LogStandsStill, stands_still

HOURS = timedelta(hours=1)


def signed_ago(hours: float) -> None:
    """Have the newest checkpoint be of so many hours ago."""
    Checkpoint.objects.update(made_at=now() - hours * HOURS)
    Kept.forget_all()


class TestALogStandsStill:
    def test_four_hours_after_it_last_signed(self, grow: Grow) -> None:
        grow()
        signed_ago(3.9)
        assert not stands_still(now())
        signed_ago(4.1)
        assert stands_still(now())

    def test_also_where_none_has_begun_and_entries_wait(self, db: None) -> None:
        assert not stands_still(now())
        Kept.forget_all()
        Pending.objects.create(kind="stamp", ref="1", hash=b"", since=now() - 5 * HOURS)
        assert stands_still(now())

    def test_though_what_was_signed_is_not_published(self, grow: Grow) -> None:
        grow()
        signed_ago(5)
        newest = Checkpoint.objects.latest("pk")
        Checkpoint.objects.create(
            log=newest.log, size=newest.size, root=newest.root, note=newest.note, made_at=now()
        )
        Kept.forget_all()
        assert stands_still(now())


class TestIssuing:
    def test_waits_for_the_log_where_that_is_set(self, world: World, grow: Grow, settings: Any) -> None:
        grow()
        Checkpoint.objects.update(made_at=START - 5 * HOURS)
        assert world.issue(), "by default nothing is refused"
        settings.TIR_ISSUE_NEEDS_LOG = True

        with pytest.raises(LogStandsStill) as refused:
            world.issue()
        assert refused.value.code == "log_stands_still"
        assert Carnet.objects.count() == 1
        Checkpoint.objects.update(made_at=START - 3 * HOURS)
        assert world.issue()

    def test_alone_waits(self, world: World, grow: Grow, settings: Any) -> None:
        grow()
        carnet = world.issue()
        settings.TIR_ISSUE_NEEDS_LOG = True
        Checkpoint.objects.update(made_at=START - 5 * HOURS)

        assert world.stamp(carnet, 1, START + HOURS).row is not None
