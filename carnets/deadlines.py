"""Every dated duty of an association, or of the customs of a country, in a window of days: the one function that
calendars, digests and pages read.

What follows from claims and guarantees comes from one floor below; here is added what only the carnets
know: the clocks of operations that irregularities keep open, the ends of suspensions, the last days for acceptance.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice
from typing import Any

from django.db import connection
from django.db.models import Q

from carnets.choices import CarnetStatus
from carnets.models import Carnet
from carnets.reconciliation.catalogue import LATE_AFTER
from guarantees.choices import ClaimStatus, Clock
from guarantees.clocks import Window, period, reach
from guarantees.days import zone_of
from guarantees.deadlines import Deadline, DeadlineParty, of_claims, of_guarantees
from guarantees.models import Claim, CustomsTerritory

MOST = 5000  # rows: a window that holds more is narrowed by its reader

# The clocks of an operation that an irregularity keeps open: what each runs from, and which run before it.
_CLOCKS = (
    ((Clock.OVERDUE_TO_ENQUIRY,), "overdue_at"),
    ((Clock.OVERDUE_TO_ENQUIRY, Clock.ENQUIRY_TO_HOLDER), "overdue_at"),
    ((Clock.PRE_NOTIFICATION,), "accepted_at"),
    ((Clock.NOTIFICATION,), "accepted_at"),
)


def _ends(clocks: tuple[Clock, ...], begins: str) -> str:
    """Return the row of one clock: its end is worked out only where what it runs from is within reach of the window.

    Clocks run in days of the place where they begin; each such day stands as its midnight in UTC.
    """
    ends = begins
    for clock in clocks:
        ends = f"guarantees_clock_end('{clock}', t.id, {ends})"
    name = clocks[-1]
    within = f"{begins} >= %({name}_from)s AND {begins} < %({name}_to)s"
    return f"('{name}', {begins}, CASE WHEN {within} THEN {ends} END)"


def _reaches(first: datetime, after: datetime) -> dict[str, datetime]:
    """Return from when and until when each clock must begin to end in the window."""
    found: dict[str, datetime] = {}
    for clocks, _begins in _CLOCKS:
        least, most = reach(*clocks)
        found |= {f"{clocks[-1]}_from": first - most, f"{clocks[-1]}_to": after - least}
    return found


# One row an operation and clock, whichever of its irregularities says so. `begins` is when the clock began to run.
_OF_OPERATIONS = f"""
SELECT DISTINCT ends_at, clock, c.number, o.sequence, o.territory_id, begins,
       o.guarantor_id IS NOT DISTINCT FROM %(association)s AS is_guarantor
  FROM carnets_irregularity i
  JOIN carnets_tiroperation o ON o.id = i.operation_id
  JOIN carnets_carnet c ON c.id = o.carnet_id
  JOIN guarantees_customsterritory t ON t.id = o.territory_id
 CROSS JOIN LATERAL (
       SELECT coalesce(o.started_on, o.terminated_on)::timestamp AT TIME ZONE 'UTC' AS accepted_at,
              CASE WHEN i.code = 'overdue'
                   THEN date_trunc('day', ({LATE_AFTER}) AT TIME ZONE %(zone)s) AT TIME ZONE 'UTC'
                   END AS overdue_at) was
 CROSS JOIN LATERAL (VALUES {", ".join(_ends(*clock) for clock in _CLOCKS)}) AS clocks (clock, begins, ends_at)
 WHERE i.status = 'open' AND i.bars_discharge AND {{ours}}
   AND ends_at >= %(first)s AND ends_at < %(after)s
 ORDER BY ends_at, c.number, o.sequence, clock
 LIMIT %(most)s
