"""What an administrator may do about whom: pure, each refusal beside the same thing allowed."""

from itertools import permutations

import pytest

from tir.accounts.models import Reach, Role
from tir.accounts.scopes import (
    EVERYWHERE,
    Authority,
    Held,
    OutsideYourPlace,
    OwnAccount,
    Place,
    ReachNotFitting,
    RoleNotYoursToGive,
    RolesIncompatible,
    Superior,
    ensure_compatible,
    ensure_may_decide_about,
    ensure_may_give,
    reach_of,
)

KZ, UZ = Place(Reach.TERRITORY, "KZ", "KZ"), Place(Reach.TERRITORY, "UZ", "UZ")
ALMATY, KHORGOS = Place(Reach.OFFICE, "KZALA001", "KZ"), Place(Reach.OFFICE, "KZHOR001", "KZ")
TASHKENT = Place(Reach.OFFICE, "UZTAS001", "UZ")
KAZAKH, UZBEK = Place(Reach.ASSOCIATION, "085"), Place(Reach.ASSOCIATION, "092")


def administrator(place: Place, *gives: Role, person_id: int = 1) -> Authority:
    return Authority(person_id, (Held(Role.ADMINISTRATOR, (place,), frozenset(gives)),), place)


def somebody(role: Role, place: Place, *gives: Role) -> Authority:
    return Authority(2, (Held(role, (place,), frozenset(gives)),), place)


class TestPlaces:
    @pytest.mark.parametrize(
        ("outer", "inner"),
        [
            (EVERYWHERE, KZ),
            (EVERYWHERE, KAZAKH),
            (EVERYWHERE, EVERYWHERE),
            (KZ, KZ),
            (KZ, ALMATY),
            (ALMATY, ALMATY),
        ],
    )
    def test_that_hold_another(self, outer: Place, inner: Place) -> None:
        assert outer.holds(inner)

    @pytest.mark.parametrize(
        ("outer", "inner"),
        [
            (KZ, EVERYWHERE),
            (KZ, UZ),
            (KZ, TASHKENT),
            (KZ, KAZAKH),  # an association is not its country's customs
            (ALMATY, KHORGOS),
            (ALMATY, KZ),
            (KAZAKH, UZBEK),
            (KAZAKH, KZ),
            (Place(Reach.TERRITORY), Place(Reach.TERRITORY)),  # without a country bounds nothing
        ],
    )
    def test_that_do_not(self, outer: Place, inner: Place) -> None:
        assert not outer.holds(inner)


class TestGiving:
    def test_a_role_that_is_named_within_the_own_place(self) -> None:
        ensure_may_give(administrator(KZ, Role.OFFICER), Held(Role.OFFICER, (ALMATY,)))

    def test_not_a_role_that_is_not_named(self) -> None:
        with pytest.raises(RoleNotYoursToGive):
            ensure_may_give(administrator(KZ, Role.OFFICER), Held(Role.CUSTOMS_HQ, (KZ,)))

    def test_not_at_a_foreign_office(self) -> None:
        with pytest.raises(OutsideYourPlace):
            ensure_may_give(administrator(KZ, Role.OFFICER), Held(Role.OFFICER, (TASHKENT,)))

    def test_not_at_one_foreign_office_among_own(self) -> None:
        with pytest.raises(OutsideYourPlace):
            ensure_may_give(administrator(KZ, Role.OFFICER), Held(Role.OFFICER, (ALMATY, TASHKENT)))

    def test_not_without_being_an_administrator(self) -> None:
        with pytest.raises(RoleNotYoursToGive):
            ensure_may_give(somebody(Role.CUSTOMS_HQ, KZ), Held(Role.OFFICER, (ALMATY,)))

    def test_an_administrator_of_less(self) -> None:
        by = administrator(KZ, Role.ADMINISTRATOR, Role.OFFICER)

        ensure_may_give(by, Held(Role.ADMINISTRATOR, (ALMATY,), frozenset({Role.OFFICER})))

    def test_not_an_administrator_who_may_give_more(self) -> None:
        by = administrator(KZ, Role.ADMINISTRATOR, Role.OFFICER)

        with pytest.raises(RoleNotYoursToGive):
            ensure_may_give(by, Held(Role.ADMINISTRATOR, (ALMATY,), frozenset({Role.AUDITOR})))

    def test_no_two_assignments_make_a_third(self) -> None:
        """Officers here and headquarters there are not headquarters here."""
        by = Authority(
            1,
            (
                Held(Role.ADMINISTRATOR, (KZ,), frozenset({Role.OFFICER})),
                Held(Role.ADMINISTRATOR, (UZ,), frozenset({Role.CUSTOMS_HQ})),
            ),
        )
        ensure_may_give(by, Held(Role.OFFICER, (ALMATY,)))
        ensure_may_give(by, Held(Role.CUSTOMS_HQ, (UZ,)))

        with pytest.raises(OutsideYourPlace):
            ensure_may_give(by, Held(Role.CUSTOMS_HQ, (KZ,)))


