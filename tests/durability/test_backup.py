"""A cluster backed up, its WAL kept, killed, and restored by the scripts' own programs: what was on record at an
instant is there again, and what cannot be restored is said."""

import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import databases
from tests.durability.restoring import (
    EACH,
    Story,
    ask,
    carry_secrets,
    changed_archive,
    execute,
    keep,
    restore,
    run,
    running,
    server_of,
    stamping,
    stamps,
    stamps_of_copy,
    stopped,
)  # fmt: skip
from tests.durability.site import SETTLED, kill
from tests.laptop.conftest import state_in
from tir.laptop import archiving, secrets
from tir.laptop.backup import begun_at, hand_over
from tir.laptop.places import State
from tir.laptop.postgres import Postgres
from tir.laptop.processes import wait_until

# The rarer ways of restoring, a minute in all: script/night sets this.
at_night = pytest.mark.skipif("NIGHT" not in os.environ, reason="script/night")
WAITING = "import time; time.sleep(300)"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Stamps, a backup, stamps, an instant, stamps handed over to the archive, stamps that were not, SIGKILL."""
    place = tmp_path_factory.mktemp("story")
    with state_in(place) as state, running(state) as server:
        databases.copy_to(server.administrator_url)
        with stamping(server) as stamp:
            stamp()
            archive = server.home / "kept"
            done = run("backup", str(place / "backups"), "--archive", str(archive), state=state)
            assert done.returncode == 0, done.stderr
            at_instant = stamp()
            instant = ask(server.administrator_url, "SELECT clock_timestamp()")
            hand_over(server.administrator_url)
            handed_over = stamp()
            hand_over(server.administrator_url)
            at_end = stamp()
        postmaster = server.pid
        assert postmaster
        kill(postmaster)
        assert wait_until(lambda: server.pid is None, seconds=SETTLED)
        (backup,) = (place / "backups").iterdir()
        yield Story(server, backup, archive, instant, at_instant, handed_over, at_end)


@pytest.fixture
def fresh(story: Story, tmp_path: Path) -> Iterator[State]:
    """Another machine, to which the secrets were carried and nothing else."""
    with state_in(tmp_path) as state, stopped(state):
        carry_secrets(story, state)
        yield state


@pytest.fixture
def same(story: Story, fresh: State) -> Postgres:
    """The machine itself after the kill, with an archive of its own: what happens to it is this test's alone."""
    server = server_of(fresh)
    shutil.copytree(story.server.data, server.data)
    server.account.own(server.data)
    archive = changed_archive(story, server.home / "kept")
    (server.home / "archive").symlink_to(archive)
    return server


