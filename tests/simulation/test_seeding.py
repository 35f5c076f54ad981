"""Seeding: everything a newcomer needs, made once; a second run keeps passwords and data."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from carnets.models import NumberRange
from carnets.numbering import parse_number
from checkpoints.models import CustomsOffice, Device, Posting, RiskProfile
from checkpoints.posts.postings import officer_of
from checkpoints.simulation.seeding import seed
from guarantees.models import Association, Guarantee, Membership
from tests.conftest import empty_database
from tests.simulation.conftest import UNTIL
from tir.accounts.models import User
from tir.kernel.kept import Kept


def read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text()))


def everything() -> list[list[dict[str, Any]]]:
    models = (User, Membership, Posting, Guarantee, NumberRange, RiskProfile, Device)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


class TestSeed:
    def test_makes_an_account_for_everyone(self, seeded: Path) -> None:
        officers = User.objects.filter(roles=["officer"])

        assert officers.count() == CustomsOffice.objects.count()
        assert Membership.objects.count() == Association.objects.count()
        assert User.objects.filter(roles=["customs_hq"]).count() == Association.objects.count()
        auditor = User.objects.get(username="auditor")
        assert (auditor.roles, auditor.country) == (["auditor"], "")

    def test_posts_each_officer_to_its_office(self, seeded: Path) -> None:
        user = User.objects.get(username="officer-kzhor001")

        assert officer_of(user.pk).office_on(UNTIL - timedelta(days=120)).code == "KZHOR001"
        assert user.country == "KZ"

    def test_enrols_a_phone_at_every_office(self, seeded: Path) -> None:
        offices = set(CustomsOffice.objects.values_list("code", flat=True))

        assert set(Device.objects.values_list("office__code", flat=True)) == offices

    @pytest.mark.parametrize(
        ("country", "zone"),
        [("CN", "Asia/Shanghai"), ("TJ", "Asia/Dushanbe"), ("PL", "Europe/Warsaw"), ("AF", "Asia/Kabul")],
    )
    def test_gives_each_association_the_time_of_its_capital(
        self, seeded: Path, country: str, zone: str
    ) -> None:
        assert Association.objects.get(country=country).time_zone == zone

    def test_changes_nothing_the_second_time(self, seeded: Path) -> None:
        card, before = read(seeded), everything()

        seed(card_path=seeded, at=UNTIL)

        assert read(seeded) == card
        assert everything() == before

    def test_keeps_the_address_that_serving_wrote(self, seeded: Path) -> None:
        seeded.write_text(json.dumps({**read(seeded), "base_url": "http://127.0.0.1:8123"}))

        seed(card_path=seeded, at=UNTIL)

        assert read(seeded)["base_url"] == "http://127.0.0.1:8123"

    def test_makes_passwords_anew_when_the_card_was_lost(self, seeded: Path) -> None:
        before = read(seeded)
        seeded.unlink()

        seed(card_path=seeded, at=UNTIL)

        self.assert_signs_in(seeded)
        assert read(seeded)["accounts"] != before["accounts"]

    @pytest.mark.django_db(transaction=True)
    def test_makes_the_passwords_of_the_card_hold_in_a_fresh_database(self, seeded: Path) -> None:
        before = read(seeded)
        empty_database()
        Kept.forget_all()

        seed(card_path=seeded, at=UNTIL)

        self.assert_signs_in(seeded)
        assert read(seeded) == before

    def test_gives_each_association_numbers_of_its_own(self, seeded: Path) -> None:
        ranges = list(NumberRange.objects.order_by("first"))

        assert ranges[0].first == 99_000_001
        assert parse_number("XZ99000001")
        assert all(one.last < other.first for one, other in zip(ranges, ranges[1:], strict=False))

    def test_guarantees_at_most_a_hundred_thousand_a_carnet(self, seeded: Path) -> None:
        for association in Association.objects.all():
            assert association.guarantees.filter(holder=None).exists()
        assert not Guarantee.objects.filter(amount_per_carnet__gt=100_000).exists()

    @pytest.mark.usefixtures("sandbox")
    def test_is_a_command(self, card_path: Path) -> None:
        call_command("seed", card=card_path)

        self.assert_signs_in(card_path)

    def assert_signs_in(self, path: Path) -> None:
        accounts = read(path)["accounts"][:25]
        assert len(accounts) == 25
        for account in accounts:
            user = User.objects.get(username=account["username"])
            assert user.check_password(account["password"]), account["username"]
