"""Scans and stamps over HTTP, with real processes, while the broker stands still (it takes connections and says
nothing) and while it is gone: each answers within a bound of its quiet time, and no thread of the web server is held.

The figures stand in docs/measurements.md; `pytest -s` prints them.
"""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import count
from statistics import median
from time import perf_counter
from uuid import uuid4

import pytest
from knox.models import AuthToken

from carnets.models import Carnet
from tests.api.calls import ago
from tests.durability.site import WebServer, environment, stamp_bodies, web_server
from tests.world import World, build
from tir.accounts.models import Role, User
from tir.laptop.valkey import Valkey

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS, A_ROUND = (
    4,
    15,
)  # broker there and broker away take turns, so that other work on the machine falls on both
MOST = 3.0  # times the quiet median, and the slowest one against the slowest quiet one
AT_LEAST = 0.25  # seconds: below that a slowest one says nothing of the broker
THREADS = 4  # of the server, in two processes
ALL_AT_ONCE = 4 * THREADS


def tell(what: str, quiet: Sequence[float], beside: Sequence[float]) -> None:
    figures = [f"{1000 * median(each):.1f} / {1000 * max(each):.1f} ms" for each in (quiet, beside)]
    ratio = median(beside) / median(quiet)
    sys.stdout.write(f"\n{what}: with it {figures[0]}, without {figures[1]}, {ratio:.2f} x\n")


class Lane:
    """One officer before one server, and the lorries that come."""

    def __init__(self, server: WebServer, world: World, carnets: list[Carnet]) -> None:
        self.server, self.carnets, self.next = server, carnets, count()
        officer = world.officers["CNURC001"]
        self.token = AuthToken.objects.create(officer)[1]
        hq = User.objects.create_user("hq", roles=[Role.CUSTOMS_HQ], country="CN")
        self.hq = AuthToken.objects.create(hq)[1]

    def scan(self) -> float:
        body = {"number": self.carnets[0].number, "page": 1}
        return self._timed("/api/v1/scans/", body, 200, self.token)

    def stamp(self) -> float:
        number = self.carnets[next(self.next)].number
        (body,) = stamp_bodies([number], [str(uuid4())], ago(minutes=1).isoformat())
        return self._timed("/api/v1/stamps/", body, 201, self.token)

    def wake_somebody(self) -> float:
        """Ask for work that is done by the worker: the one call that speaks to the broker by itself."""
        return self._timed("/api/v1/reconciliation/runs/", {}, 202, self.hq)

    def _timed(self, path: str, body: dict[str, object], status: int, token: str) -> float:
        began = perf_counter()
        answered, said = self.server.ask("POST", path, token, body)
        took = perf_counter() - began
        assert answered == status, said
        return took


@pytest.fixture
def lane(transactional_db: None, broker: Valkey) -> Iterator[Lane]:
    world = build(ceiling=Decimal(100_000_000))
    carnets = [
        world.issue(at=ago(days=3), acceptance_until=ago(days=-30).date())
        for _each in range(2 * ROUNDS * A_ROUND + 20)
    ]
    given = environment(CELERY_BROKER_URL=broker.url, WEB_THREADS=str(THREADS // 2))
    with web_server(given) as server:
        lane = Lane(server, world, carnets)
        for _each in range(10):  # what is loaded at first is not what is measured
            lane.scan(), lane.stamp()
        lane.wake_somebody()
        yield lane


@pytest.fixture(params=["standing still", "gone"])
def broken(request: pytest.FixtureRequest, broker: Valkey) -> Iterator["Broken"]:
    broken = Broken(broker, is_gone=request.param == "gone")
    yield broken
    broken.mend()


class Broken:
    """A broker that can be taken away and brought back."""

    def __init__(self, broker: Valkey, *, is_gone: bool) -> None:
        self.broker, self.is_gone = broker, is_gone

    def __str__(self) -> str:
        return "gone" if self.is_gone else "standing still"

    def take_away(self) -> None:
        if self.is_gone:
            self.broker.stop()
        else:
            self._signal(signal.SIGSTOP)
            assert not self.broker.answers()

    def mend(self) -> None:
        if not self.is_gone:
            self._signal(signal.SIGCONT)
        self.broker.start()
        assert self.broker.answers()

    def _signal(self, what: signal.Signals) -> None:
        pid = self.broker.pid
        if pid is not None:
            os.kill(pid, what)


def test_scans_and_stamps_answer_as_quickly_as_with_it(lane: Lane, broken: Broken) -> None:
    quiet: dict[str, list[float]] = {"scan": [], "stamp": []}
    beside: dict[str, list[float]] = {"scan": [], "stamp": []}
    for _round in range(ROUNDS):
        for measured, is_away in ((quiet, False), (beside, True)):
            if is_away:
                broken.take_away()
            lane.wake_somebody()  # what waits for the broker is begun just before
            for _each in range(A_ROUND):
                measured["scan"].append(lane.scan())
                measured["stamp"].append(lane.stamp())
            if is_away:
                broken.mend()

    for what in ("scan", "stamp"):
        ratio = median(beside[what]) / median(quiet[what])
        slowest = max(beside[what]), max(quiet[what])
        tell(f"{what} beside a broker {broken}, p50 and slowest", quiet[what], beside[what])
        assert ratio < MOST
        assert slowest[0] < max(AT_LEAST, MOST * slowest[1])


def test_no_thread_of_the_web_server_is_held(lane: Lane, broken: Broken) -> None:
    """More ask for work at once than there are threads, and a scan meanwhile answers all the same."""

    def at_once() -> tuple[float, float]:
        with ThreadPoolExecutor(ALL_AT_ONCE) as people:
            waking = [people.submit(lane.wake_somebody) for _each in range(ALL_AT_ONCE)]
            scans = [lane.scan() for _each in range(A_ROUND)]
            return max(scans), max(each.result() for each in waking)

    quiet = at_once()
    broken.take_away()
    beside = at_once()
    tell(f"slowest scan beside {ALL_AT_ONCE} at once, broker {broken}", quiet[:1], beside[:1])
    tell(f"slowest of {ALL_AT_ONCE} that ask for work at once, broker {broken}", quiet[1:], beside[1:])
    assert beside[0] < max(1.0, MOST * quiet[0])
    assert beside[1] < max(2.0, MOST * quiet[1])
