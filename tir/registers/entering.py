"""Entering and ending: one verb each for every register.

A register is a table of plain functions that its room gives. An entry is the whole of what is on record under its
natural key; entering it makes it or changes it, and writes down the version with who, when and why. Nothing is deleted:
what no longer holds gets an end. What needs four eyes is proposed, and entered once approved.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tir.accounts.models import User
from tir.approvals import deciding
from tir.approvals.deciding import Proposal
from tir.approvals.models import Approval, ApprovalStatus
from tir.kernel.errors import Conflict
from tir.kernel.kept import Kept
from tir.kernel.values import value
from tir.registers.faults import EntryFixed, EntryInvalid, EntryRefused, EntryUnknown, Faults, NoSuchEntry
from tir.registers.models import Change
from tir.registers.texts import as_far_as_read, as_texts, from_texts

E = TypeVar("E")


class EntryTaken(Conflict):
    """Another entry holds a part of this period, this pair or these numbers already."""

    code = "entry_taken"


@value
class Act:
    """Who enters something, when and why; `source` names the pack it came from, blank for by hand."""

    by: User
    at: datetime
    reason: str
    source: str = ""


@dataclass(frozen=True)
class Register(Generic[E]):
    """One register. `lookup` leads from the fields of the natural key to columns; `faults` finds all that is wrong with
    an entry beside what stands there now; `write` puts it on record; `countries` are those whose customs may enter it.
    What is not `is_open` looks absent to others.
    """

    noun: str
    entry: type[E]
    lookup: Mapping[str, str]
    rows: Callable[[], "models.QuerySet[Any]"]
    read: Callable[[Any], E]
    faults: Callable[[E, E | None, Faults], None]
    write: Callable[[E, Any, Act], None]
    countries: Callable[[E], frozenset[str]]
    amount: Callable[[E], tuple[Decimal, str]] | None = None  # given: needs four eyes
    is_open: bool = True

    @property
    def needs_approval(self) -> bool:
        return self.amount is not None

    def key_of(self, entry: E) -> str:
        """Return the natural key as one text."""
        texts = as_texts(entry)
        return "/".join(texts[name] for name in self.lookup)

    def row_of(self, entry: E) -> Any:
        """Return the row that stands under the entry's key, if any."""
        found = {column: getattr(entry, name) for name, column in self.lookup.items()}
        said = {column: said for column, said in found.items() if said not in ("", None)}
        nothing = [
            Q(**{f"{column}__isnull": True}) | (Q(**{column: ""}) if said == "" else Q())
            for column, said in found.items()
            if said in ("", None)
        ]
        return self.rows().filter(*nothing, **said).first()

    def on_record(self, entry: E) -> E | None:
        row = self.row_of(entry)
        return None if row is None else self.read(row)


@value
class Entered:
    """What came of entering: a version on record, or a proposal that waits; neither when nothing was different."""

    key: str
    version: int | None = None
    approval: Approval | None = None


def enter(register: Register[E], entry: E, act: Act) -> Entered:
    """Put an entry on record, or before others where it needs four eyes; equal to what is there it changes nothing.

    Raises EntryRefused with all that is wrong, EntryTaken.
    """
    with transaction.atomic():
        row = _locked(register, entry)
        old = None if row is None else register.read(row)
        if old == entry:
            return Entered(register.key_of(entry))
        ensure_sound(register, entry, old, act)
        if register.amount is None:
            return _write(register, entry, row, act)
        _tried(register, entry, row, act)
        approval = _propose(register, register.amount(entry), entry, old, act)
        return Entered(register.key_of(entry), approval=approval)


def entry_of(register: Register[E], texts: Mapping[str, str]) -> E:
    """Return the entry that texts say. Raises EntryRefused with what cannot be read and, beside it, all else that is
    wrong: but for names of other entries, which may be on their way."""
    entry, unread = as_far_as_read(register.entry, texts)
    if not unread:
        return entry
    found, known = Faults(), {each.field for each in unread}
    register.faults(entry, None, found)
    more = [each for each in found if each.field not in known and not isinstance(each, EntryUnknown)]
    raise EntryRefused([*unread, *more])


def end(register: Register[E], entry: E, on: date, act: Act) -> Entered:
    """Let the entry under this key hold no longer from a day on. Raises NoSuchEntry, EntryRefused, EntryFixed."""
    old = register.on_record(entry)
    if old is None:
        raise NoSuchEntry(_("There is no such entry. Look it up in the register."))
    if not hasattr(old, "valid_to"):
        raise EntryFixed(_("This stays on record: it has no end."), field="valid_to")
    return enter(register, replace(old, valid_to=on), act)  # type: ignore[type-var]


def ensure_sound(register: Register[E], entry: E, old: E | None, act: Act) -> None:
    """Raise EntryRefused with everything that speaks against the entry, beside what stands there."""
    faults = Faults()
    faults.text(act.reason, "reason", most=500)
    _check_days(entry, old, act.at.date(), faults)
    register.faults(entry, old, faults)
    if faults:
        raise EntryRefused(faults)


