"""Which office an officer speaks for, and how long what was stamped there may still be handed in."""

from datetime import UTC, date, datetime, timedelta

import pytest

from checkpoints.posts.postings import NotPosted, officer_of
from tests.world import HOUR, START, World

LAST = datetime(2026, 3, 16, 19, 0, tzinfo=UTC)  # seven days after 10 March began in Almaty
MOMENT = timedelta(microseconds=1)


class TestAPostingThatEnded:
    def test_lets_its_stamps_be_handed_in_for_seven_days_of_the_office(self, world: World) -> None:
        user = world.officers["KZHOR001"]
        user.postings.update(valid_to=date(2026, 3, 10))
        officer = officer_of(user.pk)

        assert officer.office_on(START, heard_at=LAST).code == "KZHOR001"
        with pytest.raises(NotPosted) as refused:
            officer.office_on(START, heard_at=LAST + MOMENT)

        assert refused.value.error_code == "posting_ended"
        assert refused.value.facts == {"office": "KZHOR001", "ended_on": date(2026, 3, 10)}

    def test_ends_as_its_day_begins_at_the_office(self, world: World) -> None:
        user = world.officers["KZHOR001"]
        user.postings.update(valid_to=date(2026, 3, 10))
        officer, midnight = officer_of(user.pk), datetime(2026, 3, 9, 19, 0, tzinfo=UTC)

        assert officer.office_on(midnight - MOMENT).code == "KZHOR001"
        with pytest.raises(NotPosted) as refused:
            officer.office_on(midnight)

        assert refused.value.error_code == "not_posted"

    def test_that_lasts_is_heard_whenever(self, world: World) -> None:
        officer = officer_of(world.officers["KZHOR001"].pk)

        assert officer.office_on(START, heard_at=LAST + 900 * HOUR).code == "KZHOR001"
