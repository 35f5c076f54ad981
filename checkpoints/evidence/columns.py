"""The columns of a stamp, listed once: who says each, and since which version of the hash it is covered.

The ledger's statements, what a replay compares and what the hash covers all derive from this list. A column added later
gets the next version: stamps of before keep verifying under their own.
"""

from functools import cache

from tir.kernel.values import value

VERSION = 1  # the version that new stamps are hashed under


@value
class Column:
    """One column: `said` by the client (compared on a replay), and the hash version that began to cover it."""

    name: str
    said: bool = False
    since: int = 1


COLUMNS = (
    Column("id"),
    Column("carnet_id", said=True),
    Column("sequence"),
    Column("page", said=True),
    Column("role"),
    Column("office_id"),
    Column("officer_id"),
    Column("occurred_at", said=True),
    Column("recorded_at"),
    Column("made"),
    Column("is_vouched"),
    Column("seals_intact", said=True),
    Column("seals_found", said=True),
    Column("seals_affixed", said=True),
    Column("seals_removed", said=True),
    Column("packages", said=True),
    Column("packages_basis", said=True),
    Column("packages_presented", said=True),
    Column("mass_kg", said=True),
    Column("reservation", said=True),
    Column("registration_no", said=True),
    Column("time_limit_at", said=True),
    Column("prescribed_route", said=True),
    Column("vehicles", said=True),
    Column("containers", said=True),
    Column("goes_on", said=True),
    Column("ends_here", said=True),
    Column("is_suspension", said=True),
    Column("is_unplanned", said=True),
    Column("cancels", said=True),
    Column("cancel_reason", said=True),
    Column("hash_version"),
)
CHAIN = ("previous_hash", "hash", "receipt")  # what the hash cannot cover
STAMP_COLUMNS = (*(column.name for column in COLUMNS), *CHAIN)
SAID_BY_CLIENT = tuple(column.name for column in COLUMNS if column.said)
LISTS = ("seals_found", "seals_affixed", "seals_removed", "vehicles", "containers")
EVIDENCE = (
    "id", "carnet_id", "page", "office_id", "occurred_at", "recorded_at", "made", "is_vouched", "seals_intact",
    "seals_found", "seals_affixed", "seals_removed", "packages", "packages_basis", "packages_presented", "mass_kg",
    "reservation", "time_limit_at", "prescribed_route", "vehicles", "containers", "goes_on", "ends_here",
    "is_suspension", "is_unplanned", "cancels",
)  # fmt: skip


@cache
def hashed(version: int) -> tuple[str, ...]:
    """Return the columns that a hash of that version covers, in order; frozen once a version is in use."""
    return tuple(column.name for column in COLUMNS if column.since <= version)
