"""Every transport of the book, through the API in the order written and through the domain in any order."""

import os
from random import Random

import pytest

from tests.scenarios.conftest import Stage
from tests.scenarios.outcome import check, check_boxes, check_ledgers
from tests.scenarios.reading import book
from tests.scenarios.telling import Scenario

SEEDS = int(os.environ.get("SCENARIO_SEEDS", "1"))
FEWEST = 130
BOOK = book()


def _all(*, of_the_law: bool = False) -> list[object]:
    """Return every transport as a parameter; one that the code does not follow yet is marked and must fail."""
    return [
        pytest.param(
            each,
            id=each.name,
            marks=[pytest.mark.xfail(reason=each.red, strict=of_the_law)] if each.red else [],
        )
        for each in BOOK
    ]


@pytest.mark.parametrize("scenario", _all(of_the_law=True))
def test_through_the_api_in_the_order_written(scenario: Scenario, stage: Stage) -> None:
    play = stage(scenario)
    play.play()
    if scenario.not_issued:
        return
    play.clock.at = play.instant(scenario.end, play.scenario.carnets[""].issued_by)
    play.compare(play.clock.at)
    check(play, scenario.outcomes)
    check_boxes(play)
    check_ledgers()


@pytest.mark.parametrize("scenario", [each for each in _all() if not each.values[0].not_issued])  # type: ignore[attr-defined]
def test_through_the_domain_in_any_order(scenario: Scenario, stage: Stage) -> None:
    play = stage(scenario)
    play.issue()
    for seed in range(SEEDS):
        with play.taken_back():
            play.deliver(Random(f"{scenario.name} {seed}"))
            play.clock.at = play.instant(scenario.end, play.scenario.carnets[""].issued_by)
            play.compare(play.clock.at)
            check(play, scenario.outcomes)
            check_ledgers()


def test_no_two_transports_are_the_same() -> None:
    seen: dict[str, str] = {}
    for each in BOOK:
        told = repr(
            (each.carnets, each.given, [_told(e) for e in each.events], each.outcomes, each.not_issued)
        )
        assert told not in seen, f"{each.name} and {seen[told]} are one transport"
        seen[told] = each.name


def _told(event: object) -> str:
    return repr({**vars(event), "line": 0})


def test_the_book_is_long_enough() -> None:
    assert len(BOOK) >= FEWEST
