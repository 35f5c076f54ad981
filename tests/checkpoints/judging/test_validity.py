"""Rules about the paper, the clock, the holder and the office: each by a test of its own name, on plain facts."""

from datetime import date, timedelta
from typing import Any

import pytest

from carnets.choices import CarnetStatus, Control, Made
from carnets.projection.record import Exclusion
from checkpoints.judging import validity
from guarantees.choices import HolderStatus
from tests.checkpoints.judging.cases import DAY, MINUTE, TODAY, assert_rule, case, judged, office
from tests.evidence import certify, plan_of, when
from tests.world import HOUR, LONG_AGO, START
from tir.kernel.rules import Level


@pytest.mark.parametrize(("page", "holds"), [(1, True), (14, True), (15, False), (0, False), (-1, False)])
def test_page_is_in_the_carnet(page: int, holds: bool) -> None:
    assert_rule(validity.page_is_in_the_carnet, case(page, before=[]), holds=holds)


@pytest.mark.parametrize(
    ("page", "said", "holds"),
    [
        (3, {}, True),
        (3, {"reservation": "two cartons wet"}, False),
        (3, {"goes_on": True}, False),
        (3, {"is_suspension": True}, False),
        (3, {"ends_here": True}, False),
        (
            4,
            {"reservation": "two cartons wet", "goes_on": True, "is_suspension": True, "ends_here": True},
            True,
        ),
    ],
)
def test_what_is_certified_has_a_box(page: int, said: dict[str, Any], holds: bool) -> None:
    """Boxes 24 to 28 are voucher No. 2's (Annex 1)."""
    this = case(page, said=certify(page, **said))

    assert_rule(validity.what_is_certified_has_a_box, this, holds=holds)
    if not holds:
        assert this.said is not None
        finding = judged(validity.what_is_certified_has_a_box, this)
        assert finding is not None
        assert (finding.code, finding.level) == ("no_such_box", Level.STOP)


@pytest.mark.parametrize(
    ("page", "packages", "is_presented", "holds"),
    [(3, None, False, True), (3, 420, False, False), (3, 420, True, True), (4, 420, False, True)],
)
def test_packages_are_certified_on_the_second_voucher(
    page: int, packages: int | None, is_presented: bool, holds: bool
) -> None:
    """Kept and compared with nothing, but for a carnet begun elsewhere, whose paper the first office takes over."""
    plan = plan_of(is_presented=is_presented)
    this = case(page, said=certify(page, packages=packages), plan=plan)

    assert_rule(validity.packages_are_certified_on_the_second_voucher, this, holds=holds)


@pytest.mark.parametrize(("ahead", "holds"), [(-DAY, True), (10 * MINUTE, True), (11 * MINUTE, False)])
def test_time_is_not_in_the_future(ahead: timedelta, holds: bool) -> None:
    assert_rule(validity.time_is_not_in_the_future, case(1, at=START + ahead, now=START), holds=holds)


@pytest.mark.parametrize(
    ("behind", "is_online", "is_backdated", "holds"),
    [
        (10 * MINUTE, True, False, True),
        (11 * MINUTE, True, False, False),
        (11 * MINUTE, False, False, True),  # from offline it comes later of course
        (11 * MINUTE, True, True, True),  # played in a sandbox as of then
        (-5 * MINUTE, True, False, True),
    ],
)
def test_clock_is_not_behind(behind: timedelta, is_online: bool, is_backdated: bool, holds: bool) -> None:
    plan = plan_of(is_backdated=is_backdated)
    this = case(1, said=certify(1), now=when(1) + behind, is_online=is_online, plan=plan)

    assert_rule(validity.clock_is_not_behind, this, holds=holds)


