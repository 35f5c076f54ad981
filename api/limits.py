"""How much one account may ask for in a minute, by what it costs.

A view says in `cost` what it is: `paper` (a PDF is drawn), `export`, `search`. An account gets so many milliseconds of
work a minute, which one connection alone cannot spend. Of sign-ins see `tir.signin.attempts`.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from django.utils.translation import ngettext

from api.counting import counters
from api.errors import TooManyRequests
from tir.kernel.clock import now

MINUTE: Final = 60  # seconds
BUDGETS: Final[Mapping[str, int]] = {
    "paper": 60_000,
    "export": 60_000,
    "search": 60_000,
}  # milliseconds a minute
LEAST: Final[Mapping[str, int]] = {
    "export": 500
}  # a file is written while it is sent, after the view has answered


@contextmanager
def charged(cost: str, account: str) -> Iterator[None]:
    """Do something costly on the account of a user, unless its minute is spent. Raises TooManyRequests."""
    if cost not in BUDGETS:
        yield
        return
    ensure_left(cost, account)
    began = time.perf_counter()
    try:
        yield
    finally:
        charge(cost, account, time.perf_counter() - began)


def ensure_left(cost: str, account: str) -> None:
    """Raise TooManyRequests where nothing is left of an account's minute."""
    at = now().timestamp()
    if counters.seen(f"{cost}:{account}", window=MINUTE, at=at) >= BUDGETS[cost]:
        wait = MINUTE - int(at) % MINUTE
        sentence = ngettext(
            "Your account has asked for too much of this at once. Wait {wait} second, then go on.",
            "Your account has asked for too much of this at once. Wait {wait} seconds, then go on.",
            wait,
        )
        raise TooManyRequests(wait, sentence.format(wait=wait))


def charge(cost: str, account: str, seconds: float) -> None:
    """Count the work that was done."""
    took = max(int(seconds * 1000), LEAST.get(cost, 1))
    counters.add(f"{cost}:{account}", took, window=MINUTE, at=now().timestamp())
