"""Why a guarantee is not good: each reason by a test of its rule's own name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from carnets.choices import CarnetStatus, Control
from carnets.guarantee_queries import rules
from carnets.guarantee_queries.rules import CONFIRM, Question
from carnets.models import Carnet
from guarantees.choices import HolderStatus
from guarantees.exposure import Cover
from guarantees.models import Guarantee, Holder
from tests.world import START
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
