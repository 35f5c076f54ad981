"""Telling how far a long job is: a line that renews itself on a terminal, a line every tenth otherwise."""

from dataclasses import dataclass
from time import monotonic

from django.core.management.base import OutputWrapper


@dataclass(slots=True)
class Ticker:
    """Writes `tell` lines to a stream."""

    stream: OutputWrapper
    begun: float
    tenths: int = 0

    @classmethod
    def on(cls, stream: OutputWrapper) -> "Ticker":
        return cls(stream, monotonic())

    @property
    def seconds(self) -> float:
        return max(monotonic() - self.begun, 0.001)

    def tell(self, line: str, *, done: int, total: int) -> None:
        if self.stream.isatty():
            self.stream.write(f"\r\033[K  {line}", ending="\n" if done >= total else "")
        elif done * 10 // max(total, 1) > self.tenths:
            self.tenths = done * 10 // total
            self.stream.write(f"  {line}")
        self.stream.flush()
