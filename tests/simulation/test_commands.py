"""The commands as `script/demo` calls them, with their exit codes."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from carnets.models import Carnet, Irregularity, ReconciliationRun
from checkpoints.simulation import truth


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def truth_path(tmp_path: Path) -> Path:
    return tmp_path / "truth.json"


def simulate(path: Path, *options: str) -> str:
    return run("simulate", "--carnets=26", "--faults=1", "--workers=1", f"--truth={path}", *options)


class TestDemo:
    def test_ends_in_a_clean_table(self, seeded: Path, truth_path: Path) -> None:
        told = simulate(truth_path)
        reconciled = run("reconcile")
        table = run("compare_truth", str(truth_path))

        assert "26 carnets, " in told
        assert "Reconciled 26 carnets" in reconciled
        assert ReconciliationRun.objects.get().status == "done"
        assert "seal_broken_no_pv" in table
        assert table.rstrip().endswith("nothing else was flagged.")

    def test_fails_before_reconciliation(self, seeded: Path, truth_path: Path) -> None:
        simulate(truth_path)

        with pytest.raises(CommandError):
            run("compare_truth", str(truth_path))

    def test_fails_when_something_else_is_flagged(self, seeded: Path, truth_path: Path) -> None:
        simulate(truth_path)
        run("reconcile")
        Irregularity.objects.filter(code="overdue").update(code="late")

        with pytest.raises(CommandError):
            run("compare_truth", str(truth_path))

    def test_simulates_once(self, seeded: Path, truth_path: Path) -> None:
        simulate(truth_path, "--once")

        assert "Keeping the 26 carnets" in simulate(truth_path, "--once")
        assert Carnet.objects.count() == 26


class TestTruthFile:
    def test_has_the_form_that_others_rely_on(self, seeded: Path, truth_path: Path) -> None:
        simulate(truth_path, "--seed=3", "--until=2026-06-01T00:00:00Z")

        document = json.loads(truth_path.read_text())
        assert (document["seed"], document["until"]) == (3, "2026-06-01T00:00:00+00:00")
        late = next(carnet for carnet in document["carnets"] if carnet["fault"] == "late")
        assert late["expect"] == [{"code": "late", "page": late["expect"][0]["page"]}]
        assert late["discharged"] == late["operations"] - 1

    def test_reads_back_as_it_was_written(self, seeded: Path, truth_path: Path) -> None:
        simulate(truth_path)
        planted = truth.read(truth_path)

        truth.write(planted, truth_path)

        assert truth.read(truth_path) == planted


class TestRefusals:
    @pytest.mark.django_db
    def test_asks_for_seeding_first(self, truth_path: Path) -> None:
        with pytest.raises(CommandError, match="not_seeded"):
            simulate(truth_path)

    def test_names_a_missing_truth(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="is missing"):
            run("compare_truth", str(tmp_path / "none.json"))
