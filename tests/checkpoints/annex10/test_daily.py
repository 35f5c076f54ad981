"""The daily files: each made once, in order, with what the day recorded, and never changed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnets.models import TirOperation
from checkpoints.annex10 import daily, safetir
from checkpoints.models import SafetirFile, SafetirRecord
from tests.threads import at_once
from tests.world import HOUR, START, World, build, in_order

DAY = timedelta(days=1)
LATER = START + 30 * DAY


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def make(upto: date, at: datetime = LATER) -> list[SafetirFile]:
    return daily.make_files(upto=upto, at=at)


def said(file: SafetirFile, *, exits: bool = True) -> list[tuple[str, str, str]]:
    """Update, page and comment of each record."""
    records = daily.records_of(file, SafetirRecord.objects.all(), with_exits=exits)
    return [(record["UPG"], record["VPN"], record["COM"]) for record in records]


def everything_sent() -> dict[safetir.Key, dict[str, str]]:
    """All files in order, each written and read back, folded."""
    records = []
    for file in SafetirFile.objects.order_by("day"):
        found = daily.records_of(file, SafetirRecord.objects.all(), with_exits=True)
        records += safetir.records_in(safetir.file_of(found))
    return safetir.standing_records(records)


def standing() -> set[tuple[str, str, bool]]:
    """What the projection says of terminations: page, office, and whether the transport ends with it."""
    rows = TirOperation.objects.exclude(termination_stamp=None)
    return {(str(row.pages[1]), row.termination_office, row.is_final) for row in rows}


def folded() -> set[tuple[str, str, bool]]:
    return {(each["VPN"], each["COF"], each["PFD"] == "FD") for each in everything_sent().values()}


class TestMakingFiles:
    def test_begins_with_the_first_stamp_and_leaves_no_day_out(self, world: World) -> None:
        carnet = world.issue()
        end = world.travel(carnet)

        made = make(end.date() + DAY)

        assert [file.day for file in made] == [START.date() + n * DAY for n in range(5)]
        assert sum(file.count for file in made) == 4

    def test_makes_each_file_once(self, world: World) -> None:
        world.travel(world.issue())
        make(START.date() + DAY)

        assert [file.day for file in make(START.date() + 2 * DAY)] == [START.date() + 2 * DAY]
        assert make(START.date()) == []

    def test_is_done_once_by_two_at_once(self, transactional_db: None) -> None:
        world = build()
        world.travel(world.issue())

        at_once(*[lambda: make(START.date() + 4 * DAY)] * 3)

        assert SafetirFile.objects.count() == 5
        assert SafetirRecord.objects.count() == 4

    def test_waits_until_the_day_is_over_and_committed(self, world: World) -> None:
        world.travel(world.issue(), upto=2)
        ready = midnight(START.date() + DAY) + timedelta(minutes=10)

        with pytest.raises(daily.DayNotOver):
            make(START.date(), at=ready - timedelta(seconds=1))

        assert len(make(START.date(), at=ready)) == 1
        assert daily.latest_day_over(ready) == START.date()
        assert daily.latest_day_over(ready - timedelta(seconds=1)) == START.date() - DAY

    def test_has_nothing_to_make_before_the_first_stamp(self, world: World) -> None:
        assert make(START.date()) == []


class TestFiles:
    def test_hold_a_late_stamp_on_the_day_it_was_recorded(self, world: World) -> None:
        carnet = world.issue()
        world.stamp(carnet, 1, START, **in_order(carnet, 1))
        world.stamp(carnet, 2, START + HOUR, is_offline=True, now=START + 5 * DAY, **in_order(carnet, 2))

        made = {file.day: said(file) for file in make(START.date() + 6 * DAY)}

        assert made[START.date()] == []
        assert made[(START + 5 * DAY).date()] == [("N", "2", "")]

    def test_correct_by_cancelling_and_sending_anew(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=2)
        first = carnet.stamps.get(page=2)
        world.stamp(carnet, 2, START + 3 * DAY, cancels=first.pk, cancel_reason="Miscounted.")
        world.stamp(carnet, 2, START + 3 * DAY + HOUR, **{**in_order(carnet, 2), "packages": 419})

        files = make(START.date() + 4 * DAY)

        assert [said(file) for file in files if file.count] == [
            [("N", "2", "")],
            [("C", "2", "Miscounted."), ("N", "2", "")],
        ]
        assert folded() == standing()

    def test_tell_anew_what_a_later_stamp_shows_to_be_something_else(self, world: World) -> None:
        """Page 8 was a part; then its office says that all of it ended there."""
        carnet = world.issue()
        end = world.travel(carnet, but={8: {"goes_on": True}})
        make(end.date())
        late = carnet.stamps.get(page=8)
        world.stamp(carnet, 8, end + DAY, cancels=late.pk, cancel_reason="All of it.", is_offline=True)
        world.stamp(
            carnet, 8, end, is_offline=True, now=end + DAY, seals_intact=True, packages=420, ends_here=True
        )

        files = make((end + 2 * DAY).date())

        assert [
            (each["UPG"], each["PFD"])
            for file in files
            for each in daily.records_of(file, SafetirRecord.objects.all(), with_exits=True)
        ] == [("C", "PD1"), ("N", "FD")]
        assert folded() == standing()

    def test_name_exits_and_leave_them_out_unless_asked_for(self, world: World) -> None:
        end = world.travel(world.issue())
        files = make(end.date())

        assert [page for file in files for _, page, _ in said(file, exits=False)] == ["8"]
        assert [page for file in files for _, page, _ in said(file)] == ["2", "4", "6", "8"]

    @pytest.mark.parametrize(
        ("model", "change"), [(SafetirFile, {"count": 0}), (SafetirRecord, {"position": 9})]
    )
    def test_are_never_changed(
        self, world: World, model: type[SafetirFile | SafetirRecord], change: dict[str, int]
    ) -> None:
        world.travel(world.issue(), upto=2)
        make(START.date() + DAY)
        assert model.objects.exists()

        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.update(**change)

    @given(data=st.data())
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
    def test_fold_to_what_the_projection_says(self, world: World, data: st.DataObject) -> None:
        """Any order of arrival over several days, with rivals and cancellations, through the real ledger."""
        with transaction.atomic():
            carnet = world.issue()
            pages = data.draw(st.lists(st.sampled_from([2, 2, 4, 8]), min_size=1, max_size=5))
            days = sorted(data.draw(st.integers(0, 4)) for _ in pages)
            for index, (page, day) in enumerate(zip(pages, days, strict=True)):
                at = START + data.draw(st.integers(1, 60)) * HOUR
                now = START + day * DAY + index * HOUR
                made = world.stamp(carnet, page, at, now=now, is_offline=True, **in_order(carnet, page))
                if data.draw(st.booleans()):
                    assert made.row is not None
                    world.stamp(
                        carnet, page, at, now=now + data.draw(st.integers(0, 30)) * HOUR, is_offline=True,
                        cancels=made.row["id"], cancel_reason="Wrong.",
                    )  # fmt: skip

            make(START.date() + 8 * DAY)

            assert folded() == standing()
            transaction.set_rollback(True)


class TestCommand:
    def test_prints_the_file_of_a_day(self, world: World, capsys: pytest.CaptureFixture[str]) -> None:
        world.travel(world.issue())

        call_command("safetir", "--day", "2026-03-05")

        records = safetir.records_in(capsys.readouterr().out)
        assert [record["VPN"] for record in records] == ["8"]

    def test_says_that_a_day_is_not_over(self, world: World) -> None:
        with pytest.raises(CommandError, match="can be made from"):
            call_command("safetir", "--day", "2099-01-01")
