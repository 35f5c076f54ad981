"""Pages and lists of liability and claims through the walls of the database, beside the same ones without, in turn.

A million entries of the ledger, two thirds of a million periods, a hundred thousand claims. Each page is asked over HTTP
by Django's client, in blocks with the wall and without it; the ratio is that of the medians.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from statistics import median
from time import perf_counter
from typing import Any
from unittest import mock

from django.test import Client
from knox.models import AuthToken

from api import limits
from api.scope import walls
from bench.database import administering
from bench.liability import NOW, make
from bench.report import Row
from tests.world import World, build
from tir.accounts.models import Role, User

CARNETS, CLAIMS = 134_000, 100_000
BLOCKS, A_BLOCK = 4, 4  # of each kind, and requests in each
MOST = 1.2
CLAIMS_OF_LEDGER = """
INSERT INTO guarantees_claim (carnet_number, page, country, status, accepted_at, accepted_on, is_fraud, reason, amount,
       currency, debtor, created_at, accepted_by_id, association_id, created_by_id, issuer_id, territory_id)
SELECT 'XZ' || (30000000 + n), 3, 'KZ', 'opened', %(now)s - n * interval '1 minute', (%(now)s - n * interval '1 minute')::date,
       false, 'seals', 60000, 'EUR', 'Haulier', %(now)s - n * interval '1 minute', %(other)s, %(other)s, %(by)s, %(other)s,
       (SELECT id FROM guarantees_customsterritory WHERE code = 'EAEU')
  FROM generate_series(1, %(claims)s) n
"""
PAGES = [
    ("page of liability", "association", "/console/liability/"),
    ("page: rows of the territory", "association", "/console/liability/rows/?side=territory"),
    ("page: rows under way", "association", "/console/liability/rows/?side=under_way"),
    ("list: liability", "association", "/api/v1/associations/071/liability/"),
    (
        "list: rows of the territory",
        "association",
        "/api/v1/associations/071/liability/operations/?side=territory",
    ),
    ("list: rows issued", "association", "/api/v1/associations/071/liability/operations/?side=issued"),
    ("page of claims, guarantor", "guarantor", "/console/claims/"),
    ("page of claims, customs", "headquarters", "/console/claims/"),
    ("list of claims, guarantor", "guarantor", "/api/v1/claims/"),
    ("list of claims, customs", "headquarters", "/api/v1/claims/"),
]


def measure() -> list[Row]:
    """Fill the database, and ask each page in turn with the wall and without."""
    world = build()
    headquarters = User.objects.create_user("hq-walls", roles=[Role.CUSTOMS_HQ], country="KZ")
    make(world, CARNETS)
    _claim(world, headquarters)
    clients = {
        "association": _client(world.staff["CN"]),
        "guarantor": _client(world.staff["KZ"]),
        "headquarters": _client(headquarters),
    }
    with mock.patch.object(limits, "BUDGETS", {}):
        return [_row(what, clients[who], address) for what, who, address in PAGES]


def _claim(world: World, by: User) -> None:
    other = world.associations["KZ"].pk  # the guarantor's own: a liability of its issuer's is not about them
    with administering() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(CLAIMS_OF_LEDGER, {"now": NOW, "other": other, "by": by.pk, "claims": CLAIMS})
        cursor.execute("ANALYZE")


def _client(user: User) -> Client:
    client = Client(headers={"Authorization": f"Token {AuthToken.objects.create(user)[1]}"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _row(what: str, client: Client, address: str) -> Row:
    taken: dict[bool, list[float]] = {True: [], False: []}
    for block in range(2 * BLOCKS):
        is_walled = block % 2 == 0
        with nullcontext() if is_walled else without():
            _ask(client, address)  # what the first of a block has to wait for is not the page's
            taken[is_walled] += [_ask(client, address) for _ in range(A_BLOCK)]
    walled, bare = median(taken[True]), median(taken[False])
    return Row(what, f"{walled:.1f} ms", f"{walled / bare:.2f} of {bare:.1f} ms (at most {MOST})")


def _ask(client: Client, address: str) -> float:
    began = perf_counter()
    answer: Any = client.get(address)
    if answer.streaming:
        answer.getvalue()
    if answer.status_code != 200:  # noqa: PLR2004
        raise RuntimeError(f"{address}: {answer.status_code} {answer.content[:300]!r}")
    return 1000 * (perf_counter() - began)


@contextmanager
def without() -> Iterator[None]:
    """Read as before there were walls."""
    with mock.patch.object(walls, "within", return_value=nullcontext()):
        yield
