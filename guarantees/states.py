"""The statuses of claims and of holders: which verb leads from which to which."""

from django.utils.translation import gettext_lazy as _

from guarantees.choices import ClaimStatus, HolderStatus, HolderVerb
from tir.kernel.errors import Conflict
from tir.kernel.states import Machine, Step

CUSTOMS, ASSOCIATION = "customs", "association"
C, H = ClaimStatus, HolderStatus


class ClaimStepNotAllowed(Conflict):
    """The claim is in a status from which this step cannot be taken."""

    code = "claim_step_not_allowed"


class HolderStepNotAllowed(Conflict):
    """The holder is in a status from which this cannot be done."""

    code = "holder_step_not_allowed"


CLAIM = Machine(
    ClaimStatus,
    (
        Step(
            "notify",
            frozenset({C.OPENED}),
            C.NOTIFIED,
            "The association received the notification of non-discharge (art. 11(1)).",
            CUSTOMS,
        ),
        Step(
            "demand",
            frozenset({C.NOTIFIED}),
            C.CLAIMED,
            "Payment was claimed, after the debtor was asked (art. 11(2), (3)).",
            CUSTOMS,
        ),
        Step(
            "contest",
            frozenset({C.NOTIFIED, C.CLAIMED}),
            C.CONTESTED,
            "The association contested, with its reasons.",
            ASSOCIATION,
        ),
        Step(
            "pay",
            frozenset({C.CLAIMED, C.CONTESTED}),
            C.PAID,
            "The association paid; its liability for the operation is over (art. 11(4)).",
            ASSOCIATION,
        ),
        Step(
            "reimburse",
            frozenset({C.PAID}),
            C.REIMBURSED,
            "The sum went back, for no irregularity had occurred (art. 11(5)).",
            CUSTOMS,
        ),
        Step(
            "withdraw",
            frozenset({C.OPENED, C.NOTIFIED, C.CLAIMED, C.CONTESTED}),
            C.WITHDRAWN,
            "Customs gave the claim up.",
            CUSTOMS,
        ),
    ),
    refusal=ClaimStepNotAllowed,
    sentence=_("This step is not possible while the claim is in this status."),
)
SETTLED = frozenset({C.PAID, C.REIMBURSED, C.WITHDRAWN})

HOLDER = Machine(
    HolderStatus,
    (
        Step(
            HolderVerb.SUSPEND,
            frozenset({H.AUTHORISED}),
            H.SUSPENDED,
            "No new carnet and no new start, until it is lifted.",
        ),
        Step(HolderVerb.RESUME, frozenset({H.SUSPENDED}), H.AUTHORISED, "The suspension was lifted."),
        Step(
            HolderVerb.WITHDRAW,
            frozenset({H.AUTHORISED, H.SUSPENDED}),
            H.WITHDRAWN,
            "The conditions of Annex 9 Part II are no longer met.",
        ),
        Step(
            HolderVerb.END,
            frozenset({H.AUTHORISED, H.SUSPENDED}),
            H.ENDED,
            "The holder gave up TIR transport.",
        ),
    ),
    refusal=HolderStepNotAllowed,
    sentence=_("This is not possible while the holder is {status}."),
)
