"""The first administrator: by a command, once, by a link."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from tir.accounts.models import PersonEvent, User
from tir.kernel.clock import now
from tir.signin import inviting
from tir.signin.links import LinkNotGood
from tir.signin.models import OneTimeLink

pytestmark = pytest.mark.django_db
PASSWORD = "camel ladder quiet orchard"


def command(*arguments: str) -> str:
    """Run it; return the link that it prints, or raise what it says."""
    out = StringIO()
    call_command("add_administrator", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def secret_of(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


def test_it_prints_one_link_that_opens_the_account() -> None:
    link = command("root", "--address", "https://tir.example")

    assert link.startswith("https://tir.example/console/invitations/")
    person = inviting.accept(secret=secret_of(link), password=PASSWORD, at=now())
    assert (person.username, person.roles, person.is_active) == ("root", ["administrator"], True)


def test_until_it_is_used_it_can_be_printed_anew_and_the_first_ends() -> None:
    first, second = command("root"), command("root")

    with pytest.raises(LinkNotGood):
        inviting.accept(secret=secret_of(first), password=PASSWORD, at=now())
    assert inviting.accept(secret=secret_of(second), password=PASSWORD, at=now()).username == "root"


def test_it_refuses_when_somebody_can_invite_unless_a_reason_is_given() -> None:
    inviting.accept(secret=secret_of(command("root")), password=PASSWORD, at=now())

    with pytest.raises(CommandError, match="root can invite another"):
        command("second")
    assert not User.objects.filter(username="second").exists()
    assert command("second", "--again", "root has left the ministry")
    assert PersonEvent.objects.get(person__username="second").reason == "root has left the ministry"


def test_it_opens_no_account_that_is_in_use() -> None:
    inviting.accept(secret=secret_of(command("root")), password=PASSWORD, at=now())

    with pytest.raises(CommandError, match="set a password"):
        command("root", "--again", "I want to be root")
    assert OneTimeLink.objects.count() == 1


def test_a_name_has_no_odd_letters() -> None:
    with pytest.raises(CommandError, match="letters, digits"):
        command("root root")
    assert command("root.root")


class TestSuperusers:
    """They had no meaning here, and yet could be made."""

    def test_the_command_names_the_other(self) -> None:
        with pytest.raises(CommandError, match="add_administrator"):
            call_command("createsuperuser")

    @pytest.mark.parametrize("flag", ["is_superuser", "is_staff"])
    def test_the_database_takes_none(self, flag: str) -> None:
        User.objects.create_user("plain")

        with pytest.raises(IntegrityError, match="user_no_superuser"), transaction.atomic():
            User.objects.create_user("odd", **{flag: True})
