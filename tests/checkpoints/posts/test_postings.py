"""Which office an officer speaks for: by the day at the office, and for some days after a posting ended."""

from datetime import UTC, date, datetime, timedelta

import pytest

from checkpoints.posts.offices import register
from checkpoints.posts.postings import NotPosted, Officer, PostingPeriod
from checkpoints.recording.stamping import record_stamp
from tests.world import World

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ENDED = date(2026, 3, 10)  # the first day that no longer counts
LAST_HOUR = datetime(2026, 3, 9, 18, 59, 59, tzinfo=UTC)  # of 9 March, five hours ahead of UTC
HANDED_IN_BY = datetime(2026, 3, 16, 19, 0, tzinfo=UTC)  # a week after the midnight that began 10 March there


def posted(office: str, since: date, until: date | None = ENDED) -> Officer:
    return Officer(1, [PostingPeriod(register().by_code[office].id, since, until)])


@pytest.mark.django_db
class TestAPosting:
    @pytest.mark.parametrize(
        ("at", "is_posted"),
        [
            (datetime(2026, 2, 28, 18, 59, 59, tzinfo=UTC), False),
            (datetime(2026, 2, 28, 19, 0, tzinfo=UTC), True),  # 1 March has begun at the office
            (LAST_HOUR, True),
            (LAST_HOUR + SECOND, False),
        ],
    )
    def test_holds_for_the_days_at_the_office(self, world: World, at: datetime, is_posted: bool) -> None:
        officer = posted("KZHOR001", date(2026, 3, 1))

        if is_posted:
            assert officer.office_on(at).code == "KZHOR001"
        else:
            with pytest.raises(NotPosted) as refused:
                officer.office_on(at)
            assert refused.value.error_code == "not_posted"

    @pytest.mark.parametrize(("heard_at", "is_taken"), [(HANDED_IN_BY, True), (HANDED_IN_BY + SECOND, False)])
    def test_that_ended_lets_its_stamps_be_handed_in_for_a_week(
        self, world: World, heard_at: datetime, is_taken: bool
    ) -> None:
        officer = posted("KZHOR001", date(2020, 1, 1))

        if is_taken:
            assert officer.office_on(LAST_HOUR, heard_at=heard_at).code == "KZHOR001"
        else:
            with pytest.raises(NotPosted) as refused:
                officer.office_on(LAST_HOUR, heard_at=heard_at)
            assert refused.value.error_code == "posting_ended"

    def test_that_lasts_has_no_end_for_that(self, world: World) -> None:
        officer = posted("KZHOR001", date(2020, 1, 1), None)

        assert officer.office_on(LAST_HOUR, heard_at=LAST_HOUR + 400 * DAY).code == "KZHOR001"


@pytest.mark.django_db
def test_a_stamp_of_a_posting_that_ended_long_ago_is_not_put_on_record(world: World) -> None:
    """Back-dated into the posting, offline, eleven months after its end; a colleague's of today is taken."""
    carnet = world.issue()
    office = register().by_code["CNURC001"]
    former = Officer(world.officers["CNURC001"].pk, [PostingPeriod(office.id, date(2020, 1, 1), ENDED)])
    request = world.request(carnet, 1, LAST_HOUR, is_offline=True)
    late = LAST_HOUR + 330 * DAY

    with pytest.raises(NotPosted):
        record_stamp(request=request, officer=former, at=late)

    assert not carnet.stamps.exists()
    record_stamp(request=request, officer=world.officer("CNURC001"), at=late)
    assert carnet.stamps.count() == 1
