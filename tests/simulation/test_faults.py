"""Each fault where its truth says it is, on journeys that have room for it."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given, settings

from checkpoints.simulation.faults import FAULTS, PlantedFault
from checkpoints.simulation.journeys import Journey, PlannedControl, PlannedReport, PlannedStamp
from checkpoints.simulation.shapes import Sealing, Shape, draw_shape
from tests.simulation.drawn import CORRIDORS, REGION, clean, seeds

every_fault = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
ALSO_NOTED = {"wrong_country_seq": {"wrong_office"}}
OTHER_CODE = {"recorded_by_a_stranger": "recorded_late"}


def fitting(fault: PlantedFault, seed: int) -> Iterator[Journey]:
    """Yield journeys on the planned road that have room for the fault."""
    rng = Random(seed)
    while True:
        journey = clean(rng.choice(CORRIDORS), rng.randrange(2**32), draw_shape(rng).planned())
        if fault.fits(journey, REGION):
            yield journey


class TestFaults:
    @every_fault
    def test_happen_on_several_corridors(self, fault: PlantedFault) -> None:
        journeys = fitting(fault, 1)

        assert len({next(journeys).corridor.code for _ in range(12)}) >= 3

    @every_fault
    @settings(max_examples=8)
    @given(seed=seeds)
    def test_stay_on_pages_of_the_journey(self, fault: PlantedFault, seed: int) -> None:
        journey = fault.on(next(fitting(fault, seed)), REGION, Random(seed))

        assert (journey.fault, journey.is_honest) == (fault.name, fault.is_honest)
        assert all(1 <= expected.page <= journey.pages for expected in journey.expect)
        assert all(stamp.made >= stamp.after for stamp in journey.stamps)
        assert len({(stamp.page, stamp.name) for stamp in journey.stamps}) == len(journey.stamps)

    @every_fault
    def test_are_flagged_under_their_own_name_or_not_at_all(self, fault: PlantedFault) -> None:
        journey = fault.on(next(fitting(fault, 1)), REGION, Random(1))

        codes = {expected.code for expected in journey.expect}
        name = OTHER_CODE.get(fault.name, fault.name)
        assert not codes or name in codes
        assert codes <= {name, *ALSO_NOTED.get(fault.name, ())}

    @every_fault
    def test_bar_a_discharge_unless_nobody_did_wrong(self, fault: PlantedFault) -> None:
        journey = fault.on(next(fitting(fault, 1)), REGION, Random(1))

        bars = any(expected.bars_discharge for expected in journey.expect)
        assert bars or fault.is_honest or fault.name == "overdue"


class TestSingleFaults:
    def test_lose_no_more_packages_than_there_are(self) -> None:
        fault = FAULTS["goods_lost_and_reported"]
        plenty = next(fitting(fault, 1))
        few = plenty.changed(
            lambda stamp: stamp.packages_there is not None, lambda stamp: replace(stamp, packages_there=5)
        )

        assert fault.fits(plenty, REGION)
        assert not fault.fits(few, REGION)

    @settings(max_examples=60)
    @given(seed=seeds)
    def test_let_everybody_tick_seals_that_nobody_wrote_down(self, seed: int) -> None:
        fault = FAULTS["seals_unknown"]
        journey = fault.on(next(fitting(fault, seed)), REGION, Random(seed))

        written = {stamp.page for stamp in journey.stamps if stamp.seals_affixed}
        written |= {each.page - 1 for each in journey.happenings}
        until = min(written, default=journey.pages)
        ends = [journey.on(page) for page in range(2, until + 1, 2)]
        assert journey.on(1).seals_affixed is None
        assert all(stamp.seals_intact and stamp.seals_found is None for stamp in ends)


class TestSealsBetweenStamps:
    """What controls and reports say of the seals is true at their instant, whatever else opened the lorry."""

    @pytest.mark.parametrize("name", ["resealed_by_control", "seals_broken_with_report", "police_report"])
    @settings(max_examples=40)
    @given(seed=seeds)
    def test_come_off_where_they_hang(self, name: str, seed: int) -> None:
        rng, fault = Random(seed), FAULTS[name]
        journey = clean(rng.choice(CORRIDORS), seed, Shape(sealing=Sealing.CONTROLLED))
        assume(fault.fits(journey, REGION))
        journey = fault.on(journey, REGION, rng)

        hanging: set[str] = set()
        for what in sorted((*journey.stamps, *journey.happenings), key=lambda each: each.after):
            if isinstance(what, PlannedStamp):
                assert not hanging or set(what.seals_there) <= hanging
                hanging = set(what.seals_there) | set(what.seals_affixed or ())
            elif isinstance(what, PlannedControl | PlannedReport):
                gone = set(what.seals_removed if isinstance(what, PlannedControl) else what.seals_broken)
                assert gone
                assert gone <= hanging
                hanging = hanging - gone | set(what.seals_affixed)
