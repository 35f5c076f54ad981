"""What the log cannot know of what it covers, named line by line: whose row it is, and what of a carnet is gone."""

from pathlib import Path

import pytest
from django.db import transaction

from carnets.models import Carnet, NumberRange
from checkpoints.evidence.verification import NUMBER_OF, carnets_of
from checkpoints.models import Incident, Stamp
from guarantees.models import LiabilityEntry
from tests.clones import insider
from tests.growing import Grow
from tests.logs import faults, newest
from tests.pictures import JPEG
from tests.world import HOUR, START, World
from tir.log.ledgers import ledgers
from tir.log.models import Entry

pytestmark = [pytest.mark.usefixtures("as_administrator"), pytest.mark.django_db]

ABOUT_NO_CARNET = {
    "administrative_act", "applied_pack", "approval_word", "audit_event", "device_event", "holder_event", "key",
    "notice", "person_event", "register_change", "safetir_file",
}  # fmt: skip


@pytest.fixture
def carnet(world: World, grow: Grow) -> Carnet:
    """One that has travelled, with a report and a photo; the second of three. All is in the log, which began before."""
    grow()
    world.issue()
    carnet = world.issue()
    world.issue()
    at = world.travel(carnet, upto=4)
    world.report(carnet, "KZHOR001", at, photos=[JPEG])
    grow()
    assert faults() == []
    return carnet


def attack(*statements: str) -> None:
    with insider() as run:
        for each in statements:
            run(each)


class TestWhoseRowItIs:
    @pytest.mark.parametrize(
        ("kind", "table", "change"),
        [
            ("stamp", "checkpoints_stamp", "mass_kg = 1"),
            ("carnet_event", "carnets_carnetevent", "reason = 'another'"),
            ("liability_entry", "guarantees_liabilityentry", "amount = amount + 1"),
            ("guaranteed_carnet", "guarantees_guaranteedcarnet", "corridor = 'XX-YY'"),
            ("report", "checkpoints_incident", "description = 'another'"),
        ],
    )
    def test_is_told_with_its_fault(self, carnet: Carnet, kind: str, table: str, change: str) -> None:
        attack(f"UPDATE {table} SET {change}")
        numbers = set(Carnet.objects.values_list("number", flat=True))
        lines = [line for line in faults() if line.endswith("it does not say what was logged")]

        assert lines
        told = {line.split(", carnet ")[1].split(":")[0] for line in lines if line.startswith(f"{kind} ")}
        assert len(lines) == sum(line.startswith(f"{kind} ") for line in lines)
        assert told == ({carnet.number} if kind in ("report", "stamp") else numbers)

    def test_is_told_of_what_came_behind_the_log_and_of_a_photo(self, carnet: Carnet) -> None:
        entry = LiabilityEntry.objects.filter(carnet_number=carnet.number).latest("pk").pk
        attack(
            f"DELETE FROM log_entry WHERE kind = 'liability_entry' AND ref = '{entry}'",
            "UPDATE checkpoints_incidentphoto SET content = 'another'",
        )
        found = faults()

        assert f"liability_entry {entry}, carnet {carnet.number}: it was put there behind the log" in found
        (photo,) = [line for line in found if line.startswith("report_photo ")]
        assert photo.endswith(f", carnet {carnet.number}: its content is not that of its hash")

    @pytest.mark.parametrize("kind", sorted(NUMBER_OF))
    def test_is_looked_up_in_each_ledger(self, carnet: Carnet, kind: str) -> None:
        refs = list(Entry.objects.filter(kind=kind).values_list("ref", flat=True))

        assert set(carnets_of(kind, refs)) == set(refs)

    def test_is_known_of_every_ledger_that_is_about_a_carnet(self) -> None:
        assert set(ledgers()) == set(NUMBER_OF) | ABOUT_NO_CARNET

    def test_is_nothing_where_a_row_is_about_none(self, carnet: Carnet) -> None:
        stamp = Stamp.objects.filter(carnet=carnet).earliest("sequence")
        assert carnets_of("stamp", [str(stamp.pk)]) == {str(stamp.pk): f"carnet {carnet.number}"}
        assert carnets_of("key", ["1"]) == {}