class TestDeciding:
    def test_about_who_has_what_one_gives(self) -> None:
        ensure_may_decide_about(administrator(KZ, Role.OFFICER), somebody(Role.OFFICER, ALMATY))

    def test_not_about_a_superior(self) -> None:
        with pytest.raises(Superior):
            ensure_may_decide_about(administrator(KZ, Role.OFFICER), somebody(Role.CUSTOMS_HQ, KZ))

    def test_not_about_an_administrator_of_more(self) -> None:
        by = administrator(KZ, Role.ADMINISTRATOR, Role.OFFICER)
        ensure_may_decide_about(by, somebody(Role.ADMINISTRATOR, KZ, Role.OFFICER))

        with pytest.raises(Superior):
            ensure_may_decide_about(by, somebody(Role.ADMINISTRATOR, EVERYWHERE, Role.OFFICER))

    def test_not_about_oneself(self) -> None:
        by = administrator(EVERYWHERE, *Role)
        ensure_may_decide_about(by, administrator(EVERYWHERE, *Role, person_id=2))

        with pytest.raises(OwnAccount):
            ensure_may_decide_about(by, by)

    def test_about_who_has_nothing_only_at_home(self) -> None:
        by = administrator(KZ, Role.OFFICER)
        ensure_may_decide_about(by, Authority(2, (), KZ))

        with pytest.raises(OutsideYourPlace):
            ensure_may_decide_about(by, Authority(2, (), UZ))


class TestTogether:
    def test_an_officer_may_be_headquarters_and_administrator(self) -> None:
        ensure_compatible([Role.OFFICER, Role.CUSTOMS_HQ, Role.ADMINISTRATOR])

    @pytest.mark.parametrize(
        "pair",
        [
            (Role.OFFICER, Role.ASSOCIATION),
            (Role.CUSTOMS_HQ, Role.ASSOCIATION),
            (Role.AUDITOR, Role.ADMINISTRATOR),
            (Role.AUDITOR, Role.CUSTOMS_HQ),
            (Role.SYSTEM, Role.OFFICER),
            (Role.SECRETARIAT, Role.ASSOCIATION),
        ],
    )
    def test_some_are_never_one_person(self, pair: tuple[Role, Role]) -> None:
        for order in permutations(pair):
            with pytest.raises(RolesIncompatible):
                ensure_compatible(order)


class TestReach:
    def test_is_the_usual_when_nothing_is_said(self) -> None:
        assert (reach_of(Role.OFFICER), reach_of(Role.AUDITOR)) == (Reach.OFFICE, Reach.TERRITORY)

    def test_is_as_wanted_where_the_role_goes_so_far(self) -> None:
        assert reach_of(Role.AUDITOR, "all") == Reach.ALL

        with pytest.raises(ReachNotFitting):
            reach_of(Role.OFFICER, "all")
