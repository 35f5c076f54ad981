"""Refused attempts to stamp stay on record as scans, whatever their numbers and pages are."""

from dataclasses import replace

import pytest

from checkpoints.models import Scan
from checkpoints.posts.postings import Officer
from checkpoints.recording.stamping import OutcomeKind, StampRefused, record_stamps
from tests.world import HOUR, START, World

AT = START + HOUR


class TestKeep:
    def test_keeps_a_refusal_and_not_the_same_stamp_once_it_is_taken(self, world: World) -> None:
        carnet = world.issue()

        with pytest.raises(StampRefused):
            world.stamp(carnet, 15, AT, "CNURC001")
        world.stamp(carnet, 1, AT)

        scan = Scan.objects.get()
        assert (scan.purpose, scan.verdict, scan.codes) == ("stamp", "stop", ["page_range"])
        assert (scan.carnet_number, scan.page) == (carnet.number, 15)
        assert (scan.office.code if scan.office else "", scan.officer) == (
            "CNURC001", world.officers["CNURC001"],
        )  # fmt: skip

    def test_keeps_of_a_batch_what_was_refused_and_nothing_twice(self, world: World) -> None:
        """A replay is answered with the first, and of two rivals from offline both are kept: neither is refused."""
        carnet = world.issue()
        first = world.request(carnet, 1, AT, is_offline=True)
        rival = world.request(carnet, 1, AT + HOUR, is_offline=True)
        unknown = replace(world.request(carnet, 2, AT, is_offline=True), number="XZ99009999")

        outcomes = world.batch("CNURC001", [first, first, rival, unknown], AT + HOUR)

        assert [outcome.kind for outcome in outcomes] == [
            OutcomeKind.RECORDED, OutcomeKind.DUPLICATE, OutcomeKind.CONFLICT, OutcomeKind.REJECTED,
        ]  # fmt: skip
        assert list(Scan.objects.values_list("carnet_number", "codes")) == [
            ("XZ99009999", ["carnet_unknown"])
        ]

    @pytest.mark.parametrize(("page", "kept"), [(0, 0), (31_999, 31_999), (-1, None), (32_768, None)])
    def test_leaves_out_a_page_that_no_column_holds(self, world: World, page: int, kept: int | None) -> None:
        world.batch("CNURC001", [world.request(world.issue(), page, AT)], AT)

        assert Scan.objects.get().page == kept

    def test_cuts_a_number_that_no_column_holds(self, world: World) -> None:
        request = replace(world.request(world.issue(), 1, AT), number="X" * 25)

        world.batch("CNURC001", [request], AT)

        assert Scan.objects.get().carnet_number == "X" * 24

    def test_keeps_who_tried_without_a_posting(self, world: World) -> None:
        user = world.staff["CN"]
        request = world.request(world.issue(), 1, AT)

        record_stamps(requests=[request], officer=Officer(user.pk, []), at=AT)

        scan = Scan.objects.get()
        assert (scan.office, scan.officer, scan.codes) == (None, user, ["not_posted"])
