"""Holders and carnet numbers as JSON."""

from typing import Any

from api.errors import instant
from api.scope.holders import sees_business
from api.scope.reader import Reader
from carnets import quotas
from carnets.models import NumberRange
from carnets.numbering import format_number
from carnets.stock import Stock
from guarantees import holders
from guarantees.models import Holder, HolderEvent, HolderExclusion


def present_holder(holder: Holder) -> dict[str, Any]:
    """Return a holder as the international register has them."""
    return {
        "id": holder.reference,
        "name": holder.name,
        "name_local": holder.name_local,
        "address": holder.address,
        "country": holder.country,
        "association": holder.association.code,
        "status": holder.status,
        "authorised_from": str(holder.authorised_from),
    }


def present_whole_holder(holder: Holder, reader: Reader) -> dict[str, Any]:
    """Return a holder with exclusions; quota and history only for who manages or oversees the holder."""
    manages = sees_business(reader, holder)
    events = holder.events.select_related("by")
    return {
        **present_holder(holder),
        "exclusions": [present_exclusion(item) for item in holder.exclusions.order_by("id")],
        "quota": _present_quota(holder) if manages else None,
        "events": [_event(event) for event in events] if manages else None,
    }


def _present_quota(holder: Holder) -> dict[str, Any]:
    """Return a holder's quota, and how much of it is out; counted anew where none is set."""
    quota = quotas.quota_of(holder)
    return {
        "quota": quota.set_to,
        "allowed": quota.allowed,
        "outstanding": quota.outstanding if quota.set_to is not None else quotas.outstanding(holder),
        "open_notifications": (
            quota.open_notifications if quota.set_to is not None else quotas.open_notifications(holder)
        ),
        "used_up": quota.is_used_up,
    }


def present_exclusion(exclusion: HolderExclusion) -> dict[str, Any]:
    """Return an exclusion with whether its notice was in time."""
    window, answer = holders.notice_window(exclusion), holders.notice_answer(exclusion)
    notice = window and answer and {"latest": window.latest, "answer": answer, "article": window.article}
    return {
        "id": exclusion.pk,
        "country": exclusion.country,
        "valid_from": exclusion.valid_from,
        "valid_to": exclusion.valid_to,
        "reason": exclusion.reason,
        "decided_on": exclusion.decided_on,
        "recorded_at": instant(exclusion.recorded_at),
        "notice": notice or None,
    }


def _event(event: HolderEvent) -> dict[str, Any]:
    return {
        "verb": event.verb,
        "on": event.on,
        "recorded_at": instant(event.recorded_at),
        "by": event.by.get_username(),
        "country": event.country or None,
        "quota": event.quota,
        "reason": event.reason,
    }


def present_range(item: NumberRange, stock: Stock) -> dict[str, Any]:
    """Return a range with what is left of it, and of all its association has."""
    given = item.last - item.first + 1
    return {
        "id": item.pk,
        "association": item.association.code,
        "first": format_number(item.first),
        "last": format_number(item.last),
        "next": format_number(item.next) if item.next <= item.last else None,
        "given": given,
        "used": item.issued,
        "left": given - item.issued,
        "given_at": instant(item.given_at),
        "association_left": stock.left,
        "low": stock.is_low,
    }
