"""Telling at once that a transport leaves its plan: the office planned next, which waits in vain, and the issuer."""

from datetime import datetime

from django.db.models import Q

from checkpoints.evidence.dockets import Docket
from checkpoints.evidence.reading import StampRow
from checkpoints.models import Posting
from checkpoints.posts.offices import register
from guarantees import notices
from guarantees.choices import NoticeKind
from guarantees.notices import Message
from tir.accounts.models import User


def tell_of_deviation(docket: Docket, row: StampRow, *, at: datetime) -> None:
    """Tell of a stamp that nobody planned, or that ends the transport where the plan goes on; each stamp once."""
    verb = _verb(docket, row)
    if verb is None:
        return
    office = register().by_id[row["office_id"]].code
    planned = _next_planned(docket)
    facts = {
        "verb": verb,
        "carnet": docket.carnet.number,
        "page": row["page"],
        "office": office,
        "planned": planned,
    }
    message = Message(NoticeKind.ROUTE, f"stamp:{row['id']}", facts=facts)
    notices.tell([message], _concerned(docket, planned), at=at)


def _verb(docket: Docket, row: StampRow) -> str | None:
    facts = docket.operation(row["page"])
    if facts is None:
        return None
    side = facts.start if facts.start.stamp == row["id"] else facts.termination
    if side.stamp != row["id"]:
        return None
    if facts.is_final and row["ends_here"] and _next_planned(docket):
        return "end"
    return "detour" if side.is_unplanned else None


def _next_planned(docket: Docket) -> str:
    """Return the office that the plan has next; nothing when all of it is passed."""
    alignment = docket.alignment_with()
    legs = alignment.plan.legs
    return legs[alignment.next_leg].start.office if alignment.next_leg < len(legs) else ""


def _concerned(docket: Docket, planned: str) -> list[User]:
    people = list(notices.staff_of(docket.carnet.association_id)) if docket.carnet.association_id else []
    office = register().by_code.get(planned)
    if office is None:
        return people
    serving = Posting.objects.filter(Q(valid_to=None), office_id=office.id).values("user")
    return people + list(User.objects.filter(pk__in=serving, is_active=True))
