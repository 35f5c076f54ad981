"""A light HTTP client: prepared requests over a few kept connections, so that the server is what is measured."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

CLIENTS = 8


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


def post_all(port: int, requests: Sequence[bytes], *, expect: bytes) -> Measured:
    """Send every request once over CLIENTS connections; fail on the first answer whose status is not `expect`."""
    return asyncio.run(_post_all(port, requests, expect))


async def _post_all(port: int, requests: Sequence[bytes], expect: bytes) -> Measured:
    waiting, latencies = iter(requests), list[float]()
    started = perf_counter()
    await asyncio.gather(*(_client(port, waiting, latencies, expect) for _ in range(CLIENTS)))
    return Measured(perf_counter() - started, latencies)


async def _client(port: int, waiting: "iter[bytes]", latencies: list[float], expect: bytes) -> None:  # type: ignore[valid-type]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for prepared in waiting:
        sent = perf_counter()
        writer.write(prepared)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_length(head))
        latencies.append(perf_counter() - sent)
        if head[9:12] != expect:
            raise RuntimeError(f"expected {expect!r}, got {head[:40]!r} {body[:400]!r}")
    writer.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0
