"""The state machine of a carnet, as data: status, verb, next status, and what happened in the world.

The carnet's table covers what people decide (issue, invalidate, report lost …); between `issued` and `discharged`
its status is a projection of its operations (`projection.facts.carnet_status`). ADR 0002 argues the sets.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from carnets.choices import CarnetStatus as C
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
        "report_found",
        frozenset({C.LOST, C.STOLEN}),
        None,
        "The carnet turned up again.",
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
                C.CLOSED,
                C.PARTIALLY_TERMINATED,
                C.ACCEPTED,
                C.IN_TRANSIT,
                C.SUSPENDED,
                C.INVALIDATED,
                C.EXPIRED,
            }
        ),
        C.RETURNED,
        "The holder brought the carnet back to the association (Annex 10).",
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