def _check_days(entry: Any, old: Any, today: date, faults: Faults) -> None:
    """What a past day was is never rewritten: a beginning that has come stays, and an end does not lie in the past."""
    begins, ends = getattr(entry, "valid_from", None), getattr(entry, "valid_to", None)
    if begins and ends:
        faults.unless(begins < ends, "valid_to", _("The end must come after the first day."))
    if old is None or begins is None:
        return
    has_begun = old.valid_from <= today and begins != old.valid_from
    faults.unless(not has_begun, "valid_from", _("It began already: the first day stays."), EntryFixed)
    if hasattr(old, "valid_to") and ends != old.valid_to:
        is_past = (ends and ends < today) or (old.valid_to and old.valid_to <= today)
        faults.unless(not is_past, "valid_to", _("Give today or a later day: the past stays."), EntryFixed)


def _locked(register: Register[E], entry: E) -> Any:
    """One at a time about one key, also where there is no row yet; return the row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"{register.noun} {register.key_of(entry)}"],
        )
    return register.row_of(entry)


def _write(register: Register[E], entry: E, row: Any, act: Act) -> Entered:
    key = register.key_of(entry)
    try:
        with transaction.atomic():
            register.write(entry, row, act)
    except IntegrityError:
        raise EntryTaken(
            _("Another entry holds a part of this already: its days, its pair or its numbers. Look at the register."),
            field=[*register.lookup][-1],
            key=key,
        ) from None  # fmt: skip
    version = write_version(register, entry, act)
    if register.needs_approval:
        deciding.void(register.noun, key, at=act.at)
    transaction.on_commit(Kept.forget_all)
    return Entered(key, version=version)


def write_version(register: Register[E], entry: E, act: Act) -> int:
    """Write down the entry as its newest version, with who, when and why; return its number."""
    key = register.key_of(entry)
    version = Change.objects.filter(noun=register.noun, key=key).count() + 1
    Change.objects.create(
        noun=register.noun, key=key, version=version, content=as_texts(entry),
        by=act.by, at=act.at, reason=act.reason, source=act.source,
    )  # fmt: skip
    return version


class _Undone(Exception):
    """Takes back what was only tried."""


def _tried(register: Register[E], entry: E, row: Any, act: Act) -> None:
    """Write it and take it back, so that nobody approves what the database would refuse. Raises EntryTaken."""
    try:
        with transaction.atomic():
            _write(register, entry, row, act)
            raise _Undone
    except _Undone:
        return


def _propose(
    register: Register[E], money: tuple[Decimal, str], entry: E, old: E | None, act: Act
) -> Approval:
    amount, currency = money
    proposal = Proposal(
        kind=register.noun,
        subject=register.key_of(entry),
        content=as_texts(entry),
        on_record=None if old is None else as_texts(old),
        amount=amount,
        currency=currency,
        country=next(iter(sorted(register.countries(entry))), ""),
    )
    return deciding.propose(proposal, by=act.by, at=act.at, reason=act.reason, source=act.source)


def approve(register: Register[E], approval_id: int, *, by: User, at: datetime, reason: str = "") -> Approval:
    """Say yes to a proposal, and put it on record with the last yes that it needs.

    Raises ApprovalOver when what it stood on has changed (the proposal is then dead, and kept), OwnProposal,
    AlreadySaid, EntryRefused.
    """
    approval = _decided(register, approval_id, by, at, reason)
    deciding.ensure_alive(approval)
    return approval


@transaction.atomic
def _decided(register: Register[E], approval_id: int, by: User, at: datetime, reason: str) -> Approval:
    approval = Approval.objects.get(pk=approval_id)
    try:
        entry = from_texts(register.entry, approval.content)
    except EntryRefused as unreadable:  # proposed to a release that had other fields
        raise EntryInvalid(unreadable.detail, field=unreadable.field) from unreadable
    row = _locked(register, entry)
    old = None if row is None else register.read(row)
    is_other = deciding.digest(None if old is None else as_texts(old)) != approval.stands_on
    if approval.status == ApprovalStatus.OPEN and is_other:
        deciding.void(approval.kind, approval.subject, at=at)
        approval.refresh_from_db()
        return approval
    approval = deciding.approve(approval_id, by=by, at=at, reason=reason)
    if approval.status == ApprovalStatus.DONE:
        act = Act(approval.proposed_by, at, approval.reason, approval.source)
        _write(register, entry, row, act)
    return approval


def history(register: Register[E], entry: E) -> "models.QuerySet[Change]":
    """Return every version of an entry, the first first."""
    rows = Change.objects.filter(noun=register.noun, key=register.key_of(entry))
    return rows.select_related("by").order_by("version")