@pytest.mark.parametrize(
    ("late", "said", "holds"),
    [
        (3 * DAY, {"made": Made.OFFLINE}, True),
        (3 * DAY + MINUTE, {"made": Made.OFFLINE}, False),
        (3 * DAY + MINUTE, {"made": Made.HANDED_IN}, False),
        (3 * DAY + MINUTE, {"made": Made.CORRECTED}, True),  # customs answer a request: they have looked
        (3 * DAY + MINUTE, {"made": Made.EXCHANGED}, True),
        (MINUTE, {"made": Made.OFFLINE, "is_vouched": False}, False),  # from a device that nobody enrolled
    ],
)
def test_stamp_arrives_in_time_from_a_known_device(
    late: timedelta, said: dict[str, Any], holds: bool
) -> None:
    said = {**said, "recorded_at": when(4) + late}
    this = case(4, said=certify(4, **said), now=when(4) + late, is_online=False)

    assert_rule(validity.stamp_arrives_in_time_from_a_known_device, this, holds=holds)


@pytest.mark.parametrize(("after", "holds"), [(DAY, True), (-10 * MINUTE, True), (-11 * MINUTE, False)])
def test_time_is_after_the_issue(after: timedelta, holds: bool) -> None:
    assert_rule(validity.time_is_after_the_issue, case(1, at=START + after), holds=holds)


@pytest.mark.parametrize(
    ("control", "holds"),
    [
        (Control.NONE, True),
        (Control.EXPIRED, True),  # its first stamp may have come late; the day of acceptance itself is judged
        (Control.INVALIDATED, False),
        (Control.LOST, False),
        (Control.STOLEN, False),
    ],
)
def test_carnet_is_in_circulation(control: Control, holds: bool) -> None:
    assert_rule(validity.carnet_is_in_circulation, case(1, control=control, control_at=START), holds=holds)


@pytest.mark.parametrize(
    ("status", "holds"), [(CarnetStatus.TERMINATED, True), (CarnetStatus.RETURNED, False)]
)
def test_carnet_was_not_returned(status: CarnetStatus, holds: bool) -> None:
    assert_rule(validity.carnet_was_not_returned, case(7, status=status), holds=holds)


@pytest.mark.parametrize(
    ("page", "days_late", "holds"),
    [(1, 0, True), (1, 1, False), (2, 1, True), (3, 100, True), (8, 100, True)],
)
def test_carnet_is_accepted_in_time(page: int, days_late: int, holds: bool) -> None:
    """Once accepted in time the carnet is good to the end (art. 9(2))."""
    at = START + (30 + days_late) * DAY

    assert_rule(validity.carnet_is_accepted_in_time, case(page, at=at), holds=holds)


@pytest.mark.parametrize(
    ("page", "status", "holds"),
    [
        (1, HolderStatus.AUTHORISED, True),
        (1, HolderStatus.SUSPENDED, False),
        (1, HolderStatus.WITHDRAWN, False),
        (1, HolderStatus.ENDED, False),
        (3, HolderStatus.WITHDRAWN, True),  # accepted in time it stays valid to the end (art. 9(2))
        (4, HolderStatus.WITHDRAWN, True),
    ],
)
def test_holder_is_authorised(page: int, status: HolderStatus, holds: bool) -> None:
    assert_rule(validity.holder_is_authorised, case(page, holder_status=status), holds=holds)


@pytest.mark.parametrize(
    ("page", "exclusion", "holds"),
    [
        (3, Exclusion("KZ", TODAY, None), False),
        (3, Exclusion("KZ", TODAY, TODAY + 30 * DAY), False),
        (3, Exclusion("KZ", LONG_AGO, TODAY + DAY), True),  # the page is reached on the day after
        (3, Exclusion("KZ", TODAY + 30 * DAY, None), True),
        (3, Exclusion("UZ", TODAY, None), True),
        (4, Exclusion("KZ", TODAY, None), True),
    ],
)
def test_holder_is_not_excluded_here(page: int, exclusion: Exclusion, holds: bool) -> None:
    assert_rule(validity.holder_is_not_excluded_here, case(page, exclusions=[exclusion]), holds=holds)


@pytest.mark.parametrize(
    ("page", "has_guarantor", "holds"),
    [(1, True, True), (1, False, False), (3, False, False), (4, False, True)],
)
def test_territory_has_a_guarantor(page: int, has_guarantor: bool, holds: bool) -> None:
    assert_rule(validity.territory_has_a_guarantor, case(page, has_guarantor=has_guarantor), holds=holds)


