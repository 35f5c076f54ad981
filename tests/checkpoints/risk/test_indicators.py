"""What the record says of a carnet and of its holder, and when that is forgotten."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from carnets import issuing
from carnets.models import Carnet, Irregularity
from carnets.rules import DeclaredGoods
from checkpoints.risk.scoring import indicators_of
from guarantees.models import Holder
from tests.guarantees.claiming import notify, open_claim
from tests.world import START, World

DAY = timedelta(days=1)
NAMES = (
    "holder_has_flags",
    "holder_overdue",
    "past_reservation",
    "past_claim",
    "lost_carnets",
    "new_holder",
    "sensitive_goods",
    "this_carnet_flagged",
    "clean_record",
)
BOILERS = DeclaredGoods("Boilers", 4, "PX", Decimal(8200), "840310")


@pytest.fixture
def plain(world: World) -> Carnet:
    """The fifth carnet of its holder, with goods that nobody looks for: nothing at all speaks for or against it."""
    for _each in range(4):
        world.issue()
    return world.issue(goods=[BOILERS])


def of(carnet: Carnet, days: float = 0) -> set[str]:
    """Return the names of what is on record about the carnet, so many days after the start."""
    found = indicators_of(carnet.pk, at=START + days * DAY)
    return {name for name in NAMES if getattr(found, name)}


def flag(carnet: Carnet, code: str = "seal_mismatch", **said: Any) -> Irregularity:
    """Open an irregularity that bars the discharge."""
    facts = {"severity": "flag", "bars_discharge": True, "facts": {}, "opened_at": START, "page": 1, **said}
    return Irregularity.objects.create(
        carnet=carnet, operation=carnet.operations.get(sequence=1), code=code, **facts
    )


def close(irregularity: Irregularity) -> None:
    irregularity.status, irregularity.closed_at = "resolved", START
    irregularity.save()


def other(carnet: Carnet) -> Carnet:
    """Return another carnet of the same holder."""
    return Carnet.objects.filter(holder=carnet.holder).exclude(pk=carnet.pk).order_by("pk")[0]


def stranger(world: World) -> Carnet:
    """Return a carnet of another holder."""
    holder = Holder.objects.create(
        reference="CHN/071/1002", association=world.holder.association, name="Another", address="2 Beijing Rd",
        country="CN", authorised_from=date(2010, 1, 1),
    )  # fmt: skip
    return world.issue(holder=holder, guarantee=_guarantee_of(world, holder))


def _guarantee_of(world: World, holder: Holder) -> Any:
    world.guarantee.pk, world.guarantee.reference, world.guarantee.holder = None, "CN-2026-0002", holder
    world.guarantee.save(force_insert=True)
    return world.guarantee


class TestTheIndicators:
    def test_are_none_on_a_plain_carnet(self, plain: Carnet) -> None:
        assert of(plain) == set()

    @pytest.mark.parametrize(
        ("made", "name"),
        [
            (lambda carnet, world: flag(other(carnet)), "holder_has_flags"),
            (lambda carnet, world: flag(carnet), "this_carnet_flagged"),
            (lambda carnet, world: flag(other(carnet), "overdue", bars_discharge=False), "holder_overdue"),
            (lambda carnet, world: flag(carnet, "overdue", bars_discharge=False), "holder_overdue"),
            (
                lambda carnet, world: flag(other(carnet), "reservation", bars_discharge=False),
                "past_reservation",
            ),
            (lambda carnet, world: lose(other(carnet), world), "lost_carnets"),
            (lambda carnet, world: lose(other(carnet), world, is_stolen=True), "lost_carnets"),
        ],
    )
    def test_are_each_its_own(
        self, plain: Carnet, world: World, made: Callable[[Carnet, World], object], name: str
    ) -> None:
        made(plain, world)

        assert of(plain) == {name}

    @pytest.mark.parametrize("code", ["overdue", "seal_mismatch"])
    def test_end_with_what_was_open(self, plain: Carnet, code: str) -> None:
        close(flag(plain, code))
        close(flag(other(plain), code))

        assert of(plain) == set()

    def test_are_not_of_what_bars_nothing(self, plain: Carnet) -> None:
        flag(plain, "prescribed_route", bars_discharge=False)
        flag(other(plain), "prescribed_route", bars_discharge=False)

        assert of(plain) == set()

    def test_are_not_of_another_holder(self, plain: Carnet, world: World) -> None:
        theirs = stranger(world)
        for code in ("seal_mismatch", "overdue", "reservation"):
            flag(theirs, code)
        lose(theirs, world)

        assert of(plain) == set()

    def test_a_lost_carnet_is_not_held_against_itself(self, plain: Carnet, world: World) -> None:
        lose(plain, world)

        assert of(plain) == set()

    def test_a_reservation_is_forgotten_after_a_year(self, plain: Carnet) -> None:
        close(flag(other(plain), "reservation", bars_discharge=False))

        assert of(plain, days=364.9) == {"past_reservation"}
        assert of(plain, days=365) == set()

    @pytest.mark.parametrize(
        ("hs_code", "is_sensitive"),
        [("240220", True), ("220830", True), ("850440", True), ("611020", True), ("620520", True),
         ("230990", False), ("842200", False), ("842400", False), ("", False)],
    )  # fmt: skip
    def test_sensitive_goods_are_of_five_chapters(
        self, plain: Carnet, hs_code: str, is_sensitive: bool
    ) -> None:
        plain.goods.update(hs_code=hs_code)

        assert of(plain) == ({"sensitive_goods"} if is_sensitive else set())

    def test_one_line_of_sensitive_goods_is_enough(self, world: World, plain: Carnet) -> None:
        shirts = DeclaredGoods("Shirts", 2, "CT", Decimal(20), "620520")

        assert of(world.issue(goods=[BOILERS, shirts])) == {"sensitive_goods"}

    def test_a_holder_is_new_with_fewer_than_five_carnets(self, world: World) -> None:
        carnets = [world.issue(goods=[BOILERS]) for _each in range(4)]
        assert of(carnets[0]) == {"new_holder"}

        world.issue()
        assert of(carnets[0]) == set()

    def test_a_claim_counts_from_its_notice(self, world: World, plain: Carnet) -> None:
        waits = world.issue()
        world.travel(waits, upto=3)
        claim = open_claim(world, waits)
        assert of(plain) == set()

        notify(claim, date(2026, 5, 4))
        assert of(plain) == {"past_claim"}

    def test_a_record_is_clean_with_fifty_discharged_in_a_year(self, world: World, plain: Carnet) -> None:
        for _each in range(45):
            world.issue()
        others = Carnet.objects.exclude(pk=plain.pk)
        others.update(status="discharged")
        assert others.count() == 49
        assert of(plain) == set()

        last = world.issue()
        Carnet.objects.filter(pk=last.pk).update(status="discharged")
        assert of(plain) == {"clean_record"}
        assert of(plain, days=366) == set(), "they are of last year"

        close(flag(last))
        assert of(plain) == set(), "one of them had been flagged"


def lose(carnet: Carnet, world: World, *, is_stolen: bool = False) -> None:
    issuing.report_lost(
        number=carnet.number, reason="gone", by=world.staff["CN"], at=START, is_stolen=is_stolen
    )
