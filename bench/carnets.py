"""Carnets by the hundred thousand, made by SQL: issuing them one by one would take longer than all measurements."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from carnets.numbering import format_number
from tests.world import ROUTE, START, World, build

FIRST = 70_000_000


@dataclass(frozen=True)
class Fleet:
    """The carnets made, by number, in the order of their ids."""

    world: World
    numbers: list[str]


CARNETS = """
INSERT INTO carnets_carnet (number, kind, is_heavy_or_bulky, holder_id, guarantee_id, association_id, vouchers, packages,
       issued_at, issued_by_id, acceptance_until, amount, currency, approval_until, plates, territories, countries, status,
       control, control_reason, is_reserved, latest_sequence, latest_hash, has_reports, reconcile_at)
SELECT number, 'ordinary', false, %(holder)s, %(guarantee)s, %(association)s, 14, 420,
       %(issued)s, %(user)s, %(issued)s::date + 30, 100000, 'EUR', %(issued)s::date + 400, ARRAY['01KZ123ABC'],
       ARRAY['CN','EAEU','UZ','TJ'], ARRAY['CN','KZ','UZ','TJ'], 'issued', '', '', true, 0, decode(repeat('00', 32), 'hex'),
       false, %(issued)s
  FROM unnest(%(numbers)s) WITH ORDINALITY AS given (number, position) ORDER BY position
"""
OPERATIONS = """
INSERT INTO carnets_tiroperation (carnet_id, sequence, territory_id, country, planned_start, planned_end, start_role,
       termination_role, status, start_office, start_is_approved, start_is_reported, start_vehicles_agree, start_rivals,
       prescribed_route, termination_office, termination_is_approved, termination_is_reported, termination_vehicles_agree,
       termination_rivals, reservation, is_partial, is_suspended, borne, borne_currency)
SELECT c.id, leg.sequence, t.id, left(leg.planned_start, 2), leg.planned_start, leg.planned_end,
       CASE WHEN leg.sequence = 1 THEN 'departure' ELSE 'entry' END,
       CASE WHEN leg.sequence = 4 THEN 'destination' ELSE 'exit' END,
       'expected', '', true, false, true, 0, '', '', true, false, true, 0, '', false, false, 0, ''
  FROM carnets_carnet c
 CROSS JOIN (SELECT * FROM unnest(%(starts)s, %(ends)s, %(territories)s)
             WITH ORDINALITY AS leg (planned_start, planned_end, territory, sequence)) leg
  JOIN guarantees_customsterritory t ON t.code = leg.territory
"""
VEHICLES = """
INSERT INTO carnets_vehicle (carnet_id, registration, country, approval_certificate, approval_expires)
SELECT id, '01KZ123ABC', 'KZ', '1543-5645', acceptance_until + 370 FROM carnets_carnet
"""
# Both ends of every operation recorded and in agreement, liability borne: what a region leaves to be reconciled.
TRAVEL = """
UPDATE carnets_tiroperation o
   SET status = 'terminated', start_stamp = gen_random_uuid(), started_at = %(start)s + o.sequence * interval '20 hours',
       start_office = planned_start, start_seals_intact = true, start_partners = '{}',
       start_seals_expected = CASE WHEN sequence > 1 THEN ARRAY['A-10023', 'A-10024'] END,
       start_seals_found = CASE WHEN sequence > 1 THEN ARRAY['A-10023', 'A-10024'] END, start_speed_kmh = 40,
       time_limit_at = %(start)s + interval '30 days',
       termination_stamp = gen_random_uuid(),
       terminated_at = %(start)s + o.sequence * interval '20 hours' + interval '15 hours',
       termination_office = planned_end, termination_seals_intact = true,
       termination_seals_expected = ARRAY['A-10023', 'A-10024'], termination_seals_found = ARRAY['A-10023', 'A-10024'],
       termination_speed_kmh = 40, packages = 420, packages_expected = 420,
       guarantor_id = a.id, borne = 60000, borne_currency = 'EUR', borne_from = %(start)s + o.sequence * interval '20 hours'
  FROM guarantees_association a WHERE a.country = o.country
"""
BORNE = """
INSERT INTO guarantees_liabilityentry (association_id, guarantee_id, carnet_number, page, kind, amount, currency, at,
       recorded_at, cause)
SELECT o.guarantor_id, c.guarantee_id, c.number, 2 * o.sequence - 1, 'borne', o.borne, 'EUR', o.borne_from, o.borne_from,
       'started'
  FROM carnets_tiroperation o JOIN carnets_carnet c ON c.id = o.carnet_id
"""
KNOWN = """
INSERT INTO guarantees_guaranteedcarnet (carnet_number, holder_id, corridor, issued_at)
SELECT number, holder_id, 'CN-TJ', issued_at FROM carnets_carnet
"""
RESERVED = """
INSERT INTO guarantees_liabilityentry (association_id, guarantee_id, carnet_number, page, kind, amount, currency, at,
       recorded_at, cause)
SELECT association_id, guarantee_id, number, NULL, 'reserved', amount, 'EUR', issued_at, issued_at, 'issued'
  FROM carnets_carnet
"""


def make_fleet(count: int) -> Fleet:
    """Make a world and `count` issued carnets of four operations each."""
    world = build(ceiling=100_000 * (count + 1))
    numbers = [format_number(FIRST + index) for index in range(count)]
    issuer = world.associations["CN"]
    _run(
        CARNETS,
        holder=world.holder.pk,
        guarantee=world.guarantee.pk,
        association=issuer.pk,
        issued=START - timedelta(days=1),
        user=world.staff["CN"].pk,
        numbers=numbers,
    )
    _run(
        OPERATIONS,
        starts=[start for start, _end in ROUTE],
        ends=[end for _start, end in ROUTE],
        territories=["CN", "EAEU", "UZ", "TJ"],
    )
    _run(VEHICLES)
    _run(KNOWN)
    _run(RESERVED)
    _run(
        "UPDATE guarantees_guarantee SET exposure = 100000::numeric * %(count)s, open_carnets = %(count)s",
        count=count,
    )
    return Fleet(world, numbers)


def let_all_travel() -> None:
    """Record both ends of every operation, clean, as the stamps would have left them."""
    _run(TRAVEL, start=START)
    _run(BORNE)
    _run("UPDATE carnets_carnet SET status = 'terminated', reconcile_at = %(start)s", start=START)
    settle()


def settle() -> None:
    """Give both sides of a comparison freshly vacuumed tables."""
    _run("VACUUM (ANALYZE)")


def _run(statement: str, **parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
