"""A light HTTP client: prepared requests over a few kept connections, so that the server is what is measured."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from time import perf_counter

CLIENTS = 8
# A kept connection stays with the worker that took it. Opened anew now and then, as phones do, it goes to whoever is
# free; kept for a whole phase, it would measure how eight connections happened to fall to two workers.
KEPT_FOR = 10


@dataclass(frozen=True)
class Measured:
    """How long the requests took, all together and each."""

    seconds: float
    latencies: list[float]

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return a percentile of the latencies, in milliseconds."""
        return sorted(self.latencies)[int(share * (len(self.latencies) - 1))] * 1000


def request(path: str, token: str, body: bytes) -> bytes:
    """Return a POST as bytes on the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def post_all(port: int, requests: Sequence[bytes], *, expect: bytes, kept_for: int = KEPT_FOR) -> Measured:
    """Send every request once by CLIENTS at once, each over a connection that it keeps for some requests; fail on the
    first answer whose status is not `expect`."""
    return asyncio.run(_post_all(port, requests, expect, kept_for))


async def _post_all(port: int, requests: Sequence[bytes], expect: bytes, kept_for: int) -> Measured:
    waiting, latencies = iter(requests), list[float]()
    started = perf_counter()
    await asyncio.gather(*(_client(port, waiting, latencies, expect, kept_for) for _ in range(CLIENTS)))
    return Measured(perf_counter() - started, latencies)


async def _client(
    port: int, waiting: Iterator[bytes], latencies: list[float], expect: bytes, kept_for: int
) -> None:
    while some := list(islice(waiting, kept_for)):
        await _send(port, some, latencies, expect)


async def _send(port: int, requests: Sequence[bytes], latencies: list[float], expect: bytes) -> None:
    began = perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for prepared in requests:
        writer.write(prepared)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_length(head))
        latencies.append(perf_counter() - began)
        if head[9:12] != expect:
            raise RuntimeError(f"expected {expect!r}, got {head[:40]!r} {body[:400]!r}")
        began = perf_counter()
    writer.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0
