"""The embedded PostgreSQL: started, reused, killed, recovered, stopped. Real processes, on loopback only."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tir import roles
from tir.laptop import archiving
from tir.laptop.places import State
from tir.laptop.postgres import Postgres
from tir.laptop.processes import LaptopError, ServerAccount, command_line, is_ours, wait_until
from tir.laptop.secrets import ADMINISTRATOR


def ask(server: Postgres, statement: str, role: str = ADMINISTRATOR) -> Any:
    with closing(psycopg2.connect(server.url_of(role))) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def test_starts_is_reused_and_stops(postgres: Postgres, state: State) -> None:
    parents = [state.directory, *state.directory.parents]
    modes = [path.stat().st_mode for path in parents]
    postgres.start()
    first = postgres.pid
    assert first is not None
    assert [path.stat().st_mode for path in parents] == modes  # nobody's directory was opened for it

    postgres.start()
    assert postgres.pid == first
    assert ask(postgres, "SELECT current_database()") == "tir"

    postgres.stop()
    assert postgres.pid is None
    assert not postgres.accepts()
    postgres.stop()


def test_rows_survive_a_kill_and_a_stop(postgres: Postgres) -> None:
    postgres.start()
    ask(postgres, "CREATE TABLE stamp AS SELECT 42 AS number")

    killed = postgres.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    postgres.start()
    assert postgres.pid not in {None, killed}
    assert ask(postgres, "SELECT number FROM stamp") == 42

    postgres.stop()
    postgres.start()
    assert ask(postgres, "SELECT number FROM stamp") == 42


def test_durability_is_on_and_only_loopback_listens(running: Postgres) -> None:
    assert ask(running, "SHOW fsync") == "on"
    assert ask(running, "SHOW synchronous_commit") == "on"
    assert ask(running, "SHOW full_page_writes") == "on"
    assert ask(running, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(running, "SHOW unix_socket_directories") == ""
    assert ask(running, "SHOW server_encoding") == "UTF8"


def test_nobody_enters_without_the_password(running: Postgres) -> None:
    port = running.state.recall("postgres_port")
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host="127.0.0.1", port=port, user="tir", dbname="tir")
    with pytest.raises(LaptopError, match="another password"):
        replace(running, passwords={ADMINISTRATOR: "wrong"}).start()


def test_runs_as_somebody_unprivileged_in_a_private_directory(running: Postgres) -> None:
    assert running.home.stat().st_mode & 0o077 == 0
    assert running.home.stat().st_uid == ServerAccount.unprivileged().uid != 0


def test_keeps_its_port_unless_somebody_else_took_it(postgres: Postgres) -> None:
    postgres.start()
    port = postgres.state.recall("postgres_port")
    postgres.stop()
    postgres.start()
    assert postgres.state.recall("postgres_port") == port

    postgres.stop()
    with socket.socket() as somebody:
        somebody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        somebody.bind(("127.0.0.1", port))
        somebody.listen()
        postgres.start()
        assert postgres.state.recall("postgres_port") != port
        assert ask(postgres, "SELECT 1") == 1


def test_an_interrupted_first_start_is_begun_again(postgres: Postgres) -> None:
    unfinished = postgres.home / "postgres.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    postgres.start()
    assert ask(postgres, "SELECT 1") == 1
    assert not unfinished.exists()


def test_never_ends_a_process_that_is_not_its_own(postgres: Postgres) -> None:
    postgres.start()
    postgres.stop()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as somebody:
        (postgres.data / "postmaster.pid").write_text(f"{somebody.pid}\n")
        assert postgres.pid is None
        postgres.stop()
        assert somebody.poll() is None
        (postgres.data / "postmaster.pid").unlink()
        somebody.kill()


def test_runs_from_a_copy_where_its_account_cannot_reach_the_wheel(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Postgres, "_can_run", lambda _self, _binary: False)
    postgres.start()
    assert postgres.pid is not None
    assert str(postgres.home) in command_line(postgres.pid).split()[0]
    assert ask(postgres, "SELECT 1") == 1


def test_a_copied_checkout_gets_a_server_of_its_own(postgres: Postgres, state: State) -> None:
    original = postgres.home
    copy = State(state.directory.parent / "copy")
    copy.remember("home", str(original))
    theirs = Postgres(copy, postgres.account, postgres.passwords).home
    assert theirs != original
    for leftover in theirs.iterdir():
        leftover.unlink()
    theirs.rmdir()


def test_a_moved_checkout_keeps_its_server(postgres: Postgres, state: State) -> None:
    home = postgres.home
    moved = state.directory.with_name("moved")
    state.directory.rename(moved)
    expected = moved / home.name if home.parent == state.directory else home
    assert replace(postgres, state=State(moved)).home == expected
    moved.rename(state.directory)


def test_a_recorded_number_alone_proves_nothing(state: State) -> None:
    assert not is_ours(None, state.directory)
    assert not is_ours(1, state.directory)
    assert not is_ours(os.getpid(), state.directory)
    assert not wait_until(lambda: False, seconds=0)


def test_a_place_with_a_space_and_a_percent_sign_is_one_word_to_the_archive_command() -> None:
    """In these settings PostgreSQL takes %p for the path of the segment, and %% for a percent sign."""
    assert archiving.quoted(Path("/var/50% full/wal")) == "'/var/50%% full/wal'"
    assert archiving.quoted(Path("/var/wal")) == "/var/wal"


class TestRoles:
    def test_sign_in_each_with_a_password_of_its_own(self, running: Postgres) -> None:
        for role in roles.ROLES:
            assert ask(running, "SELECT current_user", role) == role
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(
                replace(running, passwords=dict.fromkeys(roles.ROLES, "another")).url_of(roles.WEB)
            )

    def test_come_to_a_cluster_that_is_older_with_what_is_in_its_database(self, postgres: Postgres) -> None:
        """Before there were roles, the administrator made everything, and everybody connected as him."""
        postgres.start()
        ask(postgres, "CREATE TABLE stamp (id bigserial, packages integer)")
        ask(postgres, "CREATE FUNCTION doubled(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * n'")
        ask(postgres, f"ALTER DATABASE tir OWNER TO {ADMINISTRATOR}")
        for role in (*roles.ROLES, roles.BOUND):
            ask(postgres, f"DROP ROLE {role}")

        postgres.start()

        assert (
            ask(postgres, "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'tir_%'") == len(roles.ROLES) + 1
        )
        ask(postgres, "ALTER TABLE stamp ADD COLUMN mass_kg integer", roles.OWNER)
        ask(postgres, "ALTER FUNCTION doubled COST 2", roles.OWNER)
        ask(postgres, "CREATE TABLE scan (id integer)", roles.OWNER)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(postgres, "SELECT * FROM stamp", roles.WEB)

    def test_get_new_passwords_from_the_environment_and_lose_what_was_granted_by_hand(
        self, postgres: Postgres
    ) -> None:
        postgres.start()
        ask(postgres, f"GRANT {roles.OWNER} TO {roles.WEB}")
        ask(postgres, f"ALTER ROLE {roles.WEB} CREATEDB")
        ask(postgres, f"SET ROLE {roles.OWNER}", roles.WEB)
        changed = replace(
            postgres, passwords={**postgres.passwords, **dict.fromkeys(roles.ROLES, "a new one: /")}
        )
        passwords = {roles.password_variable(role): changed.passwords[role] for role in roles.ROLES}

        ran = run_roles(ADMIN_DATABASE_URL=postgres.url_of(ADMINISTRATOR), **passwords)

        assert (ran.returncode, ran.stderr) == (0, "")
        assert ask(changed, "SELECT current_user", roles.WEB) == roles.WEB
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            ask(postgres, "SELECT 1", roles.WEB)
        for statement in (f"SET ROLE {roles.OWNER}", "CREATE DATABASE mine"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                ask(changed, statement, roles.WEB)

    def test_are_not_made_without_every_password(self, running: Postgres) -> None:
        ran = run_roles(ADMIN_DATABASE_URL=running.url_of(ADMINISTRATOR), TIR_OWNER_PASSWORD="x")

        assert ran.returncode == 1
        assert (
            "TIR_WEB_PASSWORD, TIR_WORKER_PASSWORD, TIR_LOG_PASSWORD, TIR_READ_PASSWORD is not set"
            in ran.stderr
        )

    def test_are_made_with_passwords_from_files(self, postgres: Postgres, tmp_path: Path) -> None:
        postgres.start()
        said = {"ADMIN_DATABASE_URL": postgres.url_of(ADMINISTRATOR)}
        for role in roles.ROLES:
            file = tmp_path / role
            file.write_text(f"{role} from a file\n")
            said[f"{roles.password_variable(role)}_FILE"] = str(file)

        ran = run_roles(**said)

        assert ran.returncode == 0, ran.stderr
        changed = replace(postgres, passwords={**postgres.passwords, roles.WEB: f"{roles.WEB} from a file"})
        assert ask(changed, "SELECT 1", roles.WEB) == 1


def run_roles(**variables: str) -> "subprocess.CompletedProcess[str]":
    kept = {"PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "tir.roles"]
    return subprocess.run(command, env={**kept, **variables}, capture_output=True, text=True, check=False)
