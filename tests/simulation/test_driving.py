"""The whole way: planned, driven through the public functions, reconciled; exactly what was planted is found."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from carnets.models import Carnet
from carnets.reconciliation import job
from checkpoints.evidence.chain import verify_chain
from checkpoints.models import Scan, Stamp
from checkpoints.reference import tables
from checkpoints.simulation import driving, planning
from checkpoints.simulation.cast import NotSeeded
from checkpoints.simulation.driving import EVENTS_A_TRANSACTION, Progress
from checkpoints.simulation.faults import FAULTS
from checkpoints.simulation.planning import Order
from checkpoints.simulation.region import Region
from checkpoints.simulation.shapes import Shape
from checkpoints.simulation.travelling import travel
from checkpoints.simulation.truth import truth_of
from guarantees.models import Guarantee
from tests.ledger import balance_as_recorded
from tests.simulation.conftest import UNTIL, Simulate, compared, told

IS_NIGHT = settings.get_current_profile_name() == "night"
AT_NIGHT = 40  # seeds, some seconds each


class TestDrive:
    def test_plants_what_reconciliation_finds(self, simulate: Simulate) -> None:
        truth = simulate(Order(120, 1, UNTIL, 0.5))

        comparison = compared(truth)
        assert comparison.is_clean, told(comparison)
        assert {carnet.fault for carnet in truth.carnets} == {*FAULTS, None}
        assert comparison.operations_discharged == comparison.operations_to_be_discharged > 0

    @settings(
        max_examples=AT_NIGHT if IS_NIGHT else 3, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(seed=st.integers(0, 2**32))
    @example(seed=29)
    def test_does_so_for_any_seed(self, simulate: Simulate, seed: int) -> None:
        comparison = compared(simulate(Order(30, seed, UNTIL, 0.9)))

        assert comparison.is_clean, told(comparison)

    def test_plants_the_same_for_the_same_seed(self, simulate: Simulate) -> None:
        truths = []
        for _ in range(2):
            with transaction.atomic():
                truths.append(simulate(Order(25, 5, UNTIL, 0.5)))
                transaction.set_rollback(True)

        assert truths[0] == truths[1]

    def test_leaves_no_refusal_and_no_broken_chain(self, simulate: Simulate) -> None:
        simulate(Order(30, 2, UNTIL, 1))

        assert not Scan.objects.exists()
        for carnet in Carnet.objects.all():
            rows = Stamp.objects.filter(carnet=carnet).order_by("sequence").values()
            assert not list(verify_chain(rows, (carnet.latest_sequence, bytes(carnet.latest_hash))))

    def test_records_the_stamps_of_a_carnet_as_they_reached_the_server(self, simulate: Simulate) -> None:
        simulate(Order(30, 2, UNTIL, 0))

        for carnet in Carnet.objects.all():
            stamps = list(Stamp.objects.filter(carnet=carnet).order_by("sequence"))
            online = [stamp.page for stamp in stamps if stamp.made == "online"]
            assert online == sorted(online)
            assert all(
                one.recorded_at <= other.recorded_at for one, other in zip(stamps, stamps[1:], strict=False)
            )
            assert all(stamp.occurred_at <= stamp.recorded_at <= UNTIL for stamp in stamps)

    def test_balances_every_guarantee(self, simulate: Simulate) -> None:
        simulate(Order(30, 4, UNTIL, 0.3))

        for guarantee in Guarantee.objects.all():
            assert guarantee.exposure == balance_as_recorded(guarantee)
        assert sum(guarantee.open_carnets for guarantee in Guarantee.objects.all()) == (
            Carnet.objects.filter(is_reserved=True).count()
        )

    def test_tells_how_far_it_is(self, seeded: object) -> None:
        heard: list[Progress] = []

        driving.drive(planning.plan(Order(60, 1, UNTIL)), until=UNTIL, tell=heard.append)

        assert len(heard) == -(-heard[-1].total // EVENTS_A_TRANSACTION)
        assert heard[-1].done == heard[-1].total
        assert heard[-1].carnets == 60
        assert heard[-1].stamps == Stamp.objects.count()

    @pytest.mark.django_db
    def test_asks_for_a_seeded_installation(self) -> None:
        with pytest.raises(NotSeeded):
            driving.drive(planning.plan(Order(1, 1, UNTIL)), until=UNTIL)


class TestRulesAgreeWithEachOther:
    """Faults that once were flagged twice, because two rules saw the same gap."""

    def test_a_lorry_whose_resumption_was_not_stamped_has_resumed(self, seeded: object) -> None:
        region, rng = Region.read(), Random(1)
        ferry = next(corridor for corridor in tables.corridors() if corridor.code == "istanbul-almaty")
        journey = travel(ferry, region, rng, Shape(), is_prompt=True).without(7)
        journey = journey.expecting(("missing_stamp", 7))
        journey = journey.placed(UNTIL - timedelta(days=85))

        numbers = driving.drive([journey], until=UNTIL)
        job.reconcile_chunk(at=UNTIL)

        comparison = compared(truth_of(seed=1, until=UNTIL, journeys=[journey], numbers=numbers))
        assert comparison.is_clean, told(comparison)


class TestWorkers:
    @pytest.mark.django_db(transaction=True)
    def test_make_the_same_carnets_as_one_would(self, seeded: object) -> None:
        journeys = planning.plan(Order(24, 9, UNTIL, 0.3))

        numbers = driving.drive(journeys, until=UNTIL, workers=2)

        holders = dict(Carnet.objects.values_list("number", "holder__reference"))
        assert [holders[number] for number in numbers] == [journey.freight.holder for journey in journeys]
        assert numbers == self.numbers_in_the_order_of_issue(journeys)

    def numbers_in_the_order_of_issue(self, journeys: list[planning.Journey]) -> list[str]:
        stock = {
            code: iter(
                Carnet.objects.filter(association__code=code)
                .order_by("issued_at")
                .values_list("number", flat=True)
            )
            for code in Counter(journey.freight.association for journey in journeys)
        }
        return [next(stock[journey.freight.association]) for journey in journeys]
