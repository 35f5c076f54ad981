"""What is on record, as plain facts: the day at the office, what it faces, whether it was approved."""

from datetime import date, timedelta

import pytest

from carnets.projection.evidence import Facing
from tests.evidence import certify, control, office_facts, when
from tests.world import LONG_AGO, START

DAY = timedelta(days=1)
TODAY = START.date()


class TestOfficeFacts:
    @pytest.mark.parametrize(
        ("zone", "hour", "day"),
        [
            ("Asia/Almaty", 18, date(2026, 3, 2)),
            ("Asia/Almaty", 19, date(2026, 3, 3)),
            ("UTC", 23, date(2026, 3, 2)),
            ("America/New_York", 4, date(2026, 3, 1)),
        ],
    )
    def test_have_the_day_at_their_place(self, zone: str, hour: int, day: date) -> None:
        assert office_facts("KZHOR001", time_zone=zone).day(START.replace(hour=hour, minute=59)) == day

    @pytest.mark.parametrize(("valid_to", "is_approved"), [(None, True), (TODAY + DAY, True), (TODAY, False)])
    def test_are_approved_up_to_and_not_on_the_last_day(
        self, valid_to: date | None, is_approved: bool
    ) -> None:
        assert office_facts("KZHOR001", approved_to=valid_to).is_approved_on(TODAY) is is_approved
        assert not office_facts("KZHOR001", approved_from=TODAY + DAY).is_approved_on(TODAY)

    def test_face_an_office_while_their_crossing_is_in_force(self) -> None:
        faces = (
            Facing("A", LONG_AGO, TODAY),
            Facing("B", LONG_AGO),
            Facing("C", TODAY),
            Facing("D", TODAY + DAY),
        )

        assert office_facts("KZHOR001", faces=faces).partners_on(TODAY) == ("B", "C")


class TestCertification:
    def test_belongs_to_the_day_at_its_office(self) -> None:
        """Page 1 of the sample route is stamped at 16:00 UTC: 21:00 in Almaty. Three hours on it is tomorrow there."""
        assert certify(1).day == when(1).date()
        assert certify(1, when(1) + timedelta(hours=3)).day == when(1).date() + DAY

    def test_is_approved_as_its_office_was_that_day(self) -> None:
        closed = office_facts("CNURC001", approved_to=TODAY)

        assert certify(1).is_approved
        assert not certify(1, office=closed).is_approved


class TestControl:
    @pytest.mark.parametrize(
        ("said", "explains"),
        [
            ({}, False),
            ({"seals_found": ()}, True),
            ({"seals_removed": ("A",)}, True),
            ({"seals_affixed": ("A",)}, True),
            ({"packages": 5}, False),
        ],
    )
    def test_explains_seals_where_it_handled_them(self, said: dict[str, object], explains: bool) -> None:
        assert control("KZALA001", when(3), **said).explains_seals is explains
