"""`python -m tir.laptop.serving [--port N] [--background | --stop]`: proxy, web server, Celery worker and the log.

Behind `script/serve`, which brings up the database and the broker first. Only processes recorded here are ended.
"""

import argparse
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tir.laptop import processes
from tir.laptop.addresses import LOCAL, address, without_others
from tir.laptop.places import State
from tir.laptop.processes import LaptopError, ServerAccount
from tir.laptop.proxy import Proxy
from tir.laptop.welcome import record_address

READY_SECONDS = 60.0
STOP_SECONDS = 45.0


class Serving:
    """Four processes of ours: gunicorn with its workers, the proxy that is in front of it, Celery's worker with beat
    inside, and the log's sequencer."""

    def __init__(self, state: State, port: int) -> None:
        self.state = state
        self.port = port
        host = os.environ.get("HOST", "127.0.0.1")
        self.proxy = Proxy(state, ServerAccount.unprivileged(), host, port)
        # Named on every command line: that is how we know the processes again.
        self.directory = state.directory / "serving"
        self.directory.mkdir(exist_ok=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def commands(self) -> dict[str, list[str]]:
        """Return the command line of each process, by its name."""
        python = sys.executable
        web = ["-m", "gunicorn", "--config", "python:tir.gunicorn", "--pid", str(self.directory / "web.pid")]
        worker = ["-m", "celery", "--app", "tir", "worker", "--beat", "--concurrency", "1"]
        schedule = ["--schedule", str(self.directory / "beat-schedule"), "--loglevel", "info"]
        log = ["manage.py", "log", "run", "--pid", str(self.directory / "log.pid")]
        proxy = {"proxy": self.proxy.command(self.directory)} if self.proxy.is_there else {}
        return {
            "web": [python, *web, "tir.wsgi"],
            "worker": [python, *worker, *schedule],
            "log": [python, *log],
            **proxy,
        }

    def environments(self) -> dict[str, dict[str, str]]:
        """Return the environment of each: an address of its own, and of the others' and the owner's nothing."""
        shared = {**without_others(os.environ), "PORT": str(self.port)}
        behind = (
            {"WEB_BIND": f"unix:{self.proxy.upstream}", "BEHIND_PROXY": "1"} if self.proxy.is_there else {}
        )
        return {
            "web": {**shared, **behind},
            "proxy": {"PATH": os.defpath},
            "worker": {**shared, "DATABASE_URL": address("WORKER")},
            "log": {**shared, "DATABASE_URL": address("LOG")},
        }

    def start(self, *, ends_with_us: bool = False) -> None:
        """Start the processes and wait until the API answers; one that does not is stopped again. Raises
        LaptopError."""
        if self.alive():
            raise LaptopError("already serving; script/serve --stop ends it.")
        if not processes.is_free(self.port):
            raise LaptopError(f"port {self.port} is taken; choose another with --port.")
        if self.proxy.is_there:
            self.proxy.prepare()
        self.state.remember("stop_meant", False)
        for name in self.commands():
            self.spawn(name, ends_with_us=ends_with_us)
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until the API answers. Raises LaptopError, with everything stopped, if it does not in time."""
        processes.wait_until(self._settled, seconds=READY_SECONDS, pause=0.2)
        if not self._is_ready():
            self.stop()
            raise LaptopError(f"did not get ready: see the logs in {self.directory}")

    def stop(self) -> None:
        """End all; whoever follows them in the foreground hears that it was meant."""
        self.state.remember("stop_meant", True)
        for name in self.by_name():
            self.end(name)

    def end(self, name: str) -> None:
        """Ask one process to finish what it has begun and end, if it is there; wait until it has."""
        pid = self.by_name().get(name)
        if pid and not processes.end_process(pid, self.directory, how=signal.SIGTERM, seconds=STOP_SECONDS):
            processes.end_process(pid, self.directory, how=signal.SIGKILL, seconds=STOP_SECONDS)

    def alive(self) -> list[int]:
        return list(self.by_name().values())

    def by_name(self) -> dict[str, int]:
        """Return which processes are alive, of this release or of the one that served before."""
        recorded = (self.state.recall("serving") or {}).items()
        return {name: pid for name, pid in recorded if processes.is_ours(pid, self.directory)}

    def follow(self) -> None:
        """Stay until Ctrl-C, or until one of them is gone; either way all are ended. Raises LaptopError for one that
        nobody meant to end."""
        try:
            while len(self.alive()) == len(self.commands()):
                time.sleep(0.5)
            if self.state.recall("stop_meant"):
                sys.stdout.write("Stopped by script/serve --stop.\n")
                return
            raise LaptopError(f"a process ended by itself: see the logs in {self.directory}")
        except KeyboardInterrupt:
            sys.stdout.write("\nStopping ...\n")
        finally:
            self.stop()

    def spawn(self, name: str, *, ends_with_us: bool = False) -> None:
        """Start one process and write down which it is."""
        us = ServerAccount(os.geteuid(), os.getegid())
        account, cwd = (self.proxy.account, self.proxy.directory) if name == "proxy" else (us, Path.cwd())
        log = self.directory / f"{name}.log"
        pid = processes.start_server(
            self.commands()[name],
            account=account,
            cwd=cwd,
            log=log,
            environment=self.environments()[name],
            ends_with_us=ends_with_us,
        )
        kept = {each: known for each, known in self.by_name().items() if each != name}
        # In the order of the commands: whoever stops them all lets the web server finish before the proxy goes.
        pids = {each: known for each in self.commands() if (known := {**kept, name: pid}.get(each))}
        self.state.remember("serving", pids)
        self.state.remember("serving_port", self.port)

    def _settled(self) -> bool:
        return self._is_ready() or len(self.alive()) < len(self.commands())

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz/ready", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)  # noqa: PLR2004
        except (urllib.error.URLError, OSError):
            return False


def main() -> None:
    """Do what the command line asks; a LaptopError is said in one line and ends with status 1."""
    parser = argparse.ArgumentParser(prog="script/serve", description="Serve the API on this machine.")
    parser.add_argument(
        "--port", type=int, help=f"{processes.FIRST_PORT} or the next one free, when left out"
    )
    parser.add_argument("--background", action="store_true", help="return as soon as it answers")
    parser.add_argument(
        "--empty", action="store_true", help="a database of its own, with nothing in it at first"
    )
    parser.add_argument("--training", action="store_true", help="the same, for training")
    parser.add_argument("--stop", action="store_true", help="end what an earlier call started")
    arguments = parser.parse_args()
    serving = Serving(State(LOCAL), arguments.port or processes.first_free())
    try:
        _do(serving, background=arguments.background, stop=arguments.stop)
    except LaptopError as error:
        sys.exit(f"script/serve: {error}")


def _do(serving: Serving, *, background: bool, stop: bool) -> None:
    if stop:
        serving.stop()
        return
    serving.start(ends_with_us=not background)
    record_address(serving.url)
    sys.stdout.write(f"Serving at {serving.url} (logs in {serving.directory})\n")
    sys.stdout.flush()
    if not background:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        serving.follow()


if __name__ == "__main__":
    main()
