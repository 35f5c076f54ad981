"""Opening a carnet to put something besides a stamp on record, and writing what that changes."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from carnets.projection.walk import CLOCK_TOLERANCE
from carnets.projection.writing import write_projection
from checkpoints.evidence.dockets import CarnetUnknown, Docket, open_docket
from checkpoints.posts.offices import Office
from checkpoints.posts.postings import Officer
from tir.kernel.bulk import Writes
from tir.kernel.errors import Refused


def open_for_writing(number: str, officer: Officer, occurred_at: datetime) -> tuple[Docket, Office]:
    """Lock the carnet, and return it with the office that the officer speaks for.

    Raises CarnetUnknown and NotPosted.
    """
    docket = open_docket(number, lock=True)
    if docket is None:
        raise CarnetUnknown(field="carnet", number=number)
    return docket, officer.office_on(occurred_at)


def write_events(docket: Docket, *, at: datetime) -> None:
    """Write what the docket's events change in the projection."""
    docket.carnet.has_events = True
    docket.facts = docket.project_with()
    write_projection([docket.change], Writes(), at=at)


def ensure_possible_time(kind: type[Refused], docket: Docket, occurred_at: datetime, now: datetime) -> None:
    """Refuse a time that cannot be: a report explains what was found by its date, so a wrong one is refused here, while
    a stamp with one is kept as evidence and flagged."""
    if occurred_at > now + CLOCK_TOLERANCE and not docket.carnet.is_backdated:
        raise kind(
            _("The time {occurred_at} lies in the future. Set the clock of the device right.").format(
                occurred_at=occurred_at
            ),
            code="occurred_in_future",
            field="occurred_at",
            occurred_at=occurred_at,
            now=now,
        )
    if occurred_at < docket.carnet.issued_at - CLOCK_TOLERANCE:
        raise kind(
            _(
                "The time {occurred_at} lies before the carnet was issued ({issued_at}). Set the clock right."
            ).format(occurred_at=occurred_at, issued_at=docket.carnet.issued_at),
            code="occurred_before_issue",
            field="occurred_at",
            occurred_at=occurred_at,
            issued_at=docket.carnet.issued_at,
        )
