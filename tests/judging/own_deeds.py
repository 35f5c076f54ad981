"""What an officer did on this very phone a moment ago, and its next judgement."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from carnets.choices import Made
from tests.evidence import SEALS, report, when
from tests.judging.places import DAY
from tests.judging.situations import Situation, clean, listing, look, made
from tests.world import HOUR, START


def own_deeds() -> Iterator[Situation]:
    """What was done on this phone and is not sent yet: the next judgement knows it."""
    entered = [*clean(2), made(3, by="KZALA001", made=Made.OFFLINE)]
    yield look("entered on this phone, and leaving", 4, "KZALA001", stamps=entered, said={},
               where={"own": frozenset({UUID(int=3)})})  # fmt: skip
    told = report("KZHOR001", when(3) - HOUR, seals_removed=SEALS, seals_affixed=("N-1",))
    yield look("a report of this phone explains the seals", 3, said=listing("N-1"), events=[told],
               where={"own": frozenset({told.id})})  # fmt: skip
    yield look("refused on this phone", 3, refused=[3], where={"own_refusals": frozenset({3})})
    taken = [*clean(2), made(2, when(2) + HOUR, id=UUID(int=70), cancels=UUID(int=2))]
    yield look(
        "taken back on this phone", 2, stamps=taken, at=when(3), where={"own": frozenset({UUID(int=70)})}
    )
    yield replace(
        look("limited on this phone to the end of a day", 4, "KZALA001", at=when(3) + 30 * HOUR, said={}, stamps=[
             *clean(2), made(3, by="KZALA001", time_limit_at=START.replace(hour=18, minute=59, second=59) + DAY)]),
        own=frozenset({UUID(int=3)}),
    )  # fmt: skip
