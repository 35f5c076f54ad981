"""Applications for a carnet as plain facts: sound ones, and what a test of a rule says of them. No database."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from carnets.choices import StopAction, UnitKind
from carnets.itinerary import ItineraryStop
from carnets.rules import ISSUE, Application, DeclaredConsignment, DeclaredGoods, DeclaredVehicle
from guarantees.clocks import Period
from guarantees.models import Association, Guarantee, Holder
from tests.evidence import Route, planned, stops_of
from tests.world import ROUTE
from tir.kernel.rules import Facts

CROSSING = (("CNHRS001", "exit"), ("KZHOR001", "entry"))
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
OURS, THEIRS = Association(pk=1, code="071"), Association(pk=2, code="085")
SHIRTS = DeclaredGoods("Cotton shirts", 420, "CT", Decimal("8200.5"), "620520")

Does = Sequence[tuple[str, str]]  # office, what the lorry does there


def holder(**changes: Any) -> Holder:
    """A holder in good standing."""
    standing = {
        "pk": 10,
        "reference": "CHN/071/1001",
        "association": OURS,
        "authorised_from": date(2020, 1, 1),
    }
    return Holder(**{**standing, **changes})


def guarantee(**changes: Any) -> Guarantee:
    """A guarantee in force, for any holder."""
    terms = {"pk": 20, "reference": "CN-2026-0001", "association": OURS, "valid_from": date(2026, 1, 1)}
    return Guarantee(**{**terms, **changes})


def vehicle(expires: date | None = TODAY + 400 * DAY, kind: str = UnitKind.RIGID) -> DeclaredVehicle:
    return DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", expires, kind)


def goods(**changes: Any) -> DeclaredGoods:
    return replace(SHIRTS, **changes)


def along(stops: Sequence[ItineraryStop[Any]], *lines: DeclaredGoods) -> list[DeclaredConsignment]:
    """Return the goods as one consignment from the first stop to the last."""
    return [DeclaredConsignment(1, len(stops), lines or (SHIRTS,))]


def application(route: Route = ROUTE, *, lines: Sequence[DeclaredGoods] = (), **changes: Any) -> Application:
    """An application that every rule accepts; `changes` break it."""
    stops = stops_of(route)
    sound = Application(
        association=OURS,
        holder=holder(),
        guarantee=guarantee(),
        vouchers=14,
        acceptance_until=TODAY + 30 * DAY,
        vehicles=[vehicle()],
        stops=stops,
        consignments=along(stops, *lines),
        issued_on=TODAY,
        acceptance=Period(days=60),
    )
    return replace(sound, **changes)


def stops(*does: tuple[str, str]) -> list[ItineraryStop[Any]]:
    return [ItineraryStop(planned(code), StopAction(what)) for code, what in does]


def assert_rule(rule: Callable[[Application], Facts | None], case: Application, *, holds: bool) -> None:
    """The rule holds, or its sentence names every fact that breaks it."""
    finding = next(each for each in ISSUE if each.check is rule).judge(case)
    assert (finding is None) is holds, finding
    if finding:
        assert finding.facts["field"]
        assert not set("{}") & set(finding.detail), finding.detail