"""  # noqa: S608

_SUSPENDED = """
SELECT ends_at, 'suspension', c.number, o.sequence, o.territory_id, begins,
       o.guarantor_id IS NOT DISTINCT FROM %(association)s
  FROM carnets_tiroperation o
  JOIN carnets_carnet c ON c.id = o.carnet_id
 CROSS JOIN LATERAL (SELECT o.terminated_on::timestamp AT TIME ZONE 'UTC' AS begins) was
 CROSS JOIN LATERAL guarantees_clock_end('suspension', o.territory_id, begins) AS ends_at
 WHERE o.is_suspended AND o.terminated_on IS NOT NULL AND {ours}
   AND NOT EXISTS (SELECT FROM carnets_tiroperation n WHERE n.carnet_id = o.carnet_id
                      AND n.sequence > o.sequence AND (n.started_at IS NOT NULL OR n.terminated_at IS NOT NULL))
   AND ends_at >= %(first)s AND ends_at < %(after)s
 ORDER BY ends_at, c.number
 LIMIT %(most)s
"""
_OF_ASSOCIATION = "(c.association_id = %(association)s OR (o.guarantor_id = %(association)s AND o.borne > 0))"
_OF_COUNTRY = "o.country = %(country)s"


def deadlines(side: DeadlineParty, *, first: date, last: date) -> list[Deadline]:
    """Return what is dated between `first` and `last`, both included, by day; at most `MOST` rows."""
    claimed = _operations_with_claims(side)
    rows = chain(
        (row for row in _of_operations(side, first, last) if (row.carnet, row.page) not in claimed),
        (row for row in of_claims(side) if first <= row.on <= last),
        _acceptances(side, first, last),
        of_guarantees(side, first, last),
    )
    return list(islice(sorted(rows, key=lambda row: (row.on, row.code, row.subject)), MOST))


def _operations_with_claims(side: DeadlineParty) -> set[tuple[str, int | None]]:
    """Return the operations whose clocks a claim has taken over."""
    rows = Claim.objects.exclude(status=ClaimStatus.WITHDRAWN)
    if side.association:
        rows = rows.filter(Q(association=side.association) | Q(issuer=side.association))
    else:
        rows = rows.filter(country=side.country)
    return set(rows.values_list("carnet_number", "page"))


def _of_operations(side: DeadlineParty, first: date, last: date) -> Iterator[Deadline]:
    ours = _OF_ASSOCIATION if side.association else _OF_COUNTRY
    start = datetime.combine(first, time.min, tzinfo=UTC)
    after = datetime.combine(last + timedelta(days=1), time.min, tzinfo=UTC)
    parameters = {
        "association": side.association.pk if side.association else None,
        "country": side.country,
        "zone": side.association.time_zone if side.association else zone_of(side.country),
        "first": start,
        "after": after,
        "most": MOST,
        **_reaches(start, after),
    }
    territories = {row.pk: row for row in CustomsTerritory.objects.all()}
    for statement in (_OF_OPERATIONS, _SUSPENDED):
        for row in _rows(statement.format(ours=ours), parameters):
            yield _deadline(row, territories, side)


def _deadline(
    row: tuple[Any, ...], territories: dict[int, CustomsTerritory], side: DeadlineParty
) -> Deadline:
    ends_at, clock, number, sequence, territory, begins, is_guarantor = row
    rule = period(Clock(clock), on=begins.date(), territory=territories[territory])
    window = Window(begins.date(), ends_at.date(), rule.article)
    role = "customs" if side.association is None else "guarantor" if is_guarantor else "issuer"
    return Deadline(ends_at.date(), clock, window, number, 2 * sequence - 1, role=role)


def _acceptances(side: DeadlineParty, first: date, last: date) -> Iterator[Deadline]:
    """Yield the last days for acceptance of the association's carnets that nobody has accepted yet (art. 9)."""
    if side.association is None:
        return
    rows = Carnet.objects.filter(
        association=side.association, status=CarnetStatus.ISSUED, acceptance_until__range=(first, last)
    ).order_by("acceptance_until", "pk")
    for carnet in rows[:MOST]:
        window = Window(carnet.issued_on, carnet.acceptance_until, "art. 9")
        yield Deadline(carnet.acceptance_until, "acceptance", window, carnet.number, role="issuer")


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
