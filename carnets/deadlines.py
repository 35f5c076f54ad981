"""Every dated duty of an association, or of the customs of a country, in a window of days: the one function that
calendars, digests and pages read.

What follows from claims, guarantees and exclusions comes from one floor below; here is added what only the carnets
know: the clocks of operations that irregularities keep open, the ends of suspensions, the last days for acceptance.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice
from typing import Any

from django.db import connection

from carnets.choices import CarnetStatus
from carnets.models import Carnet
from carnets.reconciliation.catalogue import LATE_AFTER
from guarantees.choices import ClaimStatus, Clock
from guarantees.clocks import Window, period
from guarantees.deadlines import Deadline, Side, of_claims, of_exclusions, of_guarantees
from guarantees.models import Claim, CustomsTerritory

MOST = 5000  # rows: a window that holds more is narrowed by its reader

# One row an operation and clock, whichever of its irregularities says so. `begins` is the day the clock began to run.
_OF_OPERATIONS = f"""
SELECT DISTINCT ends_at, clock, c.number, o.sequence, o.territory_id, begins,
       o.guarantor_id IS NOT DISTINCT FROM %(association)s AS is_guarantor
  FROM carnets_irregularity i
  JOIN carnets_tiroperation o ON o.id = i.operation_id
  JOIN carnets_carnet c ON c.id = o.carnet_id
  JOIN guarantees_customsterritory t ON t.id = o.territory_id
 CROSS JOIN LATERAL (
       SELECT coalesce(o.started_at, o.terminated_at) AS accepted_at,
              CASE WHEN i.code = 'overdue' THEN {LATE_AFTER} END AS overdue_at) was
 CROSS JOIN LATERAL (VALUES
       ('overdue_to_enquiry', overdue_at, guarantees_clock_end('overdue_to_enquiry', t.id, overdue_at)),
       ('enquiry_to_holder', overdue_at, guarantees_clock_end('enquiry_to_holder', t.id,
           guarantees_clock_end('overdue_to_enquiry', t.id, overdue_at))),
       ('pre_notification', accepted_at, guarantees_clock_end('pre_notification', t.id, accepted_at)),
       ('notification', accepted_at, guarantees_clock_end('notification', t.id, accepted_at))
      ) AS clocks (clock, begins, ends_at)
 WHERE i.status = 'open' AND i.bars_discharge AND {{ours}}
   AND ends_at >= %(first)s AND ends_at < %(after)s
 ORDER BY ends_at, c.number, o.sequence, clock
 LIMIT %(most)s
"""  # noqa: S608

_SUSPENDED = """
SELECT ends_at, 'suspension', c.number, o.sequence, o.territory_id, o.terminated_at,
       o.guarantor_id IS NOT DISTINCT FROM %(association)s
  FROM carnets_tiroperation o
  JOIN carnets_carnet c ON c.id = o.carnet_id
 CROSS JOIN LATERAL guarantees_clock_end('suspension', o.territory_id, o.terminated_at) AS ends_at
 WHERE o.is_suspended AND o.terminated_at IS NOT NULL AND {ours}
   AND NOT EXISTS (SELECT FROM carnets_tiroperation n WHERE n.carnet_id = o.carnet_id
                      AND n.sequence > o.sequence AND (n.started_at IS NOT NULL OR n.terminated_at IS NOT NULL))
   AND ends_at >= %(first)s AND ends_at < %(after)s
 ORDER BY ends_at, c.number
 LIMIT %(most)s
"""
_OF_ASSOCIATION = "(c.association_id = %(association)s OR o.guarantor_id = %(association)s)"
_OF_COUNTRY = "o.country = %(country)s"


def deadlines(side: Side, *, first: date, last: date) -> list[Deadline]:
    """Return what is dated between `first` and `last`, both included, by day; at most `MOST` rows."""
    claimed = _operations_with_claims(side)
    rows = chain(
        (row for row in _of_operations(side, first, last) if (row.carnet, row.page) not in claimed),
        (row for row in of_claims(side) if first <= row.on <= last),
        _acceptances(side, first, last),
        of_guarantees(side, first, last),
        of_exclusions(side, first, last),
    )
    return list(islice(sorted(rows, key=lambda row: (row.on, row.code, row.subject)), MOST))


def _operations_with_claims(side: Side) -> set[tuple[str, int | None]]:
    """Return the operations whose clocks a claim has taken over."""
    rows = Claim.objects.exclude(status=ClaimStatus.WITHDRAWN)
    if side.association is None:
        rows = rows.filter(country=side.country)
    return set(rows.values_list("carnet_number", "page"))


def _of_operations(side: Side, first: date, last: date) -> Iterator[Deadline]:
    ours = _OF_ASSOCIATION if side.association else _OF_COUNTRY
    parameters = {
        "association": side.association.pk if side.association else None,
        "country": side.country,
        "first": datetime.combine(first, time.min, tzinfo=UTC),
        "after": datetime.combine(last + timedelta(days=1), time.min, tzinfo=UTC),
        "most": MOST,
    }
    territories = {row.pk: row for row in CustomsTerritory.objects.all()}
    for statement in (_OF_OPERATIONS, _SUSPENDED):
        for row in _rows(statement.format(ours=ours), parameters):
            yield _deadline(row, territories, side)


def _deadline(row: tuple[Any, ...], territories: dict[int, CustomsTerritory], side: Side) -> Deadline:
    ends_at, clock, number, sequence, territory, begins, is_guarantor = row
    rule = period(Clock(clock), on=begins.date(), territory=territories[territory])
    window = Window(begins.date(), ends_at.date(), rule.article)
    role = "customs" if side.association is None else "guarantor" if is_guarantor else "issuer"
    return Deadline(ends_at.date(), clock, window, number, 2 * sequence - 1, role=role)


def _acceptances(side: Side, first: date, last: date) -> Iterator[Deadline]:
    """Yield the last days for acceptance of the association's carnets that nobody has accepted yet (art. 9)."""
    if side.association is None:
        return
    rows = Carnet.objects.filter(
        association=side.association, status=CarnetStatus.ISSUED, acceptance_until__range=(first, last)
    ).order_by("acceptance_until", "pk")
    for carnet in rows[:MOST]:
        window = Window(carnet.issued_at.date(), carnet.acceptance_until, "art. 9")
        yield Deadline(carnet.acceptance_until, "acceptance", window, carnet.number, role="issuer")


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
