"""Writing what the evidence adds up to: only what differs, and a discharge only lost with one of its records."""

from carnets.models import Carnet, ReopenedDischarge, TirOperation
from carnets.projection.facts import project
from carnets.projection.writing import with_discharges
from tests.checkpoints.judging.cases import carnet_on_record
from tests.evidence import clean, plan_of
from tests.world import HOUR, START, World, reconcile


class TestWithDischarges:
    def test_keeps_a_discharge_while_both_its_records_stand(self) -> None:
        carnet = carnet_on_record()
        for row in carnet.operations:
            row.discharged_at = START

        whole = with_discharges(carnet, project(plan_of(), clean()))
        lacking = with_discharges(carnet, project(plan_of(), clean(7)))

        assert [fact.status for fact in whole] == ["discharged"] * 4
        assert [fact.status for fact in lacking] == [*["discharged"] * 3, "started"]

    def test_gives_none_that_was_not_decided(self) -> None:
        facts = project(plan_of(), clean())

        assert with_discharges(carnet_on_record(), facts) == facts


class TestWrite:
    def test_lets_the_country_of_a_detour_see_the_carnet(self, world: World) -> None:
        carnet = world.issue((("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001")))
        assert carnet.countries == ["CN", "KZ"]

        world.stamp(carnet, 5, START + 9 * HOUR, "UZYAL001", is_offline=True)

        carnet.refresh_from_db()
        assert carnet.countries == ["CN", "KZ", "UZ"]
        assert TirOperation.objects.get(carnet=carnet, sequence=3).country == "UZ"

    def test_puts_on_record_that_a_discharge_was_taken_back(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet)
        reconcile(START + 120 * HOUR)
        stamp = TirOperation.objects.get(carnet=carnet, sequence=2).termination_stamp

        world.stamp(carnet, 4, START + 130 * HOUR, cancels=stamp, cancel_reason="another lorry")

        taken_back = ReopenedDischarge.objects.get(operation__carnet=carnet)
        assert (taken_back.operation.sequence, taken_back.reopened_at) == (2, START + 130 * HOUR)

    def test_takes_an_expired_carnet_back_that_was_in_use_all_the_time(self, world: World) -> None:
        """Its first stamp was on a phone without network."""
        carnet = world.issue()
        reconcile(START + 60 * 24 * HOUR)
        assert Carnet.objects.get(pk=carnet.pk).control == "expired"

        world.stamp(carnet, 1, START + HOUR, is_offline=True, now=START + 61 * 24 * HOUR)

        carnet.refresh_from_db()
        assert (carnet.control, carnet.status) == ("", "accepted")
