"""A claim and the carnet it is about: the operation's row follows the ledger, under the carnet's lock."""

from datetime import timedelta
from decimal import Decimal

import pytest

from carnets.claim_evidence import GroundHolds, contest_on_grounds, evidence_of, following
from carnets.models import Carnet
from guarantees.claims import steps as claims
from guarantees.liability import folding
from guarantees.models import Claim
from tests.guarantees.claiming import demand, headquarters, instant, notify, open_carnet, open_claim
from tests.threads import at_once, raised
from tests.world import START, World, add_kyrgyzstan, reconcile

pytestmark = pytest.mark.usefixtures("as_worker")  # it folds

DAY = timedelta(days=1)
AT = START + 45 * DAY


def row(carnet: Carnet) -> tuple[str | None, Decimal, str, bool]:
    operation = carnet.operations.select_related("guarantor").get(sequence=2)
    country = operation.guarantor and operation.guarantor.country
    return country, operation.borne, operation.borne_currency, operation.borne_from is not None


@pytest.fixture
def carnet(world: World) -> Carnet:
    return open_carnet(world)


class TestFollowing:
    def test_leaves_a_row_as_it_was_when_nothing_moved(self, world: World, carnet: Carnet) -> None:
        before = row(carnet)

        with following(carnet.number, 3, at=AT):
            open_claim(world, carnet, at=AT)

        assert row(carnet) == before == ("KZ", 60_000, "EUR", True)

    def test_lets_the_row_say_who_bears_it_now(self, world: World, carnet: Carnet) -> None:
        add_kyrgyzstan(world)

        with following(carnet.number, 3, at=AT):
            open_claim(world, carnet, at=AT, country="KG")

        assert row(carnet) == ("KG", 40_000, "EUR", True)

    def test_lets_the_row_say_that_nobody_does_any_more(self, world: World, carnet: Carnet) -> None:
        claim = demand(notify(open_claim(world, carnet), AT.date()), AT.date() + 40 * DAY)
        paid = instant(AT.date() + 50 * DAY)

        with following(carnet.number, 3, at=paid):
            claims.pay(claim_id=claim.pk, on=paid.date(), by=world.staff["KZ"], at=paid)

        assert row(carnet) == ("KZ", 0, "EUR", False)
        folding.fold_all()
        assert folding.discrepancies() == []

    def test_has_reconciliation_look_again(self, world: World, carnet: Carnet) -> None:
        with following(carnet.number, 3, at=AT):
            open_claim(world, carnet, at=AT)

        assert Carnet.objects.get(pk=carnet.pk).reconcile_at == AT
        assert reconcile(AT + DAY).examined

    @pytest.mark.django_db(transaction=True)
    def test_pays_once_however_many_ask(self, world: World, carnet: Carnet) -> None:
        claim = demand(notify(open_claim(world, carnet), AT.date()), AT.date() + 40 * DAY)
        paid = instant(AT.date() + 50 * DAY)

        def pay() -> Claim:
            with following(carnet.number, 3, at=paid):
                return claims.pay(claim_id=claim.pk, on=paid.date(), by=world.staff["KZ"], at=paid)

        errors = raised(at_once(pay, pay, pay))

        assert [type(error).__name__ for error in errors] == ["ClaimStepNotAllowed"] * 2
        assert row(carnet)[1] == 0


class TestEvidence:
    def test_is_of_each_claims_own_operation(self, world: World, carnet: Carnet) -> None:
        """Two carnets of the same association: one overdue, one discharged and claimed on for fraud."""
        other = world.issue()
        reconcile(world.travel(other) + DAY)
        open_one, fraud = open_claim(world, carnet), open_claim(world, other, is_fraud=True)

        found = evidence_of([open_one, fraud])

        assert (found[open_one.pk].is_discharged, found[open_one.pk].irregularities) == (False, ("overdue",))
        assert (found[fraud.pk].is_discharged, found[fraud.pk].irregularities) == (True, ())

    def test_bears_out_the_grounds_of_a_contest_and_no_others(self, world: World, carnet: Carnet) -> None:
        claim, on = notify(open_claim(world, carnet), AT.date()), AT.date() + DAY

        def say(ground: str) -> Claim:
            return contest_on_grounds(
                claim=claim, on=on, grounds=[ground], remark="", by=world.staff["KZ"], at=instant(on)
            )

        with pytest.raises(GroundHolds):
            say("notification_lapsed")
        assert say("holder_not_notified").status == "contested"
        assert headquarters().notices.filter(threshold="contest").exists()
