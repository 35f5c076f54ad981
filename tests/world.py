"""A small world to test in: four territories in a row, an association in each, one office pair at each frontier.

States are reached by walking the lifecycle through the public functions, so no test starts from an impossible row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from carnets import issuing
from carnets.itinerary import ItineraryStop, legs_of, stops_of_legs
from carnets.models import Carnet, Consignment, GoodsItem, NumberRange, TirOperation
from carnets.models import Stop as CarnetStop
from carnets.reconciliation import job
from carnets.rules import Application, DeclaredConsignment, DeclaredGoods, DeclaredVehicle
from checkpoints.models import BorderCrossing, ControlRecord, CustomsOffice, Incident, Posting, Refusal
from checkpoints.posts.offices import planned_office
from checkpoints.posts.postings import Officer, officer_of
from checkpoints.recording import controls, incidents
from checkpoints.recording.stamping import Outcome, StampRequest, record_stamp, record_stamps
from guarantees.models import (
    Association,
    CustomsTerritory,
    Guarantee,
    Holder,
    LiabilityMaximum,
    Membership,
    TerritoryMember,
)
from tir.accounts.models import Role, User
from tir.kernel.kept import Kept

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
LONG_AGO = date(2010, 1, 1)
HOUR = timedelta(hours=1)
SEALS = ("A-10023", "A-10024")
TIME_ZONE = "Asia/Almaty"  # of every office here

# code, territory, country, roles, latitude, longitude
OFFICES = (
    ("CNURC001", "CN", "departure destination", 43.83, 87.60),
    ("CNHRS001", "CN", "departure entry exit", 44.21, 80.41),
    ("KZHOR001", "EAEU", "entry exit", 44.22, 80.38),
    ("KZALA001", "EAEU", "departure destination", 43.25, 76.95),
    ("KZQZQ001", "EAEU", "entry exit", 41.76, 69.38),
    ("UZYAL001", "UZ", "entry exit", 41.74, 69.36),
    ("UZGIS001", "UZ", "entry exit", 41.42, 69.36),
    ("UZTAS001", "UZ", "departure destination", 41.30, 69.24),
    ("UZSYA001", "UZ", "entry exit", 38.41, 67.95),
    ("TJDUS001", "TJ", "entry exit", 38.42, 67.97),
    ("TJDYU001", "TJ", "departure destination", 38.56, 68.78),
)
# A second country of the union, for tests that need one: see `add_kyrgyzstan`.
KYRGYZ_OFFICE = ("KGBIS001", "EAEU", "entry exit departure destination", 42.87, 74.59)
CROSSINGS = (("CNHRS001", "KZHOR001"), ("KZQZQ001", "UZYAL001"), ("UZSYA001", "TJDUS001"))
COUNTRIES = {
    "CN": ("CN", "CHN", "071", "Asia/Shanghai"),
    "EAEU": ("KZ", "KAZ", "085", "Asia/Almaty"),
    "UZ": ("UZ", "UZB", "092", "Asia/Tashkent"),
    "TJ": ("TJ", "TJK", "097", "Asia/Dushanbe"),
}
ROUTE = (
    ("CNURC001", "CNHRS001"),
    ("KZHOR001", "KZQZQ001"),
    ("UZYAL001", "UZSYA001"),
    ("TJDUS001", "TJDYU001"),
)
# Unloaded on the way: in two countries of the union, and at Almaty before Tashkent.
TWO_UNLOADS = (("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001"), ("KZALA001", "KGBIS001"))
VIA_ALMATY = (
    ("CNURC001", "CNHRS001"),
    ("KZHOR001", "KZALA001"),
    ("KZALA001", "KZQZQ001"),
    ("UZYAL001", "UZTAS001"),
)


@dataclass
class World:
    """Handles on what `build` made."""

    territories: dict[str, CustomsTerritory] = field(default_factory=dict)
    associations: dict[str, Association] = field(default_factory=dict)
    officers: dict[str, User] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    holder: Holder = None  # type: ignore[assignment]
    guarantee: Guarantee = None  # type: ignore[assignment]

    def application(self, route: Any = ROUTE, **changes: Any) -> Application:
        """An application that every rule accepts; `changes` break it. `goods` stands for one consignment of them."""
        stops = stops_of_legs([
            (
                planned_office(leg[0], on=START.date(), field="stops"),
                planned_office(leg[1], on=START.date(), field="stops"),
                leg[2] if len(leg) > 2 else None,
            )
            for leg in route
        ])  # fmt: skip
        goods = tuple(
            changes.pop("goods", [DeclaredGoods("Cotton shirts", 420, "CT", Decimal("8200.5"), "620520")])
        )
        consignments = changes.pop("consignments", None) or spread(stops, goods)
        application = Application(
            association=self.associations["CN"],
            holder=self.holder,
            guarantee=self.guarantee,
            vouchers=14,
            acceptance_until=START.date() + timedelta(days=30),
            vehicles=[DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", START.date() + timedelta(days=400))],
            stops=stops,
            consignments=consignments,
            issued_on=START.date(),
        )
        return replace(application, **changes)

    def issue(self, route: Any = ROUTE, at: datetime = START, **changes: Any) -> Carnet:
        return issuing.issue(application=self.application(route, **changes), by=self.staff["CN"], at=at)

    def request(self, carnet: Carnet, page: int, at: datetime, **said: Any) -> StampRequest:
        said.setdefault("id", uuid4())
        return StampRequest(number=carnet.number, page=page, occurred_at=at, **said)

    def stamp(
        self,
        carnet: Carnet,
        page: int,
        at: datetime,
        office: str | None = None,
        *,
        now: datetime | None = None,
        **said: Any,
    ) -> Outcome:
        """Stamp one page by the officer of the planned office (or of `office`); what was offline, by the office's
        enrolled device."""
        code = office or office_of_page(carnet, page)
        return record_stamp(
            request=self.request(carnet, page, at, **said), officer=self.officer(code), at=now or at,
        )  # fmt: skip

    def officer(self, office: str) -> Officer:
        """Return the officer of an office, who sends what was offline as a system does: nobody need look at that."""
        return replace(officer_of(self.officers[office].pk), is_system=True)

    def batch(self, office: str, requests: list[StampRequest], now: datetime) -> list[Outcome]:
        return record_stamps(requests=requests, officer=self.officer(office), at=now)

    def travel(
        self,
        carnet: Carnet,
        *,
        upto: int | None = None,
        since: datetime = START + HOUR,
        but: Mapping[int, dict[str, Any] | None] | None = None,
        **said: Any,
    ) -> datetime:
        """Stamp every page in order, ten hours apart, clean; return the time of the last.

        `but` says what is different on a page (`at`, `office`, or what the officer wrote), or `None`: not stamped.
        What is different was stamped offline, for a checkpoint online would refuse some of it. `said` is on every page.
        """
        at, latest = since, upto or 2 * carnet.operations.count()
        for page in range(1, latest + 1):
            at = since + page * 10 * HOUR
            different = but.get(page, {}) if but else {}
            if different is not None:
                offline = {"is_offline": True} if different else {}
                self.stamp(
                    carnet, page, **{"at": at, **in_order(carnet, page), **said, **offline, **different}
                )
        return at

    def report(
        self, carnet: Carnet, office: str, at: datetime, *, now: datetime | None = None, **said: Any
    ) -> Incident:
        """Draw up a certified report."""
        facts = {"id": uuid4(), "kind": "seals_broken", "description": "Seals cut at night, goods complete."}
        return incidents.report_incident(
            number=carnet.number, occurred_at=at, officer=officer_of(self.officers[office].pk), at=now or at,
            **{**facts, **said},
        )  # fmt: skip

    def control(
        self, carnet: Carnet, office: str, at: datetime, *, now: datetime | None = None, **said: Any
    ) -> ControlRecord:
        """Put a control by an office on record."""
        facts = {"id": uuid4(), "kind": "seals", "result": "satisfactory"}
        request = controls.ControlRequest(number=carnet.number, occurred_at=at, **{**facts, **said})
        return controls.record_control(
            request=request, officer=officer_of(self.officers[office].pk), at=now or at
        ).control

    def refuse(self, carnet: Carnet, page: int, at: datetime) -> Refusal:
        """Refuse to start the operation of that page, at its planned office."""
        return incidents.refuse_start(
            id=uuid4(), number=carnet.number, page=page, reason="seals_not_in_order", text="No seals at all.",
            occurred_at=at, officer=officer_of(self.officers[office_of_page(carnet, page)].pk), at=at,
        )  # fmt: skip


def spread(stops: list[ItineraryStop[Any]], goods: tuple[DeclaredGoods, ...]) -> list[DeclaredConsignment]:
    """Return the goods as one consignment from the first load to the last unload; where there are more loads or
    unloads, one package more of each line for every other pair of them, so that no stop is without goods."""
    loads = [i for i, stop in enumerate(stops, start=1) if stop.does == "load"]
    unloads = [i for i, stop in enumerate(stops, start=1) if stop.does == "unload"]
    pairs = {(loads[0], unloads[-1])} | {(i, unloads[-1]) for i in loads} | {(loads[0], i) for i in unloads}
    first = (loads[0], unloads[-1])
    one = tuple(replace(line, packages=1) for line in goods[:1])
    return [DeclaredConsignment(*first, goods)] + [
        DeclaredConsignment(*pair, one) for pair in sorted(pairs - {first})
    ]


def in_order(carnet: Carnet, page: int) -> dict[str, Any]:
    """Return what an officer writes on a page when there is nothing to remark."""
    said: dict[str, Any] = {"seals_intact": True, "seals_affixed" if page == 1 else "seals_found": SEALS}
    if page % 2 == 0:
        said["packages"] = packages_in_order(carnet, page)
    return said


def packages_in_order(carnet: Carnet, page: int) -> int | None:
    """Return box 26 of a voucher No. 2: what ends there at an unload, else what is aboard before anything is loaded."""
    legs = legs_of(list(carnet.stops.all()))
    if page // 2 > len(legs):
        return carnet.packages
    here = legs[page // 2 - 1][1]
    counts = [
        line.packages
        for line in GoodsItem.objects.filter(carnet=carnet, packages__isnull=False).select_related(
            "consignment"
        )
        if _is_certified(line.consignment, here)
    ]
    return sum(counts) if carnet.packages is not None else None


def _is_certified(goods: Consignment, here: CarnetStop) -> bool:
    if here.does == "unload":
        return goods.unload == here.position
    return goods.load < here.position <= goods.unload


def flagged(carnet: Carnet) -> set[tuple[str, int]]:
    """Return what is open about the carnet: code and page."""
    return set(carnet.irregularities.filter(status="open").values_list("code", "page"))


def office_of_page(carnet: Carnet, page: int) -> str:
    operation = TirOperation.objects.get(carnet=carnet, sequence=(page + 1) // 2)
    return operation.planned_start if page % 2 else operation.planned_end


def reconcile(at: datetime, **options: Any) -> job.ChunkTally:
    """Run the job to the end and return the sum of its chunks."""
    total = job.ChunkTally()
    while (tally := job.reconcile_chunk(at=at, **options)).carnets:
        for name in tally.__slots__:
            setattr(total, name, getattr(total, name) + getattr(tally, name))
    return total


def build(*, ceiling: Decimal = Decimal(10_000_000)) -> World:
    """Make the world; every account's password is `secret`."""
    world = World()
    for code, of_country in COUNTRIES.items():
        _territory(world, code, *of_country)
    for code, territory, roles, latitude, longitude in OFFICES:
        _office(world, code, territory, roles, latitude, longitude)
    for one, other in CROSSINGS:
        BorderCrossing.objects.create(
            code=f"{one}-{other}",
            name_en=f"{one} / {other}",
            office_a=CustomsOffice.objects.get(code=one),
            office_b=CustomsOffice.objects.get(code=other),
            valid_from=LONG_AGO,
        )
    issuer = world.associations["CN"]
    NumberRange.objects.create(association=issuer, first=99_000_001, last=99_009_999, next=99_000_001)
    world.holder = Holder.objects.create(
        reference="CHN/071/1001", association=issuer, name="Silk Road Haulage", address="1 Beijing Rd, Urumqi",
        country="CN", authorised_from=LONG_AGO,
    )  # fmt: skip
    world.guarantee = Guarantee.objects.create(
        reference="CN-2026-0001", association=issuer, holder=world.holder, amount_per_carnet=Decimal(100_000),
        ceiling=ceiling, currency="EUR", valid_from=LONG_AGO,
    )  # fmt: skip
    return world


