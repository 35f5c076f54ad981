"""SafeTIR records: what each stamp of a carnet brings about, and that reading the files back gives what stands."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnets.models import Carnet
from carnets.projection.plan import Plan
from checkpoints.annex10 import safetir
from checkpoints.annex10.records import Record, cancelling, changes_of, record_of, why_cancelled
from checkpoints.evidence import reading
from checkpoints.evidence.columns import STAMP_COLUMNS
from checkpoints.evidence.reading import StampRow
from checkpoints.posts.offices import register
from tests.world import HOUR, START, World

NUMBER = "XZ99000001"
OFFICES = {2: "CNHRS001", 4: "KZQZQ001", 6: "UZSYA001", 8: "TJDYU001", 10: "TJDUS001"}


def plan_of(carnet: Carnet) -> Plan:
    return reading.carnets([carnet.number], lock=False)[carnet.number].plan


@st.composite
def ledgers(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Terminations on a few pages with rivals, partial ones, ends before the plan's, and stamps taken back, each with
    the hour of its recording, never earlier than the one before."""
    said: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 8))):
        made = [one for one in said if one["cancels"] is None]
        takes_back = made and draw(st.integers(0, 3)) == 0
        target = draw(st.sampled_from(made)) if takes_back else None
        page = target["page"] if target else draw(st.sampled_from(sorted(OFFICES)))
        said.append({
            "id": UUID(int=len(said) + 1),
            "page": page,
            "hours": draw(st.integers(0, 60)),
            "goes_on": draw(st.booleans()),
            "ends_here": draw(st.integers(0, 4)) == 0,
            "cancels": target["id"] if target else None,
        })  # fmt: skip
    for recorded, one in zip(sorted(draw(st.integers(0, 100)) for _ in said), said, strict=True):
        one["recorded"] = recorded
    return said


def rows_of(ledger: Sequence[dict[str, Any]]) -> list[StampRow]:
    """The rows that stamping would write."""
    blank: StampRow = dict.fromkeys(STAMP_COLUMNS)
    rows = []
    for sequence, said in enumerate(ledger, start=1):
        rows.append({
            **blank,
            **{name: said[name] for name in ("id", "page", "goes_on", "ends_here", "cancels")},
            "office_id": register().by_code[OFFICES[said["page"]]].id,
            "occurred_at": START + said["hours"] * HOUR,
            "recorded_at": START + said["recorded"] * HOUR,
            "sequence": sequence,
            "made": "offline",
            "is_vouched": True,
            "packages_basis": "counted",
            "reservation": "",
            "registration_no": "",
            "prescribed_route": "",
            "is_suspension": False,
            "is_unplanned": False,
            "cancel_reason": "Wrong page." if said["cancels"] else "",
        })  # fmt: skip
    return rows


def sent(rows: Sequence[StampRow], plan: Plan) -> list[Record]:
    """The records of all files in order, as one reader gets them: written and read again, a file a day."""
    due: list[tuple[int, Record]] = []
    for change in changes_of(rows, plan):
        record = record_of(change.row, NUMBER, change.ending)
        day = (change.cause["recorded_at"] - START).days
        due.append((day, record if change.update == "N" else cancelling(record, why_cancelled(change))))
    records = []
    for _day, of_day in groupby(due, key=lambda item: item[0]):
        records += safetir.records_in(safetir.file_of([record for _, record in of_day]))
    return records


def standing(ledger: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By the law of the ledger: on each page the earliest stamp that its office has not taken back."""
    taken_back = {one["cancels"] for one in ledger}
    left = [one for one in ledger if one["cancels"] is None and one["id"] not in taken_back]
    return {str(one["page"]): one for one in sorted(left, key=lambda one: (-one["hours"], -one["id"].int))}


class TestDailyFiles:
    @given(ledger=ledgers())
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
    def test_fold_to_exactly_the_standing_terminations(
        self, plan: Plan, ledger: list[dict[str, Any]]
    ) -> None:
        folded = safetir.standing_records(sent(rows_of(ledger), plan))

        wanted = {page: f"{NUMBER}/{one['id'].int}" for page, one in standing(ledger).items()}
        assert {record["VPN"]: record["CNL"] for record in folded.values()} == wanted

    @given(ledger=ledgers())
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
    def test_number_partial_terminations_along_the_journey(
        self, plan: Plan, ledger: list[dict[str, Any]]
    ) -> None:
        folded = safetir.standing_records(sent(rows_of(ledger), plan))

        partial = sorted(
            (int(record["VPN"]), record["PFD"])
            for record in folded.values()
            if record["PFD"].startswith("PD")
        )
        assert [pfd for _page, pfd in partial] == [f"PD{n}" for n in range(1, len(partial) + 1)]
        assert all(standing(ledger)[str(page)]["goes_on"] for page, _pfd in partial)

    @given(ledger=ledgers())
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
    def test_cancel_with_every_mandatory_field_of_what_was_sent(
        self, plan: Plan, ledger: list[dict[str, Any]]
    ) -> None:
        seen = set()
        for record in sent(rows_of(ledger), plan):
            if record["UPG"] == "C":
                assert safetir.termination_key(record) in seen
                assert record["COM"]
            seen.add(safetir.termination_key(record))

    @pytest.fixture
    def plan(self, world: World) -> Plan:
        return plan_of(world.issue())


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

        assert safetir.records_in(safetir.file_of(records)) == records

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
            safetir.records_in(spoil(safetir.file_of([record(), record(UPG="C")])))


class TestFold:
    @pytest.mark.parametrize(
        "records",
        [[record(UPG="C")], [record(), record()], [record(), record(UPG="C", PFD="PD")], [record(UPG="X")]],
        ids=["never sent", "sent twice", "another one", "neither"],
    )
    def test_refuses_what_does_not_follow(self, records: list[Record]) -> None:
        with pytest.raises(safetir.SafetirOutOfStep):
            safetir.standing_records(records)
