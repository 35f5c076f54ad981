"""Who is told, at once, that a transport leaves its plan."""

from checkpoints.models import CustomsOffice, Posting
from guarantees.models import Notice
from guarantees.notices import sentence
from tests.world import HOUR, LONG_AGO, START, World
from tir.accounts.models import Role, User
from tir.kernel.kept import Kept


def told(world: World) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for notice in Notice.objects.filter(kind="route").order_by("pk"):
        found.setdefault(notice.recipient.username, []).append(sentence(notice))
    return found


class TestATransportThatEndsElsewhere:
    def test_is_told_to_the_issuer_and_to_the_office_that_waits(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=5)

        world.stamp(carnet, 6, START + 70 * HOUR, "UZTAS001", seals_intact=True, packages=420, ends_here=True)

        said = f"Carnet {carnet.number}: the transport ended at UZTAS001 (page 6); TJDUS001 need not wait for it."
        assert told(world) == {"association-cn": [said], "officer-tjdus001": [said]}

    def test_is_not_told_where_the_office_was_not_approved(self, world: World) -> None:
        """It cannot end a transport (art. 45): its certificate is on record, and the planned office waits on."""
        carnet = world.issue()
        world.travel(carnet, upto=5)
        CustomsOffice.objects.filter(code="UZTAS001").update(valid_to=START.date())
        Kept.forget_all()

        said = {"seals_intact": True, "packages": 420, "ends_here": True, "is_offline": True}
        outcome = world.stamp(carnet, 6, START + 70 * HOUR, "UZTAS001", **said)

        assert outcome.row is not None
        assert told(world) == {}

    def test_is_not_told_to_who_serves_there_no_more(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=5)
        office = world.officers["TJDUS001"].postings.get().office
        left = User.objects.create_user("gone", password="secret", roles=[Role.OFFICER], country="TJ")
        Posting.objects.create(user=left, office=office, valid_from=LONG_AGO, valid_to=START.date())

        world.stamp(carnet, 6, START + 70 * HOUR, "UZTAS001", seals_intact=True, packages=420, ends_here=True)

        assert set(told(world)) == {"association-cn", "officer-tjdus001"}

    def test_says_nothing_where_the_plan_ends_there_anyway(self, world: World) -> None:
        carnet = world.issue()

        world.travel(carnet, but={8: {"ends_here": True}})

        assert told(world) == {}


class TestADetour:
    def test_is_told_when_it_is_confirmed(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=4)

        world.stamp(carnet, 5, START + 60 * HOUR, "TJDUS001", seals_intact=True, is_unplanned=True)

        assert set(told(world)) == {"association-cn"}
