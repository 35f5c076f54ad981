"""What bodies about people ask for, as the domain's own values."""

from collections.abc import Sequence
from datetime import time

from api.parsing import field_invalid
from api.v1.people.bodies import ChangePersonBody, InviteBody, PlacementBody, PostBody, RoleBody, ShiftBody
from checkpoints.staff.inviting import NewPerson
from checkpoints.staff.posting import PostingShift, WantedPosting
from tir.accounts.assigning import Wanted
from tir.accounts.scopes import reach_of


def new_person(body: InviteBody) -> NewPerson:
    return NewPerson(
        username=body.username,
        name=body.name,
        language=body.language,
        email=body.email,
        country=body.country or "",
        association=body.association or "",
    )


def roles_wanted(roles: Sequence[RoleBody]) -> list[Wanted]:
    """Return the roles with the reach that is usual where none is said. Raises ReachNotFitting, BodyInvalid."""
    return [_role_wanted(each) for each in roles]


def posting_wanted(body: PlacementBody) -> WantedPosting:
    """Return the posting that is asked for. Raises BodyInvalid for days in the wrong order."""
    if body.valid_from and body.valid_to and body.valid_to <= body.valid_from:
        raise field_invalid("valid_to", "days_in_disorder")
    moves = body.moves if isinstance(body, PostBody) else False
    return WantedPosting(body.office, body.valid_from, body.valid_to, _shift(body.shift), moves)


def details_said(body: ChangePersonBody) -> dict[str, str]:
    """Return the details that the body names, others stay."""
    said = {"name": body.name, "language": body.language, "email": body.email}
    return {name: value for name, value in said.items() if value is not None}


def _role_wanted(body: RoleBody) -> Wanted:
    if body.valid_from and body.valid_to and body.valid_to <= body.valid_from:
        raise field_invalid("roles", "days_in_disorder")
    reach = reach_of(body.role, body.reach or "")
    return Wanted(body.role, reach, frozenset(body.gives), body.valid_from, body.valid_to)


def _shift(body: ShiftBody | None) -> PostingShift | None:
    return (
        PostingShift(body.name, time.fromisoformat(body.begins), time.fromisoformat(body.ends))
        if body
        else None
    )
