"""Carnets by the hundred thousand: one is issued, and driven, as every carnet is; SQL copies its rows as often as asked.

So a column that the model gains is in the copies too, with the value that issuing or stamping gave it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Model

from bench.database import administering
from carnets.models import Carnet, Stop, TirOperation, Vehicle
from carnets.numbering import format_number
from carnets.rules import DeclaredVehicle
from tests.world import HOUR, World, build

FIRST = 70_000_000
ISSUED_BEFORE = timedelta(
    days=3
)  # what is measured: the lorries are at their fourth page half a day before it
ONE_PAGE = 12 * HOUR
GUARANTEED = 100_000  # EUR a carnet


@dataclass(frozen=True)
class Fleet:
    """The carnets made, by number, in the order of their ids; the first is the pattern of the others."""

    world: World
    numbers: list[str]
    issued_at: datetime

    @property
    def pattern(self) -> Carnet:
        return Carnet.objects.get(number=self.numbers[0])

    def at(self, page: int) -> datetime:
        """Return when the lorry is at the office of a page."""
        return self.issued_at + ONE_PAGE + page * ONE_PAGE


CARNETS = """
INSERT INTO carnets_carnet (number, {columns})
SELECT given.number, {columns} FROM carnets_carnet pattern
 CROSS JOIN unnest(%(numbers)s) WITH ORDINALITY AS given (number, position)
 WHERE pattern.number = %(pattern)s ORDER BY position
"""
CHILDREN = """
INSERT INTO {table} (carnet_id, {columns})
SELECT c.id, {columns} FROM {table} pattern CROSS JOIN (SELECT id FROM carnets_carnet WHERE number = ANY (%(numbers)s)) c
 WHERE pattern.carnet_id = %(pattern)s
"""
TRAVEL = """
UPDATE carnets_tiroperation o
   SET ({columns}) = ROW ({of_pattern}), start_stamp = gen_random_uuid(), termination_stamp = gen_random_uuid()
  FROM carnets_tiroperation pattern
 WHERE pattern.carnet_id = %(pattern)s AND pattern.sequence = o.sequence AND o.carnet_id <> pattern.carnet_id
"""
TRAVELLED = """
UPDATE carnets_carnet c SET status = pattern.status, reconcile_at = pattern.reconcile_at
  FROM carnets_carnet pattern WHERE pattern.id = %(pattern)s AND c.id <> pattern.id
"""
BORNE = """
INSERT INTO guarantees_liabilityentry (association_id, guarantee_id, carnet_number, page, kind, amount, currency, at,
       recorded_at, cause)
SELECT o.guarantor_id, c.guarantee_id, c.number, 2 * o.sequence - 1, 'borne', o.borne, o.borne_currency, o.borne_from,
       o.borne_from, 'started'
  FROM carnets_tiroperation o JOIN carnets_carnet c ON c.id = o.carnet_id
 WHERE c.id <> %(pattern)s
"""
KNOWN = """
INSERT INTO guarantees_guaranteedcarnet (carnet_number, holder_id, corridor, issued_at)
SELECT number, holder_id, 'CN-TJ', issued_at FROM carnets_carnet WHERE number = ANY (%(numbers)s)
"""
RESERVED = """
INSERT INTO guarantees_liabilityentry (association_id, guarantee_id, carnet_number, page, kind, amount, currency, at,
       recorded_at, cause)
SELECT association_id, guarantee_id, number, NULL, 'reserved', amount, currency, issued_at, issued_at, 'issued'
  FROM carnets_carnet WHERE number = ANY (%(numbers)s)
"""


def make_fleet(count: int, *, now: datetime) -> Fleet:
    """Make a world and `count` carnets of four operations each, issued some days before `now`."""
    world = build(ceiling=GUARANTEED * (count + 1))
    issued_at = now - ISSUED_BEFORE
    pattern = world.issue(
        at=issued_at,
        acceptance_until=issued_at.date() + timedelta(days=30),
        vehicles=[DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", date.max)],
    )
    numbers = [format_number(FIRST + index) for index in range(count - 1)]
    _run(
        CARNETS.format(columns=_columns(Carnet, but={"id", "number"})),
        numbers=numbers,
        pattern=pattern.number,
    )
    for model in (TirOperation, Stop, Vehicle):
        statement = CHILDREN.format(
            table=model._meta.db_table, columns=_columns(model, but={"id", "carnet_id"})
        )
        _run(statement, numbers=numbers, pattern=pattern.pk)
    _run(KNOWN, numbers=numbers)
    _run(RESERVED, numbers=numbers)
    _run(
        "UPDATE guarantees_guarantee SET exposure = %(amount)s::numeric * %(count)s, open_carnets = %(count)s"
        " WHERE id = %(guarantee)s",
        amount=GUARANTEED,
        count=count,
        guarantee=world.guarantee.pk,
    )
    return Fleet(world, [pattern.number, *numbers], issued_at)


def let_all_travel(fleet: Fleet) -> None:
    """Stamp the pattern on every page, and record on all others what those stamps left on it."""
    pattern = fleet.pattern
    for page in range(1, 9):
        said = {"seals_affixed": ("A-1", "A-2")} if page == 1 else {"seals_intact": True}
        counted = {"packages": 420} if page % 2 == 0 else {}
        fleet.world.stamp(pattern, page, fleet.at(page), **said, **counted)
    columns = _columns(TirOperation, but={"id", "carnet_id", "sequence", "start_stamp", "termination_stamp"})
    of_pattern = ", ".join(f"pattern.{name}" for name in columns.split(", "))
    _run(TRAVEL.format(columns=columns, of_pattern=of_pattern), pattern=pattern.pk)
    _run(BORNE, pattern=pattern.pk)
    _run(TRAVELLED, pattern=pattern.pk)
    settle()


def settle() -> None:
    """Give both sides of a comparison freshly vacuumed tables."""
    with administering() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _columns(model: type[Model], *, but: set[str]) -> str:
    return ", ".join(field.column for field in model._meta.local_fields if field.column not in but)


def _run(statement: str, **parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
