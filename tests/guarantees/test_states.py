"""Which step leads where, by the words of art. 11 and of Annex 9: the tables say no more and no less."""

import pytest

from guarantees.choices import ClaimStatus, HolderStatus
from guarantees.states import CLAIM, HOLDER, SETTLED, ClaimStepNotAllowed, HolderStepNotAllowed

CLAIM_STEPS = {
    ("opened", "notify"): "notified",
    ("opened", "withdraw"): "withdrawn",
    ("notified", "demand"): "claimed",
    ("notified", "contest"): "contested",
    ("notified", "withdraw"): "withdrawn",
    ("claimed", "contest"): "contested",
    ("claimed", "pay"): "paid",
    ("claimed", "withdraw"): "withdrawn",
    ("contested", "pay"): "paid",
    ("contested", "withdraw"): "withdrawn",
    ("paid", "reimburse"): "reimbursed",
}
HOLDER_STEPS = {
    ("authorised", "suspend"): "suspended",
    ("authorised", "withdraw"): "withdrawn",
    ("authorised", "end"): "ended",
    ("suspended", "resume"): "authorised",
    ("suspended", "withdraw"): "withdrawn",
    ("suspended", "end"): "ended",
}


class TestClaims:
    @pytest.mark.parametrize("status", ClaimStatus.values)
    @pytest.mark.parametrize("verb", ["notify", "demand", "contest", "pay", "reimburse", "withdraw"])
    def test_go_from_step_to_step(self, status: str, verb: str) -> None:
        after = CLAIM_STEPS.get((status, verb))
        if after:
            assert CLAIM.next(verb, status) == after
        else:
            with pytest.raises(ClaimStepNotAllowed):
                CLAIM.next(verb, status)

    def test_are_settled_where_nothing_is_owed_any_more(self) -> None:
        assert {"paid", "reimbursed", "withdrawn"} == SETTLED

    def test_are_moved_by_customs_but_for_what_the_association_says_and_pays(self) -> None:
        assert {step.verb for step in CLAIM if step.by == "association"} == {"contest", "pay"}
        assert {step.verb for step in CLAIM if step.by == "customs"} == {
            "notify",
            "demand",
            "reimburse",
            "withdraw",
        }


class TestHolders:
    @pytest.mark.parametrize("status", HolderStatus.values)
    @pytest.mark.parametrize("verb", ["suspend", "resume", "withdraw", "end"])
    def test_go_from_step_to_step(self, status: str, verb: str) -> None:
        after = HOLDER_STEPS.get((status, verb))
        if after:
            assert HOLDER.next(verb, status) == after
        else:
            with pytest.raises(HolderStepNotAllowed):
                HOLDER.next(verb, status)
