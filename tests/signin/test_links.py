"""One-time links, and the forgotten password they are for."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from tests.world import START, World
from tir.accounts.models import User
from tir.kernel.clock import now
from tir.signin import factors, links, mailing, totp
from tir.signin.links import LinkNotGood
from tir.signin.models import LinkPurpose, LinkRequest, OneTimeLink

GOOD = "four lorries at dawn"
DAY = timedelta(days=1)


def made(user: User, at: Any = START) -> str:
    return links.make(user=user, purpose=LinkPurpose.PASSWORD, by=None, at=at).secret


@pytest.fixture
def officer(world: World) -> User:
    return world.officers["CNURC001"]


class TestALink:
    def test_is_good_once(self, officer: User) -> None:
        secret = made(officer)

        assert links.use(secret, purpose=LinkPurpose.PASSWORD, at=START).user == officer
        with pytest.raises(LinkNotGood):
            links.use(secret, purpose=LinkPurpose.PASSWORD, at=START)

    def test_expires(self, officer: User) -> None:
        secret = made(officer)

        assert links.read(secret, purpose=LinkPurpose.PASSWORD, at=START + DAY - timedelta(seconds=1))
        with pytest.raises(LinkNotGood):
            links.read(secret, purpose=LinkPurpose.PASSWORD, at=START + DAY)

    def test_is_for_its_purpose(self, officer: User) -> None:
        with pytest.raises(LinkNotGood):
            links.use(made(officer), purpose=LinkPurpose.INVITATION, at=START)

    def test_is_replaced_by_a_newer_one(self, officer: User) -> None:
        first, second = made(officer), made(officer)

        assert links.read(second, purpose=LinkPurpose.PASSWORD, at=START)
        with pytest.raises(LinkNotGood):
            links.read(first, purpose=LinkPurpose.PASSWORD, at=START)

    def test_of_a_closed_account_opens_nothing(self, officer: User) -> None:
        secret = made(officer)
        User.objects.filter(pk=officer.pk).update(is_active=False)

        with pytest.raises(LinkNotGood):
            links.read(secret, purpose=LinkPurpose.PASSWORD, at=START)

    def test_is_kept_as_a_digest_alone(self, officer: User) -> None:
        secret = made(officer)

        assert secret not in str(OneTimeLink.objects.values())


class TestANewPassword:
    def test_is_chosen_once_and_ends_what_was_open(self, officer: User, client: Client) -> None:
        inside = Client()
        inside.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
        address = f"/console/new-password/{made(officer, now())}/"

        assert client.get(address).status_code == client.get(address).status_code == 200
        assert client.post(address, {"new": "short"}).status_code == 422
        assert client.post(address, {"new": GOOD}).status_code == 302

        assert client.post(address, {"new": GOOD + " again"}).status_code == 404
        assert inside.get("/console/account/").status_code == 302
        assert User.objects.get(pk=officer.pk).check_password(GOOD)


class TestTheCommand:
    """For whoever runs the server: a link without mail and without a manager."""

    @pytest.mark.parametrize("forgets", [False, True])
    def test_prints_a_link_that_forgets_the_second_factor_with_its_use_if_that_is_said(
        self, officer: User, client: Client, forgets: bool
    ) -> None:
        secret, at, out = totp.new_secret(), now(), StringIO()
        code = totp.code_of(secret, totp.step_at(at))
        factors.set_up_app(officer, secret=secret, code=code, at=at, field="code")
        options = ["--without-second-factor"] if forgets else []

        call_command("password_link", officer.username, *options, stdout=out)

        assert factors.is_set_up(officer)
        assert client.post(out.getvalue().strip(), {"new": GOOD}).status_code == 302
        assert factors.is_set_up(officer) is not forgets

    def test_is_of_no_use_for_a_name_that_nobody_has(self, db: None) -> None:
        with pytest.raises(CommandError, match="no open account"):
            call_command("password_link", "nobody")


class TestOnRecord:
    def test_a_link_is_never_deleted_and_one_is_open_at_a_time(self, officer: User) -> None:
        first = links.make(user=officer, purpose=LinkPurpose.PASSWORD, by=officer, at=START).link
        made(officer)

        first.refresh_from_db()
        assert (first.withdrawn_at, first.withdraw_reason) == (START, links.REPLACED)
        with pytest.raises(DatabaseError), transaction.atomic():
            first.delete()
        with pytest.raises(IntegrityError, match="link_one_open"), transaction.atomic():
            OneTimeLink.objects.filter(pk=first.pk).update(withdrawn_at=None)
        with pytest.raises(IntegrityError, match="link_used_or_withdrawn"), transaction.atomic():
            OneTimeLink.objects.filter(pk=first.pk).update(used_at=START)
        with pytest.raises(IntegrityError, match="link_expires_later"), transaction.atomic():
            OneTimeLink.objects.filter(pk=first.pk).update(expires_at=START)
        assert OneTimeLink.objects.filter(user=officer).count() == 2


@pytest.mark.usefixtures("db")
class TestForgotten:
    @pytest.fixture
    def by_mail(self, settings: Settings) -> None:
        settings.LINKS_BY_MAIL = True

    def test_without_mail_a_manager_is_named(self, client: Client, settings: Settings) -> None:
        settings.LINKS_BY_MAIL = False

        assert "manager" in client.get("/console/forgotten/").content.decode()
        assert client.post("/console/forgotten/", {"username": "anyone"}).status_code == 409
        assert not LinkRequest.objects.exists()

    @pytest.mark.usefixtures("by_mail")
    def test_by_mail_the_link_works(self, officer: User, client: Client) -> None:
        User.objects.filter(pk=officer.pk).update(email="officer@customs.example")
        client.post("/console/forgotten/", {"username": officer.username})

        assert mailing.send_asked(now()) == 1

        address = re.search(r"http://testserver(/console/new-password/\S+/)", mail.outbox[0].body)
        assert address is not None
        assert client.post(address[1], {"new": GOOD}).status_code == 302

    @pytest.mark.usefixtures("by_mail")
    def test_by_mail_answers_alike_with_as_many_statements(
        self, officer: User, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        User.objects.filter(pk=officer.pk).update(email="officer@customs.example")
        said = []
        for name in (officer.username, "no-such-name"):
            with django_assert_max_num_queries(20) as asked:
                answer = client.post("/console/forgotten/", {"username": name})
            said.append((answer.status_code, answer["Location"], len(asked)))

        assert said[0] == said[1]
        assert mailing.send_asked(now()) == 1

    @pytest.mark.usefixtures("by_mail")
    def test_by_mail_is_answered_once_in_a_while(self, officer: User, client: Client) -> None:
        User.objects.filter(pk=officer.pk).update(email="officer@customs.example")
        for _time in range(3):
            client.post("/console/forgotten/", {"username": officer.username})

        assert mailing.send_asked(now()) == 1
        assert mailing.send_asked(now()) == 0
