"""Keeps slow-changing reference data in a process for a short while.

Registers of offices or liability maxima are dated rows that change a few times a year and are read by every stamp.
Nothing that a transaction changes may be kept this way.
"""

from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Calls `load` at most once in `seconds`; `forget` makes the next call load afresh."""

    _all: "list[Kept[object]]" = []

    def __init__(self, load: Callable[[], Value], seconds: float) -> None:
        self._load, self._seconds = load, seconds
        self._value: Value | None = None
        self._until = 0.0
        Kept._all.append(self)  # type: ignore[arg-type]

    def __call__(self) -> Value:
        if self._value is None or monotonic() >= self._until:
            self._value = self._load()
            self._until = monotonic() + self._seconds
        return self._value

    def forget(self) -> None:
        self._value = None

    @classmethod
    def forget_all(cls) -> None:
        for kept in cls._all:
            kept.forget()


def kept_for(seconds: float) -> Callable[[Callable[[], Value]], Kept[Value]]:
    return lambda load: Kept(load, seconds)
