"""`python -m tir.laptop start|stop|status`: the entry that the scripts use.

`start` also writes `.local/services.env`, which the scripts export: settings only ever read the environment. What it
writes into `.local/roles.env`, the addresses of the other roles, is for the command that needs one: see `addresses`.
"""

import argparse
import os
import sys
from pathlib import Path

from tir import roles
from tir.laptop import secrets
from tir.laptop.addresses import LOCAL, variable
from tir.laptop.places import State
from tir.laptop.postgres import Postgres
from tir.laptop.processes import LaptopError, ServerAccount
from tir.laptop.valkey import Valkey

OTHERS = {
    "ADMIN": secrets.ADMINISTRATOR,
    "OWNER": roles.OWNER,
    "WORKER": roles.WORKER,
    "LOG": roles.LOG,
    "READ": roles.READ,
}


class Laptop:
    """The services that the environment does not provide already, by the variable that names each."""

    def __init__(self, directory: Path) -> None:
        self.state = State(directory)
        account = ServerAccount.unprivileged()
        secrets.ensure_secrets(directory)
        self.postgres = Postgres(self.state, account, secrets.ensure_passwords(directory))
        self.services: dict[str, Postgres | Valkey] = {
            "DATABASE_URL": self.postgres,
            "CELERY_BROKER_URL": Valkey(self.state, account),
        }

    def start(self) -> None:
        """Bring up what the environment does not provide, and write down where it is. Raises LaptopError."""
        with self.state.locked():
            wanted = {name: service for name, service in self.services.items() if name not in os.environ}
            for service in wanted.values():
                service.start()
            urls = {name: service.url for name, service in wanted.items()}
            known = self.state.directory / "services.env"
            if urls or not known.exists():  # one script calls another: the inner one is given everything
                secrets.write_variables(known, urls)
            if "DATABASE_URL" in wanted:
                others = {variable(name): self.postgres.url_of(role) for name, role in OTHERS.items()}
                secrets.write_variables(self.state.directory / "roles.env", others)

    def stop(self) -> None:
        with self.state.locked():
            for service in self.services.values():
                service.stop()

    def status(self) -> str:
        return "\n".join(
            f"{type(service).__name__.lower()}: {f'running, process {service.pid}' if service.pid else 'stopped'}"
            for service in self.services.values()
        )


def main() -> None:
    """Do what the command line asks; a LaptopError is said in one line and ends with status 1."""
    parser = argparse.ArgumentParser(prog="python -m tir.laptop", description=__doc__)
    parser.add_argument("verb", choices=["start", "stop", "status"])
    parser.add_argument(
        "--state", type=Path, default=LOCAL, help="where to keep things (default: %(default)s)"
    )
    arguments = parser.parse_args()
    try:
        _do(arguments.verb, arguments.state.resolve())
    except LaptopError as error:
        sys.exit(f"tir.laptop: {error}")


def _do(verb: str, directory: Path) -> None:
    laptop = Laptop(directory)
    if verb == "start":
        laptop.start()
    elif verb == "stop":
        laptop.stop()
    else:
        sys.stdout.write(laptop.status() + "\n")


if __name__ == "__main__":
    main()
