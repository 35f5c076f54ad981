"""The sample accounts: who there is, and whose password opens what."""

import pytest
from django.contrib.auth.hashers import check_password

from checkpoints.reference import tables
from checkpoints.reference.loading import load_reference_data
from checkpoints.simulation.accounts import SampleAccount, ensure_accounts, officer_name, sample_accounts
from tests.simulation.conftest import UNTIL
from tir.accounts.models import Role, User


def opens(username: str, password: str) -> bool:
    return check_password(password, User.objects.get(username=username).password)


class TestSampleAccounts:
    def test_are_one_officer_an_office_and_two_desks_a_country(self) -> None:
        by_role: dict[Role, list[SampleAccount]] = {}
        for account in sample_accounts():
            by_role.setdefault(account.role, []).append(account)

        assert [each.office for each in by_role[Role.OFFICER]] == [row.code for row in tables.office_rows()]
        countries = [row.country for row in tables.association_rows()]
        assert [each.country for each in by_role[Role.CUSTOMS_HQ]] == countries
        assert [each.country for each in by_role[Role.ASSOCIATION]] == countries
        assert [len(by_role[role]) for role in (Role.SECRETARIAT, Role.AUDITOR)] == [1, 1]


@pytest.mark.django_db
class TestPasswords:
    @pytest.fixture(autouse=True)
    def registers(self) -> None:
        load_reference_data(at=UNTIL)

    def test_are_shared_by_the_officers_of_one_country_and_by_nobody_else(self) -> None:
        passwords = ensure_accounts(sample_accounts(), known={})

        almaty, astana = officer_name("KZALA001"), officer_name("KZDOS001")
        assert passwords[almaty] == passwords[astana]
        assert opens(almaty, passwords[almaty])
        assert not opens(officer_name("CNURM001"), passwords[almaty])
        assert not opens("hq-kz", passwords[almaty])

    def test_stay_as_the_card_says(self) -> None:
        accounts = sample_accounts()
        first = ensure_accounts(accounts, known={})
        again = ensure_accounts(accounts, known=first)

        assert again == first
        fresh = ensure_accounts(accounts, known={})
        assert fresh["auditor"] != first["auditor"]
        assert opens("auditor", fresh["auditor"])
        assert not opens("auditor", first["auditor"])
