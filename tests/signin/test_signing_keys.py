"""Four eyes for signing keys: who calls the command changes nothing alone; once another agreed, it is done, once."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from tests.api.calls import API, ok, problem
from tests.api.conftest import Client, client_of  # noqa: F401  (a fixture)
from tir import keys
from tir.accounts.models import Role, User
from tir.approvals.models import Approval, ApprovalStatus
from tir.audit.models import AuditEvent

PASSWORD = "four eyes and no less"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Two keys that sign: one of them may be revoked."""
    for days in (400, 1):
        keys.make_signing_key(tmp_path, signs_from=datetime.now(UTC) - timedelta(days=days))
    return tmp_path


@pytest.fixture
def amal(db: None) -> User:
    return User.objects.create_user("amal", password=PASSWORD, roles=[Role.ADMINISTRATOR])


@pytest.fixture
def bela(db: None, client_of: Client) -> APIClient:  # noqa: F811
    return client_of(User.objects.create_user("bela", roles=[Role.ADMINISTRATOR]))


def command(monkeypatch: pytest.MonkeyPatch, *said: str, password: str = PASSWORD) -> str:
    """Give the command with a password piped in, and return what it says."""
    out = StringIO()
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    call_command("signing_key", *said, "--by", "amal", "--reason", "It was copied.", stdout=out)
    return out.getvalue()


def test_a_key_is_revoked_by_two_and_not_by_one(
    directory: Path, amal: User, bela: APIClient, client_of: Client, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    newest, leaked = keys.names(directory)
    revoke = ("revoke", str(directory), leaked)

    for _time in range(2):
        assert "Nothing is changed yet" in command(monkeypatch, *revoke)
    assert keys.names(directory) == [newest, leaked]
    (approval,) = Approval.objects.all()
    approve = f"{API}/approvals/{approval.pk}/approve/"
    problem(client_of(amal).post(approve, {}), 403, "own_proposal")
    headquarters = User.objects.create_user("hq", roles=[Role.CUSTOMS_HQ], country="KZ")
    problem(client_of(headquarters).post(approve, {}), 404, "not_found")
    ok(bela.post(approve, {}))
    assert keys.names(directory) == [newest, leaked]

    assert "agreed by amal, bela" in command(monkeypatch, *revoke)

    assert keys.names(directory) == [newest]
    event = AuditEvent.objects.get(noun="signing_key")
    assert (event.verb, event.ref, event.fields["approval"]) == ("revoke", leaked, approval.pk)
    with pytest.raises(CommandError, match="There is no key"):
        command(monkeypatch, *revoke)


def test_another_key_is_made_once_for_each_yes(
    directory: Path, amal: User, bela: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = ("new", str(directory), "--from", "2027-01-15T00:00:00+05:00")
    command(monkeypatch, *new)
    ok(bela.post(f"{API}/approvals/{Approval.objects.get().pk}/approve/", {}))

    assert "2027-01-14T190000Z" in command(monkeypatch, *new)

    assert "Nothing is changed yet" in command(monkeypatch, *new)
    assert len(keys.names(directory)) == 3


def test_a_yes_is_good_for_a_day_and_for_the_keys_that_were_there(
    directory: Path, amal: User, bela: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = ("new", str(directory))
    command(monkeypatch, *new)
    ok(bela.post(f"{API}/approvals/{Approval.objects.get().pk}/approve/", {}))
    agreed = Approval.objects.get()
    Approval.objects.update(ended_at=agreed.ended_at - timedelta(hours=25))  # type: ignore[operator]

    assert "Nothing is changed yet" in command(monkeypatch, *new)
    Approval.objects.filter(status=ApprovalStatus.DONE).update(ended_at=agreed.ended_at)
    assert "agreed by amal, bela" in command(monkeypatch, *new)
    assert len(keys.names(directory)) == 3


def test_the_command_is_given_by_who_has_the_password_and_may(
    directory: Path, amal: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = ("new", str(directory))
    with pytest.raises(CommandError, match="present password"):
        command(monkeypatch, *new, password="another")
    User.objects.filter(pk=amal.pk).update(roles=[Role.OFFICER])
    with pytest.raises(CommandError, match="Only an administrator"):
        command(monkeypatch, *new)
    assert not Approval.objects.exists()

    User.objects.filter(pk=amal.pk).update(roles=[Role.ADMINISTRATOR])
    command(monkeypatch, *new)
    assert Approval.objects.count() == 1


def test_the_first_key_of_a_directory_needs_nobody_and_no_other_is_made_so(tmp_path: Path) -> None:
    keys.main(["new", str(tmp_path)])

    with pytest.raises(ValueError, match="two people"):
        keys.main(["new", str(tmp_path)])
    with pytest.raises(ValueError, match="two people"):
        keys.main(["revoke", str(tmp_path), keys.names(tmp_path)[0]])
    assert len(keys.names(tmp_path)) == 1
