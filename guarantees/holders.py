"""Holders of TIR carnets: authorised, suspended, excluded from a country, and allowed so many carnets at once.

Every verb leaves a row in the holder's history, which PostgreSQL lets nobody change. A carnet issue takes the same
lock on the holder, so one that is suspended while a carnet is being issued either has it or has it not.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from guarantees.choices import Clock, HolderVerb
from guarantees.clocks import Answer, Window, period
from guarantees.days import day_in
from guarantees.models import Association, Holder, HolderEvent, HolderExclusion
from guarantees.states import HOLDER
from tir.accounts.models import User
from tir.kernel.errors import Conflict, Refused


class HolderExists(Conflict):
    """The association has given this number to a holder already."""

    code = "holder_exists"


class HolderAlreadyExcluded(Conflict):
    """The country excludes the holder in a part of this period already."""

    code = "holder_already_excluded"


class CountryMissing(Refused):
    """Nobody says which country excludes: the account of who asks has none."""

    code = "country_missing"


class ExclusionOver(Conflict):
    """The exclusion was lifted already, or ends before the day asked for."""

    code = "exclusion_over"


class DayOutOfRange(Refused):
    """A decision is dated in the future, or a lifting before the exclusion began."""

    code = "day_out_of_range"


def lock_holder(holder_id: int) -> Holder:
    """Return the holder under its row lock. It is taken after carnets and before guarantees (ADR 0009)."""
    return (
        Holder.objects.select_for_update(no_key=True, of=("self",))
        .select_related("association")
        .get(pk=holder_id)
    )


@transaction.atomic
def authorise(
    *,
    association: Association,
    number: str,
    name: str,
    address: str,
    authorised_from: date,
    reason: str,
    by: User,
    at: datetime,
    name_local: str = "",
    quota: int | None = None,
) -> Holder:
    """Enter a person authorised to use TIR carnets (Annex 9 Part II) in the register. Raises HolderExists.

    `number` is the association's own, up to ten digits; country and association go before it.
    """
    reference = f"{association.country_alpha3}/{association.code}/{number}"
    try:
        with transaction.atomic():
            holder = Holder.objects.create(
                reference=reference,
                association=association,
                name=name,
                name_local=name_local,
                address=address,
                country=association.country,
                authorised_from=authorised_from,
                quota=quota,
            )
    except IntegrityError:
        raise HolderExists(
            _("Your association has a holder with this number already. Look it up, or give the next number."),
            field="number",
            holder=reference,
        ) from None
    _record(holder, HolderVerb.AUTHORISE, authorised_from, reason, by, at, quota=quota)
    return holder


def suspend(*, holder_id: int, reason: str, by: User, at: datetime) -> Holder:
    """Stop the holder's new carnets and new starts; operations under way go on. Raises HolderStepNotAllowed."""
    return _step(HolderVerb.SUSPEND, holder_id, reason, by, at)


def resume(*, holder_id: int, reason: str, by: User, at: datetime) -> Holder:
    """Lift a suspension. Raises HolderStepNotAllowed."""
    return _step(HolderVerb.RESUME, holder_id, reason, by, at)


def withdraw_authorisation(*, holder_id: int, reason: str, by: User, at: datetime) -> Holder:
    """Withdraw the authorisation for good. Raises HolderStepNotAllowed."""
    return _step(HolderVerb.WITHDRAW, holder_id, reason, by, at)


def end_activity(*, holder_id: int, reason: str, by: User, at: datetime) -> Holder:
    """Record that the holder has ended their activity. Raises HolderStepNotAllowed."""
    return _step(HolderVerb.END, holder_id, reason, by, at)


@transaction.atomic
def _step(verb: HolderVerb, holder_id: int, reason: str, by: User, at: datetime) -> Holder:
    holder = lock_holder(holder_id)

    holder.status = str(HOLDER.next(verb, holder.status))
    holder.save(update_fields=["status"])
    _record(holder, verb, holder.association.day_at(at), reason, by, at)
    return holder


@transaction.atomic
def set_quota(*, holder_id: int, quota: int | None, reason: str, by: User, at: datetime) -> Holder:
    """Set how many carnets the holder may have out at once; `None` lifts the quota."""
    holder = lock_holder(holder_id)

    holder.quota = quota
    holder.save(update_fields=["quota"])
    _record(holder, HolderVerb.SET_QUOTA, holder.association.day_at(at), reason, by, at, quota=quota)
    return holder


