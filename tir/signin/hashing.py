"""Argon2 in a pool of its own, so that whoever guesses passwords does not take the time of those who stamp.

At most so many passwords are hashed at once in a process, one after another on a thread that gives way to others; who
waits too long is told to come again. The parameters are those that OWASP's Password Storage Cheat Sheet names first
for Argon2id: 46 MiB, one lane. A password hashed by Django's own (100 MiB, eight lanes) is hashed anew when it is next
right.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext_lazy as _

from tir.kernel.errors import DomainError

Answer = TypeVar("Answer")
GIVES_WAY = 10  # niceness of the thread


class SignInBusy(DomainError):
    """More passwords are being checked than this process takes at once. Nothing was judged: try again."""

    code = "sign_in_busy"
    retry_after = 2  # seconds


class Pool:
    """Runs one thing at a time; so many others as `waiting` may wait for it, and not for long."""

    def __init__(self, waiting: int = 1) -> None:
        self._turn = threading.Semaphore(1)
        self._waiting = threading.Semaphore(waiting)
        self._threads: ThreadPoolExecutor | None = None
        self._process = 0

    def run(self, work: Callable[..., Answer], *given: Any) -> Answer:
        """Return what the work returns. Raises SignInBusy if its turn does not come in time."""
        if not self._take_turn():
            raise SignInBusy(_("Too many people sign in at this moment. Try again in a few seconds."))
        try:
            return self._executor().submit(work, *given).result()
        finally:
            self._turn.release()

    def _take_turn(self) -> bool:
        if self._turn.acquire(blocking=False):
            return True
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return self._turn.acquire(timeout=settings.SIGN_IN_WAIT_SECONDS)
        finally:
            self._waiting.release()

    def _executor(self) -> ThreadPoolExecutor:
        """Return the thread of this process: one of before a fork would never answer."""
        if self._threads is None or self._process != os.getpid():
            self._process = os.getpid()
            self._threads = ThreadPoolExecutor(1, "passwords", initializer=_give_way)
        return self._threads


def _give_way() -> None:
    """On Linux a thread has a niceness of its own; elsewhere it keeps the process's."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVES_WAY)


# Who hashes and who waits each hold a thread of the web server: one is always left to those who stamp.
POOL = Pool(waiting=max(0, int(os.environ.get("WEB_THREADS", "2")) - 2))


class Argon2(Argon2PasswordHasher):
    """Argon2id, one password at a time."""

    time_cost = 1
    memory_cost = 47_104  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        return POOL.run(super().encode, password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        return POOL.run(super().verify, password, encoded)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Django would make up for cheaper hashes by hashing again; there are none cheaper."""
