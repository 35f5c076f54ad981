"""Figures for Prometheus at /metrics: what this server's processes counted, and what the database says when asked.

The address is for who has METRICS_TOKEN; without one, and for who has another, there is no such address.
"""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.errors import address_not_found
from api.health import Open
from tir.audit.figures import Figures, as_gauge, as_histogram
from tir.celery import messages_waiting
from tir.kernel.clock import now
from tir.log.standing import newest_at

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
LABELS: Final = ("route", "method", "code")
figures = Figures(settings.METRICS_DIRECTORY)

# Estimates of PostgreSQL itself where a count would read a whole ledger.
LEDGERS = """
    SELECT relname, n_live_tup FROM pg_stat_user_tables
     WHERE relname IN ('checkpoints_stamp', 'checkpoints_scan', 'checkpoints_refusal', 'checkpoints_incident',
                       'carnets_carnet', 'audit_auditevent')
"""
WAITING = """
    SELECT 'log', count(*), coalesce(extract(epoch FROM now() - min(since)), 0) FROM log_pending
    UNION ALL
    SELECT 'reconciliation', count(*), coalesce(extract(epoch FROM now() - min(requested_at)), 0)
      FROM carnets_reconciliationrun WHERE status = 'queued'
    UNION ALL
    SELECT 'liability', count(*), 0 FROM guarantees_unfoldedentry
    UNION ALL
    SELECT 'phones', coalesce(sum(unsent), 0), coalesce(extract(epoch FROM now() - min(oldest_unsent_at)), 0)
      FROM checkpoints_device WHERE unsent > 0 AND revoked_at IS NULL
"""
CONNECTIONS = """
    SELECT coalesce(usename, ''), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1
"""
MOST_CONNECTIONS = "SELECT current_setting('max_connections')::int"


def observe(route: str, method: str, status: int, seconds: float) -> None:
    """Count one request. Methods that nobody serves are one: a caller could else make up kinds without end."""
    figures.observe((route, method if method in METHODS else "other", str(status)), seconds)


class Metrics(Open):
    """Figures of this server, for a monitoring that knows the token."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        if not knows_token(request):
            return address_not_found(request)
        return HttpResponse(report(), content_type=TEXT)


def knows_token(request: Request) -> bool:
    """Whether the request brings METRICS_TOKEN as a bearer."""
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    said = str(request.headers.get("Authorization", "")).encode("utf-8", "replace")
    return bool(settings.METRICS_TOKEN) and compare_digest(said, wanted)


def report() -> str:
    """Return everything, in Prometheus' text format."""
    waiting, oldest = _waiting()
    parts = [
        as_histogram("tir_request_duration_seconds", LABELS, figures.all()),
        as_gauge("tir_rows", "Rows of a table, as PostgreSQL estimates them.", _by("table", _rows(LEDGERS))),
        as_gauge("tir_waiting", "What waits: entries for the log, runs, totals, stamps on phones.", waiting),
        as_gauge("tir_waiting_oldest_seconds", "How long the oldest of it waits.", oldest),
        as_gauge(
            "tir_log_checkpoint_age_seconds",
            "Since the newest published checkpoint was signed.",
            {"": max(0.0, (now() - newest_at()).total_seconds())},
        ),
        as_gauge("tir_database_connections", "Connections by role.", _by("role", _rows(CONNECTIONS))),
        as_gauge("tir_database_connections_most", "max_connections.", {"": _rows(MOST_CONNECTIONS)[0][0]}),
    ]
    messages = messages_waiting()
    parts.append(as_gauge("tir_broker_up", "Whether the broker answers.", {"": float(messages is not None)}))
    if messages is not None:
        parts.append(as_gauge("tir_broker_messages", "Messages that wait for a worker.", {"": messages}))
    return "".join(parts)


def _waiting() -> tuple[dict[str, float], dict[str, float]]:
    found = _rows(WAITING)
    return (
        {f'what="{what}"': float(count) for what, count, _oldest in found},
        {f'what="{what}"': float(oldest) for what, _count, oldest in found if what != "liability"},
    )


def _by(label: str, rows: list[tuple[Any, ...]]) -> Mapping[str, float]:
    return {f'{label}="{name}"': float(number) for name, number in rows}


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
