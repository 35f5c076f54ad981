"""The state machine of a carnet, as data: status, verb, next status, and what happened in the world.

The carnet's table covers what people decide (issue, invalidate, report lost …); between `issued` and `discharged`
its status is a projection of its operations (`projection.facts.carnet_status`). ADR 0002 argues the sets.
"""

from django.utils.translation import gettext_lazy as _

from carnets.choices import CarnetStatus
from tir.kernel.errors import Conflict
from tir.kernel.states import Machine, Step


class TransitionNotAllowed(Conflict):
    """The carnet or operation is in a status from which this cannot be done."""

    code = "transition_not_allowed"


# A carnet can be lost or stolen while somebody may still answer for it.
NOT_YET_DISCHARGED = frozenset(
    {
        CarnetStatus.ISSUED,
        CarnetStatus.ACCEPTED,
        CarnetStatus.IN_TRANSIT,
        CarnetStatus.SUSPENDED,
        CarnetStatus.PARTIALLY_TERMINATED,
        CarnetStatus.TERMINATED,
    }
)

CARNET = Machine(
    CarnetStatus,
    (
        Step(
            "invalidate",
            frozenset({CarnetStatus.ISSUED}),
            CarnetStatus.INVALIDATED,
            "The association withdrew an unused carnet.",
        ),
        Step(
            "report_lost",
            NOT_YET_DISCHARGED,
            CarnetStatus.LOST,
            "The holder told the association that the carnet is lost.",
        ),
        Step(
            "report_stolen",
            NOT_YET_DISCHARGED,
            CarnetStatus.STOLEN,
            "The holder told the association that the carnet was stolen.",
        ),
        Step(
            "write_off",
            frozenset({CarnetStatus.LOST, CarnetStatus.STOLEN}),
            CarnetStatus.INVALIDATED,
            "The association invalidated a carnet that was lost before anybody accepted it.",
        ),
        Step(
            "report_found",
            frozenset({CarnetStatus.LOST, CarnetStatus.STOLEN}),
            None,
            "The carnet turned up again.",
        ),
        Step(
            "expire",
            frozenset({CarnetStatus.ISSUED}),
            CarnetStatus.EXPIRED,
            "The last day for acceptance passed unused (art. 9).",
        ),
        Step(
            "return",
            frozenset(
                {
                    CarnetStatus.ISSUED,
                    CarnetStatus.TERMINATED,
                    CarnetStatus.DISCHARGED,
                    CarnetStatus.CLOSED,
                    CarnetStatus.PARTIALLY_TERMINATED,
                    CarnetStatus.ACCEPTED,
                    CarnetStatus.IN_TRANSIT,
                    CarnetStatus.SUSPENDED,
                    CarnetStatus.INVALIDATED,
                    CarnetStatus.EXPIRED,
                }
            ),
            CarnetStatus.RETURNED,
            "The holder brought the carnet back to the association (Annex 10).",
        ),
    ),
    refusal=TransitionNotAllowed,
    sentence=_(
        "The carnet is now: {status}. This can be done only while it is: {possible}. Read it again before you go on."
    ),
)


def carnet_transition(verb: str, status: str) -> str | None:
    """Return the status that `verb` leads to from `status`; raise TransitionNotAllowed when it does not."""
    return CARNET.next(verb, status)
