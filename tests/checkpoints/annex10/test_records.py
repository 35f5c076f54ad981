"""The SafeTIR record of one termination, field by field and code by code."""

from datetime import timedelta

from carnets.models import Carnet
from checkpoints.annex10.records import Record, changes_of
from checkpoints.annex10.terminations import terminations, terminations_with_records
from checkpoints.evidence import reading
from checkpoints.evidence.columns import STAMP_COLUMNS
from tests.world import HOUR, START, VIA_ALMATY, World


def records(world: World, carnet: Carnet) -> dict[int, Record]:
    """The record of what stands on each page, as the list of terminations has it."""
    rows = terminations(with_exits=True).filter(carnet=carnet)
    return {each.stamp.page: each.record for each in terminations_with_records(list(rows)) if each.stands}


def codes(world: World, carnet: Carnet) -> dict[int, tuple[str, str]]:
    return {page: (record["PFD"], record["TCO"]) for page, record in records(world, carnet).items()}


class TestRecord:
    def test_says_what_the_office_certified(self, world: World) -> None:
        carnet = world.issue()
        world.travel(
            carnet,
            but={
                8: {
                    "packages": 400,
                    "reservation": "20 cartons short",
                    "registration_no": "778",
                    "goes_on": True,
                }
            },
        )

        # Almaty is five hours ahead of UTC: the office's own day.
        assert records(world, carnet)[8] == {
            "UPG": "N", "TNO": carnet.number, "ICC": "TJK", "COF": "TJDYU001", "CNL": f"{carnet.number}/8",
            "DCL": "2026-03-05", "PFD": "PD1", "CWR": "R", "VPN": "8", "RND": "778", "DDI": "2026-03-05",
            "PIC": "400", "COM": "20 cartons short", "TCO": "", "RBC": "",
        }  # fmt: skip

    def test_is_of_the_day_at_the_office(self, world: World) -> None:
        """20:30 UTC on the 5th is half past one on the 6th at Dushanbe."""
        carnet = world.issue()
        late = START + timedelta(days=3, hours=14, minutes=30)
        world.travel(carnet, but={8: {"at": late, "now": late}})

        found = records(world, carnet)[8]
        assert (found["DDI"], found["DCL"]) == ("2026-03-06", "2026-03-06")


class TestCodes:
    """PFD and TCO by what the lorry does: both blank never, PFD blank at exits and loads."""

    def test_of_exits_and_the_last_unload(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet)

        assert codes(world, carnet) == {2: ("", "EXIT"), 4: ("", "EXIT"), 6: ("", "EXIT"), 8: ("FD", "")}

    def test_of_an_inner_load(self, world: World) -> None:
        carnet = world.issue(
            route=(("CNURC001", "CNHRS001", "load"), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001"))
        )
        world.travel(carnet)

        assert codes(world, carnet) == {2: ("", "LOAD"), 4: ("", "EXIT"), 6: ("FD", "")}

    def test_of_an_inner_unload(self, world: World) -> None:
        carnet = world.issue(
            route=(
                ("CNURC001", "CNHRS001"),
                ("KZHOR001", "KZALA001"),
                ("KZALA001", "KZALA001"),
                ("KZALA001", "KZQZQ001"),
                ("UZYAL001", "UZTAS001"),
            )
        )
        world.travel(carnet)

        assert codes(world, carnet) == {
            2: ("", "EXIT"), 4: ("PD1", ""), 6: ("PD2", ""), 8: ("", "EXIT"), 10: ("FD", ""),
        }  # fmt: skip

    def test_of_a_suspension(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=4, but={4: {"is_suspension": True}})

        assert codes(world, carnet)[4] == ("", "EXIT")

    def test_of_a_suspension_inside_one_territory(self, world: World) -> None:
        carnet = world.issue(
            route=(
                ("CNURC001", "CNHRS001"),
                ("KZHOR001", "KZQZQ001", "suspend"),
                ("KZHOR001", "KZQZQ001"),
                ("UZYAL001", "UZTAS001"),
            )
        )
        world.travel(carnet, upto=4)

        assert codes(world, carnet)[4] == ("", "EXIT")

    def test_of_an_end_before_the_plan_s(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=4, but={4: {"office": "KZALA001", "ends_here": True}})

        assert codes(world, carnet)[4] == ("FD", "")

    def test_of_what_goes_on_from_the_planned_end(self, world: World) -> None:
        carnet = world.issue()
        end = world.travel(carnet, but={8: {"goes_on": True}})
        assert codes(world, carnet)[8] == ("PD1", "")

        world.stamp(carnet, 9, end + HOUR, "TJDYU001", is_offline=True, seals_affixed=("B-1",))
        world.stamp(
            carnet, 10, end + 9 * HOUR, "TJDYU001", is_offline=True, seals_intact=True, ends_here=True
        )

        assert codes(world, carnet)[8] == ("PD1", "")
        assert codes(world, carnet)[10] == ("FD", "")

    def test_follow_evidence_that_comes_later(self, world: World) -> None:
        """What was the second unload is the first when the one before it is taken back."""
        carnet = world.issue(route=VIA_ALMATY)
        world.travel(carnet, but={8: {"goes_on": True}})
        assert codes(world, carnet)[8] == ("PD2", "")

        first = carnet.stamps.get(page=4)
        world.stamp(
            carnet,
            4,
            START + 99 * HOUR,
            "KZALA001",
            is_offline=True,
            cancels=first.pk,
            cancel_reason="Wrong.",
        )
        assert codes(world, carnet)[8] == ("PD1", "")

        plan = reading.carnets([carnet.number], lock=False)[carnet.number].plan
        rows = [
            {name: getattr(stamp, name) for name in STAMP_COLUMNS}
            for stamp in carnet.stamps.order_by("sequence")
        ]
        last = [(change.update, change.row["page"], change.ending.pfd) for change in changes_of(rows, plan)][
            -3:
        ]
        assert last == [("C", 4, "PD1"), ("C", 8, "PD2"), ("N", 8, "PD1")]