class TestARestore:
    def test_until_an_instant_has_the_stamps_of_before_and_no_other(
        self, story: Story, same: Postgres
    ) -> None:
        into = same.state.directory / "copy"
        done = restore(story, same.state, "--until", story.instant.isoformat(), "--into", str(into))

        assert done.returncode == 0, done.stderr
        assert stamps_of_copy(into) == story.at_instant
        assert f"Stamps in the copy: {2 * EACH}, the newest recorded at 2026-03-02T" in done.stdout
        assert "The ledger holds." in done.stdout
        assert "Liability holds." in done.stdout
        assert "This is a restored copy" in done.stdout
        assert same.pid is None, "what is there was left alone"

    def test_on_the_machine_itself_loses_nothing(self, story: Story, same: Postgres) -> None:
        into = same.state.directory / "copy"
        done = restore(story, same.state, "--into", str(into))

        assert done.returncode == 0, done.stderr
        assert stamps_of_copy(into) == story.at_end

    @at_night
    def test_on_another_machine_has_all_that_was_handed_over(self, story: Story, fresh: State) -> None:
        into = fresh.directory / "copy"
        done = restore(story, fresh, "--archive", str(story.archive), "--into", str(into))

        assert done.returncode == 0, done.stderr
        assert stamps_of_copy(into) == story.handed_over

    @at_night
    def test_in_place_keeps_the_old_data_and_goes_on_with_the_archive(
        self, story: Story, same: Postgres
    ) -> None:
        done = restore(story, same.state, "--until", story.instant.isoformat(), "--replace")

        assert done.returncode == 0, done.stderr
        assert stamps(same.administrator_url) == story.at_instant
        (old,) = same.home.glob("postgres-replaced-*")
        assert (old / "PG_VERSION").exists()
        hand_over(same.administrator_url)
        archive = archiving.archive_of(same.home)
        assert archive
        assert (archive / "00000002.history.gz").exists()
        begun = [name for name in archiving.segments(archive) if name.startswith("00000002")]
        first = int(begun[0], 16)
        assert [int(name, 16) for name in begun] == list(range(first, first + len(begun))), "none is left out"

        kill(same.pid or 0)
        assert wait_until(lambda: same.pid is None, seconds=SETTLED)
        again = same.state.directory / "again"
        assert restore(story, same.state, "--into", str(again)).returncode == 0
        assert stamps_of_copy(again) == story.at_instant, "what was undone stays undone"

    @at_night
    def test_in_place_on_another_machine_goes_on_with_the_archive(self, story: Story, fresh: State) -> None:
        server = server_of(fresh)
        archive = changed_archive(story, server.home / "kept")
        done = restore(story, fresh, "--archive", str(archive), "--replace")

        assert done.returncode == 0, done.stderr
        assert stamps(server.administrator_url) == story.handed_over
        hand_over(server.administrator_url)
        assert (archive / "00000002.history.gz").exists()

    @at_night
    def test_in_place_of_a_cluster_that_is_served_is_refused(self, story: Story, same: Postgres) -> None:
        with subprocess.Popen([sys.executable, "-c", WAITING, str(same.state.directory / "serving")]) as web:
            same.state.remember("serving", {"web": web.pid})
            refused = restore(story, same.state, "--replace")
            web.kill()

        assert refused.returncode == 1
        assert "script/serve --stop first" in refused.stderr
        assert restore(story, same.state, "--replace").returncode == 0

    def test_of_a_ledger_that_was_altered_replaces_nothing(self, story: Story, same: Postgres) -> None:
        same.start()
        execute(
            same.administrator_url,
            "SET session_replication_role = replica;"  # as its triggers would refuse it
            "UPDATE checkpoints_stamp SET occurred_at = occurred_at + interval '1 hour'"
            f" WHERE id = '{min(story.at_end)}'",
        )
        running_since = same.pid
        done = restore(story, same.state, "--replace")

        assert done.returncode == 1
        assert "VERIFICATION FAILED" in done.stdout
        assert "The running cluster was not replaced." in done.stdout
        assert (same.pid, list(same.home.glob("postgres-replaced-*"))) == (running_since, [])
        assert restore(story, same.state, "--replace", "--until", story.instant.isoformat()).returncode == 0
        assert same.pid != running_since


