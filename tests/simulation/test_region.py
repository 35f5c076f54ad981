"""The map and the fleet, against the tables that they are read from."""

from random import Random
from re import fullmatch, sub

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iso6346

from carnets.choices import OfficeRole, StopAction
from checkpoints.reference import tables
from checkpoints.simulation.calls import Call
from checkpoints.simulation.freight import Freight
from checkpoints.simulation.region import draw_seals, minutes
from checkpoints.simulation.shapes import Goods
from tests.simulation.drawn import REGION, seeds

ROADS = REGION.roads
ROAD_CROSSINGS = [
    each for each in tables.crossing_rows() if each.mode == "road" and not each.customs_control_to
]
CALLS = (
    Call("CNURM001", StopAction.LOAD),
    Call("CNKHG001", StopAction.LOAD),
    Call("CNAKL001", StopAction.EXIT),
    Call("KZDOS001", StopAction.ENTRY),
    Call("KZALA001", StopAction.UNLOAD),
    Call("KZALM001", StopAction.UNLOAD),
)


def territory(office: str) -> str:
    return next(row.territory for row in tables.office_rows() if row.code == office)


def form_of(row: tables.PlatePattern) -> str:
    """Return a regular expression for the registrations of a pattern."""
    digits = sub(r"\{d(\d)\}", r"[0-9]{\1}", row.pattern)
    return sub(r"\{L(\d)\}", rf"[{row.letters}]{{\1}}", digits)


class TestRoads:
    def test_join_the_territories_that_the_crossings_join(self) -> None:
        crossing = next(
            each for each in ROAD_CROSSINGS if territory(each.office_a) != territory(each.office_b)
        )
        one, other = crossing.office_a, crossing.office_b

        assert (one, other) in ROADS.between(territory(one), territory(other))
        assert (other, one) in ROADS.between(territory(other), territory(one))
        assert (one, other) not in ROADS.between(territory(other), territory(one))

    @pytest.mark.parametrize(
        "crossing",
        [each for each in tables.crossing_rows() if each not in ROAD_CROSSINGS],
        ids=lambda each: each.code,
    )
    def test_are_none_where_no_lorry_drives_or_customs_control_has_ended(
        self, crossing: tables.CrossingRow
    ) -> None:
        pair = crossing.office_a, crossing.office_b

        assert pair not in ROADS.between(territory(pair[0]), territory(pair[1]))

    @settings(max_examples=30)
    @given(st.sampled_from(ROAD_CROSSINGS), st.booleans())
    def test_offer_other_ways_that_touch_nothing_barred(
        self, crossing: tables.CrossingRow, bars: bool
    ) -> None:
        left, entered = crossing.office_a, crossing.office_b
        every = ROADS.other_ways(left, entered, but=())
        barred = every[0][:1] if bars and every else ()

        ways = ROADS.other_ways(left, entered, but=barred)
        assert not {left, entered, *barred} & {office for way in ways for office in way}
        assert [ROADS.km(left, out) for out, _into in ways] == sorted(
            ROADS.km(left, out) for out, _into in ways
        )
        assert all(
            (territory(out), territory(into)) == (territory(left), territory(entered)) for out, into in ways
        )

    def test_know_who_may_stand_in_for_an_office_nearest_first(self) -> None:
        found = ROADS.substitutes("KZALA001", OfficeRole.DESTINATION, near="KZALA001")

        assert "KZALA001" not in found
        assert {territory(code) for code in found} == {territory("KZALA001")}
        assert [ROADS.km("KZALA001", code) for code in found] == sorted(
            ROADS.km("KZALA001", code) for code in found
        )
        roles = {row.code: row.roles for row in tables.office_rows()}
        assert all("destination" in roles[code] for code in found)


class TestFleet:
    def freight(self, goods: Goods, seed: int) -> Freight:
        return REGION.fleet.draw(CALLS, ("CN", "KZ"), goods, Random(seed))

    @settings(max_examples=40)
    @given(st.sampled_from(Goods), seeds)
    def test_gives_every_load_and_unload_some_goods(self, goods: Goods, seed: int) -> None:
        consignments = self.freight(goods, seed).consignments

        assert {each.load for each in consignments} == {1, 2}
        assert {each.unload for each in consignments} == {5, 6}
        assert (1, 6) in {(each.load, each.unload) for each in consignments}

    @settings(max_examples=20)
    @given(seeds)
    def test_carries_what_was_asked_for(self, seed: int) -> None:
        assert self.freight(Goods.BULK, seed).packages is None
        assert (self.freight(Goods.COUNTED, seed).packages or 0) > 0
        assert self.freight(Goods.HEAVY, seed).is_heavy
        assert not self.freight(Goods.COUNTED, seed).is_heavy

    @settings(max_examples=20)
    @given(seeds)
    def test_numbers_containers_so_that_their_check_digit_fits(self, seed: int) -> None:
        freight = self.freight(Goods.CONTAINERS, seed)

        assert freight.containers
        assert all(iso6346.is_valid(number) for number in freight.containers)
        assert {each.container for each in freight.consignments} <= set(freight.containers)
        assert self.freight(Goods.COUNTED, seed).containers == ()

    @settings(max_examples=20)
    @given(seeds)
    def test_gives_plates_that_look_like_those_of_the_country(self, seed: int) -> None:
        forms = {(row.country, row.kind): form_of(row) for row in tables.plate_patterns()}
        plate = self.freight(Goods.CONTAINERS, seed).plates[0]

        assert fullmatch(forms[plate.country, "tractor"], plate.registration)
        assert not fullmatch(forms[plate.country, "tractor"], plate.registration + "0")


class TestTools:
    @given(st.randoms())
    def test_seals_of_one_lorry_differ_and_name_their_country(self, rng: Random) -> None:
        seals = draw_seals("KZ", rng)

        assert len(set(seals)) == len(seals) in (1, 2)
        assert all(fullmatch(r"KZ-\d{6}", seal) for seal in seals)

    def test_stamps_state_whole_minutes(self) -> None:
        assert minutes(1.51).total_seconds() == 91 * 60
