"""How grave each irregularity is: by the catalogue, and by dated rules of a territory."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from carnets.models import Carnet, Irregularity, SeverityRule
from carnets.reconciliation.catalogue import CATALOGUE
from guarantees.models import CustomsTerritory
from tests.world import HOUR, LONG_AGO, START, World, reconcile

LATER = START + timedelta(days=5)
LOOK_ALIKE = ("А-10023", "A-10024")  # the first letter is Cyrillic
BY_THE_CATALOGUE = {
    "block": {"invalidated", "lost", "stolen", "expired_at_accept", "holder_excluded", "approval_expired",
              "no_guarantor"},
    "high": {"seal_mismatch", "seal_broken_no_pv", "vehicle_changed", "impossible_speed", "occurred_in_future",
             "occurred_before_issue", "control_discrepancy"},
    "info": {"office_role_not_approved", "wrong_office", "not_planned", "wrong_country_seq", "spelt_differently"},
}  # fmt: skip


def rule(code: str, severity: str, territory: str | None = None, *, since: date = LONG_AGO) -> SeverityRule:
    where = CustomsTerritory.objects.get(code=territory) if territory else None
    return SeverityRule.objects.create(
        code=code, severity=severity, territory=where, article="practice", valid_from=since
    )


def driven_too_fast(world: World) -> Carnet:
    """Some 930 km of Kazakhstan in an hour, on 3 March; all else is in order."""
    carnet = world.issue()
    world.travel(carnet, but={4: {"at": START + 32 * HOUR}})
    return carnet


def found(carnet: Carnet, code: str) -> tuple[str, bool, str]:
    """Return how grave it is, whether it bars, and what became of its operation."""
    columns = ("severity", "bars_discharge", "operation__status")
    return Irregularity.objects.filter(carnet=carnet, code=code).values_list(*columns).get()


def test_by_the_catalogue_each_is_as_grave_as_this() -> None:
    told: dict[str, set[str]] = {}
    for entry in CATALOGUE:
        told.setdefault(str(entry.severity), set()).add(entry.code)

    rest = told.pop("flag")
    assert told == BY_THE_CATALOGUE
    assert {"pkg_short", "seals_unknown", "late", "recorded_late", "duplicate"} <= rest


@pytest.mark.django_db
class TestARule:
    @pytest.mark.parametrize(
        ("severity", "territory", "since", "expected"),
        [
            ("flag", "EAEU", date(2026, 3, 3), ("flag", False, "discharged")),
            ("flag", "EAEU", date(2026, 3, 4), ("high", True, "terminated")),  # stamped on the 3rd
            ("flag", "UZ", LONG_AGO, ("high", True, "terminated")),
            ("flag", None, LONG_AGO, ("flag", False, "discharged")),
            ("block", None, LONG_AGO, ("block", True, "terminated")),
        ],
    )
    def test_holds_in_its_territory_from_its_first_day(
        self, world: World, severity: str, territory: str | None, since: date, expected: tuple[str, bool, str]
    ) -> None:
        """Some 930 km in an hour, on 3 March: high by the catalogue, so that it bars."""
        rule("impossible_speed", severity, territory, since=since)
        carnet = driven_too_fast(world)

        reconcile(LATER)

        assert found(carnet, "impossible_speed") == expected

    def test_of_the_territory_goes_before_one_for_all(self, world: World) -> None:
        rule("impossible_speed", "info")
        rule("impossible_speed", "block", "EAEU")
        carnet = driven_too_fast(world)

        reconcile(LATER)

        assert found(carnet, "impossible_speed") == ("block", True, "terminated")

    @pytest.mark.parametrize(("territory", "expected"), [
        ("EAEU", ("high", True, "terminated")), ("UZ", ("info", False, "discharged")),
    ])  # fmt: skip
    def test_that_calls_a_note_high_bars(
        self, world: World, territory: str, expected: tuple[str, bool, str]
    ) -> None:
        rule("spelt_differently", "high", territory)
        carnet = world.issue()
        world.travel(carnet, but={4: {"seals_found": LOOK_ALIKE}})

        reconcile(LATER)

        assert found(carnet, "spelt_differently") == expected

    @pytest.mark.parametrize(
        ("code", "but"),
        [
            ("seal_mismatch", {page: {"seals_found": ("Z-1",)} for page in range(4, 9)}),
            ("pkg_short", {4: {"packages": 400}}),
        ],
    )
    def test_makes_no_certificate_of_one_that_disagrees(
        self, world: World, code: str, but: dict[int, Any]
    ) -> None:
        rule(code, "info")
        carnet = world.issue()
        world.travel(carnet, but=but)

        reconcile(LATER)

        assert found(carnet, code) == ("info", True, "terminated")

    def test_made_later_is_heard_by_what_is_open(self, world: World) -> None:
        carnet = driven_too_fast(world)
        reconcile(LATER)
        rule("impossible_speed", "flag")
        Carnet.objects.update(reconcile_at=LATER)

        reconcile(LATER + HOUR)

        assert found(carnet, "impossible_speed") == ("flag", False, "discharged")

    def test_never_calls_it_high_to_be_late(self, world: World) -> None:
        """Art. 39: minor delays are disregarded."""
        for severity in ("high", "block"):
            with pytest.raises(IntegrityError, match="late_is_never_grave"), transaction.atomic():
                rule("late", severity)

        rule("late", "info")
