"""The two state machines, as data: status, verb, next status, and what happened in the world.

The carnet's table covers what people decide (issue, invalidate, report lost …); between `issued` and `discharged`
its status is a projection of its operations (`operations.carnet_status`). ADR 0002 argues the sets.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from carnets.choices import CarnetStatus as C
from carnets.choices import OperationStatus as O
from tir.kernel.errors import Conflict


class TransitionNotAllowed(Conflict):
    """The carnet or operation is in a status from which this cannot be done."""

    code = "transition_not_allowed"


@dataclass(frozen=True, slots=True)
class Transition:
    verb: str
    before: frozenset[str]
    after: str | None  # None: the projection of the operations decides
    world: str


CARNET = (
    Transition(
        "invalidate", frozenset({C.ISSUED}), C.INVALIDATED, "The association withdrew an unused carnet."
    ),
    Transition(
        "report_lost",
        frozenset({C.ISSUED, C.ACCEPTED, C.IN_TRANSIT, C.SUSPENDED, C.PARTIALLY_TERMINATED, C.TERMINATED}),
        C.LOST,
        "The holder told the association that the carnet is lost.",
    ),
    Transition(
        "report_stolen",
        frozenset({C.ISSUED, C.ACCEPTED, C.IN_TRANSIT, C.SUSPENDED, C.PARTIALLY_TERMINATED, C.TERMINATED}),
        C.STOLEN,
        "The holder told the association that the carnet was stolen.",
    ),
    Transition(
        "expire", frozenset({C.ISSUED}), C.EXPIRED, "The last day for acceptance passed unused (art. 9)."
    ),
    Transition(
        "return",
        frozenset(
            {
                C.ISSUED,
                C.TERMINATED,
                C.DISCHARGED,
                C.PARTIALLY_TERMINATED,
                C.IN_TRANSIT,
                C.INVALIDATED,
                C.EXPIRED,
            }
        ),
        C.RETURNED,
        "The holder brought the carnet back to the association (Annex 10).",
    ),
)

OPERATION = (
    Transition(
        "refuse",
        frozenset({O.EXPECTED, O.REFUSED}),
        O.REFUSED,
        "An office refused to start the operation; another may refuse it again.",
    ),
    Transition(
        "start", frozenset({O.EXPECTED, O.REFUSED}), O.STARTED, "The office accepted the carnet (art. 1(c))."
    ),
    Transition(
        "terminate",
        frozenset({O.EXPECTED, O.REFUSED, O.STARTED}),
        O.TERMINATED,
        "Vehicle, load and carnet were presented at the office of exit or destination.",
    ),
    Transition(
        "discharge", frozenset({O.TERMINATED}), O.DISCHARGED, "The two records agree (art. 1(e), 10)."
    ),
    Transition(
        "reopen", frozenset({O.DISCHARGED}), None, "Later evidence took the discharge back (art. 10(2))."
    ),
    Transition(
        "cancel_stamp",
        frozenset({O.STARTED, O.TERMINATED, O.DISCHARGED}),
        None,
        "The office cancelled a stamp it had made in error.",
    ),
)


def carnet_transition(verb: str, status: str) -> str | None:
    """Return the status that `verb` leads to from `status`; raise TransitionNotAllowed when it does not."""
    row = next(row for row in CARNET if row.verb == verb)
    if status not in row.before:
        raise TransitionNotAllowed(
            _(
                "The carnet is now: {status}. This can be done only while it is: {possible}. Read it again before you "
                "go on."
            ).format(status=_said(status), possible=", ".join(_said(one) for one in sorted(row.before))),
            status=status,
            verb=verb,
            possible_from=sorted(row.before),
        )
    return row.after


def _said(status: str) -> str:
    """Return a carnet's status as people read it, in the active language."""
    return str(C(status).label)
