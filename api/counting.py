"""Counters of the last minute, by what they count: shared by all processes where the broker is Valkey or Redis, each
process's own where it is not, or while it is away. No table: what is forgotten with a restart costs a minute."""

import time
from threading import Lock
from typing import Any, Final

import redis
from django.conf import settings

PREFIX: Final = "tir-limits:"
PATIENCE: Final = 0.05  # seconds for an answer; a counter is worth no wait
AWAY_FOR: Final = 10.0  # seconds in which a broker that did not answer is not asked again
MOST_OWN: Final = 20_000  # keys that a process remembers


class Counters:
    """`add` counts, `seen` looks; both return the sum of the window that `at` (seconds) lies in."""

    def __init__(self, url: str) -> None:
        self._shared = _client(url)
        self._away_until = 0.0
        self._own: dict[str, int] = {}
        self._lock = Lock()

    def add(self, what: str, much: int, *, window: int, at: float) -> int:
        key = _key(what, window, at)
        shared = self._ask(lambda valkey: _added(valkey, key, much, window))
        if shared is not None:
            return shared
        with self._lock:
            if len(self._own) > MOST_OWN:
                self._own.clear()
            self._own[key] = self._own.get(key, 0) + much
            return self._own[key]

    def seen(self, what: str, *, window: int, at: float) -> int:
        key = _key(what, window, at)
        shared = self._ask(lambda valkey: int(valkey.get(key) or 0))
        return self._own.get(key, 0) if shared is None else shared

    def count_alone(self) -> None:
        """Begin anew, in this process: tests do not mind each other's counts."""
        self._shared, self._own = None, {}

    def _ask(self, question: Any) -> int | None:
        """Return the broker's answer, or None where there is nobody to ask."""
        if self._shared is None or time.monotonic() < self._away_until:
            return None
        try:
            answer: int = question(self._shared)
        except redis.RedisError:
            self._away_until = time.monotonic() + AWAY_FOR
            return None
        return answer


def _key(what: str, window: int, at: float) -> str:
    return f"{PREFIX}{what}:{window}:{int(at) // window}"


def _added(valkey: Any, key: str, much: int, window: int) -> int:
    with valkey.pipeline(transaction=False) as both:
        both.incrby(key, much).expire(key, 2 * window)
        return int(both.execute()[0])


def _client(url: str) -> Any:
    if not url.startswith("redis"):
        return None
    return redis.Redis.from_url(
        url.replace("redis+socket://", "unix://"),
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=None,
    )


counters = Counters(settings.CELERY_BROKER_URL)
