"""Figures of liability: whatever happened, at every instant they are the ledger's own sums, and open to their rows."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from carnets.models import Carnet, TirOperation
from guarantees.claims import steps as claims
from guarantees.claims.opening import open_claim
from guarantees.liability import folding
from guarantees.liability.choices import Dimension, Side, Stage
from guarantees.liability.figures import Figures, Total, figures
from guarantees.liability.moments import AGE_BANDS, Moment, View
from guarantees.liability.operations import Narrowing, claimed, periods, total
from guarantees.models import Association, Claim, LiabilityEntry
from guarantees.queries import liability
from tests.guarantees.claiming import to_claim
from tests.guarantees.test_exposure import Business
from tests.world import SEALS, START, World
from tir.kernel.errors import DomainError

pytestmark = pytest.mark.usefixtures("as_worker")  # it folds

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
Keyed = dict[tuple[str, str], tuple[Decimal, int]]


def view(association: Association, at: datetime, *, is_now: bool = False) -> View:
    return View(association, "EUR", Moment(at, is_now))


def by_ledger(association: Association, side: Side, at: datetime) -> Keyed:
    """Add up the ledger's entries one by one, with what the carnets themselves say of holder and corridor."""
    open_: dict[tuple[str, int | None], list[LiabilityEntry]] = defaultdict(list)
    for entry in (
        LiabilityEntry.objects.filter(at__lte=at).select_related("guarantee", "association").order_by("id")
    ):
        open_[(entry.carnet_number, entry.page)].append(entry)
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for (number, page), entries in open_.items():
        latest = entries[-1]
        whose = latest.guarantee.association_id if side == Side.UNDER_WAY else latest.association_id
        amount = sum((entry.amount for entry in entries), Decimal(0))
        if whose != association.pk or (page is None) != (side == Side.ISSUED) or not amount:
            continue
        for key in keys_of(number, entries, side, at):
            found[key].append(amount)
    return {key: (sum(amounts, Decimal(0)), len(amounts)) for key, amounts in found.items()}


def keys_of(
    number: str, entries: list[LiabilityEntry], side: Side, at: datetime
) -> Iterable[tuple[str, str]]:
    carnet = Carnet.objects.get(number=number)
    legs = list(TirOperation.objects.filter(carnet=carnet).order_by("sequence"))
    since = max(entry.at for entry in entries if entry.amount > 0 and entry.cause != "reopened")
    age = (at.date() - since.date()).days
    band = next(index for index, (low, high) in enumerate(AGE_BANDS, 1) if high is None or age < high)
    yield Dimension.TOTAL, ""
    yield Dimension.HOLDER, str(carnet.holder_id)
    yield Dimension.CORRIDOR, f"{legs[0].planned_start[:2]}-{legs[-1].planned_end[:2]}"
    yield Dimension.SINCE, str(band)
    if side != Side.ISSUED:
        yield Dimension.COUNTRY, entries[-1].association.country
    if side == Side.TERRITORY:
        yield Dimension.ISSUER, str(carnet.association_id)
    else:
        yield Dimension.GUARANTEE, str(carnet.guarantee_id)


def flat(found: Figures) -> Keyed:
    """A side's figures as `by_ledger` gives them."""
    keyed: Keyed = {}
    if found.total.count or found.total.amount:
        keyed[(Dimension.TOTAL, "")] = (found.total.amount, found.total.count)
    for dimension, breakdown in found.by.items():
        for part in breakdown.parts:
            keyed[(dimension, part.key)] = (part.total.amount, part.total.count)
    return keyed


