"""The digest: each notice once for each person, each mail once, in the reader's language."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import translation
from tests.guarantees.claiming import notify, open_claim

from carnets.digest import gather, send_digest
from guarantees import notices
from guarantees.choices import NoticeKind
from guarantees.models import Claim, HolderExclusion, Notice
from tests.threads import at_once, raised
from tests.world import START, World
from tir.accounts.models import User

DAY = timedelta(days=1)


@pytest.fixture
def claim(world: World) -> Claim:
    """Notified, so that the first to come due is the last day for a claim on 15 May 2028."""
    for user in world.staff.values():
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
    return notify(open_claim(world), datetime(2026, 5, 15).date())  # noqa: DTZ001


def days_before(days: int) -> datetime:
    return datetime(2028, 5, 15, 4, 0, tzinfo=START.tzinfo) - days * DAY


def marks(name: str = "association-kz") -> list[str]:
    found = Notice.objects.filter(recipient__username=name, kind=NoticeKind.DEADLINE).order_by("id")
    return list(found.values_list("threshold", flat=True))


class TestDeadlines:
    @pytest.mark.parametrize(
        ("days", "said"),
        [(31, []), (30, ["30"]), (8, ["30"]), (7, ["7"]), (2, ["7"]), (1, ["1"]), (0, ["1"]), (-1, [])],
    )
    def test_are_told_at_thirty_seven_and_one_days(self, claim: Claim, days: int, said: list[str]) -> None:
        gather(at=days_before(days))

        assert marks() == said

    def test_are_told_once_a_mark(self, claim: Claim) -> None:
        for days in range(40, -1, -1):
            gather(at=days_before(days))

        assert marks() == ["30", "7", "1"]
        assert marks("association-cn") == ["30", "7", "1"]  # the issuer of the carnet
        assert marks("hq-kz") == ["30", "7", "1"]
        assert marks("association-uz") == []

    def test_are_said_in_the_readers_language(self, claim: Claim) -> None:
        gather(at=days_before(30))
        notice = Notice.objects.get(recipient__username="association-kz", kind=NoticeKind.DEADLINE)

        english = notices.sentence(notice)
        with translation.override("ru"):
            russian = notices.sentence(notice)

        assert english == (
            f"{claim.carnet_number}: Last day for a claim on the association, last day 2028-05-15 (art. 11(3)). "
            "If missed: Payment can no longer be claimed from the association."
        )
        assert claim.carnet_number in russian
        assert russian != english


class TestCeilings:
    @pytest.mark.parametrize(
        ("ceiling", "mark"), [("125001", None), ("125000", "80"), ("105264", "80"), ("105263", "95")]
    )
    def test_are_told_at_eighty_and_ninety_five_per_cent(
        self, world: World, ceiling: str, mark: str | None
    ) -> None:
        """One carnet reserves 100,000."""
        world.guarantee.ceiling = Decimal(ceiling)
        world.guarantee.save()
        world.issue()

        gather(at=START)
        gather(at=START + DAY)

        found = Notice.objects.filter(recipient=world.staff["CN"], kind=NoticeKind.CEILING)
        assert list(found.values_list("threshold", flat=True)) == ([mark] if mark else [])


class TestExclusions:
    def test_are_told_to_the_holders_association(self, world: World) -> None:
        HolderExclusion.objects.create(
            holder=world.holder, country="UZ", valid_from=START.date(), reason="serious offence"
        )

        gather(at=START + DAY)
        gather(at=START + 2 * DAY)

        told = Notice.objects.get(kind=NoticeKind.EXCLUSION)
        assert told.recipient == world.staff["CN"]
        assert "UZ" in notices.sentence(told)


class TestMails:
    def test_carry_each_notice_once(self, claim: Claim) -> None:
        first = send_digest(at=days_before(30))
        again = send_digest(at=days_before(30))

        assert (first.mails, first.failed, again.mails) == (3, 0, 0)
        assert sorted(letter.to[0] for letter in mail.outbox) == [
            "association-cn@example.org",
            "association-kz@example.org",
            "hq-kz@example.org",
        ]
        assert "art. 11(3)" in mail.outbox[0].body

    def test_come_in_the_recipients_language(self, claim: Claim) -> None:
        User.objects.filter(username="association-kz").update(language="ru")

        send_digest(at=days_before(30))

        letter = next(letter for letter in mail.outbox if letter.to == ["association-kz@example.org"])
        assert "Последний день" in letter.body

    def test_that_were_refused_go_out_later(self, claim: Claim, settings: pytest.MonkeyPatch) -> None:
        settings.EMAIL_BACKEND = "tests.carnets.refusing_mail.Backend"
        refused = send_digest(at=days_before(30))
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

        sent = send_digest(at=days_before(30) + timedelta(hours=1))

        assert (refused.mails, refused.failed) == (0, 3)
        assert sent.mails == 3

    def test_are_sent_by_the_command(self, claim: Claim, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("send_digest")

        assert "2 mails with 2 notices" in capsys.readouterr().out


class TestReading:
    def test_is_recorded_once(self, claim: Claim) -> None:
        notice = Notice.objects.filter(recipient__username="association-kz")[0]
        user = notice.recipient

        first = notices.read(notice, at=START)
        again = notices.read(notice, at=START + DAY)

        assert first == again
        assert again.read_at == START
        assert notices.unread(user) == Notice.objects.filter(recipient=user).count() - 1


class TestOnce:
    def test_is_a_law_of_the_database(self, claim: Claim) -> None:
        notice = Notice.objects.all()[0]
        notice.pk = None

        with pytest.raises(IntegrityError), transaction.atomic():
            notice.save(force_insert=True)

    @pytest.mark.django_db(transaction=True)
    def test_holds_for_two_workers_at_the_same_instant(self, claim: Claim) -> None:
        results = at_once(*[lambda: send_digest(at=days_before(30))] * 3)

        assert raised(results) == []
        assert marks() == ["30"]
        assert len(mail.outbox) == 3
