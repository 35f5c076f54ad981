"""Several things at the same instant, each in a thread with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")

PATIENCE = 30.0  # seconds; a deadlock that PostgreSQL did not find would otherwise hang the whole run


def at_once(*calls: Callable[[], Result]) -> list[Result | Exception]:
    """Let every call go at the same instant, and return what each returned or raised, in order."""
    gate = Barrier(len(calls), timeout=PATIENCE)

    def run(call: Callable[[], Result]) -> Result | Exception:
        try:
            connection.ensure_connection()
            gate.wait()
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls, timeout=PATIENCE))


def raised(results: list[Result | Exception]) -> list[Exception]:
    """Return what was raised, in order."""
    return [result for result in results if isinstance(result, Exception)]


def returned(results: list[Result | Exception]) -> list[Result]:
    """Return what was returned, in order."""
    return [result for result in results if not isinstance(result, Exception)]
