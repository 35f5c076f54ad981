"""What the ledger itself says, added up without the code that keeps figures beside it."""

from decimal import Decimal

from django.db import connection

from guarantees.models import Guarantee


def balance_as_recorded(guarantee: Guarantee) -> Decimal:
    """Return the sum of the issuer's entries, which must equal `guarantee.exposure` at every instant."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(amount), 0) FROM guarantees_liabilityentry"
            " WHERE guarantee_id = %s AND page IS NULL",
            [guarantee.pk],
        )
        return Decimal(cursor.fetchone()[0])
