"""How many packages should be on board and how many terminate, stop by stop.

Nothing is loaded or unloaded without evidence of that stop. What an operation is compared with is its own No. 1; a
difference accepted once, in a certificate, a report or a control, is carried on and never counts again.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from carnets.choices import StopAction
from carnets.projection.alignment import Alignment, LegSpan
from carnets.projection.evidence import Certification
from carnets.projection.plan import Plan, PlannedConsignment
from tir.kernel.values import value


@dataclass(slots=True)
class Load:
    """What is on board between two stamps: `None` where nobody knows any more."""

    plan: Plan
    packages: int | None = 0
    aboard: tuple[PlannedConsignment, ...] = ()
    gone_kg: Decimal = Decimal(0)  # terminated where the plan had it go on board to the end

    def copy(self) -> "Load":
        return Load(self.plan, self.packages, self.aboard, self.gone_kg)

    def take_on(self, position: int) -> None:
        """Load what the plan loads at a stop."""
        loaded = tuple(c for c in self.plan.consignments if c.load == position)
        self.aboard += loaded
        if self.packages is not None:
            self.packages += _count(loaded)

    def set_count(self, packages: int) -> None:
        """Somebody counted, or certified, what is on board now."""
        self.packages = packages


@value
class Counted:
    """Box 26 beside what it should say; where nothing of it can be counted, a mass certifies it."""

    expected: int | None = None
    does_mass_differ: bool = False
    is_weighed: bool = False
    is_countable: bool = True


def _count(consignments: tuple[PlannedConsignment, ...]) -> int:
    return sum(consignment.packages or 0 for consignment in consignments)


def start(load: Load, alignment: Alignment, sequence: int, said: Certification | None) -> None:
    """Load what the pair's first stop loads, or take over what the paper says of a carnet begun elsewhere."""
    for index in _loads_before(alignment, sequence):
        load.take_on(alignment.plan.legs[index].start.position)
    span = alignment.spans[sequence]
    if span is not None and alignment.does(2 * sequence - 1) is StopAction.LOAD:
        load.take_on(alignment.plan.legs[span.first].start.position)
    if alignment.plan.is_presented and sequence == alignment.standing.used[0]:
        load.aboard = alignment.plan.consignments
        taken_over = said.packages if said else None
        load.packages = _count(load.aboard) if taken_over is None else taken_over


def _loads_before(alignment: Alignment, sequence: int) -> list[int]:
    """Return the legs between the pair before and this one that nobody stamped and where the plan loads: goods that are
    there later were loaded, so a stamp is missing there and not the goods."""
    span = alignment.spans[sequence]
    if span is None or alignment.plan.is_presented:
        return []
    before = [alignment.spans[k] for k in alignment.standing.used if k < sequence]
    passed = max((each.last + 1 for each in before if isinstance(each, LegSpan)), default=0)
    legs = alignment.plan.legs
    return [i for i in range(passed, span.first) if legs[i].start.does == StopAction.LOAD]


def terminate(
    load: Load, base: int | None, alignment: Alignment, sequence: int, said: Certification
) -> Counted:
    """Compare box 26 with what the pair's own No. 1 had on board (`base`), and move the load past the stop.

    Returns what box 26 should say; `None` where it cannot be said (part goes on unplanned, or no line has a count).
    """
    does = alignment.does(2 * sequence)
    if does is not StopAction.UNLOAD or alignment.is_final(sequence):
        return _leave(load, base, said, _weighed(load, load.aboard, alignment, said))
    stop = alignment.stop_of(2 * sequence)
    if said.goes_on and stop == alignment.plan.legs[-1].end:
        return _go_on(load, alignment, said)
    ending = tuple(c for c in load.aboard if stop is not None and c.unload == stop.position)
    load.aboard = tuple(c for c in load.aboard if c not in ending)
    weighed = _weighed(load, ending, alignment, said)
    return _unload(load, _within(_count(ending), _count(load.aboard), base, said), said, weighed)


def _leave(load: Load, base: int | None, said: Certification, weighed: Counted) -> Counted:
    if said.packages is not None:
        load.set_count(said.packages)
    return replace(weighed, expected=base if load.plan.has_count else None)


def _unload(load: Load, expected: int | None, said: Certification, weighed: Counted) -> Counted:
    """What stays is what was presented less what was unloaded; where nobody said how many were presented, a shortage
    was of what should end here, and the rest is all there."""
    before, first, second = load.packages, expected, said.packages
    if said.packages_presented is not None:
        before, first, second = said.packages_presented, second, first
    unloaded = second if first is None else first
    load.packages = None if before is None or unloaded is None else max(before - unloaded, 0)
    return replace(weighed, expected=expected if load.plan.has_count else None)


def _go_on(load: Load, alignment: Alignment, said: Certification) -> Counted:
    """How much of the last goods ends at a stop from which the rest goes on, only the officer knows: a mass is right as
    long as there was so much."""
    weighed = _weighed(load, load.aboard, alignment, said)
    load.gone_kg += said.mass_kg or 0
    is_less = said.mass_kg is not None and said.mass_kg <= _mass_of(load.aboard)
    if is_less:
        weighed = replace(weighed, does_mass_differ=False, is_weighed=True)
    return _unload(load, None, said, weighed)


def _within(expected: int, stays: int, base: int | None, said: Certification) -> int:
    """A shortage or excess accepted before may show at any unload: what lies within it is what was expected."""
    if said.packages is None or base is None:
        return expected
    accepted = base - stays - expected
    low, high = sorted((expected, expected + accepted))
    return min(max(said.packages, low), high)


def _weighed(
    load: Load, certified: tuple[PlannedConsignment, ...], alignment: Alignment, said: Certification
) -> Counted:
    """Compare the mass stated with that of the consignments that are certified."""
    is_countable = load.plan.has_count if not certified else any(c.packages is not None for c in certified)
    mass_kg = _mass_of(certified) - load.gone_kg
    if said.mass_kg is None or not mass_kg:
        return Counted(is_countable=is_countable)
    tolerance = mass_kg * alignment.plan.practice(said.office.territory_id).mass_tolerance / 1000
    is_right = abs(Decimal(said.mass_kg) - mass_kg) <= tolerance
    return Counted(None, not is_right, is_weighed=True, is_countable=is_countable)


def _mass_of(consignments: tuple[PlannedConsignment, ...]) -> Decimal:
    return sum((c.mass_kg for c in consignments), Decimal(0))
