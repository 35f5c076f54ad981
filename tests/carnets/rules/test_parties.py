"""Rules about who: each by a test of its own name, with rows where it holds and rows where it does not."""

from datetime import date

import pytest

from carnets.rules import ISSUE, Quota, parties
from guarantees.choices import HolderStatus
from guarantees.models import Association
from tests.carnets.rules.applications import (
    DAY,
    OURS,
    THEIRS,
    TODAY,
    application,
    assert_rule,
    guarantee,
    holder,
)


@pytest.mark.parametrize(("association", "holds"), [(OURS, True), (THEIRS, False)])
def test_holder_belongs_to_the_association(association: Association, holds: bool) -> None:
    case = application(holder=holder(association=association))

    assert_rule(parties.holder_belongs_to_the_association, case, holds=holds)


@pytest.mark.parametrize(
    ("status", "holds"),
    [
        (HolderStatus.AUTHORISED, True),
        (HolderStatus.SUSPENDED, False),
        (HolderStatus.WITHDRAWN, False),
        (HolderStatus.ENDED, False),
    ],
)
def test_holder_is_authorised_at_issue(status: HolderStatus, holds: bool) -> None:
    assert_rule(parties.holder_is_authorised_at_issue, application(holder=holder(status=status)), holds=holds)


@pytest.mark.parametrize(("authorised_from", "holds"), [(TODAY, True), (TODAY + DAY, False)])
def test_holder_is_authorised_by_then(authorised_from: date, holds: bool) -> None:
    case = application(holder=holder(authorised_from=authorised_from))

    assert_rule(parties.holder_is_authorised_by_then, case, holds=holds)


def test_a_holder_authorised_from_tomorrow_is_told_the_day_and_no_status() -> None:
    found = ISSUE.findings(
        application(holder=holder(authorised_from=date(2026, 3, 3)), issued_on=date(2026, 3, 2))
    )

    assert [finding.code for finding in found] == ["holder_not_authorised"]
    assert "from 2026-03-03 only" in found[0].detail


@pytest.mark.parametrize(("excluded_in", "holds"), [(frozenset(), True), (frozenset({"UZ", "TJ"}), False)])
def test_holder_is_not_excluded_on_the_route(excluded_in: frozenset[str], holds: bool) -> None:
    case = application(excluded_in=excluded_in)

    assert_rule(parties.holder_is_not_excluded_on_the_route, case, holds=holds)


@pytest.mark.parametrize(
    ("allowed", "outstanding", "holds"),
    [(None, 900, True), (3, 2, True), (3, 3, False), (3, 4, False), (0, 0, False)],
)
def test_holder_quota_is_not_used_up(allowed: int | None, outstanding: int, holds: bool) -> None:
    case = application(quota=Quota(allowed=allowed, outstanding=outstanding))

    assert_rule(parties.holder_quota_is_not_used_up, case, holds=holds)


@pytest.mark.parametrize(("association", "holds"), [(OURS, True), (THEIRS, False)])
def test_guarantee_belongs_to_the_association(association: Association, holds: bool) -> None:
    case = application(guarantee=guarantee(association=association))

    assert_rule(parties.guarantee_belongs_to_the_association, case, holds=holds)


@pytest.mark.parametrize(("holder_id", "holds"), [(None, True), (10, True), (11, False)])
def test_guarantee_covers_the_holder(holder_id: int | None, holds: bool) -> None:
    case = application(guarantee=guarantee(holder_id=holder_id))

    assert_rule(parties.guarantee_covers_the_holder, case, holds=holds)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "holds"),
    [
        (TODAY, None, True),
        (TODAY, TODAY + DAY, True),
        (TODAY + DAY, None, False),
        (TODAY - DAY, TODAY, False),
    ],
)
def test_guarantee_is_in_force_at_issue(valid_from: date, valid_to: date | None, holds: bool) -> None:
    case = application(guarantee=guarantee(valid_from=valid_from, valid_to=valid_to))

    assert_rule(parties.guarantee_is_in_force_at_issue, case, holds=holds)
