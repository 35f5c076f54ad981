"""SafeTIR records: what each stamp of a carnet brings about, and that reading the files back gives what stands."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnets.projection.facts import Certification, standing_certifications
from checkpoints.annex10 import safetir
from checkpoints.annex10.records import Record, cancelling, changes_of, record_of
from checkpoints.evidence.reading import STAMP_COLUMNS, StampRow
from checkpoints.posts.offices import register
from tests.evidence import Journey, deliveries, journeys
from tests.world import START, World, add_kyrgyzstan

NUMBER = "XZ99000001"
TERMINATIONS = {2: "exit", 4: "exit", 6: "exit", 8: "destination"}


@pytest.fixture
def union(world: World) -> World:
    """The world with both countries of the union, whose offices the journeys may use."""
    add_kyrgyzstan(world)
    return world


def row_of(certification: Certification, sequence: int, recorded: int) -> StampRow:
    """The row that stamping would write, recorded so many hours after the start."""
    row: StampRow = dict.fromkeys(STAMP_COLUMNS)
    said = {name: getattr(certification, name) for name in STAMP_COLUMNS if hasattr(certification, name)}
    return {
        **row,
        **said,
        "office_id": register().by_code[certification.office.code].id,
        "role": TERMINATIONS[certification.page],
        "sequence": sequence,
        "recorded_at": START + timedelta(hours=recorded),
        "registration_no": "",
        "cancel_reason": "Wrong page." if certification.cancels else "",
    }


@st.composite
def ledgers(draw: st.DrawFn) -> list[tuple[int, Certification]]:
    """Terminations of a journey in any order of arrival, each with the hour of its recording, never earlier."""
    journey: Journey = draw(journeys())
    ends = [one for one in journey.certifications if one.page % 2 == 0]
    arrived = list(dict.fromkeys(draw(deliveries(ends))))
    hours = sorted(draw(st.lists(st.integers(0, 100), min_size=len(arrived), max_size=len(arrived))))
    return list(zip(hours, arrived, strict=True))


def sent(rows: Sequence[StampRow]) -> list[Record]:
    """The records of all files in order, as one reader gets them: written and read again, a file a day."""
    due: list[tuple[int, Record]] = []
    for change in changes_of(rows):
        record = record_of(change.row, NUMBER)
        is_new = change.update == "N"
        day = (change.cause["recorded_at"] - START).days
        due.append((day, record if is_new else cancelling(record, change.cause["cancel_reason"])))
    records = []
    for _day, of_day in groupby(due, key=lambda item: item[0]):
        records += safetir.read(safetir.write([record for _, record in of_day]))
    return records


class TestDailyFiles:
    @given(ledger=ledgers())
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
    def test_fold_to_exactly_the_standing_terminations(
        self, union: World, ledger: list[tuple[int, Certification]]
    ) -> None:
        rows = [row_of(one, sequence, hour) for sequence, (hour, one) in enumerate(ledger, start=1)]
        by_id: dict[UUID, StampRow] = {row["id"]: row for row in rows}

        folded = safetir.fold(sent(rows))

        standing, _rivals = standing_certifications([one for _hour, one in ledger])
        wanted = [record_of(by_id[one.id], NUMBER) for one in standing.values()]
        assert sorted(folded) == sorted(map(safetir.key_of, wanted))
        assert all(folded[safetir.key_of(record)] == record for record in wanted)

    @given(ledger=ledgers())
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
    def test_cancel_with_every_mandatory_field_of_what_was_sent(
        self, union: World, ledger: list[tuple[int, Certification]]
    ) -> None:
        rows = [row_of(one, sequence, hour) for sequence, (hour, one) in enumerate(ledger, start=1)]

        seen = set()
        for record in sent(rows):
            if record["UPG"] == "C":
                assert safetir.key_of(record) in seen
            seen.add(safetir.key_of(record))


def record(**changes: str) -> Record:
    sound = {
        "UPG": "N", "TNO": NUMBER, "ICC": "TJK", "COF": "TJDYU001", "CNL": f"{NUMBER}/8", "DCL": "2026-03-05",
        "PFD": "FD", "CWR": "OK", "VPN": "8", "RND": "", "DDI": "2026-03-05", "PIC": "420", "COM": "", "TCO": "",
        "RBC": "",
    }  # fmt: skip
    return {**sound, **changes}


class TestText:
    @pytest.mark.parametrize("comment", ["", 'two "wet" cartons, one torn', "первая\nвторая", "木箱"])
    def test_is_read_back_as_it_was_written(self, comment: str) -> None:
        records = [record(), record(UPG="C", COM=comment)]

        assert safetir.read(safetir.write(records)) == records

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda text: "",
            lambda text: text.replace("TCN,2", "TCN,3"),
            lambda text: text.replace("VPN", "PAGE"),
            lambda text: text.rsplit("\r\n", 2)[0] + "\r\n",
            lambda text: text + "N,XZ99000001\r\n",
        ],
    )
    def test_is_refused_when_it_is_not_whole(self, spoil: Any) -> None:
        with pytest.raises(safetir.SafetirFileInvalid):
            safetir.read(spoil(safetir.write([record(), record(UPG="C")])))


class TestFold:
    @pytest.mark.parametrize(
        "records",
        [[record(UPG="C")], [record(), record()], [record(), record(UPG="C", PFD="PD")], [record(UPG="X")]],
        ids=["never sent", "sent twice", "another one", "neither"],
    )
    def test_refuses_what_does_not_follow(self, records: list[Record]) -> None:
        with pytest.raises(safetir.SafetirOutOfStep):
            safetir.fold(records)


class TestRecord:
    def test_says_what_the_office_certified(self, world: World) -> None:
        carnet = world.issue()
        world.travel(
            carnet,
            but={
                8: {
                    "packages": 400,
                    "reservation": "20 cartons short",
                    "registration_no": "778",
                    "is_partial": True,
                }
            },
        )
        stamp = carnet.stamps.get(page=8)
        row = {name: getattr(stamp, name) for name in STAMP_COLUMNS}

        # Almaty is five hours ahead of UTC: the office's own day.
        assert record_of(row, carnet.number) == record(
            TNO=carnet.number, CNL=f"{carnet.number}/8", DCL="2026-03-05", DDI="2026-03-05", RND="778", PIC="400",
            COM="20 cartons short", CWR="R", PFD="PD",
        )  # fmt: skip
