"""The liability ledger: it reserves, bears and releases, and at every step it balances (invariant 5)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from carnets import irregularities, issuing
from carnets.annex10 import returns
from carnets.models import Carnet, TirOperation
from carnets.transitions import TransitionNotAllowed
from guarantees import exposure
from guarantees.exposure import GuaranteeCarnetLimitReached, GuaranteeCeilingExceeded
from guarantees.models import Guarantee, LiabilityEntry, LiabilityMaximum
from tests.ledger import balance_as_recorded
from tests.world import HOUR, LONG_AGO, START, World, add_kyrgyzstan, in_order, office_of_page, reconcile
from tir.kernel.kept import Kept

DAY = timedelta(days=1)
AMOUNT = Decimal(100_000)


def new_guarantee(world: World, room_for: int, **changes: Any) -> Guarantee:
    """A guarantee under which so many carnets may be open."""
    terms = {
        "reference": f"CN-{uuid4().hex[:12]}",
        "association": world.associations["CN"],
        "holder": world.holder,
        "amount_per_carnet": AMOUNT,
        "ceiling": AMOUNT * room_for,
        "currency": "EUR",
        "valid_from": LONG_AGO,
    }
    return Guarantee.objects.create(**{**terms, **changes})


class TestReserve:
    def test_charges_the_guarantee_when_a_carnet_is_issued(self, world: World) -> None:
        guarantee = new_guarantee(world, room_for=1)

        carnet = world.issue(guarantee=guarantee)

        guarantee.refresh_from_db()
        entry = LiabilityEntry.objects.get(carnet_number=carnet.number)
        assert (guarantee.exposure, guarantee.open_carnets) == (AMOUNT, 1)
        assert (entry.kind, entry.amount, entry.page, entry.cause) == ("reserved", AMOUNT, None, "issued")

    def test_stops_at_the_ceiling(self, world: World) -> None:
        guarantee = new_guarantee(world, room_for=1)
        world.issue(guarantee=guarantee)

        with pytest.raises(GuaranteeCeilingExceeded) as refused:
            world.issue(guarantee=guarantee)

        assert refused.value.facts["needed"] == refused.value.facts["exposure"] == AMOUNT
        assert Carnet.objects.count() == LiabilityEntry.objects.count() == 1

    def test_stops_at_the_most_open_carnets(self, world: World) -> None:
        guarantee = new_guarantee(world, room_for=9, max_open_carnets=1)
        world.issue(guarantee=guarantee)

        with pytest.raises(GuaranteeCarnetLimitReached):
            world.issue(guarantee=guarantee)

        assert Carnet.objects.count() == 1


class TestRelease:
    def test_gives_back_what_a_carnet_was_issued_for(self, world: World) -> None:
        """Also when the guarantee's amount a carnet has changed since."""
        guarantee = new_guarantee(world, room_for=2)
        carnet = world.issue(guarantee=guarantee)
        Guarantee.objects.update(amount_per_carnet=60_000)

        issuing.invalidate(number=carnet.number, reason="unused", by=world.staff["CN"], at=START + HOUR)

        guarantee.refresh_from_db()
        assert (guarantee.exposure, guarantee.open_carnets) == (0, 0)
        assert balance_as_recorded(guarantee) == 0


class TestCoverIn:
    @pytest.mark.parametrize(
        ("amount", "currency", "covered"),
        [
            (AMOUNT, "EUR", Decimal(60_000)),
            (Decimal(50_000), "EUR", Decimal(50_000)),
            (
                Decimal(50_000),
                "USD",
                Decimal(60_000),
            ),  # without a rate amounts in two currencies cannot be compared
        ],
    )
    def test_is_the_amount_up_to_the_associations_maximum(
        self, world: World, amount: Decimal, currency: str, covered: Decimal
    ) -> None:
        cover = exposure.cover_in(country="KZ", amount=amount, currency=currency, on=START.date())

        assert cover == exposure.Cover(
            world.associations["KZ"].pk, covered, "EUR", rate_is_missing=currency == "USD"
        )

    def test_goes_by_the_maximum_of_that_day(self, world: World) -> None:
        changed = date(2026, 3, 1)
        LiabilityMaximum.objects.filter(association=world.associations["KZ"]).update(valid_to=changed)
        LiabilityMaximum.objects.create(
            association=world.associations["KZ"], amount=80_000, currency="EUR", valid_from=changed
        )
        Kept.forget_all()

        covers = [
            exposure.cover_in(country="KZ", amount=AMOUNT, currency="EUR", on=on)
            for on in (changed - DAY, changed)
        ]

        assert [cover and cover.amount for cover in covers] == [60_000, 80_000]

    def test_is_none_where_nobody_guarantees(self, world: World) -> None:
        assert exposure.cover_in(country="AQ", amount=AMOUNT, currency="EUR", on=START.date()) is None


