"""Run with `script/bench [stamps|reconcile|paper|liability|log|slow|guessing|walls] …`; without arguments, everything."""

import sys

from bench.database import bench_database
from bench.report import table

SECTIONS = {
    "stamps": "Stamping",
    "reconcile": "Reconciliation",
    "paper": "Paper",
    "liability": "Liability",
    "log": "The log",
    "slow": "Slow and greedy clients",
    "guessing": "Guessed passwords",
    "walls": "Reading through the walls",
}


def main(asked: list[str]) -> None:
    for section in asked or SECTIONS:
        sys.stdout.write(f"Measuring {SECTIONS[section].lower()} ...\n")
        with bench_database():
            rows = _measure(section)
        sys.stdout.write(table(SECTIONS[section], rows) + "\n\n")


def _measure(section: str) -> list:  # type: ignore[type-arg]
    """Import late: the models can be loaded only once the database is set up."""
    from django.db import connections

    from bench import guessing, liability, logging, paper, reconciling, slow, stamping, walls
    from tir.kernel.kept import Kept

    Kept.forget_all()
    try:
        modules = {
            "stamps": stamping,
            "reconcile": reconciling,
            "paper": paper,
            "liability": liability,
            "log": logging,
            "slow": slow,
            "guessing": guessing,
            "walls": walls,
        }
        return modules[section].measure()
    finally:
        connections.close_all()


if __name__ == "__main__":
    main(sys.argv[1:])
