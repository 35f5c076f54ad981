"""Pairs that nobody stamped: was the road taken without them, or is something missing?"""

from carnets.projection.alignment import Alignment


def gaps_in(alignment: Alignment) -> frozenset[int]:
    """Return the pairs that nobody stamped though the transport went on and the stamps around them do not meet: where
    the office it left by faces the one it entered by, it took a road without them."""
    used = alignment.standing.used
    gaps: set[int] = set()
    for sequence in range(1, min(max(used, default=0), len(alignment.plan.legs) + 1)):
        if (
            sequence in used
            or not alignment.plan.practice(alignment.plan.legs[sequence - 1].territory_id).reports
        ):
            continue
        before = max((k for k in used if k < sequence), default=None)
        after = min(k for k in used if k > sequence)
        if not _meet(alignment, before, after):
            gaps.add(sequence)
    return frozenset(gaps)


def _meet(alignment: Alignment, before: int | None, after: int) -> bool:
    if before is None:
        return alignment.plan.is_presented
    left, entered = alignment.standing.pair(before)[1], alignment.standing.pair(after)[0]
    if left is None or entered is None:
        return False
    if left.office.territory_id == entered.office.territory_id or left.is_suspension:
        return True
    return entered.office.code in left.partners or not (left.partners and entered.partners)