class Monday(Business):
    """Business with claims and folding, looked at by every association after each step, and again in the end."""

    world: World

    def __init__(self) -> None:
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        super().__init__()
        self.seen: list[tuple[datetime, Association, dict[Side, Keyed]]] = []

    def teardown(self) -> None:
        try:
            self._figures_computed_later_are_what_they_were()
            assert folding.discrepancies() == []
            folding.fold_all()
            assert folding.discrepancies() == []
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @rule(limit=st.sampled_from([1, 3, None]))
    def fold(self, limit: int | None) -> None:
        folding.fold_chunk(limit=limit)

    @rule(days=st.sampled_from([3, 33, 95]))
    def wait(self, days: int) -> None:
        self.now += days * DAY

    @rule(which=st.integers(0, 9), sequence=st.integers(1, 4))
    def claim(self, which: int, sequence: int) -> None:
        carnet = self.some(which)
        row = carnet and TirOperation.objects.filter(carnet=carnet, sequence=sequence, borne__gt=0).first()
        if not (carnet and row and row.guarantor):
            return
        operation = to_claim(carnet, sequence)
        self._try(open_claim, operation=operation, reason="no termination", is_fraud=False)

    @rule(
        which=st.integers(0, 3),
        verbs=st.sampled_from(
            ["notify", "notify wait demand", "demand", "pay", "contest", "withdraw", "reimburse"]
        ),
    )
    def settle(self, which: int, verbs: str) -> None:
        found = list(Claim.objects.order_by("id"))
        for verb in verbs.split() if found else ():
            claim = found[which % len(found)]
            if verb == "wait":
                self.now += 40 * DAY
            elif verb == "notify":
                self._try(claims.notify, claim_id=claim.pk, received_on=self.now.date())
            elif verb == "demand":
                self._try(
                    claims.demand, claim_id=claim.pk, amount=Decimal("12345.67"), currency="EUR", debtor="Holder",
                    debtor_pursued_on=self.now.date(), on=self.now.date(),
                )  # fmt: skip
            else:
                self._try(getattr(claims, verb), claim_id=claim.pk, on=self.now.date())

    def _try(self, step: Any, **said: Any) -> None:
        try:
            step(**said, by=self.world.staff["CN"], at=self.now)
        except DomainError:
            pass

    @invariant()
    def figures_are_the_sums_of_the_ledger_and_of_their_rows(self) -> None:
        for association in (self.world.associations[country] for country in ("CN", "KZ")):
            now = figures(view(association, self.now, is_now=True))
            assert figures(view(association, self.now)) == now
            for side, found in now.items():
                assert flat(found) == by_ledger(association, side, self.now), (association, side)
                self._add_up(found)
            self.seen.append((self.now, association, {side: flat(found) for side, found in now.items()}))
            self._open_to_their_rows(association, now)
        self.now += MINUTE  # what happens next happens after what was seen

    def _add_up(self, found: Figures) -> None:
        for breakdown in found.by.values():
            parts = sum((part.total for part in breakdown.parts), Total()) + breakdown.rest
            assert parts == found.total

    def _open_to_their_rows(self, association: Association, now: dict[Side, Figures]) -> None:
        for moment in (view(association, self.now, is_now=True), view(association, self.now)):
            for side, found in now.items():
                assert total(periods(moment, side)) == found.total
                for age, in_band in zip(AGE_BANDS, found.ageing, strict=True):
                    assert total(periods(moment, side, Narrowing(age=age))) == in_band
            whole = liability(moment)
            for side, stages in whole.stages.items():
                at_stages = sum((at_stage.open for at_stage in stages.values()), Total())
                assert at_stages == now[side].total
                listed = claimed(moment, side)
                for stage in set(Stage) - {Stage.CONTINGENT}:
                    some = [row for row in listed if row.stage == stage]
                    assert stages[stage].open.amount == sum(row.open for row in some)
                    assert stages[stage].claimed == Total(
                        sum((row.claimed for row in some), Decimal(0)), len(some)
                    )
                assert whole.history[side][-1].total == now[side].total

    @invariant()
    def issuer_and_guarantors_agree_on_every_operation(self) -> None:
        issuer = self.world.associations["CN"]
        under_way = set(
            periods(view(issuer, self.now, is_now=True), Side.UNDER_WAY).values_list("id", "amount")
        )
        guaranteed = {
            row
            for guarantor in self.world.associations.values()
            for row in periods(view(guarantor, self.now, is_now=True), Side.TERRITORY).values_list(
                "id", "amount"
            )
        }
        assert under_way == guaranteed

    def _figures_computed_later_are_what_they_were(self) -> None:
        """As of t, asked later, is what was said at t, when nothing about the time before t arrived after it."""
        for at, association, said in self.seen:
            if not LiabilityEntry.objects.filter(at__lte=at, recorded_at__gt=at).exists():
                later = figures(view(association, at))
                assert {side: flat(found) for side, found in later.items()} == said
            else:
                for side, found in figures(view(association, at)).items():
                    assert flat(found) == by_ledger(association, side, at)


class TestFigures:
    def test_are_the_ledgers_at_every_instant(self, world: World) -> None:
        machine = type("MondayInTheWorld", (Monday,), {"world": world})

        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=8, stateful_step_count=10, phases=set(Phase) - {Phase.shrink, Phase.explain}
            ),
        )


class TestAMonth:
    def test_counts_once_what_begins_with_its_first_instant(self, world: World) -> None:
        first = datetime(2026, 4, 1, tzinfo=UTC)
        world.stamp(world.issue(), 1, first, seals_affixed=SEALS)
        once, association = Total(Decimal(60_000), 1), world.associations["CN"]

        for _fold in range(2):  # while it waits to be folded, and afterwards
            for at, owed in ((first - MINUTE, Total()), (first, once), (first + DAY, once)):
                assert figures(view(association, at))[Side.TERRITORY].total == owed
            folding.fold_all()


class TestAClockThatRunsAhead:
    def test_makes_nobody_liable_before_its_time(self, world: World) -> None:
        """A post's clock was five minutes ahead: for five minutes the ledger holds what is not owed yet."""
        carnet = world.issue()
        ahead = START + 5 * MINUTE
        world.stamp(carnet, 1, ahead, now=START, seals_affixed=SEALS)
        association = world.associations["CN"]

        for at, owed in ((START + MINUTE, Total()), (ahead, Total(Decimal(60_000), 1))):
            folding.fold_all()
            for moment in (view(association, at, is_now=True), view(association, at)):
                assert figures(moment)[Side.TERRITORY].total == owed
                assert total(periods(moment, Side.TERRITORY)) == owed
