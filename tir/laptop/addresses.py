"""Where each role reaches the database: one address a process, so that none holds another's password.

`DATABASE_URL` is what a process connects with, and the web server's unless a script says otherwise. The addresses of
the other roles stand in `.local/roles.env`, which no script exports; for a server of one's own they come from the
environment.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from tir.laptop.processes import LaptopError
from tir.laptop.secrets import read_variables

PROJECT = Path(__file__).resolve().parent.parent.parent
# Another directory has services, keys and a log of its own: `--empty` of the scripts names one by TIR_STATE.
LOCAL = PROJECT / os.environ.get("TIR_STATE", ".local")
OF_OTHERS = ("ADMIN", "OWNER", "WORKER", "LOG", "READ")


def variable(role: str) -> str:
    return f"{role}_DATABASE_URL"


def address(role: str, directory: Path = LOCAL) -> str:
    """Return the address by which a role (OWNER, WORKER, …) connects. Raises LaptopError for a server that is not ours
    and whose address of that role was not given."""
    name = variable(role)
    if name in os.environ:
        return os.environ[name]
    ours = read_variables(directory / "services.env").get("DATABASE_URL")
    known = read_variables(directory / "roles.env")
    if name not in known or os.environ.get("DATABASE_URL", ours) != ours:
        raise LaptopError(f"{name} is not set: with a PostgreSQL of your own, see docs/operations.md, 1.")
    return known[name]


def without_others(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which a process finds no address but its own."""
    others = {variable(role) for role in OF_OTHERS}
    return {name: value for name, value in environment.items() if name not in others}


def main() -> None:
    """Print the address of the role that the command line names; one not known is said and ends with status 1."""
    try:
        sys.stdout.write(address(sys.argv[1]) + "\n")
    except LaptopError as error:
        sys.exit(f"tir.laptop: {error}")


if __name__ == "__main__":
    main()
