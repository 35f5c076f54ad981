"""The digest: each notice once for each person, each mail once, in the reader's language."""

from datetime import datetime, timedelta
from decimal import Decimal
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from carnets.digest import _mail, _mail_waiting, gather, mail_digests
from guarantees import notices
from guarantees.ceilings import set_ceiling
from guarantees.choices import NoticeKind
from guarantees.models import Claim, HolderExclusion, Membership, Notice, TerritoryMember
from tests.guarantees.claiming import notify, open_claim
from tests.threads import PATIENCE, at_once, raised
from tests.world import START, World, add_kyrgyzstan
from tir.accounts.models import Role, User
from tir.kernel.kept import Kept

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
    def test_are_told_by_the_day_of_who_is_told(self, claim: Claim) -> None:
        """Thirty days before 15 May is 15 April: on the 14th it begins in Beijing at 16:00, in Almaty at 19:00 UTC."""
        midnight = datetime(2028, 4, 14, 19, 0, tzinfo=START.tzinfo)
        gather(at=midnight - timedelta(hours=3, seconds=1))
        assert marks("association-cn") == []
        gather(at=midnight - timedelta(seconds=1))
        assert marks("association-cn") == ["30"]
        assert marks() == marks("hq-kz") == []

        gather(at=midnight)

        assert marks() == marks("hq-kz") == ["30"]

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
        set_ceiling(
            guarantee_id=world.guarantee.pk, ceiling=Decimal(ceiling), valid_from=START.date(), at=START
        )
        world.issue()

        gather(at=START)
        gather(at=START + DAY)

        found = Notice.objects.filter(recipient=world.staff["CN"], kind=NoticeKind.CEILING)
        assert list(found.values_list("threshold", flat=True)) == ([mark] if mark else [])


class TestExclusions:
    @pytest.fixture
    def people(self, world: World) -> None:
        for name, roles, country in (
            ("hq-cn", [Role.CUSTOMS_HQ], "CN"),
            ("hq-uz", [Role.CUSTOMS_HQ], "UZ"),
            ("tirexb", [Role.SECRETARIAT], ""),
        ):
            User.objects.create_user(name, password="secret", roles=roles, country=country)

    def exclude(self, world: World, country: str = "UZ", **changes: Any) -> HolderExclusion:
        facts = {"valid_from": START.date(), "reason": "serious offence", "recorded_at": START, **changes}
        return HolderExclusion.objects.create(holder=world.holder, country=country, **facts)

    def told(self) -> set[str]:
        found = Notice.objects.filter(kind=NoticeKind.EXCLUSION)
        return set(found.values_list("recipient__username", flat=True))

    def test_are_told_once_to_those_whom_article_38_2_names(self, world: World, people: None) -> None:
        """Customs of the holder's country, the association where the offence was, the Board; and the holder's own."""
        self.exclude(world)

        gather(at=START + DAY)
        gather(at=START + 2 * DAY)

        assert self.told() == {"hq-cn", "association-uz", "tirexb", "association-cn"}
        assert Notice.objects.filter(kind=NoticeKind.EXCLUSION).count() == 4
        assert "UZ" in notices.sentence(Notice.objects.filter(kind=NoticeKind.EXCLUSION)[0])

    @pytest.mark.parametrize(
        ("binds", "told"), [(True, {"association-kz", "association-kg"}), (False, {"association-kg"})]
    )
    def test_are_told_to_every_association_of_a_union_that_they_bind(
        self, world: World, binds: bool, told: set[str]
    ) -> None:
        add_kyrgyzstan(world)
        staff = User.objects.create_user("association-kg", password="secret", roles=[Role.ASSOCIATION])
        Membership.objects.create(user=staff, association=world.associations["KG"])
        TerritoryMember.objects.filter(country="KG").update(exclusions_bind_union=binds)
        Kept.forget_all()
        self.exclude(world, "KG")

        gather(at=START + DAY)

        assert self.told() == told | {"association-cn"}

    @pytest.mark.parametrize(
        ("days", "is_told"),
        [(1, False), (2, False), (3, True)],
        ids=["lifted", "lifted today", "lifted tomorrow"],
    )
    def test_that_were_lifted_are_not_told_any_more(self, world: World, days: int, is_told: bool) -> None:
        self.exclude(world, valid_to=START.date() + days * DAY)

        gather(at=START + 2 * DAY)

        assert bool(self.told()) is is_told


class TestMails:
    def test_carry_each_notice_once(self, claim: Claim) -> None:
        first = mail_digests(at=days_before(30))
        again = mail_digests(at=days_before(30))

        assert (first.mails, first.failed, again.mails) == (3, 0, 0)
        assert sorted(letter.to[0] for letter in mail.outbox) == [
            "association-cn@example.org",
            "association-kz@example.org",
            "hq-kz@example.org",
        ]
        assert "art. 11(3)" in mail.outbox[0].body

    def test_come_in_the_recipients_language(self, claim: Claim) -> None:
        User.objects.filter(username="association-kz").update(language="ru")

        mail_digests(at=days_before(30))

        letter = next(letter for letter in mail.outbox if letter.to == ["association-kz@example.org"])
        assert "Последний день" in letter.body

    def test_that_were_refused_go_out_later(self, claim: Claim, settings: pytest.MonkeyPatch) -> None:
        settings.EMAIL_BACKEND = "tests.carnets.refusing_mail.Backend"
        refused = mail_digests(at=days_before(30))
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

        sent = mail_digests(at=days_before(30) + timedelta(hours=1))

        assert (refused.mails, refused.failed) == (0, 3)
        assert sent.mails == 3

    def test_are_sent_by_the_command(self, claim: Claim, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("send_digest")

        assert "2 mails with 2 notices" in capsys.readouterr().out


def wait_until_somebody_waits() -> None:
    """Return once another session of this database waits for a lock."""
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            sleep(0.01)
    raise AssertionError("Nobody waits.")


class TestOnce:
    def test_is_a_law_of_the_database(self, claim: Claim) -> None:
        notice = Notice.objects.all()[0]
        notice.pk = None

        with pytest.raises(IntegrityError), transaction.atomic():
            notice.save(force_insert=True)

    @pytest.mark.django_db(transaction=True)
    def test_holds_for_a_worker_who_looked_before_the_other_was_done(self, claim: Claim) -> None:
        """The second waits for the person while the first, who has mailed, has not committed yet."""
        user = User.objects.get(username="association-kz")
        mailed = Event()

        def first() -> int | None:
            with transaction.atomic():
                count = _mail_waiting(user, at=START)
                mailed.set()
                wait_until_somebody_waits()
                return count

        def second() -> int | None:
            mailed.wait(PATIENCE)
            return _mail(user, at=START)

        assert at_once(first, second) == [1, 0]
        assert len(mail.outbox) == 1

    @pytest.mark.django_db(transaction=True)
    def test_holds_for_three_workers_at_the_same_instant(self, claim: Claim) -> None:
        results = at_once(*[lambda: mail_digests(at=days_before(30))] * 3)

        assert raised(results) == []
        assert marks() == ["30"]
        assert len(mail.outbox) == 3
