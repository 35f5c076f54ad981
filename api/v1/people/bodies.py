"""What the calls about people take, and what they answer."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from api.parsing import COUNTRY, Body, Day, Text, Words

Reason = Annotated[str, Words(1000, 1)]
Language = Literal["", "en", "ru", "zh-hans"]
Username = Annotated[str, Field(pattern=r"^[A-Za-z0-9._@+-]{1,150}$")]
Email = Annotated[str, Field(pattern=r"^$|^[^@\s]{1,64}@[^@\s]{1,190}$", max_length=254)]
RoleName = Literal[
    "officer", "association", "customs_hq", "secretariat", "auditor", "system", "administrator", "manager"
]
ReachName = Literal["office", "territory", "association", "all"]
HOUR = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


def _hour(value: Any) -> Any:
    """An hour is written 08:00; pydantic would take seconds and offsets too."""
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "not a text")
    return value


Hour = Annotated[str, BeforeValidator(_hour), Field(pattern=HOUR, max_length=5)]


class RoleBody(Body):
    """A role with its reach, the usual one when left out; `gives`, for an administrator, the roles they may give."""

    role: RoleName
    reach: ReachName | None = None
    gives: Annotated[list[RoleName], Field(max_length=10)] = []
    valid_from: Day | None = None
    valid_to: Day | None = None


class ShiftBody(Body):
    """A shift by name, with its hours by the clock of the office; one over midnight ends earlier than it begins."""

    name: Annotated[str, Text(40, 1)]
    begins: Hour
    ends: Hour


class PlacementBody(Body):
    """Where the person serves: from today there when no day is said, until the first day that no longer counts."""

    office: Annotated[str, Text(8, 1, capitals=True)]
    valid_from: Day | None = None
    valid_to: Day | None = None
    shift: ShiftBody | None = None


class PostBody(PlacementBody):
    """With `moves` the posting in force on the first day ends with it."""

    moves: bool = False
    reason: Reason


class InviteBody(Body):
    """A person to invite; country or association are the inviter's own when neither is said."""

    username: Username
    name: Annotated[str, Text(150, 1)]
    language: Language = ""
    email: Email = ""
    country: Annotated[str, Field(pattern=COUNTRY)] | None = None
    association: Annotated[str, Field(pattern=r"^[0-9]{3}$")] | None = None
    roles: Annotated[list[RoleBody], Field(min_length=1, max_length=10)]
    postings: Annotated[list[PlacementBody], Field(max_length=10)] = []
    reason: Reason


class ChangePersonBody(Body):
    """What is left out stays; `roles` are all that the person is to have from today on."""

    name: Annotated[str, Text(150, 1)] | None = None
    language: Language | None = None
    email: Email | None = None
    roles: Annotated[list[RoleBody], Field(max_length=10)] | None = None
    reason: Reason


class PersonReasonBody(Body):
    reason: Reason


class PasswordLinkBody(Body):
    """With `forget_second_factor` whoever uses the link may do without the second factor that they had."""

    forget_second_factor: bool = False
    reason: Reason


class EndPostingBody(Body):
    """`on` is the first day that no longer counts; today at the office when left out."""

    on: Day | None = None
    reason: Reason


class HandOverBody(Body):
    """`to` is the colleague's id; postings go over on `on`, today when left out; with `roles` the roles
    today as well; with `end_phones` the person's phones end now."""

    to: Annotated[int, Field(gt=0)]
    on: Day | None = None
    roles: bool = False
    end_phones: bool = False
    reason: Reason


class AcceptInvitationBody(Body):
    """The secret is the last part of the link. The password is taken as typed."""

    model_config = ConfigDict(str_strip_whitespace=False)
    secret: Annotated[str, Text(100, 1)]
    password: Annotated[str, Text(128, 1)]


class AssignmentOut(BaseModel):
    role: str
    reach: str
    gives: list[str]
    valid_from: date
    valid_to: date | None
    given_by: str | None
    given_at: str
    reason: str


class ShiftOut(BaseModel):
    name: str
    begins: str
    ends: str


class PostingOut(BaseModel):
    id: int
    office: str
    valid_from: date
    valid_to: date | None
    shift: ShiftOut | None
    by: str | None
    reason: str
    ended_by: str | None
    end_reason: str


class PersonOut(BaseModel):
    """`status` is active, invited or deactivated; roles and postings those of today and later."""

    id: int
    username: str
    name: str
    language: str
    country: str | None
    association: str | None
    status: str
    invitation_expires_at: str | None
    roles: list[AssignmentOut]
    postings: list[PostingOut]


class LinkOut(BaseModel):
    """`link` is shown this once; whoever has it sets the password. `mailed` is null where the person has no e-mail
    address or the installation no mail server."""

    link: str
    secret: str
    expires_at: str
    mailed: bool | None


class InvitedOut(BaseModel):
    person: PersonOut
    invitation: LinkOut


class PersonEventOut(BaseModel):
    verb: str
    at: str
    by: str | None
    reason: str


class WholePersonOut(PersonOut):
    """With everything that was: past roles and postings, and who did what about the person, and why."""

    email: str
    past_roles: list[AssignmentOut]
    past_postings: list[PostingOut]
    events: list[PersonEventOut]


class AccessOut(BaseModel):
    """What a person or program may do, where and by whose decision; how many browsers, tokens and phones let them in
    now; and when any of these was last used, null for never."""

    id: int
    kind: str
    username: str
    name: str
    status: str
    country: str | None
    association: str | None
    roles: list[AssignmentOut]
    offices: list[str]
    second_factor: bool
    sessions: int
    tokens: int
    devices: int
    last_used_at: str | None


class PhoneLeftOut(BaseModel):
    name: str
    unsent: int


class HandedOverOut(BaseModel):
    """`requests` are the open ones at these offices, which whoever serves there answers; `phones` those of the person
    that still let them in, with what was not sent when they were last heard."""

    offices: list[str]
    roles: list[str]
    notices: int
    requests: int
    phones: list[PhoneLeftOut]


class PostingsOut(BaseModel):
    results: list[PostingOut]


class AcceptedOut(BaseModel):
    username: str
    roles: list[str]
