"""Argon2 in a process of its own, so that whoever guesses passwords does not take the time of those who stamp.

At most one password is hashed at once for a process of the web server, by another process that gives way to others;
who waits too long is told to come again. It is no thread: one that gives way is stopped now and then while it holds the
interpreter's lock, and then every thread beside it stands. The parameters are those that OWASP's Password Storage Cheat
Sheet names first for Argon2id: 46 MiB, one lane. A password hashed by Django's own (100 MiB, eight lanes) is hashed
anew when it is next right.
"""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext_lazy as _

from tir.kernel.errors import DomainError

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")
HASHER = Path(__file__).with_name("hasher.py")


class SignInBusy(DomainError):
    """More passwords are being checked than this process takes at once. Nothing was judged: try again."""

    code = "sign_in_busy"
    retry_after = 2  # seconds


class Pool:
    """Runs one thing at a time; so many others as `waiting` may wait for it, and not for long."""

    def __init__(self, waiting: int = 1) -> None:
        self._turn = threading.Semaphore(1)
        self._waiting = threading.Semaphore(waiting)

    def run(self, work: Callable[..., Answer], *given: Any) -> Answer:
        """Return what the work returns. Raises SignInBusy if its turn does not come in time."""
        if not self._take_turn():
            raise SignInBusy(_("Too many people sign in at this moment. Try again in a few seconds."))
        try:
            return work(*given)
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


class Hasher:
    """The process that hashes for this one, made when it is first needed; whoever asks has the pool's turn."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._ours = 0

    def ask(self, what: str, *given: Any) -> Any:
        """Return what it answers; one that has died is made again, once."""
        for is_again in (False, True):
            process = self._running()
            try:
                if line := _exchange(process, json.dumps({what: given})):
                    return json.loads(line)
            except BrokenPipeError:
                pass
            process.kill()
            process.wait()
            if is_again:
                break
        logger.error(
            "the process that hashes passwords ended twice"
        )  # a fault; to the caller it is as if it were busy
        raise SignInBusy(_("Passwords cannot be checked at this moment. Try again in a few seconds."))

    def _running(self) -> "subprocess.Popen[str]":
        """Return the one of this process: another's, of before a fork, would answer them both."""
        if self._process is None or self._ours != os.getpid() or self._process.poll() is not None:
            self._ours = os.getpid()
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", str(HASHER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                start_new_session=True,
                env={"PATH": os.defpath},
            )  # fmt: skip
        return self._process


def _exchange(process: "subprocess.Popen[str]", line: str) -> str:
    """Return the line that answers a line; nothing from one that has ended."""
    if process.stdin is None or process.stdout is None:
        return ""
    process.stdin.write(line + "\n")
    process.stdin.flush()
    return process.stdout.readline()


# Who hashes and who waits each hold a thread of the web server: one is always left to those who stamp.
POOL = Pool(waiting=max(0, int(os.environ.get("WEB_THREADS", "2")) - 2))
OWN = Hasher()


class Argon2(Argon2PasswordHasher):
    """Argon2id, one password at a time."""

    time_cost = 1
    memory_cost = 47_104  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        cost = (self.time_cost, self.memory_cost, self.parallelism)
        return f"{self.algorithm}" + str(POOL.run(OWN.ask, "hash", password, salt, *cost))

    def verify(self, password: str, encoded: str) -> bool:
        return bool(POOL.run(OWN.ask, "verify", "$" + encoded.split("$", 1)[1], password))

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Django would make up for cheaper hashes by hashing again; there are none cheaper."""
