"""Puts audit events on record; and bounds those of refusals, so that a flood fills no table."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any, Final

from django.db import connection, transaction

from tir.audit.asking import Asking
from tir.audit.models import AuditEvent, RefusalCount
from tir.kernel.values import value

MOST_A_MINUTE: Final = (
    20  # refusals of one address that get a row each; the rest are one row with their count
)
SETTLED_AFTER: Final = timedelta(minutes=1)  # a minute is over, and whoever was slow has counted
LEFT_OUT: Final = ("be_refused", "request")
COUNT = """
    INSERT INTO audit_refusalcount AS known (network, minute, count) VALUES (%s, %s, 1)
    ON CONFLICT (network, minute) DO UPDATE SET count = known.count + 1 RETURNING count
"""


@value
class Deed:
    """What was done or tried: a verb, what it was done to, and which one."""

    verb: str
    noun: str
    ref: str = ""
    fields: Mapping[str, Any] | None = None


def record(
    deed: Deed, *, asking: Asking, at: datetime, country: str = "", status: int = 200, code: str = ""
) -> AuditEvent:
    """Put one event on record. Raises what the database raises: what cannot be recorded is not done."""
    person = asking.who()
    return AuditEvent.objects.create(
        at=at,
        person_id=person.pk if person else None,
        person=person.get_username() if person else "",
        roles=list(person.roles) if person else [],
        country=country or (person.country if person else ""),
        address=_readable(asking.address),
        device=asking.device,
        request_id=asking.request_id,
        verb=deed.verb[:40],
        noun=deed.noun[:40],
        ref=deed.ref[:100],
        status=status,
        code=code[:60],
        fields=dict(deed.fields or {}),
    )


def record_refusal(
    deed: Deed, *, asking: Asking, at: datetime, status: int, code: str, country: str = ""
) -> AuditEvent | None:
    """Put a refusal on record, or only count it once its address had too many in this minute; then return None."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [network_of(asking.address), at.replace(second=0, microsecond=0)])
            (count,) = cursor.fetchone()
        if count > MOST_A_MINUTE:
            return None
        return record(deed, asking=asking, at=at, country=country, status=status, code=code)


def network_of(address: str) -> str:
    """Return what one caller can send from: an IPv4 address, or the 64 bits of an IPv6 network; blank for neither."""
    readable = _readable(address)
    if readable is None:
        return ""
    found = ip_address(readable)
    if isinstance(found, IPv6Address):
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found)


def _readable(address: str) -> str | None:
    try:
        return str(ip_address(address))
    except ValueError:
        return None


@transaction.atomic
def tell_of_floods(at: datetime) -> Sequence[AuditEvent]:
    """Put on record how many refusals of the minutes that are over have no row of their own, and forget the counts."""
    over = RefusalCount.objects.select_for_update(skip_locked=True).filter(
        minute__lt=at - SETTLED_AFTER - timedelta(minutes=1)
    )
    counts = list(over)
    told = [_told(each, at) for each in counts if each.count > MOST_A_MINUTE]
    RefusalCount.objects.filter(pk__in=[each.pk for each in counts]).delete()
    return told


def _told(counted: RefusalCount, at: datetime) -> AuditEvent:
    verb, noun = LEFT_OUT
    return AuditEvent.objects.create(
        at=at,
        address=counted.network or None,
        request_id="",
        verb=verb,
        noun=noun,
        status=403,
        code="too_many_to_list",
        fields={"minute": counted.minute.isoformat().replace("+00:00", "Z")},
        count=counted.count - MOST_A_MINUTE,
    )
