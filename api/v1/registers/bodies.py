"""What the register calls take and answer, made from the entries themselves: a field more there is one more here."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, cast, get_args, get_type_hints

from pydantic import BaseModel, create_model
from pydantic import Field as Bound

from api.parsing import Body, Day, Digits, Text, Words
from carnets.ranges import RANGES
from checkpoints.posts.approval_rules import APPROVAL_RULES
from checkpoints.posts.registering import CROSSINGS, OFFICES
from guarantees.registers.associations import ASSOCIATIONS, MAXIMA
from guarantees.registers.clocks import CLOCKS
from guarantees.registers.guarantees import CEILINGS, GUARANTEES
from guarantees.registers.territories import MEMBERS, TERRITORIES
from tir.registers.entering import Register

MOST = 300  # characters of any text of an entry; the register itself says how many of each
Reason = Annotated[str, Words(500, 1)]
TAKEN: Mapping[Any, Any] = {
    str: Annotated[str, Text(MOST)],
    date: Day,
    int: Annotated[int, Bound(ge=0, le=999_999_999)],
    float: Annotated[float, Bound(ge=-180, le=180)],
    bool: bool,
    Decimal: Annotated[Digits, Bound(ge=0, max_digits=16, decimal_places=2)],
    tuple[str, ...]: Annotated[list[Annotated[str, Text(20)]], Bound(max_length=10)],
}
GIVEN: Mapping[Any, Any] = {Decimal: str, tuple[str, ...]: list[str]}


def _type(hint: Any, types: Mapping[Any, Any]) -> Any:
    if isinstance(hint, UnionType):
        plain = next(each for each in get_args(hint) if each is not type(None))
        return types.get(plain, plain) | None
    return types.get(hint, hint)


def _fields(register: Register[Any]) -> list[tuple["Field[Any]", Any]]:
    hints = get_type_hints(register.entry)
    return [(field, hints[field.name]) for field in fields(register.entry)]


def _entering(name: str, register: Register[Any], *, named: tuple[str, ...] = ()) -> type[Body]:
    """Return the body of a POST; the fields in `named` are said by the address."""
    said: dict[str, Any] = {
        field.name: (_type(hint, TAKEN), ... if field.default is MISSING else field.default)
        for field, hint in _fields(register)
        if field.name not in named
    }
    return create_model(name, __base__=Body, __doc__=register.entry.__doc__, reason=(Reason, ...), **said)


def _changing(name: str, register: Register[Any]) -> type[Body]:
    """Return the body of a PATCH: what is left out stays. The natural key is said by the address."""
    said: dict[str, Any] = {
        field.name: (_type(hint, TAKEN), None)
        for field, hint in _fields(register)
        if field.name not in register.lookup
    }
    return create_model(
        name,
        __base__=Body,
        __doc__="What is to change; what is left out stays.",
        reason=(Reason, ...),
        **said,
    )


def _answer(name: str, register: Register[Any]) -> type[BaseModel]:
    said: dict[str, Any] = {field.name: (_type(hint, GIVEN), ...) for field, hint in _fields(register)}
    return cast(
        type[BaseModel], create_model(name, __doc__=register.entry.__doc__, version=(int, ...), **said)
    )


EnterTerritoryBody = _entering("EnterTerritoryBody", TERRITORIES)
ChangeTerritoryBody = _changing("ChangeTerritoryBody", TERRITORIES)
TerritoryEntryOut = _answer("TerritoryEntryOut", TERRITORIES)
EnterMemberBody = _entering("EnterMemberBody", MEMBERS, named=("territory",))
ChangeMemberBody = _changing("ChangeMemberBody", MEMBERS)
MemberEntryOut = _answer("MemberEntryOut", MEMBERS)
EnterAssociationBody = _entering("EnterAssociationBody", ASSOCIATIONS)
ChangeAssociationBody = _changing("ChangeAssociationBody", ASSOCIATIONS)
AssociationEntryOut = _answer("AssociationEntryOut", ASSOCIATIONS)
EnterMaximumBody = _entering("EnterMaximumBody", MAXIMA, named=("association",))
MaximumEntryOut = _answer("MaximumEntryOut", MAXIMA)
EnterGuaranteeBody = _entering("EnterGuaranteeBody", GUARANTEES)
ChangeGuaranteeBody = _changing("ChangeGuaranteeBody", GUARANTEES)
GuaranteeEntryOut = _answer("GuaranteeEntryOut", GUARANTEES)
EnterCeilingBody = _entering("EnterCeilingBody", CEILINGS, named=("guarantee",))
CeilingEntryOut = _answer("CeilingEntryOut", CEILINGS)
EnterClockBody = _entering("EnterClockBody", CLOCKS)
ChangeClockBody = _changing("ChangeClockBody", CLOCKS)
ClockEntryOut = _answer("ClockEntryOut", CLOCKS)
EnterOfficeBody = _entering("EnterOfficeBody", OFFICES)
ChangeOfficeBody = _changing("ChangeOfficeBody", OFFICES)
OfficeEntryOut = _answer("OfficeEntryOut", OFFICES)
EnterCrossingBody = _entering("EnterCrossingBody", CROSSINGS)
ChangeCrossingBody = _changing("ChangeCrossingBody", CROSSINGS)
CrossingEntryOut = _answer("CrossingEntryOut", CROSSINGS)
EnterApprovalRuleBody = _entering("EnterApprovalRuleBody", APPROVAL_RULES)
ApprovalRuleEntryOut = _answer("ApprovalRuleEntryOut", APPROVAL_RULES)
CutRangeBody = _changing("CutRangeBody", RANGES)
RangeEntryOut = _answer("RangeEntryOut", RANGES)


class ApproveBody(Body):
    """A word for a proposal; a reason may go with it."""

    reason: Annotated[str, Words(500)] = ""


class RefuseBody(Body):
    """A word against a proposal, with its reason."""

    reason: Reason


class ApprovalWordOut(BaseModel):
    by: str
    word: str
    at: datetime
    reason: str


class ApprovalOut(BaseModel):
    """A proposal that counts once enough others approve it; `content` is the whole entry, as texts."""

    id: int
    kind: str
    subject: str
    content: dict[str, str]
    amount: str | None
    currency: str
    country: str
    needed: int
    status: str
    proposed_by: str
    proposed_at: datetime
    reason: str
    source: str
    words: list[ApprovalWordOut]
