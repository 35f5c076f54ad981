"""Reminding customs of reconciliation requests that nobody answered, by the clock: practice, a row of `ClockRule`."""

from datetime import datetime

from django.db import transaction

from carnets.annex10 import requests, returns
from carnets.annex10.models import ReconciliationRequest
from carnets.choices import RequestStatus, RequestVerb

AT_A_TIME = 200


def remind_due(*, at: datetime) -> int:
    """Remind customs of every request that has waited long enough, and return how many.

    Each is reminded once however often this runs, in a transaction of its own. What a late stamp settled meanwhile
    is closed instead.
    """
    reminded = 0
    while due := _due(at):
        reminded += sum(_remind(request_id, at) for request_id in due)
    return reminded


def _due(at: datetime) -> list[int]:
    waiting = ReconciliationRequest.objects.filter(status=RequestStatus.OPEN, remind_at__lte=at)
    return list(waiting.order_by("id").values_list("pk", flat=True)[:AT_A_TIME])


@transaction.atomic
def _remind(request_id: int, at: datetime) -> bool:
    try:
        request = requests.locked_request(request_id)
    except requests.RequestAnswered:
        return False
    if request.remind_at is None or request.remind_at > at:  # another worker was here first
        return False
    if all(
        difference["page"] != request.page for difference in returns.recompute(carnet_id=request.carnet_id)
    ):
        requests.close(request, RequestVerb.SETTLE, by=None, at=at)
        return False
    request.reminders += 1
    request.remind_at = requests.next_reminder(request.carnet, at)
    request.save(update_fields=["reminders", "remind_at"])
    requests.record_step(
        request, RequestVerb.REMIND, at, None, office=request.office, reminder=request.reminders
    )
    return True