class TestWhatIsMissing:
    def test_a_segment_is_named_and_what_came_before_it_is_there(self, story: Story, fresh: State) -> None:
        *_, lost, later = archiving.segments(story.archive)
        archive = changed_archive(story, server_of(fresh).home / "lacking", without=lost)
        into = fresh.directory / "copy"
        done = restore(story, fresh, "--archive", str(archive), "--into", str(into))

        assert done.returncode == 1
        assert f"MISSING: WAL segment {lost} is not in {archive}" in done.stdout
        assert f"{later}.gz" in os.listdir(archive)
        assert len(stamps_of_copy(into)) == EACH, "those of before the backup"
        assert "The ledger holds." in done.stdout

    @at_night
    def test_an_instant_after_the_archive_is_not_reached(self, story: Story, fresh: State) -> None:
        into = fresh.directory / "copy"
        later = (story.instant + timedelta(hours=1)).isoformat()
        done = restore(story, fresh, "--archive", str(story.archive), "--until", later, "--into", str(into))

        assert done.returncode == 1
        assert f"NOT REACHED: you asked for {later}" in done.stdout
        assert "MISSING" not in done.stdout
        assert stamps_of_copy(into) == story.handed_over

    def test_an_instant_before_the_backup_wants_an_older_one(self, story: Story, fresh: State) -> None:
        begun = begun_at(story.backup)
        early = (begun - timedelta(seconds=1)).isoformat()
        done = restore(story, fresh, "--archive", str(story.archive), "--until", early)

        assert (done.returncode, done.stdout) == (1, "")
        assert "take an older backup" in done.stderr
        assert begun <= datetime.strptime(story.backup.name, "%Y-%m-%dT%H%M%S%z") + timedelta(seconds=10)

    def test_a_damaged_segment_is_named(self, story: Story, fresh: State) -> None:
        archive = changed_archive(story, server_of(fresh).home / "damaged")
        segment = archive / f"{archiving.segments(archive)[-1]}.gz"
        segment.write_bytes(segment.read_bytes()[:1000])
        done = restore(story, fresh, "--archive", str(archive))

        assert done.returncode == 1
        assert f"{segment} is damaged." in done.stderr

    def test_an_archive_of_another_cluster_is_refused(self, story: Story, fresh: State) -> None:
        archive = changed_archive(story, server_of(fresh).home / "theirs")
        (archive / archiving.MARK).write_text("7000000000000000001\n")
        done = restore(story, fresh, "--archive", str(archive))

        assert done.returncode == 1
        assert "keeps the WAL of another cluster" in done.stderr


