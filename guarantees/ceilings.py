"""How much a guarantee covers on a day: dated terms, and the columns of the guarantee that follow them.

What may be reserved is judged by the terms in force (`terms_on`). The columns are what PostgreSQL's own check holds the
exposure to; while terms were lowered below what is in use they hold what is in use, so that nothing more fits.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from guarantees.models import Guarantee, GuaranteeCeiling
from tir.kernel.errors import Refused


class CeilingOutOfOrder(Refused):
    """New terms must begin after those on record began: what a past day's ceiling was is never rewritten."""

    code = "ceiling_out_of_order"


def terms_on(guarantee: Guarantee, day: date) -> GuaranteeCeiling | None:
    """Return the terms in force on that day, at the association; `None` before the guarantee begins."""
    return guarantee.ceilings.in_force_on(day).first()


def ceilings_on(guarantees: Iterable[int], day: date) -> dict[int, Decimal]:
    """Return the ceiling in force on that day of each guarantee, by its key."""
    rows = GuaranteeCeiling.objects.in_force_on(day).filter(guarantee__in=list(guarantees))
    return dict(rows.values_list("guarantee", "ceiling"))


@transaction.atomic
def set_ceiling(
    *,
    guarantee_id: int,
    ceiling: Decimal,
    valid_from: date,
    at: datetime,
    max_open_carnets: int | None = None,
) -> GuaranteeCeiling:
    """Change a guarantee's terms from a day on; earlier days keep theirs.

    A ceiling may be lowered below what is reserved: nothing more fits then until enough was released.
    Raises CeilingOutOfOrder.
    """
    guarantee = Guarantee.objects.select_for_update(no_key=True).get(pk=guarantee_id)

    last = guarantee.ceilings.order_by("valid_from").last()
    if last is not None and last.valid_from >= valid_from:
        raise CeilingOutOfOrder(
            _("The terms on record begin on {day}. New ones begin after that day.").format(
                day=last.valid_from
            ),
            field="valid_from",
            valid_from=last.valid_from,
        )
    if last is not None:
        last.valid_to = valid_from
        last.save(update_fields=["valid_to"])
    terms = GuaranteeCeiling.objects.create(
        guarantee=guarantee, ceiling=ceiling, max_open_carnets=max_open_carnets, valid_from=valid_from
    )
    follow_terms(at=at, guarantee_id=guarantee.pk)
    return terms


FOLLOW = """
UPDATE guarantees_guarantee g
   SET ceiling = greatest(c.ceiling, g.exposure),
       max_open_carnets = greatest(c.max_open_carnets, CASE WHEN c.max_open_carnets IS NOT NULL THEN g.open_carnets END)
  FROM guarantees_guaranteeceiling c
  JOIN guarantees_guarantee of ON of.id = c.guarantee_id
  JOIN guarantees_association a ON a.id = of.association_id
 WHERE c.guarantee_id = g.id AND (%(guarantee)s::bigint IS NULL OR g.id = %(guarantee)s)
   AND daterange(c.valid_from, c.valid_to) @> (%(at)s AT TIME ZONE a.time_zone)::date
   AND (g.ceiling, g.max_open_carnets) IS DISTINCT FROM (greatest(c.ceiling, g.exposure), greatest(
           c.max_open_carnets, CASE WHEN c.max_open_carnets IS NOT NULL THEN g.open_carnets END))
"""


def follow_terms(*, at: datetime, guarantee_id: int | None = None) -> int:
    """Bring the columns of every guarantee (or of one) to the terms in force at its association; return how many moved.

    Beat does so every hour, for terms that begin on a day to come.
    """
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, {"at": at, "guarantee": guarantee_id})
        return int(cursor.rowcount)
