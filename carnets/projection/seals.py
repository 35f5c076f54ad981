"""Which seals should be found: events fold from affixing to removal, and only what is stated counts.

A seal is affixed, found, found broken, removed: by a stamp, a report (art. 25) or a control (art. 24). At a load,
unload or control the set may be replaced; at an exit or suspension an office removes what its own territory added
(art. 22). Expected seals must be among those found; others are a note (an exporter's own). Spelling is folded for
comparing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from carnets.choices import StopAction
from carnets.itinerary import HANDLES_GOODS
from carnets.projection.evidence import Certification, Event, Seals
from tir.kernel.spelling import are_spelt_differently, common_form, common_forms
from tir.kernel.values import value

LEAVES = frozenset({StopAction.EXIT, StopAction.SUSPEND})


@dataclass(slots=True)
class SealSet:
    """The seals on the lorry by their common form, as first typed; `known` is false until somebody stated any, and
    `has_unnamed` true where box 25 was ticked for seals that nobody had named."""

    known: bool = False
    has_unnamed: bool = False
    seals: dict[str, str] = field(default_factory=dict)
    affixed_in: dict[str, int] = field(default_factory=dict)  # the territory that affixed each

    @property
    def expected(self) -> Seals | None:
        """Return the seals to be found, in order of spelling; `None` while none were ever stated."""
        return tuple(sorted(self.seals.values())) if self.known else None

    def copy(self) -> "SealSet":
        return SealSet(self.known, self.has_unnamed, dict(self.seals), dict(self.affixed_in))

    def affix(self, seals: Iterable[str], territory_id: int | None = None) -> None:
        for seal in seals:
            self.known = True
            self.seals.setdefault(common_form(seal), seal)
            if territory_id is not None:
                self.affixed_in.setdefault(common_form(seal), territory_id)

    def remove(self, seals: Iterable[str]) -> None:
        for name in common_forms(seals):
            self.seals.pop(name, None)
        self.known = self.known and not (self.has_unnamed and not self.seals)

    def forget(self) -> None:
        """Nobody knows any more which seals are on: they were found broken, and neither listed nor reported."""
        self.seals.clear()
        self.known = self.has_unnamed = False

    def take_over_unnamed(self) -> None:
        """An officer certified intact what nobody had named: what is added and taken off again leaves it as it was."""
        self.known, self.has_unnamed = False, True

    def replace(self, seals: Iterable[str]) -> None:
        self.seals.clear()
        self.known, self.has_unnamed = True, False
        self.affix(seals)


@value
class SealsFound:
    """What an office said about the seals, beside what it should have found."""

    expected: Seals | None = None
    found: Seals | None = None
    intact: bool | None = None
    agree: bool | None = None  # None: nothing listed, or nothing to compare with
    is_spelt_differently: bool = False

    @property
    def are_in_order(self) -> bool:
        """Whether the officer stated that the seals are those expected: box 25 ticked, or all of them listed."""
        if self.intact is False or self.agree is False:
            return False
        return self.intact is True or self.agree is True

    @property
    def are_stated(self) -> bool:
        """A blank is not a certificate."""
        return self.intact is not None or self.found is not None


def compare(said: Certification, expected: Seals | None) -> SealsFound:
    """Compare a list given with the seals expected, also where the box is ticked."""
    found = None if said.seals_found is None else tuple(sorted(set(said.seals_found)))
    agree = None
    if found is not None and expected is not None:
        agree = common_forms(expected) <= common_forms(found)
    differently = bool(expected and found and are_spelt_differently(expected, found))
    return SealsFound(expected, found, said.seals_intact, agree, differently)


def move_seals_past_stamp(seals: SealSet, said: Certification, does: StopAction, *, is_visit: bool) -> None:
    """Move the set past a stamp. What an office found is what the next one should find: one broken seal is one
    irregularity and not one at every later frontier."""
    if said.seals_found is not None and not is_visit:
        _take_over(seals, said.seals_found)
    if not seals.known and said.seals_intact:
        seals.take_over_unnamed()
    opened = does in HANDLES_GOODS
    if said.seals_removed:
        seals.remove(_removable(seals, said, does))
    elif opened and said.seals_affixed:
        seals.replace(())  # the load compartment was opened: what was there before is gone or does not matter
    if said.seals_found is not None and is_visit:
        seals.replace(said.seals_found)
    seals.affix(said.seals_affixed or (), said.office.territory_id)


def _take_over(seals: SealSet, found: Seals) -> None:
    """Extra seals stay a note while all expected are there; otherwise, also where none were, what was found is the new
    set: a list is a baseline."""
    if not seals.seals or not set(seals.seals) <= common_forms(found):
        seals.replace(found)


def _removable(seals: SealSet, said: Certification, does: StopAction) -> Seals:
    removed = said.seals_removed or ()
    if does in HANDLES_GOODS:
        return removed
    if does in LEAVES:
        own = said.office.territory_id
        return tuple(seal for seal in removed if seals.affixed_in.get(common_form(seal)) == own)
    return ()


def move_seals_past_event(seals: SealSet, event: Event, *, is_affixed: bool = True) -> None:
    """Move the set past a report or a control; `is_affixed` is false while its new seals are not on yet."""
    seals.remove(event.seals_removed)
    if is_affixed and event.seals_affixed:
        seals.affix(event.seals_affixed)
