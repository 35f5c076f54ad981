"""The planted truth as a file: whole, and readable when an earlier run wrote it."""

import json
from dataclasses import replace
from pathlib import Path

from checkpoints.simulation.truth import read_truth, write_truth
from tests.simulation.conftest import UNTIL
from tests.simulation.truths import CLEAN, DUE, TRUTH, UNDER_WAY


class TestFile:
    def test_reads_back_as_it_was_written(self, tmp_path: Path) -> None:
        path = tmp_path / "truth.json"
        write_truth(TRUTH, path)

        assert read_truth(path) == TRUTH
        assert read_truth(path) != replace(TRUTH, seed=2)
        assert [each.name for each in tmp_path.iterdir()] == ["truth.json"]

    def test_says_what_comes_due_later_and_when(self, tmp_path: Path) -> None:
        path = tmp_path / "truth.json"
        write_truth(replace(TRUTH, carnets=(UNDER_WAY, CLEAN)), path)

        waiting, clean = json.loads(path.read_text())["carnets"]
        assert waiting["comes_due"] == [{"code": "overdue", "page": 4, "at": DUE.at.isoformat()}]
        assert clean["comes_due"] == []

    def test_takes_what_an_earlier_form_left_out_for_its_usual_value(self, tmp_path: Path) -> None:
        path = tmp_path / "truth.json"
        carnet = {"number": "XZ99000001", "fault": None, "expect": [], "discharged": 4, "operations": 4}
        path.write_text(json.dumps({"seed": 1, "until": UNTIL.isoformat(), "carnets": [carnet]}))

        assert read_truth(path) == replace(TRUTH, carnets=(CLEAN,))
