"""Liability over a million open operations and as many closed, most of them one association's, beside a plain scan.

Half of the carnets' history is made by SQL in the ledger alone, as it would be after years; periods and totals are then
made from it as a migration makes them. What is timed goes through the API's own view, without the network.
"""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken
from rest_framework.test import APIClient

from bench.carnets import settle
from bench.database import administering
from bench.report import Row
from guarantees.liability import folding
from guarantees.liability.statements import ROOM
from tests.world import World, build
from tir.kernel.clock import now

CARNETS = 500_000  # of four operations each: half of the operations are open
HOLDERS, GUARANTEES = 5_000, 5_000
RUNS = 7
NOW = now() - timedelta(days=20)  # so that nothing happens after the measurement
DAYS = 720
PLANS = Path(__file__).with_name("plans")

REGISTERS = """
INSERT INTO guarantees_holder (reference, association_id, name, name_local, address, country, status, authorised_from)
SELECT 'CHN/071/' || (5000000 + n), %(issuer)s, 'Haulier ' || n, '', 'Street ' || n, 'CN', 'authorised', '2010-01-01'
  FROM generate_series(1, %(holders)s) n;
INSERT INTO guarantees_guarantee (reference, association_id, holder_id, amount_per_carnet, ceiling, currency, exposure,
       open_carnets, valid_from)
SELECT 'CN-BENCH-' || h.id, %(issuer)s, h.id, 100000, 100000000, 'EUR', 0, 0, '2010-01-01'
  FROM guarantees_holder h WHERE h.reference LIKE 'CHN/071/5%%';
"""
CARNETS_OF_LEDGER = """
CREATE TEMPORARY TABLE made AS
SELECT n, 'XZ' || (30000000 + n) AS number, g.id AS guarantee_id, g.holder_id,
       (ARRAY['CN-TJ', 'CN-UZ', 'CN-KZ', 'KZ-CN', 'TJ-CN', 'UZ-CN'])[1 + n %% 6] AS corridor,
       %(now)s - ((n::bigint * 7919) %% (%(days)s * 86400)) * interval '1 second' AS issued_at,
       n %% 2 = 0 AS is_closed
  FROM generate_series(1, %(carnets)s) n
  JOIN (SELECT id, holder_id, row_number() OVER (ORDER BY id) AS place FROM guarantees_guarantee
         WHERE reference LIKE 'CN-BENCH-%%') g ON g.place = 1 + (n * 31) %% %(guarantees)s;
INSERT INTO guarantees_guaranteedcarnet (carnet_number, holder_id, corridor, issued_at)
SELECT number, holder_id, corridor, issued_at FROM made;
"""
# Three in four operations stand on one association's territory; so do those of all its own holders.
LEDGER = """
INSERT INTO guarantees_liabilityentry (association_id, guarantee_id, carnet_number, page, kind, amount, currency, at,
       recorded_at, cause)
SELECT association_id, guarantee_id, number, page, kind, amount, 'EUR', at, at, cause FROM (
    SELECT %(issuer)s::bigint AS association_id, guarantee_id, number, NULL::int AS page, 'reserved' AS kind,
           100000 AS amount, issued_at AS at, 'issued' AS cause FROM made
     UNION ALL
    SELECT %(issuer)s, guarantee_id, number, NULL, 'released', -100000, issued_at + interval '20 days', 'discharged'
      FROM made WHERE is_closed
     UNION ALL
    SELECT CASE WHEN leg < 4 THEN %(issuer)s ELSE %(other)s END, guarantee_id, number, 2 * leg - 1, 'borne', 60000,
           issued_at + leg * interval '20 hours', 'started' FROM made, generate_series(1, 4) leg
     UNION ALL
    SELECT CASE WHEN leg < 4 THEN %(issuer)s ELSE %(other)s END, guarantee_id, number, 2 * leg - 1, 'relieved', -60000,
           issued_at + interval '15 days' + leg * interval '20 hours', 'discharged'
      FROM made, generate_series(1, 4) leg WHERE is_closed) entries
 ORDER BY at, amount DESC;
"""
FLOOR = """
SELECT sum(amount), count(*) FROM guarantees_liabilityentry WHERE association_id = {issuer} AND page IS NOT NULL
"""


def measure() -> list[Row]:
    """Build the ledger, check what is kept beside it, and time the floor, the page, every drill-down and `as_of`."""
    world = build()
    issuer = world.associations["CN"]
    seconds = make(world)
    found = folding.discrepancies()
    if found:
        raise RuntimeError(f"{len(found)} faults: {found[:3]}")
    client = _client(world)
    floor = _median(lambda: _select(FLOOR.format(issuer=issuer.pk)))
    rows = [
        Row("periods and totals made from the ledger", f"{seconds:.0f} s", f"{_ledger_size():,} entries"),
        Row("floor: SELECT sum, count over the ledger", f"{floor:.0f} ms", ""),
    ]
    address = f"/api/v1/associations/{issuer.code}/liability/"
    year_ago = (NOW - timedelta(days=365)).date()
    for name, path, limit in _questions(address, year_ago):
        taken = _median(lambda path=path: _get(client, path))  # type: ignore[misc]
        _keep_plans(client, name, path)
        rows.append(Row(f"{name} (at most {limit} ms)", f"{taken:.0f} ms", f"{taken / floor:.2f} × floor"))
    return rows


