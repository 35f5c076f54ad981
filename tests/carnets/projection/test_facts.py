"""What stamps add up to. Pure: no database, no clock; the order of arrival never matters."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnets.choices import CarnetStatus, Control, OfficeRole, OperationStatus
from carnets.projection.facts import (
    FASTEST_RECORDED_KMH,
    NOTHING,
    REPORT_MAY_FOLLOW,
    Certification,
    OperationFacts,
    carnet_status,
    expected_seals,
    great_circle_km,
    is_approved,
    project,
    standing_certifications,
)
from tests.evidence import (
    PACKAGES,
    PLATE,
    SEALS,
    TRANSIT_DAYS,
    Journey,
    certify,
    clean,
    deliveries,
    journeys,
    office_facts,
    office_of,
    plan_of,
    report,
    when,
)
from tests.world import HOUR, ROUTE

TWO_UNLOADINGS = (("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001"), ("KZALA001", "KGBIS001"))


def but(*changed: Certification) -> list[Certification]:
    """A clean journey in which these certifications take the place of those on their pages."""
    pages = {one.page for one in changed}
    return [*(one for one in clean() if one.page not in pages), *changed]


def without(*pages: int) -> list[Certification]:
    return [one for one in clean() if one.page not in pages]


@st.composite
def journeys_delivered(draw: st.DrawFn) -> tuple[Journey, list[Any], list[Any]]:
    journey = draw(journeys())
    return journey, draw(deliveries(journey.certifications)), draw(deliveries(journey.reports))


class TestProjectInAnyOrder:
    @settings(max_examples=500)
    @given(journeys_delivered())
    def test_gives_the_same_facts(self, delivered: tuple[Journey, list[Any], list[Any]]) -> None:
        journey, certifications, reports = delivered

        assert project(plan_of(), certifications, reports) == project(
            plan_of(), journey.certifications, journey.reports
        )

    @given(journeys())
    def test_forgets_a_stamp_its_office_took_back(self, journey: Journey) -> None:
        """What is left when a stamp and its cancellation are removed together is what counts."""
        stamped = {one.id: one for one in journey.certifications}
        taken_back = {
            one.cancels
            for one in journey.certifications
            if one.cancels in stamped and stamped[one.cancels].office == one.office
        }
        left = [one for one in journey.certifications if one.cancels is None and one.id not in taken_back]

        assert project(plan_of(), journey.certifications, journey.reports) == project(
            plan_of(), left, journey.reports
        )

    @given(journeys())
    def test_never_calls_an_operation_discharged(self, journey: Journey) -> None:
        """Discharge is a decision about the evidence, not evidence."""
        facts = project(plan_of(), journey.certifications, journey.reports)

        assert OperationStatus.DISCHARGED not in {operation.status for operation in facts}


class TestProject:
    def test_of_nothing_expects_every_operation(self) -> None:
        facts = project(plan_of(), [])

        assert [operation.status for operation in facts] == [OperationStatus.EXPECTED] * 4
        assert all(operation.start == operation.termination == NOTHING for operation in facts)

    def test_of_a_clean_journey_agrees_on_every_page(self) -> None:
        facts = project(plan_of(), clean())

        for operation in facts:
            assert operation.status == OperationStatus.TERMINATED
            assert operation.packages == operation.packages_expected == PACKAGES
            assert operation.start.is_approved
            assert operation.termination.is_approved
            assert operation.termination.seals_found == operation.termination.seals_expected == SEALS

    @pytest.mark.parametrize(
        ("pages", "statuses"),
        [
            ([1], ["started", "expected", "expected", "expected"]),
            ([1, 2], ["terminated", "expected", "expected", "expected"]),
            ([2], ["terminated", "expected", "expected", "expected"]),
            ([1, 2, 3], ["terminated", "started", "expected", "expected"]),
            ([4, 5], ["expected", "terminated", "started", "expected"]),
        ],
    )
    def test_tells_the_status_from_the_pages_stamped(self, pages: list[int], statuses: list[str]) -> None:
        facts = project(plan_of(), [certify(page) for page in pages])

        assert [operation.status for operation in facts] == statuses

    def test_calls_an_operation_refused_until_it_starts_after_all(self) -> None:
        refused = project(plan_of(), [], refused_pages=frozenset({3}))
        started = project(plan_of(), [certify(3)], refused_pages=frozenset({3}))

        assert refused[1].status == OperationStatus.REFUSED
        assert started[1].status == OperationStatus.STARTED


class TestStandingCertifications:
    def test_lets_the_earliest_stand(self) -> None:
        early, late = certify(3, id=UUID(int=9)), certify(3, when(3) + HOUR, id=UUID(int=8))

        standing, rivals = standing_certifications([late, early])

        assert standing == {3: early}
        assert rivals == {3: 1}

    def test_lets_the_lower_id_stand_of_two_at_one_instant(self) -> None:
        one, other = certify(3, id=UUID(int=8)), certify(3, id=UUID(int=9))

        assert standing_certifications([other, one])[0] == {3: one}

    def test_counts_a_repetition_once(self) -> None:
        assert standing_certifications([certify(3), certify(3)])[1] == {3: 0}

    @pytest.mark.parametrize(
        ("cancelling", "stands"),
        [
            ({}, False),
            ({"office": "KZQZQ001"}, True),
            ({"page": 5, "office": "KZHOR001"}, True),
            ({"cancels": UUID(int=77)}, True),
        ],
        ids=["by its office", "by another office", "from another page", "of a stamp nobody made"],
    )
    def test_forgets_a_stamp_only_when_its_own_office_took_it_back(
        self, cancelling: dict[str, Any], stands: bool
    ) -> None:
        cancellation = certify(
            **{
                "page": 3,
                "at": when(3) + HOUR,
                "office": "KZHOR001",
                "id": UUID(int=50),
                "cancels": UUID(int=3),
            }
            | cancelling
        )

        standing, _rivals = standing_certifications([certify(3), cancellation])

        assert (3 in standing) is stands

    def test_keeps_a_cancellation_in_force_when_somebody_cancels_it(self) -> None:
        cancellation = certify(3, id=UUID(int=50), cancels=UUID(int=3))
        second = certify(3, id=UUID(int=51), cancels=UUID(int=50))

        assert standing_certifications([certify(3), cancellation, second])[0] == {}

    def test_lets_a_rival_step_in_for_a_stamp_taken_back(self) -> None:
        rival = certify(3, when(3) + HOUR, id=UUID(int=60))
        cancellation = certify(3, id=UUID(int=50), cancels=UUID(int=3))

        assert standing_certifications([certify(3), rival, cancellation]) == ({3: rival}, {3: 0})


class TestSeals:
    def test_expected_are_those_affixed_and_found_so_far(self) -> None:
        added = certify(3, seals_affixed=("KZ-1",))
        facts = project(plan_of(), but(added, certify(4, seals_found=(*SEALS, "KZ-1"))))

        assert facts[1].start.seals_expected == SEALS
        assert facts[1].termination.seals_expected == (*SEALS, "KZ-1")

    def test_differ_on_one_page_only_after_a_break_nobody_reported(self) -> None:
        """What an office found is what the next one should find: one break is one irregularity."""
        torn = [certify(page, seals_found=SEALS[:1]) for page in range(5, 9)]
        facts = project(plan_of(), but(*torn))

        differing = [
            2 * operation.sequence - 1 + offset
            for operation in facts
            for offset, side in enumerate((operation.start, operation.termination))
            if side.seals_expected not in (None, side.seals_found)
        ]
        assert differing == [5]

    def test_are_not_known_before_any_office_recorded_them(self) -> None:
        facts = project(plan_of(), [certify(1, seals_affixed=None), certify(2)])

        assert facts[0].start.seals_expected is None
        assert facts[0].termination.seals_expected is None

    def test_of_a_report_take_the_place_of_those_it_says_are_broken(self) -> None:
        broken = report(
            "KZQZQ001", when(3) + HOUR, seals_broken=frozenset(SEALS[:1]), seals_affixed=frozenset({"N-1"})
        )
        facts = project(plan_of(), clean(), [broken])

        assert facts[1].termination.seals_expected == ("A-10024", "N-1")
        assert facts[1].termination.is_reported
        assert not facts[2].start.is_reported

    def test_of_a_report_drawn_up_just_after_were_affixed_after_the_certification(self) -> None:
        broken = report(
            "KZQZQ001", when(4) + HOUR, seals_broken=frozenset(SEALS), seals_affixed=frozenset({"N-1"})
        )
        found = certify(4, seals_intact=False, seals_found=())
        facts = project(plan_of(), but(found, certify(5, seals_found=("N-1",))), [broken])

        assert facts[1].termination.seals_expected == ()
        assert facts[1].termination.is_reported
        assert facts[2].start.seals_expected == ("N-1",)

    @pytest.mark.parametrize(
        ("office", "after", "is_reported"),
        [
            ("KZQZQ001", REPORT_MAY_FOLLOW, True),
            ("KZQZQ001", REPORT_MAY_FOLLOW + timedelta(seconds=1), False),
            ("KZALA001", HOUR, False),
            ("KZALA001", -HOUR, True),
        ],
    )
    def test_are_explained_by_a_report_before_or_by_the_same_office_soon_after(
        self, office: str, after: timedelta, is_reported: bool
    ) -> None:
        drawn_up = report(office, when(4) + after)

        facts = project(plan_of(), but(certify(4, seals_intact=False)), [drawn_up])

        assert facts[1].termination.is_reported is is_reported

    def test_are_not_explained_by_a_report_about_something_else(self) -> None:
        facts = project(plan_of(), clean(), [report("KZALA001", when(3) + HOUR, is_about_seals=False)])

        assert not facts[1].termination.is_reported


class TestExpectedSeals:
    def test_are_those_last_found_and_affixed(self) -> None:
        certifications = [certify(1), certify(2, seals_affixed=("N-9",))]

        assert expected_seals(plan_of(), certifications) == sorted((*SEALS, "N-9"))

    def test_count_a_report_since_the_last_stamp(self) -> None:
        broken = report(
            "KZALA001", when(3) + HOUR, seals_broken=frozenset(SEALS), seals_affixed=frozenset({"N-1"})
        )

        assert expected_seals(plan_of(), clean(upto=3), [broken]) == ["N-1"]

    def test_are_unknown_before_departure(self) -> None:
        assert expected_seals(plan_of(), []) is None


class TestVehicles:
    def test_agree_when_nobody_wrote_them_down(self) -> None:
        assert project(plan_of(), [certify(1)])[0].start.vehicles_agree

    def test_differ_on_the_page_where_another_plate_was_seen(self) -> None:
        changed = [certify(page, vehicles=("99ZZ999",) if page >= 4 else (PLATE,)) for page in range(1, 9)]
        facts = project(plan_of(), changed)

        assert [side.vehicles_agree for operation in facts for side in (operation.start, operation.termination)] == [
            True, True, True, False, True, True, True, True,
        ]  # fmt: skip

    def test_may_change_with_a_certified_report(self) -> None:
        changed = report("KZALA001", when(3) + HOUR, vehicles=frozenset({"99ZZ999"}))

        facts = project(plan_of(), but(certify(4, vehicles=("99ZZ999",))), [changed])

        assert facts[1].termination.vehicles_agree


class TestPackages:
    def test_are_not_compared_before_termination(self) -> None:
        assert project(plan_of(), [certify(1)])[0].packages_expected is None

    def test_unloaded_on_the_way_are_gone_for_the_next_operations(self) -> None:
        plan = plan_of(TWO_UNLOADINGS)
        facts = project(plan, [*clean(3, TWO_UNLOADINGS), *unload(4, 120), *unload(6, 300)])

        assert [operation.packages_expected for operation in facts] == [PACKAGES, None, 300]

    def test_cannot_be_compared_after_an_unloading_that_did_not_count(self) -> None:
        plan = plan_of(TWO_UNLOADINGS)
        facts = project(plan, [*clean(3, TWO_UNLOADINGS), *unload(4, None), *unload(6, 300)])

        assert facts[2].packages_expected is None

    def test_never_fall_below_none(self) -> None:
        plan = plan_of(TWO_UNLOADINGS)
        facts = project(plan, [*unload(4, PACKAGES + 1), *unload(6, 0)])

        assert facts[2].packages_expected == 0

    def test_of_a_partial_termination_are_its_own_affair(self) -> None:
        facts = project(plan_of(), but(certify(4, packages=20, is_partial=True)))

        assert [operation.packages_expected for operation in facts] == [PACKAGES, None, 400, 400]


def unload(page: int, packages: int | None) -> list[Certification]:
    return [certify(page, office=office_of(page, TWO_UNLOADINGS), packages=packages)]


class TestTimeLimit:
    def test_is_box_20_when_the_office_filled_it_in(self) -> None:
        limit = when(1) + 72 * HOUR

        assert project(plan_of(), [certify(1, time_limit_at=limit)])[0].time_limit_at == limit

    def test_is_the_practice_of_the_territory_otherwise(self) -> None:
        assert project(plan_of(), [certify(1)])[0].time_limit_at == when(1) + timedelta(days=TRANSIT_DAYS)

    def test_does_not_run_before_the_start(self) -> None:
        assert project(plan_of(), [certify(2)])[0].time_limit_at is None


class TestSpeed:
    def test_is_distance_by_time(self) -> None:
        kilometres = great_circle_km(office_facts("KZHOR001"), office_facts("KZQZQ001"))

        assert project(plan_of(), clean())[1].termination.speed_kmh == round(kilometres / 10)

    def test_says_nothing_between_neighbouring_offices(self) -> None:
        assert project(plan_of(), clean())[1].start.speed_kmh is None

    def test_says_nothing_when_time_runs_backwards(self) -> None:
        facts = project(plan_of(), but(certify(4, when(3) - HOUR)))

        assert facts[1].termination.speed_kmh is None

    def test_has_a_most_when_no_time_passed(self) -> None:
        facts = project(plan_of(), but(certify(4, when(3))))

        assert facts[1].termination.speed_kmh == FASTEST_RECORDED_KMH


class TestGreatCircleKm:
    def test_knows_a_distance_from_the_map(self) -> None:
        """Urumqi to Dushanbe: about 1,650 km as the crow flies."""
        assert great_circle_km(office_facts("CNURC001"), office_facts("TJDYU001")) == pytest.approx(
            1650, rel=0.02
        )

    def test_is_the_same_both_ways(self) -> None:
        here, there = office_facts("CNURC001"), office_facts("TJDYU001")

        assert great_circle_km(here, there) == great_circle_km(there, here)


LOADS_TWICE = (("CNURC001", "CNHRS001"), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001"))


class TestIsApproved:
    @pytest.mark.parametrize(
        ("route", "page", "role", "approved"),
        [
            (ROUTE, 1, OfficeRole.DEPARTURE, True),
            (ROUTE, 1, OfficeRole.ENTRY, False),
            (ROUTE, 2, OfficeRole.EXIT, True),
            (ROUTE, 2, OfficeRole.DEPARTURE, False),
            (ROUTE, 3, OfficeRole.ENTRY, True),
            (ROUTE, 8, OfficeRole.DESTINATION, True),
            (ROUTE, 8, OfficeRole.EXIT, False),
            (LOADS_TWICE, 2, OfficeRole.DESTINATION, True),
            (LOADS_TWICE, 2, OfficeRole.DEPARTURE, True),
            (LOADS_TWICE, 2, OfficeRole.EXIT, False),
            (LOADS_TWICE, 3, OfficeRole.DEPARTURE, True),
            (ROUTE, 9, OfficeRole.EXIT, False),
            (ROUTE, 0, OfficeRole.EXIT, False),
        ],
    )
    def test_goes_by_the_role_the_page_needs(
        self, route: Sequence[tuple[str, str]], page: int, role: OfficeRole, approved: bool
    ) -> None:
        assert is_approved(page, frozenset({role}), plan_of(route).operations) is approved


class TestCarnetStatus:
    @pytest.mark.parametrize(
        ("certifications", "status"),
        [
            ([], CarnetStatus.ISSUED),
            (clean(1), CarnetStatus.ACCEPTED),
            (clean(2), CarnetStatus.IN_TRANSIT),
            (clean(3), CarnetStatus.IN_TRANSIT),
            ([certify(3)], CarnetStatus.IN_TRANSIT),
            ([certify(2, is_suspension=True)], CarnetStatus.SUSPENDED),
            ([certify(1), certify(2, is_suspension=True), certify(3)], CarnetStatus.IN_TRANSIT),
            ([certify(1), certify(2, is_partial=True)], CarnetStatus.PARTIALLY_TERMINATED),
            ([certify(8, is_partial=True)], CarnetStatus.PARTIALLY_TERMINATED),
            ([certify(8)], CarnetStatus.TERMINATED),
            (clean(), CarnetStatus.TERMINATED),
        ],
    )
    def test_is_what_the_operations_add_up_to(
        self, certifications: list[Certification], status: CarnetStatus
    ) -> None:
        assert carnet_status(project(plan_of(), certifications)) == status

    def test_is_discharged_when_every_operation_is(self) -> None:
        facts = [replace(fact, status=OperationStatus.DISCHARGED) for fact in project(plan_of(), clean())]

        assert carnet_status(facts) == CarnetStatus.DISCHARGED
        assert carnet_status([*facts[:3], terminated(facts[3])]) == CarnetStatus.TERMINATED

    @pytest.mark.parametrize("control", [control for control in Control if control != Control.NONE])
    def test_is_the_withdrawal_before_all_else(self, control: Control) -> None:
        facts = project(plan_of(), clean())

        assert carnet_status(facts, control=control, is_returned=True) == control.value

    def test_is_returned_before_what_the_operations_say(self) -> None:
        assert carnet_status(project(plan_of(), clean()), is_returned=True) == CarnetStatus.RETURNED


def terminated(fact: OperationFacts) -> OperationFacts:
    return replace(fact, status=OperationStatus.TERMINATED)
