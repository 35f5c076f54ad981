"""How posts really tell what they saw: some tick, some list, some count, some write as in the manifest. Pure.

Everybody here is honest and says enough; how seals are spelt is another matter.
"""

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any
from unicodedata import name

from carnets.choices import PackagesBasis
from checkpoints.simulation.shapes import one_of
from tir.kernel.spelling import FOLDED

TICKS, LISTS, DOES_BOTH = "ticks", "lists", "does_both"
SEAL_HABITS = {TICKS: 45, LISTS: 35, DOES_BOTH: 20}
COUNTS, AS_MANIFEST, AS_MANIFEST_WITH_NUMBER = "counts", "as_manifest", "as_manifest_with_number"
PACKAGE_HABITS = {COUNTS: 55, AS_MANIFEST: 30, AS_MANIFEST_WITH_NUMBER: 15}
WEIGHS = 0.4  # of bulk under seal
SCALES_ERR_BY = 0.015  # within every territory's tolerance
SPELLS_ITS_OWN_WAY = 0.2
TWINS = {latin: twin for twin, latin in FOLDED.items() if name(twin).startswith("CYRILLIC")}
FULL_WIDTH = {ord(sign): ord(sign) + 0xFEE0 for sign in map(chr, range(0x21, 0x7F))}


@dataclass(frozen=True, slots=True)
class Certified:
    """What ends, or is on board, at a No. 2."""

    packages: int | None
    mass_kg: Decimal


def seals_said(seals: tuple[str, ...], rng: Random, *, may_twin: bool = True) -> dict[str, Any]:
    """Return box 16 or 25 as this officer fills it in: a tick, a list, or both; nothing for an unsealed lorry."""
    if not seals:
        return {}
    habit = one_of(SEAL_HABITS, rng)
    said: dict[str, Any] = {}
    if habit != LISTS:
        said["seals_intact"] = True
    if habit != TICKS:
        said["seals_found"] = tuple(spelt(seal, rng, may_twin=may_twin) for seal in seals)
    return said


def packages_said(certified: Certified, rng: Random, *, is_sealed: bool) -> dict[str, Any]:
    """Return box 26 as this officer fills it in; as in the manifest only under seals."""
    if certified.packages is None:
        if is_sealed and rng.random() > WEIGHS:
            return {"packages_basis": PackagesBasis.AS_MANIFEST}
        return {"mass_kg": weighed(certified.mass_kg, rng)}
    habit = one_of(PACKAGE_HABITS, rng) if is_sealed else COUNTS
    said: dict[str, Any] = {} if habit == AS_MANIFEST else {"packages": certified.packages}
    return said if habit == COUNTS else {**said, "packages_basis": PackagesBasis.AS_MANIFEST}


def weighed(mass_kg: Decimal, rng: Random) -> int:
    """Return what the scales say, in kilograms."""
    return round(float(mass_kg) * (1 + rng.uniform(-SCALES_ERR_BY, SCALES_ERR_BY)))


def spelt(seal: str, rng: Random, *, may_twin: bool = True) -> str:
    """Return a seal as somebody types it: mostly as it is stamped."""
    if rng.random() > SPELLS_ITS_OWN_WAY:
        return seal
    ways = [seal.replace("-", " "), seal.replace("-", ""), seal.lower(), seal.translate(FULL_WIDTH)]
    return rng.choice([*ways, with_twins(seal)] if may_twin else ways)


def with_twins(seal: str) -> str:
    """Return a seal in Cyrillic letters that look like its Latin ones."""
    return "".join(TWINS.get(sign, sign) for sign in seal)
