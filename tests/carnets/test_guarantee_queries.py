"""Confirming a guarantee: each reason by a test of its rule's own name, and the question kept for both sides."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from carnets import issuing
from carnets.choices import CarnetStatus, Control
from carnets.guarantee_queries import asking, rules
from carnets.guarantee_queries.rules import CONFIRM, Question
from carnets.models import Carnet, GuaranteeQuery
from carnets.numbering import CarnetNumberInvalid
from guarantees import holders
from guarantees.choices import HolderStatus
from guarantees.exposure import Cover
from guarantees.models import Guarantee, Holder
from tests.world import HOUR, START, World
from tir.kernel.rules import Facts

TODAY = START.date()
DAY = timedelta(days=1)


def carnet_with(
    status: str = CarnetStatus.ISSUED, holder_status: str = HolderStatus.AUTHORISED, **changes: Any
) -> Carnet:
    sound = {
        "number": "XZ99000001",
        "status": status,
        "acceptance_until": TODAY + 30 * DAY,
        "amount": Decimal(100_000),
        "is_reserved": True,
        "holder": Holder(pk=1, reference="CHN/071/1001", status=holder_status),
        "guarantee": Guarantee(pk=1, reference="CN-1", valid_from=TODAY - DAY),
    }
    return Carnet(**{**sound, **changes})


def question(carnet: Carnet | None = None, **changes: Any) -> Question:
    """A question with nothing against it; `changes` put something there."""
    sound = Question(
        "XZ99000001",
        "KZ",
        TODAY,
        carnet=carnet or carnet_with(),
        pages_here=(3, 4),
        cover=Cover(2, Decimal(60_000), "EUR"),
    )
    return replace(sound, **changes)


def assert_rule(rule: Callable[[Question], Facts | None], case: Question, *, holds: bool) -> None:
    """The rule holds, or its sentence names every fact that breaks it; without a carnet the others are silent."""
    finding = next(each for each in CONFIRM if each.check is rule).judge(case)
    assert (finding is None) is holds
    if finding:
        assert not set("{}") & set(finding.detail), finding.detail


def test_carnet_was_issued() -> None:
    unknown = replace(question(), carnet=None)

    assert_rule(rules.carnet_was_issued, question(), holds=True)
    assert [finding.code for finding in CONFIRM.findings(unknown)] == ["carnet_unknown"]


@pytest.mark.parametrize("is_on_route", [True, False])
def test_route_touches_the_country(is_on_route: bool) -> None:
    assert_rule(rules.route_touches_the_country, question(is_on_route=is_on_route), holds=is_on_route)


@pytest.mark.parametrize(("page", "holds"), [(None, True), (3, True), (4, True), (5, False)])
def test_page_is_for_the_country(page: int | None, holds: bool) -> None:
    assert_rule(rules.page_is_for_the_country, question(page=page), holds=holds)


@pytest.mark.parametrize("control", Control.values)
def test_carnet_was_not_withdrawn(control: str) -> None:
    case = question(carnet_with(control=control, control_at=START))

    assert_rule(rules.carnet_was_not_withdrawn, case, holds=control == "")


@pytest.mark.parametrize("status", CarnetStatus.values)
def test_transport_is_not_over(status: str) -> None:
    is_over = status in ("terminated", "discharged", "closed", "returned")

    assert_rule(rules.transport_is_not_over, question(carnet_with(status)), holds=not is_over)


@pytest.mark.parametrize(
    ("until", "is_accepted", "holds"),
    [(TODAY, False, True), (TODAY - DAY, False, False), (TODAY - DAY, True, True)],
)
def test_last_day_for_acceptance_is_kept(until: date, is_accepted: bool, holds: bool) -> None:
    case = question(carnet_with(acceptance_until=until), is_accepted=is_accepted)

    assert_rule(rules.last_day_for_acceptance_is_kept, case, holds=holds)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "is_accepted", "holds"),
    [
        (TODAY, None, False, True),
        (TODAY + DAY, None, False, False),
        (TODAY - DAY, TODAY, False, False),
        (TODAY - DAY, TODAY, True, True),
    ],
)
def test_guarantee_is_in_force(
    valid_from: date, valid_to: date | None, is_accepted: bool, holds: bool
) -> None:
    guarantee = Guarantee(pk=1, reference="CN-1", valid_from=valid_from, valid_to=valid_to)

    case = question(carnet_with(guarantee=guarantee), is_accepted=is_accepted)

    assert_rule(rules.guarantee_is_in_force, case, holds=holds)


@pytest.mark.parametrize(
    ("is_reserved", "is_accepted", "holds"),
    [(True, False, True), (False, False, False), (False, True, True)],
)
def test_guarantee_holds_the_amount(is_reserved: bool, is_accepted: bool, holds: bool) -> None:
    case = question(carnet_with(is_reserved=is_reserved), is_accepted=is_accepted)

    assert_rule(rules.guarantee_holds_the_amount, case, holds=holds)


@pytest.mark.parametrize(("cover", "holds"), [(Cover(2, Decimal(1), "EUR"), True), (None, False)])
def test_an_association_guarantees_here(cover: Cover | None, holds: bool) -> None:
    assert_rule(rules.an_association_guarantees_here, question(cover=cover), holds=holds)


@pytest.mark.parametrize("is_accepted", [False, True])
@pytest.mark.parametrize("status", HolderStatus.values)
def test_holder_is_still_authorised(status: str, is_accepted: bool) -> None:
    case = question(carnet_with(holder_status=status), is_accepted=is_accepted)

    assert_rule(rules.holder_is_still_authorised, case, holds=is_accepted or status == "authorised")


@pytest.mark.parametrize(
    ("is_excluded", "is_started_here", "holds"),
    [(True, False, False), (True, True, True), (False, False, True)],
)
def test_country_does_not_exclude_the_holder(is_excluded: bool, is_started_here: bool, holds: bool) -> None:
    case = question(is_excluded=is_excluded, is_started_here=is_started_here, is_accepted=True)

    assert_rule(rules.country_does_not_exclude_the_holder, case, holds=holds)


def ask(
    world: World, number: str, country: str = "KZ", page: int | None = None, at: datetime = START + DAY
) -> asking.QueryAnswer:
    return asking.ask(
        number=number,
        page=page,
        country=country,
        office="KZHOR001",
        by=world.officers["KZHOR001"],
        at=at,
    )


def codes(answer: asking.QueryAnswer) -> list[str]:
    return [finding.code for finding in answer.findings]


class TestAnswer:
    def test_is_good_for_a_carnet_in_order(self, world: World) -> None:
        carnet = world.issue()

        answer = ask(world, carnet.number.lower(), page=3)

        assert codes(answer) == []
        assert answer.cover is not None
        assert (answer.cover.association_id, answer.cover.amount) == (
            world.associations["KZ"].pk,
            Decimal(60_000),
        )

    def test_names_every_reason(self, world: World) -> None:
        carnet = world.issue()
        holders.suspend(holder_id=world.holder.pk, reason="Debts.", by=world.staff["CN"], at=START)
        holders.exclude(
            holder_id=world.holder.pk, country="KZ", valid_from=TODAY, decided_on=TODAY, reason="Smuggling.",
            by=world.staff["CN"], at=START,
        )  # fmt: skip
        issuing.invalidate(number=carnet.number, reason="Unused.", by=world.staff["CN"], at=START)

        assert codes(ask(world, carnet.number)) == [
            "not_in_circulation",
            "guarantee_not_reserved",
            "holder_not_authorised",
            "holder_excluded",
        ]

    def test_stays_good_for_what_was_accepted_in_time(self, world: World) -> None:
        """Accepted on 2 March; then the holder is suspended and the guarantee ends: a lorry on its way is covered."""
        carnet = world.issue()
        world.travel(carnet, upto=3, since=START - 29 * HOUR)
        holders.suspend(holder_id=world.holder.pk, reason="Debts.", by=world.staff["CN"], at=START)
        Guarantee.objects.update(valid_to=TODAY)

        assert codes(ask(world, carnet.number)) == []

    def test_knows_a_country_that_a_detour_went_through(self, world: World) -> None:
        carnet = world.issue(route=(("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001")))
        assert codes(ask(world, carnet.number, country="UZ")) == ["territory_not_on_route"]

        world.stamp(carnet, 5, START + HOUR, "UZYAL001", is_offline=True, seals_affixed=("A-1",))

        answer = ask(world, carnet.number, country="UZ", page=6)
        assert codes(answer) == []
        assert answer.cover is not None
        assert answer.cover.association_id == world.associations["UZ"].pk

    def test_refuses_a_page_that_another_territory_used(self, world: World) -> None:
        carnet = world.issue()
        world.stamp(carnet, 1, START + HOUR, seals_affixed=("A-1",))

        assert codes(ask(world, carnet.number, page=2)) == ["page_not_planned"]
        assert codes(ask(world, carnet.number, page=5)) == []
        assert codes(ask(world, carnet.number, page=15)) == ["page_not_planned"]

    def test_is_of_the_day_in_the_asking_country(self, world: World) -> None:
        """Last day 4 March: until 19:00 UTC it is the 4th in Almaty, from then on the 5th, and still the 4th in UTC."""
        carnet = world.issue(acceptance_until=date(2026, 3, 4))
        midnight = datetime(2026, 3, 4, 19, 0, tzinfo=UTC)

        assert codes(ask(world, carnet.number, at=midnight - timedelta(seconds=1))) == []
        assert codes(ask(world, carnet.number, at=midnight)) == ["expired_at_accept"]

    def test_tells_a_country_off_the_route_nothing_more(self, world: World) -> None:
        carnet = world.issue(route=(("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001")))
        issuing.invalidate(number=carnet.number, reason="Unused.", by=world.staff["CN"], at=START)

        answer = ask(world, carnet.number, country="TJ", page=1)

        assert codes(answer) == ["territory_not_on_route"]
        assert answer.cover is None

    def test_is_kept_with_its_reasons(self, world: World) -> None:
        carnet = world.issue()
        issuing.invalidate(number=carnet.number, reason="Unused.", by=world.staff["CN"], at=START)

        asked = ask(world, carnet.number).query

        kept = GuaranteeQuery.objects.get(pk=asked.pk)
        assert (kept.carnet, kept.country, kept.office, kept.is_good) == (carnet, "KZ", "KZHOR001", False)
        with translation.override("ru"):
            details = [finding.detail for finding in asking.reasons_of(kept)]
        assert all(details)

    def test_of_a_number_nobody_issued_is_kept_too(self, world: World) -> None:
        answer = ask(world, "XZ99000001")

        assert codes(answer) == ["carnet_unknown"]
        assert GuaranteeQuery.objects.get().carnet is None

    def test_of_a_mistyped_number_is_none(self, world: World) -> None:
        with pytest.raises(CarnetNumberInvalid):
            ask(world, "XZ99000002")


class TestByHand:
    def test_stands_beside_what_the_system_answered(self, world: World) -> None:
        query = ask(world, world.issue().number).query

        for is_good in (True, False):
            asking.confirm_by_hand(
                query=query, is_good=is_good, text="Looked it up.", by=world.staff["CN"], at=START + DAY
            )

        assert [item.is_good for item in query.confirmations.all()] == [False, True]
        query.refresh_from_db()
        assert query.is_good
