"""Asking whether a guarantee is good: what is answered, to whom, and that both sides find it again."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from carnets import issuing
from carnets.guarantee_queries import asking
from carnets.models import GuaranteeQuery
from carnets.numbering import CarnetNumberInvalid
from guarantees import holders
from guarantees.exposure import Cover
from guarantees.models import Guarantee, TerritoryMember
from tests.world import HOUR, START, World, add_kyrgyzstan
from tir.kernel.kept import Kept

TODAY = START.date()
DAY = timedelta(days=1)


def ask(
    world: World, number: str, country: str = "KZ", page: int | None = None, at: datetime = START + DAY
) -> asking.QueryAnswer:
    return asking.ask(
        number=number,
        page=page,
        country=country,
        office="KZHOR001",
        by=world.officers["KZHOR001"],
        at=at,
    )


def codes(answer: asking.QueryAnswer) -> list[str]:
    return [finding.code for finding in answer.findings]


class TestAnswer:
    def test_is_good_for_a_carnet_in_order(self, world: World) -> None:
        carnet = world.issue()

        answer = ask(world, carnet.number.lower(), page=3)

        assert codes(answer) == []
        assert answer.cover is not None
        assert (answer.cover.association_id, answer.cover.amount) == (
            world.associations["KZ"].pk,
            Decimal(60_000),
        )

    def test_names_every_reason(self, world: World) -> None:
        carnet = world.issue()
        holders.suspend(holder_id=world.holder.pk, reason="Debts.", by=world.staff["CN"], at=START)
        holders.exclude(
            holder_id=world.holder.pk, country="KZ", valid_from=TODAY, decided_on=TODAY, reason="Smuggling.",
            by=world.staff["CN"], at=START,
        )  # fmt: skip
        issuing.invalidate(number=carnet.number, reason="Unused.", by=world.staff["CN"], at=START)

        assert codes(ask(world, carnet.number)) == [
            "not_in_circulation",
            "guarantee_not_reserved",
            "holder_not_authorised",
            "holder_excluded",
        ]

    @pytest.mark.parametrize("binds", [True, False])
    def test_counts_an_exclusion_by_another_country_of_a_union_where_that_binds(
        self, world: World, binds: bool
    ) -> None:
        add_kyrgyzstan(world)
        TerritoryMember.objects.filter(country="KG").update(exclusions_bind_union=binds)
        Kept.forget_all()
        carnet = world.issue()
        holders.exclude(
            holder_id=world.holder.pk, country="KG", valid_from=TODAY, decided_on=TODAY, reason="Smuggling.",
            by=world.staff["CN"], at=START,
        )  # fmt: skip

        assert codes(ask(world, carnet.number)) == (["holder_excluded"] if binds else [])

    def test_stays_good_for_what_was_accepted_in_time(self, world: World) -> None:
        """Accepted on 2 March; then the holder is suspended and the guarantee ends: a lorry on its way is covered."""
        carnet = world.issue()
        world.travel(carnet, upto=3, since=START - 29 * HOUR)
        holders.suspend(holder_id=world.holder.pk, reason="Debts.", by=world.staff["CN"], at=START)
        Guarantee.objects.update(valid_to=TODAY)

        assert codes(ask(world, carnet.number)) == []

    def test_knows_a_country_that_a_detour_went_through(self, world: World) -> None:
        carnet = world.issue(route=(("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001")))
        assert codes(ask(world, carnet.number, country="UZ")) == ["territory_not_on_route"]

        world.stamp(carnet, 5, START + HOUR, "UZYAL001", is_offline=True, seals_affixed=("A-1",))

        answer = ask(world, carnet.number, country="UZ", page=6)
        assert codes(answer) == []
        assert answer.cover is not None
        assert answer.cover.association_id == world.associations["UZ"].pk

    def test_names_to_each_member_of_a_union_its_own_association(self, world: World) -> None:
        """Started in Kazakhstan, which bears 60,000; the Kyrgyz association would bear 40,000."""
        add_kyrgyzstan(world)
        carnet = world.issue()
        world.travel(carnet, upto=3, since=START - 29 * HOUR)

        covers = {country: ask(world, carnet.number, country=country).cover for country in ("KZ", "KG")}

        assert covers == {
            country: Cover(world.associations[country].pk, Decimal(amount), "EUR")
            for country, amount in (("KZ", 60_000), ("KG", 40_000))
        }

    def test_refuses_a_page_that_another_territory_used(self, world: World) -> None:
        carnet = world.issue()
        world.stamp(carnet, 1, START + HOUR, seals_affixed=("A-1",))

        assert codes(ask(world, carnet.number, page=2)) == ["page_not_planned"]
        assert codes(ask(world, carnet.number, page=5)) == []
        assert codes(ask(world, carnet.number, page=14)) == []
        assert codes(ask(world, carnet.number, page=15)) == ["page_not_planned"]

    def test_is_of_the_day_in_the_asking_country(self, world: World) -> None:
        """Last day 4 March: until 19:00 UTC it is the 4th in Almaty, from then on the 5th, and still the 4th in UTC."""
        carnet = world.issue(acceptance_until=date(2026, 3, 4))
        midnight = datetime(2026, 3, 4, 19, 0, tzinfo=UTC)

        assert codes(ask(world, carnet.number, at=midnight - timedelta(seconds=1))) == []
        assert codes(ask(world, carnet.number, at=midnight)) == ["expired_at_accept"]

    def test_tells_a_country_off_the_route_nothing_more(self, world: World) -> None:
        carnet = world.issue(route=(("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001")))
        issuing.invalidate(number=carnet.number, reason="Unused.", by=world.staff["CN"], at=START)

        answer = ask(world, carnet.number, country="TJ", page=1)

        assert codes(answer) == ["territory_not_on_route"]
        assert answer.cover is None

    def test_is_kept_with_its_reasons(self, world: World) -> None:
        carnet = world.issue()
        issuing.invalidate(number=carnet.number, reason="Unused.", by=world.staff["CN"], at=START)

        asked = ask(world, carnet.number).query

        kept = GuaranteeQuery.objects.get(pk=asked.pk)
        assert (kept.carnet, kept.country, kept.office, kept.is_good) == (carnet, "KZ", "KZHOR001", False)
        with translation.override("ru"):
            details = [finding.detail for finding in asking.reasons_of(kept)]
        assert all(details)

    def test_of_a_number_nobody_issued_is_kept_too(self, world: World) -> None:
        answer = ask(world, "XZ99000001")

        assert codes(answer) == ["carnet_unknown"]
        assert GuaranteeQuery.objects.get().carnet is None

    def test_of_a_mistyped_number_is_none(self, world: World) -> None:
        with pytest.raises(CarnetNumberInvalid):
            ask(world, "XZ99000002")


class TestByHand:
    def test_stands_beside_what_the_system_answered(self, world: World) -> None:
        query = ask(world, world.issue().number).query

        for is_good in (True, False):
            asking.confirm_by_hand(
                query=query, is_good=is_good, text="Looked it up.", by=world.staff["CN"], at=START + DAY
            )

        assert [item.is_good for item in query.confirmations.all()] == [False, True]
        query.refresh_from_db()
        assert query.is_good