class TestBearing:
    def test_begins_with_acceptance_and_entry(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=3)

        borne = LiabilityEntry.objects.filter(page__isnull=False).order_by("page")
        assert [(entry.association.country, entry.page, entry.amount, entry.at) for entry in borne] == [
            ("CN", 1, 60_000, START + 11 * HOUR),
            ("KZ", 3, 60_000, START + 31 * HOUR),
        ]

    def test_ends_with_discharge(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet)
        reconcile(START + 5 * DAY)

        assert liability_by_country(carnet) == {}
        assert not TirOperation.objects.exclude(borne=0).exists()

    def test_moves_to_the_country_where_the_standing_stamp_was_made(self, world: World) -> None:
        """The entry into the union was stamped twice; the earlier stamp, in the other country, arrives later."""
        add_kyrgyzstan(world)
        carnet = world.issue()
        world.travel(carnet, upto=3)
        world.stamp(carnet, 3, START + 30 * HOUR, office="KGBIS001", is_offline=True, now=START + 2 * DAY)

        assert liability_by_country(carnet) == {"CN": 60_000, "KG": 40_000}

    @pytest.mark.parametrize(
        ("is_discharged", "borne", "exposure_left"), [(False, {"KG": 40_000}, AMOUNT), (True, {}, 0)]
    )
    def test_is_moved_by_a_latecomer_only_while_it_lasts(
        self, world: World, is_discharged: bool, borne: dict[str, int], exposure_left: int
    ) -> None:
        """A discharge is final (art. 10(2)): what comes after it is flagged, and nobody is liable again."""
        add_kyrgyzstan(world)
        carnet = world.issue()
        end = world.travel(carnet)
        if is_discharged:
            reconcile(end + HOUR)
        world.stamp(carnet, 3, START + 30 * HOUR, office="KGBIS001", is_offline=True, now=end + DAY)
        reconcile(end + 2 * DAY)

        assert liability_by_country(carnet) == borne
        assert Guarantee.objects.get(pk=carnet.guarantee_id).exposure == exposure_left


def liability_by_country(carnet: Carnet) -> dict[str, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.country, sum(e.amount) FROM guarantees_liabilityentry e"
            " JOIN guarantees_association a ON a.id = e.association_id"
            " WHERE e.carnet_number = %s AND e.page IS NOT NULL GROUP BY 1 HAVING sum(e.amount) <> 0",
            [carnet.number],
        )
        return dict(cursor.fetchall())


