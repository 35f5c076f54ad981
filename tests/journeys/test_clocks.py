"""One clock, whoever asks: the officer's screen, the stamp's receipt, issuing and reconciliation go by the same row."""

from datetime import date, timedelta

import pytest

from carnets.issuing import IssueRefused
from carnets.models import Carnet
from checkpoints.posts.postings import officer_of
from checkpoints.recording.scanning import scan
from guarantees.choices import Clock
from guarantees.models import ClockRule, CustomsTerritory
from tests.world import HOUR, START, World, flagged, reconcile
from tir.kernel.kept import Kept

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
PRACTICE = date(2026, 3, 1)


def new_rule(
    clock: Clock, territory: CustomsTerritory | None, *, valid_from: date = PRACTICE, **length: int
) -> None:
    """Put a rule in force that goes before the one of everywhere, or after it."""
    ClockRule.objects.filter(clock=clock, territory=territory).update(valid_to=valid_from)
    ClockRule.objects.create(
        clock=clock, territory=territory, valid_from=valid_from, article="by a test", **length
    )
    Kept.forget_all()


class TestSuspension:
    @pytest.mark.parametrize(
        ("territory", "valid_from", "resumed_after", "is_too_long"),
        [
            (None, None, 30 * DAY, False),
            (None, None, 30 * DAY + SECOND, True),
            ("EAEU", PRACTICE, 5 * DAY, False),
            ("EAEU", PRACTICE, 5 * DAY + SECOND, True),
            ("EAEU", date(2026, 3, 3), 5 * DAY + SECOND, True),  # in force on the day of the suspension
            ("EAEU", date(2026, 3, 4), 5 * DAY + SECOND, False),  # on the day after it
            ("UZ", PRACTICE, 5 * DAY + SECOND, False),  # the territory that was left decides
        ],
    )
    def test_is_too_long_for_scan_stamp_and_reconciliation_alike(
        self,
        world: World,
        territory: str | None,
        valid_from: date | None,
        resumed_after: timedelta,
        is_too_long: bool,
    ) -> None:
        if territory and valid_from:
            new_rule(Clock.SUSPENSION, world.territories[territory], valid_from=valid_from, days=5)
        carnet = world.issue()
        suspended_at = world.travel(carnet, upto=4, but={4: {"is_suspension": True}})
        assert suspended_at.date() == date(2026, 3, 3)
        at = suspended_at + resumed_after

        officer = officer_of(world.officers["UZYAL001"].pk)
        look = scan(number=carnet.number, page=5, officer=officer, occurred_at=at, at=at)
        outcome = world.stamp(carnet, 5, at)
        reconcile(at + HOUR)

        assert outcome.row is not None
        warned = {warning["code"] for warning in outcome.row["receipt"]["warnings"]}
        shown = {finding.code for finding in look.findings}
        found = ("suspended_too_long", 4) in flagged(carnet)
        assert ("suspended_too_long" in shown, "suspended_too_long" in warned, found) == (is_too_long,) * 3


class TestAcceptance:
    @pytest.mark.parametrize(("days", "is_issued"), [(14, True), (15, False)])
    def test_goes_by_the_rule_in_force_on_the_day_of_issue(
        self, world: World, days: int, is_issued: bool
    ) -> None:
        new_rule(Clock.ACCEPTANCE, None, days=14)
        until = START.date() + days * DAY

        if is_issued:
            assert world.issue(acceptance_until=until).acceptance_until == until
        else:
            with pytest.raises(IssueRefused) as refused:
                world.issue(acceptance_until=until)
            assert refused.value.facts["latest"] == START.date() + 14 * DAY


class TestExpiry:
    @pytest.mark.parametrize(("days", "is_expired"), [(3, False), (4, True)])
    def test_of_an_unused_carnet_goes_by_its_rule(self, world: World, days: int, is_expired: bool) -> None:
        new_rule(Clock.EXPIRY, None, days=3)
        until = START.date() + 20 * DAY
        carnet = world.issue(acceptance_until=until)
        end_of_last_day = (
            START.replace(hour=0) + 21 * DAY - 8 * HOUR
        )  # in Shanghai, where the association sits

        reconcile(START + HOUR)
        carnet.refresh_from_db()
        assert carnet.reconcile_at == end_of_last_day + 3 * DAY
        reconcile(end_of_last_day + (days - 1) * DAY)

        assert (Carnet.objects.get(pk=carnet.pk).control == "expired") is is_expired
