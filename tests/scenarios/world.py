"""The world of the book: the reference data, an officer at every office, headquarters and associations."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from knox.models import AuthToken
from rest_framework.test import APIClient

from carnets.models import NumberRange
from checkpoints.models import CustomsOffice, Posting
from checkpoints.reference.loading import load_reference_data
from guarantees.models import (
    Association,
    CustomsTerritory,
    ExchangeRate,
    Guarantee,
    Holder,
    HolderExclusion,
    LiabilityMaximum,
    Membership,
)
from tests.scenarios.telling import ISSUED_ON
from tir.accounts.models import Role, User
from tir.kernel import clock
from tir.kernel.kept import Kept

LONG_AGO = date(2010, 1, 1)
LOADED_AT = datetime(2026, 3, 1, tzinfo=UTC)
AMOUNT, CEILING = Decimal(100_000), Decimal(10_000_000)


@dataclass
class World:
    """Handles on accounts and registers; clients carry a token each, made when first asked for and again the day after:
    one that nobody uses for long ends by itself."""

    zones: dict[str, str] = field(
        default_factory=dict
    )  # time zone by office, and by country of its association
    users: dict[str, User] = field(default_factory=dict)
    holders: dict[str, Holder] = field(default_factory=dict)
    clients: dict[tuple[str, date], APIClient] = field(default_factory=dict)
    devices: dict[str, APIClient] = field(default_factory=dict)

    def client(self, name: str) -> APIClient:
        at = clock.now()
        key = name, at.date()
        if key not in self.clients:
            record, token = AuthToken.objects.create(self.users[name], expiry=None)
            AuthToken.objects.filter(pk=record.pk).update(created=at)  # knox asks the real clock
            self.clients[key] = with_token(token)
        return self.clients[key]

    def officer(self, office: str) -> APIClient:
        return self.client(f"officer-{office}")

    def device(self, office: str) -> APIClient:
        """Return the enrolled phone of an office."""
        if office not in self.devices:
            answer = self.officer(office).post("/api/v1/devices/", {"name": "Lane 1"}, format="json")
            assert answer.status_code == 201, answer.content
            self.devices[office] = with_token(answer.json()["token"])
        return self.devices[office]


def with_token(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def build() -> World:
    """Make the world."""
    load_reference_data(at=LOADED_AT)
    world = World()
    _post_officers(world)
    for association in Association.objects.order_by("code"):
        _staff(world, association)
    return world


def _post_officers(world: World) -> None:
    offices = list(CustomsOffice.objects.order_by("code"))
    users = User.objects.bulk_create(
        User(username=f"officer-{office.code}", roles=[Role.OFFICER], country=office.country)
        for office in offices
    )
    Posting.objects.bulk_create(
        Posting(user=user, office=office, valid_from=LONG_AGO)
        for user, office in zip(users, offices, strict=True)
    )
    world.users |= {user.username: user for user in users}
    world.zones = {office.code: office.time_zone for office in offices}


def _staff(world: World, association: Association) -> None:
    country = association.country
    zone = (
        CustomsOffice.objects.filter(country=country).order_by("code").values_list("time_zone", flat=True)[0]
    )
    Association.objects.filter(pk=association.pk).update(time_zone=zone)
    world.zones[country] = zone
    clerk = User.objects.create(username=f"association-{country}", roles=[Role.ASSOCIATION])
    Membership.objects.create(user=clerk, association=association)
    customs = User.objects.create(username=f"customs-{country}", roles=[Role.CUSTOMS_HQ], country=country)
    world.users |= {clerk.username: clerk, customs.username: customs}
    first = 30_000_000 + 10_000 * int(association.code)
    NumberRange.objects.create(association=association, first=first, last=first + 999, next=first)
    world.holders[country] = Holder.objects.create(
        reference=f"{association.country_alpha3}/{association.code}/77001", association=association,
        name=f"Road Haulage of {country}", address="1 Station Road", country=country, authorised_from=LONG_AGO,
    )  # fmt: skip
    Guarantee.objects.create(
        reference=f"{country}-POOL", association=association, amount_per_carnet=AMOUNT, ceiling=CEILING,
        currency="EUR", valid_from=LONG_AGO,
    )  # fmt: skip


def day(number: str) -> date:
    return ISSUED_ON + timedelta(days=int(number))


GIVEN = {
    r"(\w{8}) is approved until day (\d+)": lambda world, m: CustomsOffice.objects.filter(code=m[1]).update(
        valid_to=day(m[2]) + timedelta(days=1)
    ),
    r"(\w\w) excludes the holder from day (\d+)": lambda world, m: HolderExclusion.objects.bulk_create(
        HolderExclusion(
            holder=holder, country=m[1], valid_from=day(m[2]), decided_on=day(m[2]), reason="smuggling"
        )
        for holder in world.holders.values()
    ),  # fmt: skip
    r"the officer of (\w{8}) is posted from day (\d+)": lambda world, m: Posting.objects.filter(
        office__code=m[1]
    ).update(valid_from=day(m[2])),
    r"nobody guarantees in (\w\w) from day (\d+)": lambda world, m: LiabilityMaximum.objects.filter(
        association__country=m[1], valid_to=None
    ).update(valid_to=day(m[2])),
    r"the guarantee of (\w\w) ends on day (\d+)": lambda world, m: Guarantee.objects.filter(
        reference=f"{m[1]}-POOL"
    ).update(valid_to=day(m[2])),
    r"the offices of (\w+) do not report": lambda world, m: CustomsTerritory.objects.filter(code=m[1]).update(
        reports=False
    ),
    r"(\w\w) owes at most (\d+) EUR": lambda world, m: LiabilityMaximum.objects.filter(
        association__country=m[1], valid_to=None
    ).update(amount=Decimal(m[2])),
    r"1 EUR is ([\d.]+) (\w{3})": lambda world, m: ExchangeRate.objects.create(
        base="EUR", quote=m[2], rate=Decimal(m[1]), valid_from=LONG_AGO
    ),
    r"the guarantee of (\w\w) is (\d+) (\w{3}) a carnet": lambda world, m: Guarantee.objects.filter(
        reference=f"{m[1]}-POOL"
    ).update(amount_per_carnet=Decimal(m[2]), currency=m[3]),
}


def set_up(world: World, given: list[str]) -> None:
    """Make what a scenario says is given. Raises ValueError for words unknown."""
    for sentence in given:
        for pattern, make in GIVEN.items():
            if match := re.fullmatch(pattern, sentence):
                make(world, match)
                break
        else:
            raise ValueError(f"not something given: {sentence}")
    if given:
        Kept.forget_all()
