"""Holders: every step from every status, exclusions with their notice, and a history nobody can change."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from guarantees import holders
from guarantees.choices import HolderStatus, HolderVerb
from guarantees.clocks import Answer
from guarantees.models import Holder, HolderEvent
from guarantees.states import HOLDER, HolderStepNotAllowed
from tests.world import START, World
from tir.accounts.models import Role, User

TODAY = START.date()
WEEK = timedelta(days=7)
DO: dict[HolderVerb, Any] = {
    HolderVerb.SUSPEND: holders.suspend,
    HolderVerb.RESUME: holders.resume,
    HolderVerb.WITHDRAW: holders.withdraw_authorisation,
    HolderVerb.END: holders.end_activity,
}


def step(world: World, verb: HolderVerb) -> Holder:
    return DO[verb](holder_id=world.holder.pk, reason="Because.", by=world.staff["CN"], at=START)  # type: ignore[no-any-return]


def lead_to(world: World, status: str) -> None:
    """Walk to a status the way people would."""
    verb = {
        HolderStatus.SUSPENDED: HolderVerb.SUSPEND,
        HolderStatus.WITHDRAWN: HolderVerb.WITHDRAW,
        HolderStatus.ENDED: HolderVerb.END,
    }.get(HolderStatus(status))
    if verb:
        step(world, verb)


def exclude(world: World, **changes: Any) -> Any:
    facts = {
        "country": "KZ", "valid_from": TODAY, "decided_on": TODAY, "reason": "Smuggling.", "at": START, **changes,
    }  # fmt: skip
    return holders.exclude(holder_id=world.holder.pk, by=customs(), **facts)


def customs() -> User:
    return User.objects.get_or_create(username="hq", defaults={"roles": [Role.CUSTOMS_HQ], "country": "KZ"})[
        0
    ]


class TestSteps:
    @pytest.mark.parametrize("verb", DO)
    @pytest.mark.parametrize("status", HolderStatus.values)
    def test_are_taken_from_the_statuses_of_the_table_alone(
        self, world: World, status: str, verb: HolderVerb
    ) -> None:
        lead_to(world, status)
        allowed = HOLDER[verb]

        if status in allowed.before:
            assert step(world, verb).status == allowed.after
        else:
            with pytest.raises(HolderStepNotAllowed) as refused:
                step(world, verb)
            assert refused.value.facts == {
                "status": status,
                "verb": verb,
                "possible_from": sorted(allowed.before),
            }

    def test_leave_who_when_and_why(self, world: World) -> None:
        step(world, HolderVerb.SUSPEND)

        event = HolderEvent.objects.get()
        assert (event.verb, event.by, event.recorded_at, event.reason) == (
            "suspend",
            world.staff["CN"],
            START,
            "Because.",
        )

    @pytest.mark.parametrize("change", [{"reason": "Nothing."}, None])
    def test_stay_in_the_history(self, world: World, change: dict[str, str] | None) -> None:
        step(world, HolderVerb.SUSPEND)

        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            HolderEvent.objects.update(**change) if change else HolderEvent.objects.all().delete()


class TestAuthorise:
    def authorise(self, world: World, number: str) -> Holder:
        return holders.authorise(
            association=world.associations["KZ"],
            number=number,
            name="Altyn Trans",
            address="Almaty",
            authorised_from=TODAY,
            reason="Conditions met.",
            by=world.staff["KZ"],
            at=START,
        )

    def test_names_country_and_association_before_the_number(self, world: World) -> None:
        holder = self.authorise(world, "12")

        assert (holder.reference, holder.country, holder.status) == ("KAZ/085/12", "KZ", "authorised")

    def test_refuses_a_number_given_before(self, world: World) -> None:
        self.authorise(world, "12")

        with pytest.raises(holders.HolderExists):
            self.authorise(world, "12")


class TestExclusion:
    def test_holds_from_its_first_day_to_its_lifting(self, world: World) -> None:
        exclusion = exclude(world)

        holders.lift_exclusion(
            exclusion_id=exclusion.pk, on=TODAY + WEEK, reason="Settled.", by=customs(), at=START + WEEK
        )

        exclusion.refresh_from_db()
        assert (exclusion.valid_from, exclusion.valid_to) == (TODAY, TODAY + WEEK)
        assert [event.verb for event in HolderEvent.objects.all()] == ["exclude", "lift"]

    def test_by_one_country_never_overlaps(self, world: World) -> None:
        exclude(world)

        with pytest.raises(holders.HolderAlreadyExcluded):
            exclude(world, valid_from=TODAY + WEEK)

    def test_by_two_countries_stands_side_by_side(self, world: World) -> None:
        exclude(world)
        exclude(world, country="UZ")

        assert world.holder.exclusions.count() == 2

    @pytest.mark.parametrize(
        ("day", "error"),
        [(TODAY + 2 * WEEK, holders.ExclusionOver), (TODAY - WEEK, holders.DayOutOfRange)],
    )
    def test_is_lifted_within_its_period(self, world: World, day: date, error: type[Exception]) -> None:
        exclusion = exclude(world, valid_to=TODAY + WEEK)

        with pytest.raises(error):
            holders.lift_exclusion(exclusion_id=exclusion.pk, on=day, reason="No.", by=customs(), at=START)

    @pytest.mark.parametrize(
        "changes", [{"decided_on": TODAY + timedelta(days=1)}, {"valid_to": TODAY}], ids=["future", "empty"]
    )
    def test_refuses_days_that_cannot_be(self, world: World, changes: dict[str, date]) -> None:
        with pytest.raises(holders.DayOutOfRange):
            exclude(world, **changes)

    @pytest.mark.parametrize(
        ("decided", "answer"),
        [(TODAY, Answer.OPEN), (TODAY - WEEK, Answer.OPEN), (TODAY - timedelta(days=8), Answer.LAPSED)],
    )
    def test_has_one_week_for_its_notice(self, world: World, decided: date, answer: Answer) -> None:
        window = holders.notice_window(exclude(world, decided_on=decided))

        assert window is not None
        assert (window.latest, window.article) == (decided + WEEK, "art. 38(2)")
        assert window.answer(TODAY) is answer

    @pytest.mark.parametrize(
        ("hour", "answer"), [(18, Answer.OPEN), (19, Answer.LAPSED)]
    )  # the eighth day begins at 19:00 UTC in Almaty, three hours before in Shanghai
    def test_is_notified_by_the_day_in_the_country_that_excludes(
        self, world: World, hour: int, answer: Answer
    ) -> None:
        recorded = (START + WEEK).replace(hour=hour, minute=30)

        exclusion = exclude(world, decided_on=TODAY, at=recorded)

        assert exclusion.country == "KZ"
        assert holders.notice_answer(exclusion) is answer
