"""The list of a stamp's columns, held against the table, against what an officer may say and what is frozen."""

from dataclasses import fields

import pytest
from django.db import connection

from carnets.projection.evidence import Certification
from checkpoints.evidence.columns import EVIDENCE, LISTS, SAID_BY_CLIENT, STAMP_COLUMNS, hashed
from checkpoints.recording.stamping import StampRequest

# Written down once and for all: stamps under version 1 are on record.
OF_VERSION_1 = {
    "id", "carnet_id", "sequence", "page", "role", "office_id", "officer_id", "occurred_at", "recorded_at", "made",
    "is_vouched", "seals_intact", "seals_found", "seals_affixed", "seals_removed", "packages", "packages_basis",
    "packages_presented", "mass_kg", "reservation", "registration_no", "time_limit_at", "prescribed_route", "vehicles",
    "containers", "goes_on", "ends_here", "is_suspension", "is_unplanned", "cancels", "cancel_reason", "hash_version",
}  # fmt: skip


def columns_of_the_table(condition: str = "true") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            f" WHERE table_name = 'checkpoints_stamp' AND table_schema = current_schema() AND {condition}"
        )
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.django_db
class TestTheTable:
    def test_has_every_column_of_the_list_once_and_no_other(self) -> None:
        assert sorted(STAMP_COLUMNS) == sorted(columns_of_the_table())

    def test_has_as_arrays_what_is_a_list(self) -> None:
        assert sorted(LISTS) == sorted(columns_of_the_table("data_type = 'ARRAY'"))


class TestSaidByClient:
    def test_is_what_a_request_says_of_the_paper(self) -> None:
        """The id is what a replay is found by, and how it came is no part of the statement."""
        asked = {each.name for each in fields(StampRequest)} - {"id", "number", "is_offline", "clock_offset"}

        assert set(SAID_BY_CLIENT) == asked | {"carnet_id"}


class TestEvidence:
    def test_is_what_a_certification_holds(self) -> None:
        """A paper accepted as proof is no stamp; the office comes from the register."""
        held = {each.name for each in fields(Certification)} - {"is_proof", "office"}

        assert set(EVIDENCE) == held | {"carnet_id", "office_id"}


class TestHashed:
    def test_covers_in_version_1_what_it_covered_when_that_came_into_use(self) -> None:
        assert len(hashed(1)) == len(OF_VERSION_1)
        assert set(hashed(1)) == OF_VERSION_1

    def test_covers_nothing_before_the_first_version(self) -> None:
        assert hashed(0) == ()
