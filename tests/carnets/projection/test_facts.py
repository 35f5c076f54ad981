"""What the evidence adds up to, operation by operation. Pure; the order of arrival never matters."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnets.choices import CarnetStatus, Control, OfficeRole, OperationStatus
from carnets.projection.evidence import Certification
from carnets.projection.facts import NOTHING, OperationFacts, carnet_status, expected_seals, project
from tests.evidence import (
    PACKAGES,
    SEALS,
    Journey,
    certify,
    changed,
    clean,
    deliveries,
    journeys,
    plan_of,
    report,
    territory_id,
    when,
)
from tests.world import HOUR


@st.composite
def journeys_delivered(draw: st.DrawFn) -> tuple[Journey, list[Any], list[Any]]:
    journey = draw(journeys())
    return journey, draw(deliveries(journey.certifications)), draw(st.permutations(journey.events))


class TestProjectInAnyOrder:
    @settings(max_examples=300)
    @given(journeys_delivered())
    def test_gives_the_same_facts(self, delivered: tuple[Journey, list[Any], list[Any]]) -> None:
        journey, certifications, events = delivered

        assert project(plan_of(), certifications, events) == project(
            plan_of(), journey.certifications, journey.events
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

        assert project(plan_of(), journey.certifications, journey.events) == project(
            plan_of(), left, journey.events
        )

    @given(journeys())
    def test_never_calls_an_operation_discharged(self, journey: Journey) -> None:
        """Discharge is a decision about the evidence, not evidence."""
        facts = project(plan_of(), journey.certifications, journey.events)

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
            assert operation.termination.seals_agree
            assert operation.are_seals_checked
            assert operation.are_packages_certified

    @pytest.mark.parametrize(
        ("pages", "statuses"),
        [
            ([1], ["started", "expected", "expected", "expected"]),
            ([1, 2], ["terminated", "expected", "expected", "expected"]),
            ([2], ["terminated", "expected", "expected", "expected"]),
            ([1, 2, 3], ["terminated", "started", "expected", "expected"]),
            ([4, 5], ["expected", "terminated", "started", "expected"]),
            ([1, 2, 7, 8], ["terminated", "unused", "unused", "terminated"]),
        ],
    )
    def test_tells_the_status_from_the_pages_stamped(self, pages: list[int], statuses: list[str]) -> None:
        """A pair that nobody used is unused once the end of the transport is certified."""
        facts = project(plan_of(), [certify(page) for page in pages])

        assert [operation.status for operation in facts] == statuses

    def test_revives_an_unused_pair_by_a_later_stamp(self) -> None:
        stamped = [certify(page) for page in (1, 2, 7, 8)]

        before, after = project(plan_of(), stamped), project(plan_of(), [*stamped, certify(3)])

        assert (before[1].status, after[1].status) == (OperationStatus.UNUSED, OperationStatus.STARTED)

    def test_calls_a_refusal_an_event_and_no_status(self) -> None:
        refused = project(plan_of(), [], refused_pages=frozenset({3}))
        started = project(plan_of(), [certify(3)], refused_pages=frozenset({3}))

        assert (refused[1].was_refused, refused[1].status) == (True, OperationStatus.EXPECTED)
        assert (started[1].was_refused, started[1].status) == (True, OperationStatus.STARTED)
        assert not refused[0].was_refused

    def test_adds_a_pair_beyond_the_plan_with_its_first_stamp(self) -> None:
        facts = project(plan_of(), [*clean(3), certify(9, office="UZYAL001")])

        assert [operation.sequence for operation in facts] == [1, 2, 3, 4, 5]
        assert (facts[4].territory_id, facts[4].start.is_unplanned) == (territory_id("UZ"), True)

    def test_tells_the_territory_by_the_stamps_else_by_the_plan(self) -> None:
        facts = project(plan_of(), [*clean(2), certify(3, office="UZYAL001")])

        assert [operation.territory_id for operation in facts] == [
            territory_id(code) for code in ("CN", "UZ", "UZ", "TJ")
        ]

    def test_holds_a_discrepancy_of_a_control_against_the_operation(self) -> None:
        facts = project(plan_of(), clean(), disputed_pages=frozenset({3}))

        assert [operation.is_disputed for operation in facts] == [False, True, False, False]

    def test_takes_the_role_from_what_was_done_there(self) -> None:
        facts = project(plan_of(), changed({4: {"ends_here": True}}, upto=4))

        assert (facts[1].termination_role, facts[1].is_final) == (OfficeRole.DESTINATION, True)
        assert [operation.status for operation in facts[2:]] == [OperationStatus.UNUSED] * 2

    def test_knows_who_followed(self) -> None:
        facts = project(plan_of(), [certify(1), certify(2), certify(5)])

        assert [operation.is_followed for operation in facts] == [True, False, False, False]


class TestExpectedSeals:
    def test_are_those_last_found_and_affixed(self) -> None:
        certifications = [certify(1), certify(2, seals_affixed=("N-9",))]

        assert expected_seals(plan_of(), certifications) == sorted((*SEALS, "N-9"))

    def test_count_a_report_since_the_last_stamp(self) -> None:
        """What a report affixed the next office should find, whoever asks first."""
        broken = report("KZALA001", when(3) + HOUR, seals_removed=SEALS, seals_affixed=("N-1",))

        assert expected_seals(plan_of(), clean(upto=3), [broken]) == ["N-1"]

    def test_are_unknown_before_departure(self) -> None:
        assert expected_seals(plan_of(), []) is None


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
            ([certify(1), certify(2, goes_on=True)], CarnetStatus.PARTIALLY_TERMINATED),
            ([certify(8, goes_on=True)], CarnetStatus.PARTIALLY_TERMINATED),
            ([certify(8)], CarnetStatus.TERMINATED),
            ([certify(1), certify(2, ends_here=True)], CarnetStatus.TERMINATED),
            (clean(), CarnetStatus.TERMINATED),
        ],
    )
    def test_is_what_the_operations_add_up_to(
        self, certifications: list[Certification], status: CarnetStatus
    ) -> None:
        assert carnet_status(project(plan_of(), certifications)) == status

    def test_is_discharged_when_every_operation_is_or_was_not_used(self) -> None:
        used = project(plan_of(), [certify(page) for page in (1, 2, 7, 8)])
        facts = [discharged(fact) if fact.has_evidence else fact for fact in used]

        assert carnet_status(facts) == CarnetStatus.DISCHARGED
        assert carnet_status([*facts[:3], used[3]]) == CarnetStatus.TERMINATED
        assert carnet_status(project(plan_of(), [])) != CarnetStatus.DISCHARGED

    @pytest.mark.parametrize("control", [control for control in Control if control != Control.NONE])
    def test_is_the_withdrawal_before_all_else(self, control: Control) -> None:
        facts = project(plan_of(), clean())

        assert carnet_status(facts, control=control, is_returned=True) == control.value

    def test_is_returned_before_what_the_operations_say(self) -> None:
        assert carnet_status(project(plan_of(), clean()), is_returned=True) == CarnetStatus.RETURNED


def discharged(fact: OperationFacts) -> OperationFacts:
    return replace(fact, status=OperationStatus.DISCHARGED)
