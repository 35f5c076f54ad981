"""The walk along the pages: what each certification is compared with, and what the journey carries on."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from carnets.choices import Made
from carnets.projection.evidence import Event
from carnets.projection.facts import OperationFacts, project
from carnets.projection.plan import Practices
from carnets.projection.walk import (
    FASTEST_RECORDED_KMH,
    great_circle_km,
    is_possible_limit,
    time_limit,
)
from guarantees.clocks import DatedPeriod, Period, Schedule
from tests.evidence import (
    SEALS,
    TRANSIT_DAYS,
    certify,
    changed,
    clean,
    control,
    office_facts,
    plan_of,
    report,
    territory_id,
    when,
)
from tests.world import HOUR, LONG_AGO, ROUTE, TWO_UNLOADS

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
REPORT_MAY_FOLLOW = 12 * HOUR


def facts_of(changes: dict[int, Any], events: Sequence[Event] = ()) -> list[OperationFacts]:
    return project(plan_of(), changed(changes), events)


class TestSeals:
    def test_expected_are_those_affixed_and_found_so_far(self) -> None:
        facts = facts_of({3: {"seals_affixed": ("KZ-1",)}, 4: {"seals_found": (*SEALS, "KZ-1")}})

        assert facts[1].start.seals_expected == SEALS
        assert facts[1].termination.seals_expected == (*SEALS, "KZ-1")

    @pytest.mark.parametrize(
        ("named", "tick", "unknown_on"),
        [
            (None, {}, [1]),  # nobody named any: the tick is taken over as before
            (SEALS, {}, [5]),  # those named came off as well: told once
            (SEALS, {"seals_found": ()}, [5, 7]),  # found to have none, each time
            (None, {"seals_intact": None}, [1, 5, 7]),  # a blank is not a certificate
        ],
    )
    def test_are_known_or_not_as_before_once_a_territory_took_its_own_off(
        self, named: Any, tick: dict[str, Any], unknown_on: list[int]
    ) -> None:
        unlisted = {page: {"seals_found": None} for page in range(2, 9)}
        facts = facts_of({
            1: {"seals_affixed": named}, 2: {**unlisted[2], "seals_removed": named},
            3: {**unlisted[3], "seals_affixed": ("E-77",)}, 4: {**unlisted[4], "seals_removed": ("E-77",)},
            **{page: {**unlisted[page], **tick} for page in (5, 6, 7, 8)},
        })  # fmt: skip

        assert [2 * fact.sequence - 1 for fact in facts if fact.are_seals_unknown] == unknown_on

    def test_differ_on_one_page_only_after_a_break_nobody_reported(self) -> None:
        """What an office found is what the next one should find: one break is one irregularity."""
        facts = facts_of({page: {"seals_found": SEALS[:1]} for page in range(5, 9)})

        sides = [side for operation in facts for side in (operation.start, operation.termination)]
        assert [page for page, side in enumerate(sides, start=1) if side.seals_agree is False] == [5]

    def test_are_not_known_before_any_office_recorded_them(self) -> None:
        facts = project(plan_of(), [certify(1, seals_affixed=None), certify(2)])

        assert facts[0].are_seals_unknown
        assert facts[0].termination.seals_expected is None

    def test_of_a_report_take_the_place_of_those_it_says_are_broken(self) -> None:
        broken = report("KZQZQ001", when(3) + HOUR, seals_removed=SEALS[:1], seals_affixed=("N-1",))
        facts = project(plan_of(), clean(), [broken])

        assert facts[1].termination.seals_expected == ("A-10024", "N-1")
        assert facts[1].termination.is_reported
        assert not facts[2].start.is_reported

    def test_of_a_report_drawn_up_just_after_were_affixed_after_the_certification(self) -> None:
        broken = report("KZQZQ001", when(4) + HOUR, seals_removed=SEALS, seals_affixed=("N-1",))
        facts = facts_of(
            {4: {"seals_intact": False, "seals_found": ()}, 5: {"seals_found": ("N-1",)}}, [broken]
        )

        assert facts[1].termination.seals_expected == ()
        assert facts[1].termination.is_reported
        assert facts[2].start.seals_expected == ("N-1",)

    def test_affixed_by_a_stamp_come_off_by_a_report_of_its_office_just_after(self) -> None:
        """The police cut the seal that the office has just affixed, and it enters their report."""
        stamps = {3: {"seals_affixed": ("KZ-1",)}, 4: {"seals_found": (*SEALS, "N-1")}}
        cut = report("KZHOR001", when(3) + HOUR, seals_removed=("KZ-1",), seals_affixed=("N-1",))
        told, untold = facts_of(stamps, [cut]), facts_of(stamps)

        assert told[1].termination.seals_expected == (*SEALS, "N-1")
        assert (told[1].termination.seals_agree, untold[1].termination.seals_agree) == (True, False)

    @pytest.mark.parametrize(("minutes", "belongs"), [(-1, 2), (1, 3)])
    def test_of_a_report_belong_to_the_latest_stamp_of_its_office(self, minutes: int, belongs: int) -> None:
        """An office stamps the end of one operation and the start of the next: its report is about the nearer."""
        drawn_up = when(5) + timedelta(minutes=minutes)
        cut = report("KZALA001", drawn_up, seals_removed=SEALS, seals_affixed=("P-1",))
        stamps = [certify(page, route=TWO_UNLOADS) for page in range(1, 6)]
        facts = project(plan_of(TWO_UNLOADS), stamps, [cut])

        reported = [fact.sequence for fact in facts if fact.termination.is_reported or fact.start.is_reported]
        assert reported == [belongs]

    @pytest.mark.parametrize("happened", [report, control])
    def test_replaced_on_the_way_are_expected_by_the_next_office_in_any_order(self, happened: Any) -> None:
        """Seal A broken, K affixed; the next office expects K, whether the stamp or the paper came first."""
        event = happened("KZALA001", when(3) + HOUR, seals_removed=SEALS, seals_affixed=("K-1",))
        stamps = changed({page: {"seals_found": ("K-1",)} for page in range(4, 9)})

        for certifications in (stamps, stamps[::-1]):
            facts = project(plan_of(), certifications, [event])
            assert all(fact.termination.seals_agree for fact in facts[1:])
            assert facts[1].termination.seals_expected == ("K-1",)

    @pytest.mark.parametrize(
        ("office", "after", "is_reported"),
        [
            ("KZQZQ001", REPORT_MAY_FOLLOW, True),
            ("KZQZQ001", REPORT_MAY_FOLLOW + SECOND, False),
            ("KZALA001", HOUR, False),
            ("KZALA001", -HOUR, True),
        ],
    )
    def test_are_explained_by_a_report_before_or_by_the_same_office_soon_after(
        self, office: str, after: timedelta, is_reported: bool
    ) -> None:
        facts = facts_of({4: {"seals_intact": False}}, [report(office, when(4) + after)])

        assert facts[1].termination.is_reported is is_reported

    @pytest.mark.parametrize(
        ("by", "said", "is_explained"),
        [
            ("KZALA001", {"seals_found": ()}, False),
            ("KZALA001", {"seals_found": SEALS}, False),
            ("KZALA001", {"seals_found": None}, False),
            (
                "KZALA001",
                {"seals_found": ("K-1",)},
                True,
            ),  # the new one is there: the old ones are not intact
            ("KZQZQ001", {"seals_found": ()}, True),  # its own examination, just before
        ],
    )
    @pytest.mark.parametrize("happened", [report, control])
    def test_that_were_put_on_anew_elsewhere_are_not_explained_by_that_when_they_are_broken(
        self, happened: Any, by: str, said: dict[str, Any], is_explained: bool
    ) -> None:
        anew = happened(by, when(3) + HOUR, seals_removed=SEALS, seals_affixed=("K-1",))
        facts = facts_of({4: {"seals_intact": False, **said}}, [anew])

        assert facts[1].termination.is_reported is is_explained

    def test_taken_off_elsewhere_and_not_renewed_are_explained(self) -> None:
        opened = control("KZALA001", when(3) + HOUR, seals_removed=SEALS)

        assert facts_of({4: {"seals_intact": False, "seals_found": ()}}, [opened])[1].termination.is_reported

    def test_of_both_pages_of_a_visit_are_compared_once(self) -> None:
        """Part unloaded at Almaty and sealed anew: page 5 states the new seals, and nothing is wrong."""
        stamps = [certify(page, route=TWO_UNLOADS) for page in (1, 2, 3)]
        stamps += [certify(4, route=TWO_UNLOADS, seals_affixed=("N-1",))]
        stamps += [certify(page, route=TWO_UNLOADS, seals_found=("N-1",)) for page in (5, 6)]

        facts = project(plan_of(TWO_UNLOADS), stamps)

        assert facts[2].start.seals_agree is None
        assert facts[2].termination.seals_agree is True


class TestStatements:
    @pytest.mark.parametrize(
        ("said", "is_sealed", "are_checked"),
        [
            ({}, True, True),
            ({"seals_intact": None, "seals_found": None}, True, False),
            ({"seals_intact": None}, True, True),
            ({"seals_found": None}, True, True),
            ({"seals_intact": None, "seals_found": None}, False, False),  # some are on record: say so
        ],
    )
    def test_about_seals_are_never_silence(
        self, said: dict[str, Any], is_sealed: bool, are_checked: bool
    ) -> None:
        facts = project(plan_of(is_sealed=is_sealed), changed({4: said}))

        assert facts[1].are_seals_checked is are_checked

    def test_about_seals_are_not_asked_of_goods_without_any(self) -> None:
        unsealed = changed(
            {page: {"seals_affixed": None, "seals_found": None, "seals_intact": None} for page in range(1, 9)}
        )

        facts = project(plan_of(is_sealed=False), unsealed)

        assert all(fact.are_seals_checked and not fact.are_seals_unknown for fact in facts)

    @pytest.mark.parametrize(("intact", "is_unknown"), [(True, False), (None, True), (False, True)])
    def test_about_seals_at_the_first_page_seen_are_taken_over(
        self, intact: bool | None, is_unknown: bool
    ) -> None:
        """A carnet begun outside the system, whose first office here finds its seals intact without listing them."""
        first = certify(7, seals_intact=intact, seals_found=None)

        assert project(plan_of(is_presented=True), [first])[3].are_seals_unknown is is_unknown


class TestIsRecordedLate:
    PRACTICES = {
        territory_id("EAEU"): Practices(
            longest_offline=Schedule((DatedPeriod(LONG_AGO, None, Period(days=3)),))
        )
    }

    @pytest.mark.parametrize(
        ("late", "said", "is_late"),
        [
            (3 * DAY, {}, False),
            (3 * DAY + SECOND, {}, True),
            (3 * DAY + SECOND, {"made": Made.CORRECTED}, False),
            (3 * DAY + SECOND, {"made": Made.EXCHANGED}, False),
            (SECOND, {"is_vouched": False}, True),
        ],
    )
    def test_goes_by_the_longest_time_offline(
        self, late: timedelta, said: dict[str, Any], is_late: bool
    ) -> None:
        told = {"made": Made.OFFLINE, "recorded_at": when(4) + late, **said}

        facts = project(plan_of(practices=self.PRACTICES), changed({4: told}))

        assert facts[1].termination.is_recorded_late is is_late

    def test_is_not_asked_in_a_sandbox_played_as_of_a_past_day(self) -> None:
        plan = plan_of(practices=self.PRACTICES, is_backdated=True)

        assert not project(plan, changed({4: {"recorded_at": when(4) + 9 * DAY}}))[
            1
        ].termination.is_recorded_late


class TestTimeLimit:
    def test_is_box_20_when_the_office_filled_it_in(self) -> None:
        limit = when(1) + 72 * HOUR

        assert time_limit(plan_of(), certify(1, time_limit_at=limit)) == (limit, True)

    def test_is_the_practice_of_the_territory_otherwise(self) -> None:
        """For the clock of an enquiry; nobody can be late for it (art. 20)."""
        assert time_limit(plan_of(), certify(1)) == (when(1) + timedelta(days=TRANSIT_DAYS), False)

    @pytest.mark.parametrize(
        ("after", "is_possible"),
        [(timedelta(0), True), (90 * DAY, True), (-SECOND, False), (90 * DAY + SECOND, False)],
    )
    def test_can_be_meant_from_the_start_to_the_longest(self, after: timedelta, is_possible: bool) -> None:
        practice = Practices(longest_time_limit=Schedule((DatedPeriod(LONG_AGO, None, Period(days=90)),)))

        assert is_possible_limit(practice, when(1), when(1) + after) is is_possible

    def test_does_not_run_before_the_start(self) -> None:
        assert project(plan_of(), [certify(2)])[0].time_limit_at is None


class TestSpeed:
    def test_is_distance_by_time(self) -> None:
        kilometres = great_circle_km(office_facts("KZHOR001"), office_facts("KZQZQ001"))

        assert project(plan_of(), clean())[1].termination.speed_kmh == round(kilometres / 10)

    def test_says_nothing_between_neighbouring_offices(self) -> None:
        assert project(plan_of(), clean())[1].start.speed_kmh is None

    def test_says_nothing_when_time_runs_backwards(self) -> None:
        assert facts_of({4: {"at": when(3) - HOUR}})[1].termination.speed_kmh is None

    def test_has_a_most_when_no_time_passed(self) -> None:
        assert facts_of({4: {"at": when(3)}})[1].termination.speed_kmh == FASTEST_RECORDED_KMH


class TestGreatCircleKm:
    def test_knows_a_distance_from_the_map(self) -> None:
        """Urumqi to Dushanbe: about 1,650 km as the crow flies."""
        there = great_circle_km(office_facts("CNURC001"), office_facts("TJDYU001"))

        assert there == pytest.approx(1650, rel=0.02)

    def test_is_the_same_both_ways(self) -> None:
        here, there = office_facts(ROUTE[0][0]), office_facts(ROUTE[-1][-1])

        assert great_circle_km(here, there) == great_circle_km(there, here)
