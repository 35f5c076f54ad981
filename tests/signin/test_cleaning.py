"""What is over is deleted daily, and what is not stays."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.test import Client
from knox.models import AuthToken

from tests.world import World
from tir.accounts.models import User
from tir.kernel.clock import now
from tir.signin import links
from tir.signin.cleaning import clean
from tir.signin.models import FailedAttempt, LinkPurpose, OneTimeLink, Session

pytestmark = pytest.mark.usefixtures("as_worker")


def session(user: User, key: str, **span: float) -> Session:
    at = now()
    return Session.objects.create(
        session_key=key, user=user, opened_at=at, last_seen_at=at - timedelta(**span),
        expire_date=at + timedelta(hours=1),
    )  # fmt: skip


def test_the_job_deletes_what_nobody_can_sign_in_with(world: World) -> None:
    user, at = world.officers["CNURC001"], now()
    fresh, _text = AuthToken.objects.create(user)
    old, _text = AuthToken.objects.create(user)
    AuthToken.objects.filter(pk=old.pk).update(expiry=at - timedelta(seconds=1))
    seen, _idle = session(user, "seen"), session(user, "idle", hours=2)
    for days in (1, 40):
        made = at - timedelta(days=days)
        links.make(user=user, purpose=LinkPurpose.PASSWORD, by=None, at=made)
    for hours in (1, 30):
        FailedAttempt.objects.create(address="203.0.113.9", name="x", at=at - timedelta(hours=hours))

    deleted = clean(at)

    assert [deleted[name] for name in ("tokens", "sessions", "failures")] == [1, 1, 1]
    assert list(AuthToken.objects.values_list("pk", flat=True)) == [fresh.pk]
    assert list(Session.objects.values_list("pk", flat=True)) == [seen.pk]
    assert FailedAttempt.objects.count() == 1
    assert OneTimeLink.objects.count() == 2, "who made a link for whom is asked for long after"
    assert set(clean(at).values()) == {0}


def test_signing_in_leaves_no_row_that_nobody_deletes(world: World, client: Client) -> None:
    kept = {AccessLog, AccessFailureLog, AccessAttempt}
    for password in ("wrong", "secret"):
        client.post("/console/sign-in/", {"username": "officer-cnurc001", "password": password})

    assert client.get("/console/account/").status_code == 200
    assert {model.__name__: model.objects.count() for model in kept if model.objects.exists()} == {}
