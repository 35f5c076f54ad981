"""Four planted carnets, the record that agrees with them, and a comparison as it is shown."""

from datetime import timedelta

from checkpoints.simulation import table
from checkpoints.simulation.comparing import OnRecord, TruthComparison
from checkpoints.simulation.truth import CarnetTruth, Due, Truth
from tests.simulation.conftest import UNTIL

CLEAN = CarnetTruth("XZ99000001", None, (), 4, 4)
LATE = CarnetTruth("XC99000002", "pkg_short", (("pkg_short", 4),), 3, 4, is_honest=False)
RESHUFFLED = CarnetTruth("XF99000003", "offline_shuffled", (), 3, 3)
DUE = Due("overdue", 4, UNTIL + timedelta(days=3))
UNDER_WAY = CarnetTruth("RX99000004", "still_on_the_way", (), 1, 4, (DUE,))
TRUTH = Truth(1, UNTIL, (CLEAN, LATE, RESHUFFLED, UNDER_WAY))
RECORDED = {
    CLEAN.number: OnRecord({}, False, 4, 4),
    LATE.number: OnRecord({("pkg_short", 4): UNTIL}, False, 4, 3),
    RESHUFFLED.number: OnRecord({}, False, 3, 3),
    UNDER_WAY.number: OnRecord({}, False, 4, 1),
}


def shown(comparison: TruthComparison) -> str:
    return "\n".join(table.lines(comparison))