def test_a_damaged_backup_is_refused_before_anything_is_made(
    story: Story, fresh: State, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(story.backup, damaged)
    table = max((damaged / "base").rglob("[0-9]*"), key=lambda path: path.stat().st_size)
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    into = fresh.directory / "copy"
    done = run("restore", str(damaged), "--into", str(into), state=fresh)

    assert done.returncode == 1
    assert "is damaged and is not used" in done.stderr
    assert table.name in done.stderr
    assert not into.exists()

    alone = restore(story, fresh, "--into", str(into))  # the same, undamaged, and without an archive
    assert alone.returncode == 0, alone.stderr
    assert "No archive of WAL was used" in alone.stdout
    assert len(stamps_of_copy(into)) == EACH


class TestTheArchiveCommand:
    @pytest.fixture
    def archive(self, tmp_path: Path) -> Path:
        archive = tmp_path / "archive"
        archive.mkdir()
        (archive / archiving.MARK).write_text("1\n")
        return archive

    def test_takes_the_same_again_and_never_another_of_the_same_name(
        self, archive: Path, tmp_path: Path
    ) -> None:
        one, other = tmp_path / "one", tmp_path / "other"
        one.write_bytes(b"stamps" * 1000)
        other.write_bytes(b"stamps" * 999 + b"others")

        assert [keep(one, "A", archive), keep(one, "A", archive), keep(other, "A", archive)] == [0, 0, 1]
        assert gzip.decompress((archive / "A.gz").read_bytes()) == one.read_bytes()
        assert keep(other, "B", archive) == 0
        assert sorted(os.listdir(archive)) == ["A.gz", "B.gz", archiving.MARK]

    def test_takes_up_what_an_earlier_one_left_half_written(self, archive: Path, tmp_path: Path) -> None:
        segment = tmp_path / "one"
        segment.write_bytes(b"stamps")
        (archive / "A.gz.new").write_bytes(b"half")

        assert keep(segment, "A", archive) == 0
        assert gzip.decompress((archive / "A.gz").read_bytes()) == b"stamps"

    def test_writes_nothing_where_no_archive_is_mounted(self, archive: Path, tmp_path: Path) -> None:
        segment = tmp_path / "one"
        segment.write_bytes(b"stamps")
        (archive / archiving.MARK).unlink()

        assert keep(segment, "A", archive) == 1
        assert os.listdir(archive) == []


def remember_passwords(cluster: Postgres) -> None:
    """As `tir.laptop start` does: the programs of the scripts read them."""
    named = {secrets.PASSWORDS[role]: password for role, password in cluster.passwords.items()}
    secrets.write_variables(cluster.state.directory / "database.env", named)


class TestNamingAnArchive:
    def test_of_a_server_older_than_archives_restarts_it_once(self, cluster: Postgres) -> None:
        remember_passwords(cluster)
        cluster.stop()
        cluster.launch(archive_mode="off")
        cluster.start()
        old, archive = cluster.pid, cluster.home / "kept"

        done = run("backup", "--archive", str(archive), state=cluster.state)
        assert done.returncode == 0, done.stderr
        new = cluster.pid
        assert new not in {None, old}
        assert len(archiving.segments(archive)) == 1

        assert run("backup", "--archive", str(archive), state=cluster.state).returncode == 0
        assert cluster.pid == new

    def test_refuses_a_directory_in_other_use(self, cluster: Postgres) -> None:
        remember_passwords(cluster)
        used = cluster.home / "used"
        used.mkdir()
        (used / "letter").write_text("Dear colleague")
        cluster.account.own(used)

        done = run("backup", "--archive", str(used), state=cluster.state)
        assert (done.returncode, archiving.archive_of(cluster.home)) == (1, None)
        assert "neither empty nor an archive" in done.stderr

        (used / "letter").unlink()
        assert run("backup", "--archive", str(used), state=cluster.state).returncode == 0
        assert archiving.archive_of(cluster.home) == used


@at_night
def test_a_copy_has_the_passwords_of_the_day_of_the_backup(story: Story, fresh: State) -> None:
    carried = (fresh.directory / "database.env").read_bytes()
    others = dict.fromkeys(secrets.read_variables(fresh.directory / "database.env"), "another")
    secrets.write_variables(fresh.directory / "database.env", others)
    done = restore(story, fresh, "--into", str(fresh.directory / "one"))
    assert done.returncode == 1
    assert "put the .local/database.env of that day in place" in done.stderr
    assert server_of(State(fresh.directory / "one")).pid is None, "it is stopped"

    (fresh.directory / "database.env").write_bytes(carried)
    into = fresh.directory / "other"
    assert restore(story, fresh, "--into", str(into)).returncode == 0
    assert len(stamps_of_copy(into)) == EACH


def test_a_backup_by_address_wants_a_role_that_may_replicate(cluster: Postgres, tmp_path: Path) -> None:
    execute(cluster.administrator_url, "CREATE ROLE clerk LOGIN PASSWORD 'c'")
    execute(cluster.administrator_url, "CREATE ROLE keeper LOGIN REPLICATION PASSWORD 'k'")
    clerk, keeper = (
        urlsplit(cluster.url)._replace(netloc=f"{who}@127.0.0.1:{urlsplit(cluster.url).port}").geturl()
        for who in ("clerk:c", "keeper:k")
    )
    backups = tmp_path / "backups"
    refused = run("backup", str(backups), state=cluster.state, BACKUP_DATABASE_URL=clerk)
    assert (refused.returncode, os.listdir(backups)) == (1, [])
    assert "permission denied to start WAL sender" in refused.stderr

    done = run("backup", str(backups), state=cluster.state, BACKUP_DATABASE_URL=keeper)
    assert done.returncode == 0, done.stderr
    assert len(os.listdir(backups)) == 1
    assert not any(name.endswith(".unfinished") for name in os.listdir(backups))


def test_an_instant_without_a_time_zone_is_refused(story: Story, fresh: State) -> None:
    done = restore(story, fresh, "--until", datetime.now(UTC).replace(tzinfo=None).isoformat())

    assert done.returncode == 2
    assert "has no time zone" in done.stderr
