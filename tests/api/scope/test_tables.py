"""How a table of roles becomes rows: roles add up, an empty bound is everything, no entry is nothing."""

import pytest
from django.db.models import Q

from api.scope.reader import NoAssociation, Reader
from api.scope.tables import (
    EVERYTHING,
    NOTHING,
    audited,
    everything,
    of_country,
    of_member,
    own,
    rows_shown_to,
    where,
)
from guarantees.models import Association
from tir.accounts.models import Role

TABLE = {
    Role.SECRETARIAT: everything,
    Role.AUDITOR: audited(where("country")),
    Role.CUSTOMS_HQ: of_country(where("country")),
    Role.ASSOCIATION: of_member(where("association")),
}
KAZAKH = Association(pk=7, code="085", country="KZ")


def reader(*roles: Role, country: str = "", association: Association | None = None) -> Reader:
    return Reader(1, frozenset(roles), country, association)


class TestRowsOf:
    def test_a_role_without_an_entry_are_none(self) -> None:
        assert rows_shown_to(reader(Role.OFFICER, country="KZ"), TABLE) == NOTHING

    def test_customs_are_those_of_their_country_and_none_without_one(self) -> None:
        assert rows_shown_to(reader(Role.CUSTOMS_HQ, country="KZ"), TABLE) == NOTHING | Q(country="KZ")
        assert rows_shown_to(reader(Role.CUSTOMS_HQ), TABLE) == NOTHING | NOTHING

    def test_an_auditor_are_all_without_a_country(self) -> None:
        assert rows_shown_to(reader(Role.AUDITOR, country="KZ"), TABLE) == NOTHING | Q(country="KZ")
        assert rows_shown_to(reader(Role.AUDITOR), TABLE) == EVERYTHING

    def test_an_association_hang_on_membership_and_not_on_a_country(self) -> None:
        member = reader(Role.ASSOCIATION, country="UZ", association=KAZAKH)

        assert rows_shown_to(member, TABLE) == NOTHING | Q(association=KAZAKH)
        assert rows_shown_to(reader(Role.ASSOCIATION, country="KZ"), TABLE) == NOTHING | NOTHING

    def test_two_roles_are_both_theirs(self) -> None:
        both = reader(Role.ASSOCIATION, Role.CUSTOMS_HQ, country="UZ", association=KAZAKH)

        assert rows_shown_to(both, TABLE) == NOTHING | Q(country="UZ") | Q(association=KAZAKH)

    def test_all_stay_all_beside_a_bounded_role(self) -> None:
        both = reader(Role.CUSTOMS_HQ, Role.SECRETARIAT, country="UZ")

        assert rows_shown_to(both, TABLE) == EVERYTHING

    def test_who_belongs_to_none_may_be_told_so(self) -> None:
        table = {Role.ASSOCIATION: own(where("association"))}

        assert rows_shown_to(reader(Role.ASSOCIATION, association=KAZAKH), table) == NOTHING | Q(
            association=KAZAKH
        )
        with pytest.raises(NoAssociation):
            rows_shown_to(reader(Role.ASSOCIATION, country="KZ"), table)
