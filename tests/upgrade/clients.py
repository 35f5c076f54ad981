"""Associations and posts that go on working while a server is changed: they issue, stamp, read receipts, and send again
whatever was not acknowledged, as every client of ours does."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

Json = dict[str, Any]
AWAY, REFUSED, SILENT = 503, "refused", "no answer"
SENT_AGAIN = (AWAY, REFUSED, SILENT)


@dataclass
class Heard:
    """What clients were told: what was acknowledged, how each request ended, and when stamps went through."""

    receipts: dict[str, Json] = field(default_factory=dict)
    issued: list[str] = field(default_factory=list)
    statuses: Counter[int | str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    stamped_at: list[float] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def longest_without_a_stamp(self) -> float:
        """Return the longest time, in seconds, between two stamps that went through, anybody's."""
        times = sorted(self.stamped_at)
        return max((later - earlier for earlier, later in zip(times, times[1:], strict=False)), default=0.0)


@dataclass(frozen=True)
class Site:
    """Who works where, by tokens: an association, and an officer for each page of the itinerary."""

    port: int
    association: str
    officers: tuple[str, ...]
    application: Json  # what is issued


def sign_in(port: int, username: str, password: str) -> str:
    """Return a token."""
    status, _head, answer = _ask(
        port, "POST", "/auth/token/", "", {"username": username, "password": password}
    )
    assert status == 200, answer
    return str(answer["token"])


@contextmanager
def working(site: Site, clients: int = 3) -> Iterator[Heard]:
    """Have so many lorries on the road at any time until the block ends; each that has begun is sent to its end."""
    heard, ended = Heard(), Event()
    threads = [Thread(target=_drive, args=(site, heard, ended)) for _client in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield heard
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def receipt_of(site: Site, number: str, id: str, officer: str) -> Json:
    """Return the stamp as it is read now; raises AssertionError where it is not on record."""
    status, _head, answer = _ask(site.port, "GET", f"/stamps/{id}/", officer, None)
    assert status == 200, (number, id, answer)
    return answer


def _drive(site: Site, heard: Heard, ended: Event) -> None:
    while not ended.is_set():
        carnet = _until_acknowledged(site, heard, "/carnets/", site.association, site.application)
        if carnet is None:
            return
        with heard.lock:
            heard.issued.append(carnet["number"])
        for page, officer in enumerate(site.officers, start=1):
            seals = {"affixed": ["A-1"]} if page == 1 else {"found": ["A-1"]}
            stamp = {
                "id": str(uuid4()), "carnet": carnet["number"], "page": page, "seals": {"intact": True, **seals},
                "occurred_at": datetime.now(UTC).isoformat(),
            }  # fmt: skip
            receipt = _until_acknowledged(site, heard, "/stamps/", officer, stamp)
            if receipt is None:
                return
            with heard.lock:
                heard.receipts[stamp["id"]] = receipt
                heard.stamped_at.append(monotonic())
            sleep(0.02)


def _until_acknowledged(site: Site, heard: Heard, path: str, token: str, body: Json) -> Json | None:
    """Return the answer of 200 or 201. A 503 must say when to come again; any other answer is wrong, and ends this."""
    while True:
        status, head, answer = _ask(site.port, "POST", path, token, body)
        with heard.lock:
            heard.statuses[status] += 1
        if status in (200, 201):
            return answer
        if status not in SENT_AGAIN or (status == AWAY and "Retry-After" not in head):
            heard.wrong.append(f"{path} {status} {head} {json.dumps(answer)[:600]}")
            return None
        sleep(min(float(head.get("Retry-After", 0.05)), 0.2))  # more often than is asked for, to measure


def _ask(
    port: int, method: str, path: str, token: str, body: Json | None
) -> tuple[int | str, dict[str, str], Json]:
    client = HTTPConnection("127.0.0.1", port, timeout=60)
    head = {"Content-Type": "application/json", **({"Authorization": f"Token {token}"} if token else {})}
    try:
        client.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), head)
        answer = client.getresponse()
        said = answer.read()
        return answer.status, dict(answer.getheaders()), json.loads(said or b"{}")
    except ConnectionRefusedError:
        return REFUSED, {}, {}
    except (OSError, HTTPException):
        return SILENT, {}, {}
    finally:
        client.close()


def application(corridor: Json) -> Json:
    """Return what the demo's association applies for on the demo's corridor."""
    today = datetime.now(UTC).date()
    return {
        "holder": corridor["holder"],
        "guarantee": corridor["guarantee"],
        "vouchers": 14,
        "valid_until": str(today + timedelta(days=20)),
        "vehicles": [
            {
                "registration": "01KZ123ABC", "country": "KZ", "approval_certificate": "1543-5645",
                "approval_expires": str(today + timedelta(days=300)),
            }
        ],
        "itinerary": corridor["itinerary"],
        "goods": [
            {
                "description": "Cotton shirts", "hs_code": "620520", "packages": 420, "package_kind": "CT",
                "gross_mass_kg": "8200.5",
            }
        ],
    }  # fmt: skip
