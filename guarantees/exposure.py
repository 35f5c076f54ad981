"""The liability ledger: what is reserved at issue, borne in each territory, and let go again.

Entries are only ever added. `Guarantee.exposure` is the running sum of the issuer's entries and moves in the same
transaction, under the guarantee's row lock.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from guarantees.choices import EntryKind
from guarantees.models import Guarantee, GuaranteedCarnet, Holder, LiabilityEntry, LiabilityMaximum
from tir.kernel.dated import in_force
from tir.kernel.errors import Refused
from tir.kernel.kept import kept_for


class GuaranteeCeilingExceeded(Refused):
    """Reserving this carnet would pass the guarantee's ceiling."""

    code = "guarantee_ceiling_exceeded"


class GuaranteeCarnetLimitReached(Refused):
    """The guarantee already covers as many open carnets as it may."""

    code = "guarantee_carnet_limit_reached"


@dataclass(frozen=True, slots=True)
class Cover:
    """What one guarantor bears for one operation."""

    association_id: int
    amount: Decimal
    currency: str


def lock(guarantee_id: int) -> Guarantee:
    """Return the guarantee under its row lock: every change of exposure queues here.

    Not its key: a stamp that records liability under this guarantee need not wait for an issue, nor an issue for it.
    """
    return Guarantee.objects.select_for_update(no_key=True).get(pk=guarantee_id)


def reserve(
    *, guarantee: Guarantee, carnet_number: str, holder: Holder, corridor: str, at: datetime
) -> LiabilityEntry:
    """Reserve one carnet's amount on a guarantee locked by `lock`; called when a carnet is issued.

    `corridor` is the countries of departure and of destination, as in CN-TJ: with the holder it is what all later
    liability for this carnet is broken down by. Raises GuaranteeCeilingExceeded and GuaranteeCarnetLimitReached.
    """
    ensure_room(guarantee, guarantee.amount_per_carnet)
    GuaranteedCarnet.objects.create(
        carnet_number=carnet_number, holder=holder, corridor=corridor, issued_at=at
    )
    return reserve_amount(
        guarantee=guarantee,
        carnet_number=carnet_number,
        amount=guarantee.amount_per_carnet,
        at=at,
        cause="issued",
    )


def reserve_amount(
    *, guarantee: Guarantee, carnet_number: str, amount: Decimal, at: datetime, cause: str
) -> LiabilityEntry:
    """Reserve `amount`, which for a carnet whose discharge was taken back is what it was issued for.

    Raises GuaranteeCeilingExceeded and GuaranteeCarnetLimitReached.
    """
    ensure_room(guarantee, amount)

    guarantee.exposure += amount
    guarantee.open_carnets += 1
    guarantee.save(update_fields=["exposure", "open_carnets"])
    return _record(guarantee, carnet_number, EntryKind.RESERVED, amount, at, cause)


def ensure_room(guarantee: Guarantee, amount: Decimal) -> None:
    """Raise unless the guarantee can take one more carnet of that amount."""
    if guarantee.exposure + amount > guarantee.ceiling:
        raise GuaranteeCeilingExceeded(
            _(
                "The guarantee has no room left for another carnet. Raise its ceiling or use another guarantee."
            ),
            field="guarantee",
            guarantee=guarantee.reference,
            ceiling=guarantee.ceiling,
            exposure=guarantee.exposure,
            needed=amount,
            currency=guarantee.currency,
        )
    if guarantee.max_open_carnets is not None and guarantee.open_carnets >= guarantee.max_open_carnets:
        raise GuaranteeCarnetLimitReached(
            _("The guarantee already covers as many open carnets as it may. Wait for one to be discharged."),
            field="guarantee",
            guarantee=guarantee.reference,
            max_open_carnets=guarantee.max_open_carnets,
        )


def release(
    *, guarantee_id: int, carnet_number: str, amount: Decimal, at: datetime, cause: str
) -> LiabilityEntry:
    """Give back one carnet's reservation: it was invalidated, or expired unused.

    The caller holds the carnet's lock and has seen that it is reserved, which makes the release happen once.
    """
    with transaction.atomic():
        guarantee = lock(guarantee_id)
        guarantee.exposure -= amount
        guarantee.open_carnets -= 1
        guarantee.save(update_fields=["exposure", "open_carnets"])
        return _record(guarantee, carnet_number, EntryKind.RELEASED, -amount, at, cause)


def cover_in(*, country: str, amount: Decimal, currency: str, at: datetime) -> Cover | None:
    """Return who bears an operation started in `country` and how much: the carnet's amount, at most the maximum
    of that country's association on that day (art. 8(3)). `None` when no association guarantees there."""
    maximum = in_force(_maxima().get(country, ()), at.date())
    if maximum is None:
        return None
    borne = min(amount, maximum.amount) if maximum.currency == currency else maximum.amount
    return Cover(maximum.association_id, borne, maximum.currency)


@kept_for(seconds=60)
def _maxima() -> dict[str, list[LiabilityMaximum]]:
    by_country: dict[str, list[LiabilityMaximum]] = {}
    for maximum in LiabilityMaximum.objects.select_related("association"):
        by_country.setdefault(maximum.association.country, []).append(maximum)
    return by_country


def bear(
    *, cover: Cover, guarantee_id: int, carnet_number: str, page: int, at: datetime, recorded_at: datetime
) -> None:
    """Record that a guarantor's liability for one operation begins (art. 8(4)): `at` is acceptance or entry."""
    LiabilityEntry.objects.create(
        association_id=cover.association_id,
        guarantee_id=guarantee_id,
        carnet_number=carnet_number,
        page=page,
        kind=EntryKind.BORNE,
        amount=cover.amount,
        currency=cover.currency,
        at=at,
        recorded_at=recorded_at,
        cause="started",
    )


def balance_as_recorded(guarantee: Guarantee) -> Decimal:
    """Return the sum of the issuer's ledger entries, which must equal `guarantee.exposure` at every instant."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(amount), 0) FROM guarantees_liabilityentry"
            " WHERE guarantee_id = %s AND page IS NULL",
            [guarantee.pk],
        )
        return Decimal(cursor.fetchone()[0])


def _record(
    guarantee: Guarantee, carnet_number: str, kind: EntryKind, amount: Decimal, at: datetime, cause: str
) -> LiabilityEntry:
    return LiabilityEntry.objects.create(
        association_id=guarantee.association_id,
        guarantee=guarantee,
        carnet_number=carnet_number,
        kind=kind,
        amount=amount,
        currency=guarantee.currency,
        at=at,
        recorded_at=at,
        cause=cause,
    )