def add_kyrgyzstan(world: World) -> None:
    """Add a second country to the union EAEU: an office of its own, an association with a lower maximum."""
    code, territory, roles, latitude, longitude = KYRGYZ_OFFICE
    member = world.territories[territory]
    TerritoryMember.objects.create(territory=member, country="KG", valid_from=LONG_AGO)
    association = Association.objects.create(
        code="086", country="KG", country_alpha3="KGZ", name="Association of KG", time_zone="Asia/Bishkek"
    )
    LiabilityMaximum.objects.create(
        association=association, amount=Decimal(40_000), currency="EUR", valid_from=LONG_AGO
    )
    world.associations["KG"] = association
    _office(world, code, territory, roles, latitude, longitude)
    Kept.forget_all()


def _territory(world: World, code: str, country: str, alpha3: str, number: str, time_zone: str) -> None:
    territory = CustomsTerritory.objects.create(
        code=code, name_en=code, default_transit_days=10, grace_hours=24
    )
    TerritoryMember.objects.create(territory=territory, country=country, valid_from=LONG_AGO)
    association = Association.objects.create(
        code=number,
        country=country,
        country_alpha3=alpha3,
        name=f"Association of {country}",
        time_zone=time_zone,
    )
    LiabilityMaximum.objects.create(
        association=association, amount=Decimal(60_000), currency="EUR", valid_from=LONG_AGO
    )
    user = User.objects.create_user(
        f"association-{country.lower()}", password="secret", roles=[Role.ASSOCIATION]
    )
    Membership.objects.create(user=user, association=association)
    world.territories[code], world.associations[country], world.staff[country] = territory, association, user


def _office(world: World, code: str, territory: str, roles: str, latitude: float, longitude: float) -> None:
    office = CustomsOffice.objects.create(
        code=code, country=code[:2], territory=world.territories[territory], name_en=code,
        latitude=latitude, longitude=longitude, time_zone=TIME_ZONE, roles=roles.split(), valid_from=LONG_AGO,
    )  # fmt: skip
    user = User.objects.create_user(
        f"officer-{code.lower()}", password="secret", roles=[Role.OFFICER], country=code[:2]
    )
    Posting.objects.create(user=user, office=office, valid_from=LONG_AGO)
    world.officers[code] = user
