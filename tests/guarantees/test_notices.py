"""What people are told: from which day on, how full a guarantee, in which words, and that it was read."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from guarantees import notices
from guarantees.ceilings import set_ceiling
from guarantees.choices import NoticeKind
from guarantees.clocks import Window
from guarantees.deadlines import Deadline
from guarantees.models import Notice
from guarantees.notices import Message
from tests.guarantees.claiming import headquarters
from tests.world import START, World
from tir.accounts.models import Role, User

DAY = timedelta(days=1)
DUE = date(2028, 5, 15)


def due(code: str = "claim_latest", on: date = DUE) -> Deadline:
    return Deadline(on, code, Window(None, on, "art. 11(3)"), "XC99000001", 3, claim=7)


def marks(messages: Iterable[Message]) -> list[str]:
    return [message.threshold for message in messages]


class TestADeadline:
    @pytest.mark.parametrize(
        ("days", "mark"),
        [(31, []), (30, ["30"]), (8, ["30"]), (7, ["7"]), (2, ["7"]), (1, ["1"]), (0, ["1"]), (-1, [])],
    )
    def test_is_told_at_the_smallest_mark_that_is_not_passed(self, days: int, mark: list[str]) -> None:
        assert marks(notices.deadline_messages([due()], today=DUE - days * DAY)) == mark

    @pytest.mark.parametrize(
        ("code", "is_told"),
        [
            ("notification", True),
            ("payment", True),
            ("guarantee_end", True),
            ("claim_earliest", False),
            ("overdue_to_enquiry", False),
            ("acceptance", False),
        ],
    )
    def test_is_told_where_something_is_lost_by_missing_it(self, code: str, is_told: bool) -> None:
        assert bool(notices.deadline_messages([due(code)], today=DUE)) is is_told

    def test_that_moves_is_another(self) -> None:
        first, moved = (notices.deadline_messages([due(on=on)], today=on)[0] for on in (DUE, DUE + DAY))

        assert first.subject != moved.subject
        assert notices.deadline_messages([due()], today=DUE - DAY)[0].subject == first.subject


class TestACeiling:
    @pytest.mark.parametrize(
        ("ceiling", "mark"), [("125001", []), ("125000", ["80"]), ("105264", ["80"]), ("105263", ["95"])]
    )
    def test_is_told_at_the_highest_mark_reached(self, world: World, ceiling: str, mark: list[str]) -> None:
        """One carnet reserves 100,000."""
        set_ceiling(
            guarantee_id=world.guarantee.pk, ceiling=Decimal(ceiling), valid_from=START.date(), at=START
        )
        world.issue()

        assert marks(notices.ceilings(world.associations["CN"], today=START.date())) == mark
        assert marks(notices.ceilings(world.associations["KZ"], today=START.date())) == []


class TestPeople:
    def test_are_told_each_message_once(self, world: World) -> None:
        message = Message(NoticeKind.CLAIM, "claim:7", "pay", {"verb": "pay", "claim": 7, "carnet": "XC1"})
        people = [world.staff["CN"], world.staff["KZ"]]

        notices.tell([message], people[:1], at=START)
        notices.tell([message], people, at=START + DAY)

        assert [(row.recipient, row.at) for row in Notice.objects.order_by("id")] == [
            (world.staff["CN"], START),
            (world.staff["KZ"], START + DAY),
        ]

    def test_of_an_association_are_those_who_act_for_it_today(self, world: World) -> None:
        staff = world.staff["CN"]
        assert list(notices.staff_of(world.associations["CN"])) == [staff]

        staff.is_active = False
        staff.save()

        assert list(notices.staff_of(world.associations["CN"])) == []

    def test_of_headquarters_are_those_of_the_country(self, world: World) -> None:
        kazakh = headquarters("KZ")
        headquarters("UZ")
        User.objects.create_user("post-kz", password="secret", roles=[Role.OFFICER], country="KZ")

        assert list(notices.headquarters_of("KZ")) == [kazakh]


class TestASentence:
    @pytest.mark.parametrize(
        ("message", "sentence"),
        [
            (
                Message(NoticeKind.CLAIM, "claim:7", "pay", {"verb": "pay", "claim": 7, "carnet": "XC1"}),
                "Claim 7 on carnet XC1 is paid.",
            ),
            (
                Message(
                    NoticeKind.CEILING,
                    "CN-1:9",
                    "95",
                    {
                        "guarantee": "CN-1",
                        "share": "96",
                        "exposure": "960",
                        "ceiling": "1000",
                        "currency": "EUR",
                    },
                ),
                "Guarantee CN-1: 96 % of its ceiling is in use (960 of 1000 EUR).",
            ),
        ],
    )
    def test_is_made_of_the_facts(self, world: World, message: Message, sentence: str) -> None:
        notices.tell([message], [world.staff["CN"]], at=START)

        assert notices.sentence(Notice.objects.get()) == sentence


class TestReading:
    @pytest.fixture
    def told(self, world: World) -> User:
        """Three notices for one person, and one of them for another too."""
        messages = [Message(NoticeKind.CLAIM, f"claim:{number}", "pay") for number in range(3)]
        notices.tell(messages, [world.staff["CN"]], at=START)
        notices.tell(messages[:1], [world.staff["KZ"]], at=START)
        return world.staff["CN"]

    def test_is_recorded_once(self, told: User) -> None:
        notice = notices.notices_of(told)[0]

        first = notices.mark_read(notice, at=START)
        again = notices.mark_read(notice, at=START + DAY)

        assert first == again
        assert again.read_at == START
        assert notices.unread(told) == 2

    def test_of_all_is_of_ones_own(self, told: User, world: World) -> None:
        notices.mark_read(notices.notices_of(told)[0], at=START)

        notices.mark_all_read(told, at=START + DAY)

        assert notices.unread(told) == 0
        assert notices.unread(world.staff["KZ"]) == 1
        assert {row.reading.read_at for row in notices.notices_of(told)} == {START, START + DAY}