def _questions(address: str, year_ago: Any) -> list[tuple[str, str, int]]:
    rows = f"{address}operations/"
    holder = "CHN/071/5000077"
    return [
        ("page", address, 300),
        ("page as of a year ago", f"{address}?as_of={year_ago}", 2000),
        ("rows of the territory", f"{rows}?side=territory", 500),
        ("rows of the territory, by age", f"{rows}?side=territory&age=365-", 500),
        ("rows of the territory, by corridor", f"{rows}?side=territory&corridor=TJ-CN", 500),
        ("rows of the territory, by issuer", f"{rows}?side=territory&issuer=071", 500),
        ("rows of the territory, by holder", f"{rows}?side=territory&holder={holder}", 500),
        ("rows of the territory, contingent", f"{rows}?side=territory&stage=contingent", 500),
        ("rows under way", f"{rows}?side=under_way", 500),
        ("rows under way, by country", f"{rows}?side=under_way&country=TJ", 500),
        ("rows under way, by guarantee", f"{rows}?side=under_way&guarantee=GUARANTEE", 500),
        ("rows under way, by holder", f"{rows}?side=under_way&holder={holder}", 500),
        ("rows issued", f"{rows}?side=issued", 500),
        ("rows issued, by guarantee", f"{rows}?side=issued&guarantee=GUARANTEE", 500),
        ("rows issued, by age and corridor", f"{rows}?side=issued&age=90-180&corridor=CN-UZ", 500),
        ("rows of the territory a year ago", f"{rows}?side=territory&as_of={year_ago}", 2000),
        (
            "rows under way a year ago, by holder",
            f"{rows}?side=under_way&as_of={year_ago}&holder={holder}",
            2000,
        ),
    ]


def make(world: World, carnets: int = CARNETS) -> float:
    """Fill ledger, periods and totals, and return how long the latter two took, in seconds."""
    parameters = {
        "issuer": world.associations["CN"].pk,
        "other": world.associations["KZ"].pk,
        "holders": HOLDERS,
        "guarantees": GUARANTEES,
        "carnets": carnets,
        "days": DAYS,
        "now": NOW,
    }
    with administering() as cursor:
        for statement in (REGISTERS, CARNETS_OF_LEDGER):
            cursor.execute(statement, parameters)
        cursor.execute("SET session_replication_role = replica")  # the ledger alone: its trigger stays silent
        cursor.execute(LEDGER, parameters)
    started = perf_counter()
    folding.rebuild()
    seconds = perf_counter() - started
    _balance_guarantees()
    settle()
    return seconds


def _balance_guarantees() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE guarantees_guarantee g SET exposure = s.amount, open_carnets = s.number"
            "  FROM (SELECT guarantee_id, sum(amount) AS amount, count(*) AS number FROM guarantees_liabilityperiod"
            "         WHERE page = 0 AND ends_at IS NULL GROUP BY 1) s WHERE s.guarantee_id = g.id"
        )


def _client(world: World) -> APIClient:
    client = APIClient()
    token = AuthToken.objects.create(world.staff["CN"])[1]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def _get(client: APIClient, path: str) -> Any:
    answer = client.get(path.replace("GUARANTEE", _some_guarantee()))
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{path}: {answer.status_code} {answer.content[:400]!r}")
    return answer.json()


def _some_guarantee() -> str:
    return str(
        _select("SELECT max(reference) FROM guarantees_guarantee WHERE reference LIKE 'CN-BENCH-%'")[0][0]
    )


def _select(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _ledger_size() -> int:
    return int(_select("SELECT count(*) FROM guarantees_liabilityentry")[0][0])


def _median(call: Callable[[], Any]) -> float:
    """Return the median of a few calls in milliseconds, the first left out: it fills the caches."""
    call()
    return median(_milliseconds(call) for _ in range(RUNS))


def _milliseconds(call: Callable[[], Any]) -> float:
    started = perf_counter()
    call()
    return (perf_counter() - started) * 1000


def _keep_plans(client: APIClient, name: str, path: str) -> None:
    """Write how PostgreSQL carries out every statement of one call that reads liability."""
    with CaptureQueriesContext(connection) as captured:
        _get(client, path)
    statements = [
        query["sql"] for query in captured.captured_queries if "guarantees_liability" in query["sql"]
    ]
    plans = [_plan(statement) for statement in statements if "EXPLAIN" not in statement]
    text = "\n\n".join([f"{name}: GET {path}", *plans])
    (PLANS / f"{name.replace(',', '').replace(' ', '-')}.txt").write_text(text + "\n")


def _plan(statement: str) -> str:
    statement = statement.removeprefix(ROOM)
    explained = _select(f"{ROOM} EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}")
    return "\n".join([statement.strip(), *(f"    {line}" for (line,) in explained)])