@transaction.atomic
def exclude(
    *,
    holder_id: int,
    country: str,
    valid_from: date,
    decided_on: date,
    reason: str,
    by: User,
    at: datetime,
    valid_to: date | None = None,
) -> HolderExclusion:
    """Record that a country excludes the holder from TIR on its territory (art. 38), from its first day. In what other
    countries that holds is told by `exclusions.excluded_in`.

    The row is the notice itself; a late one is recorded too, and `notice_window` says that it is late.
    Raises CountryMissing, HolderAlreadyExcluded, DayOutOfRange.
    """
    if not country:
        raise CountryMissing(
            _("An exclusion is decided by a country. Your account has none: ask your administrator.")
        )
    holder = lock_holder(holder_id)

    if decided_on > day_in(country, at):
        raise DayOutOfRange(_("A decision cannot be dated in the future."), field="decided_on", on=decided_on)
    if valid_to is not None and valid_to <= valid_from:
        raise DayOutOfRange(_("The exclusion must end after it begins."), field="valid_to", on=valid_to)

    exclusion = _create_exclusion(holder, country, valid_from, valid_to, decided_on, reason, at)
    _record(holder, HolderVerb.EXCLUDE, valid_from, reason, by, at, country=country)
    return exclusion


def _create_exclusion(  # noqa: PLR0917
    holder: Holder,
    country: str,
    valid_from: date,
    valid_to: date | None,
    decided_on: date,
    reason: str,
    at: datetime,
) -> HolderExclusion:
    try:
        with transaction.atomic():
            return HolderExclusion.objects.create(
                holder=holder,
                country=country,
                valid_from=valid_from,
                valid_to=valid_to,
                decided_on=decided_on,
                reason=reason,
                recorded_at=at,
            )
    except IntegrityError:
        raise HolderAlreadyExcluded(
            _("{country} excludes this holder in this period already.").format(country=country),
            holder=holder.reference,
            country=country,
        ) from None


@transaction.atomic
def lift_exclusion(*, exclusion_id: int, on: date, reason: str, by: User, at: datetime) -> HolderExclusion:
    """End an exclusion: `on` is the first day the holder may use TIR in the country again.

    Raises ExclusionOver, DayOutOfRange.
    """
    exclusion = (
        HolderExclusion.objects.select_for_update(of=("self",)).select_related("holder").get(pk=exclusion_id)
    )

    if exclusion.valid_to is not None and exclusion.valid_to <= on:
        raise ExclusionOver(
            _("This exclusion ended on {day} already.").format(day=exclusion.valid_to),
            valid_to=exclusion.valid_to,
        )
    if on < exclusion.valid_from:
        raise DayOutOfRange(
            _("The exclusion began on {day}; it cannot end before.").format(day=exclusion.valid_from),
            field="on",
            valid_from=exclusion.valid_from,
        )

    exclusion.valid_to = on
    exclusion.save(update_fields=["valid_to"])
    _record(exclusion.holder, HolderVerb.LIFT, on, reason, by, at, country=exclusion.country)
    return exclusion


def notice_window(exclusion: HolderExclusion) -> Window | None:
    """Return when the exclusion had to be notified (art. 38(2)); `None` for rows older than the clock."""
    if exclusion.decided_on is None:
        return None
    rule = period(Clock.EXCLUSION_NOTICE, on=exclusion.decided_on)
    return Window(exclusion.decided_on, rule.after(exclusion.decided_on), rule.article)


def notice_answer(exclusion: HolderExclusion) -> Answer | None:
    """Return whether an exclusion was notified in time, by the day it was recorded in the excluding country."""
    window = notice_window(exclusion)
    if window is None or exclusion.recorded_at is None:
        return None
    return window.answer(day_in(exclusion.country, exclusion.recorded_at))


def _record(
    holder: Holder, verb: HolderVerb, on: date, reason: str, by: User, at: datetime, **facts: object
) -> None:
    HolderEvent.objects.create(holder=holder, verb=verb, on=on, reason=reason, by=by, recorded_at=at, **facts)
