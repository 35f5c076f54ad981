"""What people decide about a carnet, from each of its statuses (ADR 0002): the table says no more and no less."""

import pytest

from carnets.choices import CarnetStatus
from carnets.transitions import TransitionNotAllowed, carnet_transition

AS_IT_WAS = None
IN_THE_HOLDERS_HANDS = (
    "issued", "accepted", "in_transit", "suspended", "partially_terminated", "terminated",
)  # fmt: skip
LEADS_TO = {
    "invalidate": ({"issued"}, "invalidated"),
    "expire": ({"issued"}, "expired"),
    "report_lost": (set(IN_THE_HOLDERS_HANDS), "lost"),
    "report_stolen": (set(IN_THE_HOLDERS_HANDS), "stolen"),
    "report_found": ({"lost", "stolen"}, AS_IT_WAS),
    "return": ({*IN_THE_HOLDERS_HANDS, "discharged", "closed", "invalidated", "expired"}, "returned"),
}


@pytest.mark.parametrize("status", CarnetStatus.values)
@pytest.mark.parametrize("verb", LEADS_TO)
def test_leads_from_the_holders_hands_out_of_circulation(verb: str, status: str) -> None:
    possible_from, after = LEADS_TO[verb]
    if status in possible_from:
        assert carnet_transition(verb, status) == after
    else:
        with pytest.raises(TransitionNotAllowed) as refused:
            carnet_transition(verb, status)
        assert set(refused.value.facts["possible_from"]) == possible_from
