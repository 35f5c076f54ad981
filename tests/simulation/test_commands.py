"""The commands as `script/demo` calls them, with their exit codes."""

import json
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from carnets.models import Carnet, Irregularity, ReconciliationRun
from checkpoints.simulation import truth

pytestmark = pytest.mark.usefixtures(
    "sandbox"
)  # elsewhere these commands refuse: tests/kernel/test_training.py


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def compared_whatever_waits(path: Path) -> str:
    """Compare, where every carnet is spoilt and more of the honest wait for a person than ever do."""
    out = StringIO()
    with suppress(CommandError):
        call_command("compare_truth", str(path), stdout=out)
    return out.getvalue()


@pytest.fixture
def truth_path(tmp_path: Path) -> Path:
    return tmp_path / "truth.json"


def simulate(path: Path, *options: str) -> str:
    return run("simulate", "--carnets=60", "--faults=1", "--workers=1", f"--truth={path}", *options)


class TestDemo:
    def test_ends_in_a_clean_table(self, seeded: Path, truth_path: Path) -> None:
        told = simulate(truth_path)
        reconciled = run("reconcile")
        table = compared_whatever_waits(truth_path)

        assert "60 carnets, " in told
        assert "Reconciled 60 carnets" in reconciled
        assert ReconciliationRun.objects.get().status == "done"
        assert "seal_broken_no_pv" in table
        assert table.rstrip().endswith("nothing else was flagged.")
        assert "honest transports on record to their end" in table

    def test_succeeds_where_few_honest_transports_wait(self, seeded: Path, truth_path: Path) -> None:
        run("simulate", "--carnets=30", "--faults=0", "--workers=1", f"--truth={truth_path}")
        run("reconcile")

        assert "0 wait for a person" in run("compare_truth", str(truth_path))

    def test_fails_where_too_many_honest_transports_wait(self, seeded: Path, truth_path: Path) -> None:
        simulate(truth_path)
        run("reconcile")

        with pytest.raises(CommandError, match="Too many honest transports wait"):
            run("compare_truth", str(truth_path))

    def test_fails_before_reconciliation(self, seeded: Path, truth_path: Path) -> None:
        simulate(truth_path)

        with pytest.raises(CommandError):
            run("compare_truth", str(truth_path))

    def test_fails_when_something_else_is_flagged(self, seeded: Path, truth_path: Path) -> None:
        simulate(truth_path)
        run("reconcile")
        Irregularity.objects.filter(code="overdue").update(code="pkg_short")

        with pytest.raises(CommandError):
            run("compare_truth", str(truth_path))

    def test_simulates_once(self, seeded: Path, truth_path: Path) -> None:
        simulate(truth_path, "--once")

        assert "Keeping the 60 carnets" in simulate(truth_path, "--once")
        assert Carnet.objects.count() == 60


class TestTruthFile:
    def test_has_the_form_that_others_rely_on(self, seeded: Path, truth_path: Path) -> None:
        simulate(truth_path, "--seed=3", "--until=2026-06-01T00:00:00Z")

        document = json.loads(truth_path.read_text())
        assert (document["seed"], document["until"]) == (3, "2026-06-01T00:00:00+00:00")
        short = next(carnet for carnet in document["carnets"] if carnet["fault"] == "pkg_short")
        assert {"code": "pkg_short", "page": 2 * short["operations"]} in short["expect"]
        assert short["discharged"] == short["operations"] - 1
        assert (short["is_honest"], short["is_complete"]) == (False, True)

    def test_reads_back_as_it_was_written(self, seeded: Path, truth_path: Path) -> None:
        simulate(truth_path)
        planted = truth.read_truth(truth_path)

        truth.write_truth(planted, truth_path)

        assert truth.read_truth(truth_path) == planted


class TestRefusals:
    @pytest.mark.django_db
    def test_asks_for_seeding_first(self, truth_path: Path) -> None:
        with pytest.raises(CommandError, match="not_seeded"):
            simulate(truth_path)

    def test_names_a_missing_truth(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="is missing"):
            run("compare_truth", str(tmp_path / "none.json"))
