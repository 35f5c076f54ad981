"""The liability ledger: what is reserved at issue, borne in each territory, and let go again.

Entries are only ever added. `Guarantee.exposure` is the running sum of the issuer's entries and moves in the same
transaction, under the guarantee's row lock.
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guarantees.ceilings import terms_on
from guarantees.choices import Cause, EntryKind
from guarantees.models import (
    Guarantee,
    GuaranteedCarnet,
    Holder,
    LiabilityEntry,
    LiabilityMaximum,
    LiabilityPeriod,
)
from guarantees.money import Money, converted
from tir.kernel.dated import in_force
from tir.kernel.errors import Refused
from tir.kernel.kept import kept_for
from tir.kernel.values import value


class GuaranteeCeilingExceeded(Refused):
    """Reserving this carnet would pass the guarantee's ceiling."""

    code = "guarantee_ceiling_exceeded"


class GuaranteeCarnetLimitReached(Refused):
    """The guarantee already covers as many open carnets as it may."""

    code = "guarantee_carnet_limit_reached"


@value
class Cover:
    """What one guarantor bears for one operation.

    Where the carnet's amount is in another currency and no rate is on record for the day, it is the maximum itself, and
    `rate_is_missing` says so.
    """

    association_id: int
    amount: Decimal
    currency: str
    rate_is_missing: bool = False


def lock(guarantee_id: int) -> Guarantee:
    """Return the guarantee under its row lock: every change of exposure queues here.

    Not its key: a stamp that records liability under this guarantee need not wait for an issue, nor an issue for it.
    """
    return (
        Guarantee.objects.select_for_update(no_key=True, of=("self",))
        .select_related("association")
        .get(pk=guarantee_id)
    )


def reserve(
    *, guarantee: Guarantee, carnet_number: str, holder: Holder, corridor: str, at: datetime
) -> LiabilityEntry:
    """Reserve one carnet's amount on a guarantee locked by `lock`; called when a carnet is issued.

    `corridor` is the countries of departure and of destination, as in CN-TJ: with the holder it is what all later
    liability for this carnet is broken down by. Raises GuaranteeCeilingExceeded and GuaranteeCarnetLimitReached.
    """
    ensure_room(guarantee, guarantee.amount_per_carnet, at=at)
    GuaranteedCarnet.objects.create(
        carnet_number=carnet_number, holder=holder, corridor=corridor, issued_at=at
    )
    return reserve_amount(
        guarantee=guarantee,
        carnet_number=carnet_number,
        amount=guarantee.amount_per_carnet,
        at=at,
        cause=Cause.ISSUED,
    )


def reserve_amount(
    *, guarantee: Guarantee, carnet_number: str, amount: Decimal, at: datetime, cause: str
) -> LiabilityEntry:
    """Reserve `amount`, which for a carnet whose discharge was taken back is what it was issued for.

    Raises GuaranteeCeilingExceeded and GuaranteeCarnetLimitReached.
    """
    ensure_room(guarantee, amount, at=at)

    guarantee.exposure += amount
    guarantee.open_carnets += 1
    guarantee.save(update_fields=["exposure", "open_carnets", "ceiling", "max_open_carnets"])
    return _record(guarantee, carnet_number, EntryKind.RESERVED, amount, at, cause)


def ensure_room(guarantee: Guarantee, amount: Decimal, *, at: datetime) -> None:
    """Raise unless the guarantee, under the terms in force at `at`, can take one more carnet of that amount.

    The row's own `ceiling` and `max_open_carnets` are brought to those terms, for whoever saves it.
    """
    terms = terms_on(guarantee, guarantee.association.day_at(at))
    ceiling = terms.ceiling if terms else Decimal(0)
    if guarantee.exposure + amount > ceiling:
        raise GuaranteeCeilingExceeded(
            _(
                "The guarantee has no room left for another carnet. Raise its ceiling or use another guarantee."
            ),
            field="guarantee",
            guarantee=guarantee.reference,
            ceiling=ceiling,
            exposure=guarantee.exposure,
            needed=amount,
            currency=guarantee.currency,
        )
    most = terms.max_open_carnets if terms else None
    if most is not None and guarantee.open_carnets >= most:
        raise GuaranteeCarnetLimitReached(
            _("The guarantee already covers as many open carnets as it may. Wait for one to be discharged."),
            field="guarantee",
            guarantee=guarantee.reference,
            max_open_carnets=most,
        )
    guarantee.ceiling, guarantee.max_open_carnets = ceiling, most


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


def cover_in(*, country: str, amount: Decimal, currency: str, on: date) -> Cover | None:
    """Return who bears an operation accepted in `country` and how much: the carnet's amount, at most the maximum of
    that country's association on that day (art. 8(3)), in the maximum's currency.

    An amount in another currency counts at the rate in force on the day; without one the maximum is borne. `on` is the
    day at the office that accepted. `None` when no association guarantees there. `guarantees_cover_in` is the same in
    SQL.
    """
    maximum = in_force(_maxima().get(country, ()), on)
    if maximum is None:
        return None
    in_its_currency = converted(Money(amount, currency), maximum.currency, on=on)
    if in_its_currency is None:
        return Cover(maximum.association_id, maximum.amount, maximum.currency, rate_is_missing=True)
    borne = min(in_its_currency.amount, maximum.amount)
    return Cover(maximum.association_id, borne, maximum.currency)


