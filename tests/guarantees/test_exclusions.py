"""Where a holder is excluded: in the country that says so, and in its union where that binds (art. 38)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guarantees import holders
from guarantees.exclusions import excluded_in
from guarantees.models import CustomsTerritory, HolderExclusion, TerritoryMember
from tests.world import START, World
from tir.accounts.models import Role, User
from tir.kernel.kept import Kept

DAY = timedelta(days=1)
FIRST, END, BULGARIA_JOINS = date(2026, 3, 1), date(2026, 6, 1), date(2026, 5, 1)
EVERYWHERE = ("PL", "BG", "KZ", "KG", "TJ")


@pytest.fixture
def unions(world: World) -> World:
    """Poland and, from 1 May, Bulgaria in a union that its members' exclusions bind; Kazakhstan and the Kyrgyz Republic
    in one that they do not."""
    union = CustomsTerritory.objects.create(code="EU", name_en="European Union")
    for country, since in (("PL", date(2004, 5, 1)), ("BG", BULGARIA_JOINS)):
        TerritoryMember.objects.create(
            territory=union, country=country, valid_from=since, exclusions_bind_union=True
        )
    TerritoryMember.objects.create(
        territory=world.territories["EAEU"], country="KG", valid_from=date(2015, 8, 12)
    )
    Kept.forget_all()
    return world


def exclude(
    world: World, country: str, valid_from: date = FIRST, valid_to: date | None = END
) -> HolderExclusion:
    return HolderExclusion.objects.create(
        holder=world.holder, country=country, valid_from=valid_from, valid_to=valid_to, reason="Smuggling."
    )


def in_sql(world: World, country: str, on: date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT guarantees_excluded(%s, %s, %s)", [world.holder.pk, country, on])
        return bool(cursor.fetchone()[0])


class TestExcludedIn:
    @pytest.mark.parametrize(
        ("day", "found"), [(FIRST - DAY, ()), (FIRST, ("TJ",)), (END - DAY, ("TJ",)), (END, ())]
    )
    def test_counts_the_first_day_and_not_the_end(
        self, unions: World, day: date, found: tuple[str, ...]
    ) -> None:
        exclude(unions, "TJ")

        assert excluded_in(unions.holder, on=day, countries=EVERYWHERE) == found

    @pytest.mark.parametrize(
        ("by", "on", "found"),
        [
            ("PL", BULGARIA_JOINS - DAY, ("PL",)),
            ("PL", BULGARIA_JOINS, ("PL", "BG")),
            ("BG", BULGARIA_JOINS, ("PL", "BG")),
            ("BG", BULGARIA_JOINS - DAY, ("BG",)),
            ("KZ", BULGARIA_JOINS, ("KZ",)),
            ("KG", BULGARIA_JOINS, ("KG",)),
        ],
    )
    def test_holds_in_the_whole_union_where_that_binds_it(
        self, unions: World, by: str, on: date, found: tuple[str, ...]
    ) -> None:
        exclude(unions, by)

        assert excluded_in(unions.holder, on=on, countries=EVERYWHERE) == found

    def test_is_about_this_holder_alone(self, unions: World) -> None:
        exclude(unions, "TJ")

        assert excluded_in(unions.holder.pk + 1, on=FIRST, countries=EVERYWHERE) == ()
        assert excluded_in(unions.holder.pk, on=FIRST, countries=("KZ",)) == ()

    @settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        by=st.sets(st.sampled_from(EVERYWHERE)),
        on=st.sampled_from([FIRST - DAY, FIRST, BULGARIA_JOINS - DAY, BULGARIA_JOINS, END - DAY, END]),
    )
    def test_is_what_postgresql_finds(self, unions: World, by: set[str], on: date) -> None:
        with transaction.atomic():
            for country in by:
                exclude(unions, country)
            found = excluded_in(unions.holder, on=on, countries=EVERYWHERE)
            found_in_sql = tuple(country for country in EVERYWHERE if in_sql(unions, country, on))
            transaction.set_rollback(True)  # the next example begins without

        assert found == found_in_sql


class TestACountry:
    def test_is_what_an_exclusion_is_of(self, world: World) -> None:
        with pytest.raises(IntegrityError, match="holder_exclusion_in_a_country"), transaction.atomic():
            exclude(world, "")
        assert exclude(world, "KZ").pk

    def test_is_what_the_account_of_who_excludes_must_have(self, world: World) -> None:
        def decide(country: str) -> HolderExclusion:
            by = User.objects.create_user(
                f"hq{country}", password="x", roles=[Role.CUSTOMS_HQ], country=country
            )
            return holders.exclude(
                holder_id=world.holder.pk, country=country, valid_from=START.date(), decided_on=START.date(),
                reason="Smuggling.", by=by, at=START,
            )  # fmt: skip

        with pytest.raises(holders.CountryMissing):
            decide("")
        assert decide("KZ").country == "KZ"