@pytest.mark.django_db(transaction=True)  # foreign keys are not checked again at the end
class TestWhatIsGone:
    def test_of_a_carnet_s_stamps_is_counted_by_the_carnet(self, carnet: Carnet) -> None:
        attack(f"DELETE FROM checkpoints_stamp WHERE carnet_id = {carnet.pk} AND sequence IN (2, 3)")

        assert f"carnet {carnet.number}: 4 stamps were made on it, and 2 are here" in faults()

    def test_of_a_range_is_named_by_its_number(self, carnet: Carnet) -> None:
        remove(carnet)
        found = [line for line in faults() if line.startswith("carnet")]

        assert f"carnet {carnet.number}: it was issued, and nothing of it is here" in found
        assert not [line for line in found if line.startswith("carnets ")]

    def test_of_a_range_is_counted_where_its_number_is_not_sure(self, carnet: Carnet, world: World) -> None:
        """One number was never used: another system had it before."""
        stock = NumberRange.objects.get(issued__gt=0)
        NumberRange.objects.filter(pk=stock.pk).update(next=stock.next + 1)
        assert faults() == []
        remove(carnet)

        (line,) = [line for line in faults() if line.startswith("carnets ")]
        assert line.startswith(
            f"carnets {stock.first}-{stock.last}: 3 were issued, and 2 are here; absent are "
        )
        assert carnet.number in line

    def test_of_a_report_is_told_by_its_entry(self, carnet: Carnet) -> None:
        report = Incident.objects.get().pk
        attack("DELETE FROM checkpoints_incident")

        (line,) = [line for line in faults() if line.startswith("report ")]
        assert line.startswith(f"report {report} (entry ")
        assert line.endswith("): the row is gone")


def remove(carnet: Carnet) -> None:
    """Remove a carnet and its stamps."""
    attack(
        f"DELETE FROM checkpoints_stamp WHERE carnet_id = {carnet.pk}",
        f"DELETE FROM carnets_carnet WHERE id = {carnet.pk}",
    )


class TestWhatACarnetSays:
    def test_is_what_it_was_issued_for(self, carnet: Carnet) -> None:
        attack(f"UPDATE carnets_carnet SET plates = '{{ZZ1}}' WHERE id = {carnet.pk}")
        assert faults() == [f"carnet {carnet.number}: it does not say what it was issued for"]

    def test_was_issued_by_somebody(self, carnet: Carnet) -> None:
        attack(f"DELETE FROM carnets_carnetevent WHERE carnet_id = {carnet.pk} AND verb = 'issue'")
        assert f"carnet {carnet.number}: nobody issued it" in faults()


class TestWhatThisReleaseBrings:
    def test_is_what_the_database_does(self, carnet: Carnet) -> None:
        undone = transaction.savepoint()
        attack(
            "CREATE OR REPLACE FUNCTION carnets_contents(of_carnet bigint) RETURNS jsonb LANGUAGE sql AS"
            " 'SELECT NULL::jsonb'"
        )
        found = faults()
        transaction.savepoint_rollback(undone)

        assert found == ["function carnets_contents: it is not that of this release"]
        assert faults() == []


class TestReceipts:
    @pytest.mark.parametrize("change", ["'{promise,signature}', '\"AAAA\"'", "'{promise}', 'null'"])
    def test_are_those_that_this_system_signed(self, carnet: Carnet, change: str) -> None:
        stamp = Stamp.objects.get(carnet=carnet, sequence=3)
        attack(f"UPDATE checkpoints_stamp SET receipt = jsonb_set(receipt, {change}) WHERE id = '{stamp.pk}'")

        said = f"stamp {stamp.pk}, carnet {carnet.number}: its receipt is not one that this system signed"
        assert [line for line in faults() if "receipt" in line] == [said]

    def test_were_not_signed_before_the_log_began(self, world: World, grow: Grow) -> None:
        """A stamp of release 2.0 has none, and its entry comes before that of the log's own key."""
        carnet = world.issue()
        world.stamp(carnet, 1, START + HOUR)
        grow()
        world.stamp(carnet, 2, START + 30 * HOUR)
        grow()
        attack("UPDATE checkpoints_stamp SET receipt = jsonb_set(receipt, '{promise}', 'null')")
        later = Stamp.objects.get(carnet=carnet, page=2)

        said = f"stamp {later.pk}, carnet {carnet.number}: its receipt is not one that this system signed"
        assert [line for line in faults() if "receipt" in line] == [said]


class TestALine:
    def test_is_one_and_not_long_whatever_somebody_wrote(self, carnet: Carnet, tmp_path: Path) -> None:
        kept: list[Path] = []
        for number, origin in enumerate(("x" * 5_000, newest().log.origin)):
            kept.append(tmp_path / str(number))
            kept[-1].write_text(newest().note.replace(newest().log.origin, origin))
        (line,) = faults(*kept)

        assert (len(line), line[:20]) == (300, "x" * 20)
        assert faults(kept[1]) == []

    def test_stays_one_where_a_key_has_many(self, carnet: Carnet) -> None:
        attack("UPDATE log_log SET origin = 'one' || chr(10) || 'two' || chr(12) || 'three'")

        assert faults()
        assert all(line.startswith("one two three: ") for line in faults() if "one" in line)
