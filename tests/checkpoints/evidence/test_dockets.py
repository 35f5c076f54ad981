"""Where an accepted paper lies among the stamps: by its day, between those of the pages around it."""

from datetime import datetime, timedelta

import pytest

from checkpoints.evidence.dockets import placed
from tests.evidence import certify, when
from tests.world import HOUR

YEAR = timedelta(days=365)


@pytest.mark.parametrize(
    ("before", "after", "lies"),
    [
        (when(1), when(5), when(4)),  # the end of its day
        (when(1), when(4) - 5 * HOUR, when(4) - 5 * HOUR),  # it had happened by what was stamped further on
        (when(1), when(3) - YEAR, when(4)),  # by a clock a year behind nothing is said
        (None, when(4) - 5 * HOUR, when(4) - 5 * HOUR),
        (when(4) + HOUR, when(6), when(4)),
    ],
)
def test_a_proof_lies_before_later_pages_but_not_before_earlier_ones(
    before: datetime | None, after: datetime, lies: datetime
) -> None:
    stamped = {3: certify(3, after)} | ({} if before is None else {1: certify(1, before)})

    assert placed(certify(2, when(4), is_proof=True), stamped).occurred_at == lies
