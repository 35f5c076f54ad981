"""The ledger's arithmetic: what a hash covers, and which tampering the chain shows. Plain rows; no database."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from checkpoints.evidence.chain import GENESIS, says_the_same, stamp_hash, verify_chain
from checkpoints.evidence.columns import COLUMNS, SAID_BY_CLIENT, VERSION, hashed

AT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
# Another value than the row has, for every column there is.
OTHER: dict[str, Any] = {
    "id": UUID(int=99), "carnet_id": 8, "sequence": 9, "page": 2, "role": "exit", "office_id": 4, "officer_id": 6,
    "occurred_at": AT + timedelta(seconds=1), "recorded_at": AT + timedelta(seconds=1), "made": "offline",
    "is_vouched": False, "seals_intact": None, "seals_found": [], "seals_affixed": ["B"], "seals_removed": [],
    "packages": 0, "packages_basis": "as_manifest", "packages_presented": 1, "mass_kg": 1, "reservation": "wet",
    "registration_no": "R2", "time_limit_at": AT, "prescribed_route": "M39", "vehicles": [], "containers": ["C"],
    "goes_on": True, "ends_here": True, "is_suspension": True, "is_unplanned": True, "cancels": UUID(int=5),
    "cancel_reason": "another lorry", "hash_version": 2,
}  # fmt: skip


def row(sequence: int = 1, previous: bytes = GENESIS, **said: Any) -> dict[str, Any]:
    """A stamp chained to its predecessor."""
    made = {
        "id": UUID(int=sequence), "carnet_id": 7, "sequence": sequence, "page": 1, "role": "departure", "office_id": 3,
        "officer_id": 5, "occurred_at": AT, "recorded_at": AT, "made": "online", "is_vouched": True,
        "seals_intact": True, "seals_found": None, "seals_affixed": ["A"], "seals_removed": None, "packages": None,
        "packages_basis": "counted", "packages_presented": None, "mass_kg": None, "reservation": "",
        "registration_no": "R1", "time_limit_at": None, "prescribed_route": "", "vehicles": None, "containers": None,
        "goes_on": False, "ends_here": False, "is_suspension": False, "is_unplanned": False, "cancels": None,
        "cancel_reason": "", "hash_version": VERSION, "previous_hash": previous, "receipt": {}, **said,
    }  # fmt: skip
    return {**made, "hash": stamp_hash(made, previous)}


def chain(length: int) -> list[dict[str, Any]]:
    rows = [row()]
    while len(rows) < length:
        rows.append(row(len(rows) + 1, rows[-1]["hash"]))
    return rows


class TestStampHash:
    def test_covers_every_column_of_its_version(self) -> None:
        """One case a column, from the list of columns itself: none is added without a thought."""
        assert set(OTHER) == {column.name for column in COLUMNS}
        here = row()
        for name in hashed(VERSION):
            if name != "hash_version":
                assert stamp_hash({**here, name: OTHER[name]}, GENESIS) != here["hash"], name

    def test_covers_the_predecessor_and_not_the_receipt(self) -> None:
        here = row()

        assert stamp_hash(here, bytes(31) + b"\1") != here["hash"]
        assert stamp_hash({**here, "receipt": {"warnings": []}}, GENESIS) == here["hash"]

    def test_does_not_depend_on_how_an_instant_is_written(self) -> None:
        there = AT.astimezone(timezone(timedelta(hours=5)))

        assert stamp_hash({**row(), "occurred_at": there}, GENESIS) == row()["hash"]

    def test_of_an_old_version_ignores_a_column_added_since(self) -> None:
        """Old stamps keep verifying under the columns that their own version froze."""
        assert all(column.since <= VERSION for column in COLUMNS)
        assert stamp_hash({**row(), "added_later": 1}, GENESIS) == row()["hash"]


class TestSaysTheSame:
    @pytest.mark.parametrize("name", SAID_BY_CLIENT)
    def test_compares_every_column_that_the_client_says(self, name: str) -> None:
        assert says_the_same(row(), row())
        assert not says_the_same(row(), {**row(), name: OTHER[name]})

    @pytest.mark.parametrize("name", ["sequence", "office_id", "recorded_at", "made", "is_vouched", "role"])
    def test_forgives_how_and_when_it_reached_us(self, name: str) -> None:
        assert says_the_same(row(), {**row(), name: OTHER[name]})


class TestVerifyChain:
    def test_finds_nothing_in_an_honest_chain(self) -> None:
        rows = chain(3)

        assert list(verify_chain(rows, (3, rows[-1]["hash"]))) == []

    @pytest.mark.parametrize(
        ("what", "sequence", "reason"),
        [
            (lambda rows: rows[1].update(packages=7), 2, "content_differs"),
            (lambda rows: rows.pop(1), 2, "missing"),
            (lambda rows: rows.pop(0), 1, "missing"),
            (lambda rows: rows.pop(2), 3, "end_differs"),
            (lambda rows: rows[1].update(previous_hash=bytes(32)), 2, "predecessor_differs"),
        ],
        ids=["edited", "one taken out", "the first taken out", "the last cut off", "chained to another"],
    )
    def test_finds_where_it_was_tampered_with(self, what: Any, sequence: int, reason: str) -> None:
        rows = chain(3)
        latest = (3, rows[-1]["hash"])
        tampered = deepcopy(rows)
        what(tampered)

        breaks = list(verify_chain(tampered, latest))

        assert (sequence, reason) in {(each.sequence, each.reason) for each in breaks}

    def test_finds_an_end_that_the_carnet_remembers_otherwise_though_the_count_is_right(self) -> None:
        assert [each.reason for each in verify_chain(chain(3), (3, bytes(32)))] == ["end_differs"]