@pytest.mark.parametrize(
    ("page", "until", "holds"),
    [(1, TODAY, True), (1, TODAY - DAY, False), (1, None, True), (3, TODAY - DAY, True)],
)
def test_approval_is_valid_when_the_transport_starts(page: int, until: date | None, holds: bool) -> None:
    this = case(page, approval_until=until)

    assert_rule(validity.approval_is_valid_when_the_transport_starts, this, holds=holds)


@pytest.mark.parametrize(
    ("approved_from", "approved_to", "holds"),
    [
        (LONG_AGO, None, True),
        (LONG_AGO, TODAY + 2 * DAY, True),  # page 3 is reached on the day after the issue
        (LONG_AGO, TODAY + DAY, False),
        (TODAY + DAY, None, True),
        (TODAY + 2 * DAY, None, False),
    ],
)
def test_office_is_approved_that_day(approved_from: date, approved_to: date | None, holds: bool) -> None:
    where = office("KZHOR001", approved_from=approved_from, approved_to=approved_to)

    assert_rule(validity.office_is_approved_that_day, case(3, by=where), holds=holds)


@pytest.mark.parametrize(
    ("page", "by", "holds"),
    [
        (3, "KZHOR001", True),
        (3, "KZALA001", False),
        (4, "KZQZQ001", True),
        (8, "TJDUS001", False),
        (1, "CNHRS001", True),
        (2, "CNURC001", False),
    ],
)
def test_office_is_approved_for_the_role(page: int, by: str, holds: bool) -> None:
    assert_rule(validity.office_is_approved_for_the_role, case(page, by=by), holds=holds)


class TestAtATermination:
    """What was presented at a No. 2 goes on record (art. 28): what stops a start is a look there."""

    WRONG = {"control": Control.STOLEN, "control_at": START, "status": CarnetStatus.RETURNED}

    @pytest.mark.parametrize(("page", "level"), [(3, Level.STOP), (4, Level.LOOK)])
    @pytest.mark.parametrize(
        "rule",
        [
            validity.carnet_is_in_circulation,
            validity.carnet_was_not_returned,
            validity.office_is_approved_that_day,
        ],
    )
    def test_is_a_closer_look(self, rule: Any, page: int, level: Level) -> None:
        closed = office("KZHOR001" if page == 3 else "KZQZQ001", approved_to=TODAY)

        finding = judged(rule, case(page, by=closed, **self.WRONG))

        assert finding is not None
        assert finding.level is level

    def test_from_offline_a_time_ahead_is_a_closer_look(self) -> None:
        """Reconciliation flags it; it cannot be refused any more."""
        levels = [
            judged(
                validity.time_is_not_in_the_future, case(1, at=START + HOUR, now=START, is_online=is_online)
            )
            for is_online in (True, False)
        ]

        assert [finding.level for finding in levels if finding] == [Level.STOP, Level.LOOK]


class TestTheDayAtTheOffice:
    @pytest.mark.parametrize(("hour", "holds"), [(18, True), (19, False)])
    def test_decides_about_acceptance(self, hour: int, holds: bool) -> None:
        """Almaty is five hours ahead: at 19:00 UTC the next day has begun there."""
        at = START.replace(hour=hour, minute=30) + 30 * DAY

        assert_rule(validity.carnet_is_accepted_in_time, case(1, at=at), holds=holds)

    @pytest.mark.parametrize(("first", "last", "holds"), [(1, None, True), (0, 1, False)])
    def test_decides_about_an_exclusion_and_not_the_day_it_was_told(
        self, first: int, last: int | None, holds: bool
    ) -> None:
        """Stamped offline, told two days later: what began the day after does not matter, what ended then does."""
        said = certify(3)
        day = case(3, said=said).day
        exclusion = Exclusion("KZ", day + first * DAY, None if last is None else day + last * DAY)
        this = case(3, said=said, now=said.occurred_at + 2 * DAY, is_online=False, exclusions=[exclusion])

        assert_rule(validity.holder_is_not_excluded_here, this, holds=holds)
