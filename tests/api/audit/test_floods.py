"""Refusals that were only counted are told once; the work of the worker."""

from datetime import timedelta

import pytest

from tir.audit.asking import Asking
from tir.audit.models import AuditEvent, RefusalCount
from tir.audit.recording import MOST_A_MINUTE, Deed, record_refusal, tell_of_floods
from tir.kernel.clock import now

pytestmark = [pytest.mark.usefixtures("as_worker"), pytest.mark.django_db]


def test_refusals_that_were_only_counted_are_told_once_the_minute_is_over() -> None:
    at, asking = now().replace(second=30), Asking("request-1", "203.0.113.9")
    for _again in range(MOST_A_MINUTE + 5):
        record_refusal(Deed("read", "carnets"), asking=asking, at=at, status=403, code="forbidden")
    assert list(tell_of_floods(at)) == [], "the minute is not over"

    (told,) = tell_of_floods(at + timedelta(minutes=3))
    assert (told.count, told.address, told.code) == (5, "203.0.113.9", "too_many_to_list")
    assert list(tell_of_floods(at + timedelta(minutes=4))) == []
    assert not RefusalCount.objects.exists()
    assert AuditEvent.objects.count() == MOST_A_MINUTE + 1


def test_a_minute_with_few_refusals_tells_nothing_more() -> None:
    at = now()
    record_refusal(
        Deed("read", "carnets"), asking=Asking("request-1", ""), at=at, status=403, code="forbidden"
    )

    assert list(tell_of_floods(at + timedelta(minutes=3))) == []
    assert AuditEvent.objects.count() == 1