def is_guaranteed(country: str, *, on: date) -> bool:
    """Whether an association guarantees there on that day."""
    return in_force(_maxima().get(country, ()), on) is not None


@kept_for(seconds=60)
def _maxima() -> dict[str, list[LiabilityMaximum]]:
    by_country: dict[str, list[LiabilityMaximum]] = {}
    for maximum in LiabilityMaximum.objects.select_related("association"):
        by_country.setdefault(maximum.association.country, []).append(maximum)
    return by_country


def last_borne(carnet_number: str, page: int) -> LiabilityPeriod | None:
    """Return the latest period in which an association was liable for an operation, by its odd page; it lasts still
    while it has no end. The row is locked until the transaction ends: whoever moves liability does so alone."""
    return (
        LiabilityPeriod.objects.select_for_update(of=("self",))
        .filter(carnet_number=carnet_number, page=page)
        .order_by("-id")
        .first()
    )


def last_cause(carnet_number: str, page: int) -> Cause:
    """Return why liability for an operation last moved; raise LiabilityEntry.DoesNotExist where it never did."""
    entry = LiabilityEntry.objects.filter(carnet_number=carnet_number, page=page).latest("id")
    return Cause(entry.cause)


def relieve(*, carnet_number: str, page: int, cause: Cause, at: datetime, recorded_at: datetime) -> bool:
    """Record that liability for an operation ended, for everything that is borne; return whether anything was.

    The caller holds the carnet's lock.
    """
    held = last_borne(carnet_number, page)
    if held is None or held.ends_at is not None:
        return False
    _relieve(held, cause, at, recorded_at)
    return True


def move_liability(
    *, carnet_number: str, page: int, country: str, accepted_on: date, at: datetime
) -> Cover | None:
    """Move liability for an operation to the association of the country where the irregularity is established (art.
    8(1), 37), from `at` on: both entries, what was borne and what is borne now. Its age goes on from acceptance.

    Nothing happens, and `None` is returned, where that association bears it already, or where nobody bears it or
    guarantees in that country. The caller holds the carnet's lock.
    """
    held = last_borne(carnet_number, page)
    if held is None or held.ends_at is not None:
        return None
    cover = _cover_of(carnet_number, country, accepted_on)
    if cover is None or cover.association_id == held.association_id:
        return None
    _relieve(held, Cause.MOVED, at, at)
    _bear(held, cover, Cause.MOVED, max(at, held.begins_at), at)
    return cover


def revive(
    *, carnet_number: str, page: int, country: str, accepted_on: date, at: datetime, recorded_at: datetime
) -> Cover | None:
    """Record that liability for an operation runs again after it had ended: its fraud was notified in time (art. 10(2),
    11(1)). `None`, and nothing happens, while it runs or where nobody guarantees. The caller holds the carnet's lock.
    """
    held = last_borne(carnet_number, page)
    if held is None or held.ends_at is None:
        return None
    cover = _cover_of(carnet_number, country, accepted_on)
    if cover is not None:
        _bear(held, cover, Cause.REVIVED, max(at, held.ends_at), recorded_at)
    return cover


def record_reimbursement(*, carnet_number: str, page: int, at: datetime, recorded_at: datetime) -> None:
    """Record that the sum paid for an operation went back (art. 11(5)); it moves no liability."""
    held = last_borne(carnet_number, page)
    if held is not None:
        nothing = Cover(held.association_id, Decimal(0), held.currency)
        _of_operation(held, EntryKind.REIMBURSED, nothing, Cause.REIMBURSED, at, recorded_at)


def amount_of(carnet_number: str) -> Money:
    """Return what a carnet was reserved for when it was issued."""
    entry = LiabilityEntry.objects.filter(carnet_number=carnet_number, page=None, kind=EntryKind.RESERVED)
    amount, currency = entry.order_by("id").values_list("amount", "currency")[0]
    return Money(amount, currency)


def _cover_of(carnet_number: str, country: str, accepted_on: date) -> Cover | None:
    reserved = amount_of(carnet_number)
    return cover_in(country=country, amount=reserved.amount, currency=reserved.currency, on=accepted_on)


def _relieve(held: LiabilityPeriod, cause: Cause, at: datetime, recorded_at: datetime) -> None:
    """Nobody is relieved before being liable: the clock of a post may run some minutes ahead of ours."""
    less = Cover(held.association_id, -held.amount, held.currency)
    _of_operation(held, EntryKind.RELIEVED, less, cause, max(at, held.begins_at), recorded_at)


def _bear(held: LiabilityPeriod, cover: Cover, cause: Cause, at: datetime, recorded_at: datetime) -> None:
    _of_operation(held, EntryKind.BORNE, cover, cause, at, recorded_at)


def _of_operation(
    held: LiabilityPeriod, kind: EntryKind, moved: Cover, cause: Cause, at: datetime, recorded_at: datetime
) -> LiabilityEntry:
    return LiabilityEntry.objects.create(
        association_id=moved.association_id,
        guarantee_id=held.guarantee_id,
        carnet_number=held.carnet_number,
        page=held.page,
        kind=kind,
        amount=moved.amount,
        currency=moved.currency,
        at=at,
        recorded_at=recorded_at,
        cause=cause,
    )


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