class Business(RuleBasedStateMachine):
    """An association, its carnets under one guarantee, the road, and reconciliation, in any order."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.guarantee = new_guarantee(self.world, room_for=3, max_open_carnets=3)
        self.carnets: list[Carnet] = []
        self.stamps: dict[int, dict[int, UUID]] = {}
        self.now = START

    def some(self, which: int) -> Carnet | None:
        return self.carnets[which % len(self.carnets)] if self.carnets else None

    @rule()
    def issue(self) -> None:
        self.guarantee.refresh_from_db()
        terms = {
            "guarantee": self.guarantee,
            "at": self.now,
            "acceptance_until": self.now.date() + 9 * DAY,
        }
        if self.guarantee.exposure == self.guarantee.ceiling:
            with pytest.raises((GuaranteeCeilingExceeded, GuaranteeCarnetLimitReached)):
                self.world.issue(**terms)
            return
        carnet = self.world.issue(**terms)
        self.carnets.append(carnet)
        self.stamps[carnet.pk] = {}

    @rule(which=st.integers(0, 9), pages=st.sampled_from([1, 2, 3, 8, 8, 8]))
    def travel(self, which: int, pages: int) -> None:
        """Go on to that page; what was stamped before is left alone."""
        carnet = self.some(which)
        for page in range(1, pages + 1) if carnet else ():
            if page not in self.stamps[carnet.pk]:
                self._stamp(carnet, page, self.now + page * 10 * HOUR)
        self.now += pages * 10 * HOUR

    @rule(which=st.integers(0, 9), page=st.integers(1, 8))
    def rival(self, which: int, page: int) -> None:
        if carnet := self.some(which):
            self._stamp(carnet, page, self.now)

    @rule(which=st.integers(0, 9), page=st.integers(1, 8))
    def cancel(self, which: int, page: int) -> None:
        carnet = self.some(which)
        target = self.stamps[carnet.pk].pop(page, None) if carnet else None
        if target:
            self._stamp(carnet, page, self.now, cancels=target, cancel_reason="wrong page")

    def _stamp(self, carnet: Carnet, page: int, at: datetime, **said: Any) -> None:
        id = uuid4()
        office = office_of_page(carnet, page)
        said = said or in_order(carnet, page)
        request = self.world.request(carnet, page, at, id=id, is_offline=True, **said)
        outcome = self.world.batch(office, [request], now=at)[0]
        if outcome.row and not said.get("cancels"):
            self.stamps[carnet.pk].setdefault(page, id)

    @rule(
        which=st.integers(0, 9), how=st.sampled_from(["invalidate", "report_lost", "report_stolen", "return"])
    )
    def withdraw(self, which: int, how: str) -> None:
        if carnet := self.some(which):
            said = {
                "number": carnet.number,
                "reason": "by a test",
                "by": self.world.staff["CN"],
                "at": self.now,
            }
            try:
                if how == "invalidate":
                    issuing.invalidate(**said)
                elif how == "return":
                    returns.record_return(**said, counterfoils=[])
                else:
                    issuing.report_lost(**said, is_stolen=how == "report_stolen")
            except TransitionNotAllowed:
                pass

    @rule(which=st.integers(0, 9))
    def resolve(self, which: int) -> None:
        """Customs headquarters decide about everything that is open: what they settle no longer bars discharge."""
        carnet = self.some(which)
        for item in carnet.irregularities.filter(status="open") if carnet else ():
            irregularities.resolve(
                irregularity_id=item.pk, reason="by a test", by=self.world.staff["CN"], at=self.now
            )

    @rule(days=st.sampled_from([0, 1, 25]))
    def reconcile(self, days: int) -> None:
        self.now += days * DAY + HOUR
        reconcile(self.now)

    @invariant()
    def exposure_is_the_sum_of_the_entries(self) -> None:
        self.guarantee.refresh_from_db()
        assert self.guarantee.exposure == balance_as_recorded(self.guarantee)
        assert 0 <= self.guarantee.exposure <= self.guarantee.ceiling

    @invariant()
    def each_carnet_is_reserved_once_or_not_at_all(self) -> None:
        self.guarantee.refresh_from_db()
        carnets = Carnet.objects.filter(guarantee=self.guarantee)
        for carnet in carnets:
            assert self._sum(carnet, "page IS NULL") == (AMOUNT if carnet.is_reserved else 0)
        reserved = [carnet for carnet in carnets if carnet.is_reserved]
        assert (self.guarantee.open_carnets, self.guarantee.exposure) == (
            len(reserved),
            len(reserved) * AMOUNT,
        )

    @invariant()
    def each_operation_is_borne_once_or_not_at_all(self) -> None:
        for operation in TirOperation.objects.filter(carnet__guarantee=self.guarantee).select_related(
            "carnet"
        ):
            assert self._sum(operation.carnet, f"page = {operation.pages[0]}") == operation.borne

    def _sum(self, carnet: Carnet, where: str) -> Decimal:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT coalesce(sum(amount), 0) FROM guarantees_liabilityentry WHERE carnet_number = %s AND {where}",
                [carnet.number],
            )
            return Decimal(cursor.fetchone()[0])


class TestBalance:
    def test_holds_whatever_happens(self, world: World) -> None:
        machine = type("BusinessInTheWorld", (Business,), {"world": world})

        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=20, stateful_step_count=20, phases=set(Phase) - {Phase.shrink, Phase.explain}
            ),
        )
