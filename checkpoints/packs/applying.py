"""Applying a pack: all of it in one transaction, or none. A second run changes nothing; nothing is ever deleted.

What needs four eyes is proposed and stays so until a second person approves. Where a person changed by hand what the
pack says otherwise, nothing is done unless the pack is to go over it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from checkpoints.packs.files import CSV_FILES, LATER, Line, Pack, RowFault, faults_of
from checkpoints.posts.registers import BY_NOUN, REGISTERS
from tir.approvals.models import Approval, ApprovalStatus
from tir.kernel.errors import DomainError
from tir.kernel.kept import Kept
from tir.registers.entering import Act, Register, enter
from tir.registers.faults import EntryRefused
from tir.registers.models import AppliedPack, Change
from tir.registers.texts import as_texts, from_texts

Against = Callable[[Register[Any], Any], str]  # what speaks against changing an entry; blank for nothing


@dataclass
class Report:
    """What a pack would do or did, each as `file:line` or noun and key."""

    entered: list[str] = field(default_factory=list)
    proposed: list[str] = field(default_factory=list)
    waiting: list[str] = field(
        default_factory=list
    )  # for the approval of what they belong to, or of themselves
    ended: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  # no longer in the pack, and without an end
    by_hand: list[str] = field(default_factory=list)  # differs from what a person entered
    different: list[str] = field(default_factory=list)  # on record already, and how the pack differs from it
    faults: list[RowFault] = field(default_factory=list)
    unchanged: int = 0

    @property
    def changes(self) -> int:
        return len(self.entered) + len(self.proposed) + len(self.ended)


def apply_pack(
    pack: Pack, act: Act, *, over: bool = False, is_trial: bool = False, against: Against | None = None
) -> Report:
    """Do what the pack says, unless it has faults or meets edits by hand (`over` goes over them); tell what was done.

    With `is_trial` everything is done and taken back, so that a check finds what applying would. `against` says what
    speaks against changing an entry, as it is or would be: who applies the pack may not enter everything.
    """
    report = Report(faults=list(pack.faults))
    if against is not None:
        report.faults += _not_theirs(pack, against)
    act = replace(act, source=pack.name)
    with transaction.atomic():
        latest = _latest_changes()
        for line in pack.lines:
            _put(line, act, report, latest, over=over)
        _end_what_left(pack, act, report, latest)
        if report.faults or (report.by_hand and not over) or is_trial:
            transaction.set_rollback(True)
        elif report.changes:
            AppliedPack.objects.create(
                name=pack.name, software=pack.software, files=pack.digests, by=act.by, at=act.at, is_over=over
            )
    Kept.forget_all()
    return report


def _latest_changes() -> dict[tuple[str, str], Change]:
    rows = Change.objects.order_by("noun", "key", "-version").distinct("noun", "key")
    return {(row.noun, row.key): row for row in rows}


def _not_theirs(pack: Pack, against: Against) -> Iterator[RowFault]:
    """Return a fault for each entry that would change or end, and is not theirs to enter who apply the pack."""
    for line in pack.lines:
        old = line.register.on_record(line.entry)
        entries = [line.entry, *([] if old is None else [old])]
        if old != line.entry and (
            said := next(filter(None, (against(line.register, each) for each in entries)), "")
        ):
            yield RowFault(line.file, line.line, "", said)
    here = {(line.register.noun, line.key) for line in pack.lines}
    for (noun, key), change in _latest_changes().items():
        if change.source == pack.name and (noun, key) not in here and _speaks_of(pack, noun):
            entry = from_texts(BY_NOUN[noun].entry, change.content)
            if said := against(BY_NOUN[noun], entry):
                yield RowFault(f"{noun} {key}", 0, "", said)


def _speaks_of(pack: Pack, noun: str) -> bool:
    """Whether a pack says anything about a register: one from before had no file of it."""
    return all(file in pack.digests for file in LATER if REGISTERS[CSV_FILES[file]].noun == noun)


def _put(line: Line, act: Act, report: Report, latest: dict[tuple[str, str], Change], *, over: bool) -> None:
    old = line.register.on_record(line.entry)
    if old == line.entry:
        report.unchanged += 1
        return
    if old is not None:
        report.different.append(f"{line.file}:{line.line}: {line.key}: {_difference(old, line.entry)}")
    if old is not None and _is_by_hand(line, act, latest):
        report.by_hand.append(report.different[-1])
        if not over:
            return
    if _waits_for_its_guarantee(line):
        report.waiting.append(f"{line.file}:{line.line}: {line.key}")
        return
    _entered(line, act, report)


def _entered(line: Line, act: Act, report: Report) -> None:
    named = f"{line.file}:{line.line}: {line.key}"
    waited = _open_proposal(line)
    try:
        done = enter(line.register, line.entry, act)
    except EntryRefused as refused:
        report.faults += faults_of(line.file, line.line, refused)
    except DomainError as refused:
        report.faults.append(RowFault(line.file, line.line, str(refused.field or ""), str(refused.detail)))
    else:
        if done.approval is None:
            report.entered.append(named)
        else:
            (report.waiting if done.approval.pk == waited else report.proposed).append(named)


def _open_proposal(line: Line) -> int | None:
    found = Approval.objects.filter(
        kind=line.register.noun, subject=line.key, status=ApprovalStatus.OPEN
    ).first()
    return None if found is None else found.pk


def _waits_for_its_guarantee(line: Line) -> bool:
    """Whether this is a later ceiling of a guarantee that is proposed and not yet approved."""
    if line.register is not REGISTERS["ceilings"]:
        return False
    is_there = REGISTERS["guarantees"].rows().filter(reference=line.entry.guarantee).exists()
    proposed = Approval.objects.filter(
        kind="guarantee", subject=line.entry.guarantee, status=ApprovalStatus.OPEN
    )
    return not is_there and proposed.exists()


def _is_by_hand(line: Line, act: Act, latest: dict[tuple[str, str], Change]) -> bool:
    change = latest.get((line.register.noun, line.key))
    return change is None or change.source != act.source


def _difference(old: Any, new: Any) -> str:
    ours, theirs = as_texts(old), as_texts(new)
    return "; ".join(
        str(_("{field} is {ours}, the pack says {theirs}")).format(
            field=name, ours=ours[name] or "–", theirs=theirs[name] or "–"
        )
        for name in ours
        if ours[name] != theirs[name]
    )


def _end_what_left(pack: Pack, act: Act, report: Report, latest: dict[tuple[str, str], Change]) -> None:
    """End what an earlier run of this pack entered and the pack no longer has."""
    here = {(line.register.noun, line.key) for line in pack.lines}
    tomorrow = act.at.date() + timedelta(days=1)
    for (noun, key), change in latest.items():
        if change.source == pack.name and (noun, key) not in here and _speaks_of(pack, noun):
            _end_one(BY_NOUN[noun], change, tomorrow, act, report)


def _end_one(register: Any, change: Change, on: date, act: Act, report: Report) -> None:
    named = f"{change.noun} {change.key}"
    old = register.on_record(from_texts(register.entry, change.content))
    if old is None or not hasattr(old, "valid_to"):
        report.left.append(named)
        return
    if old.valid_to is not None and old.valid_to <= on:
        return
    try:
        done = enter(register, replace(old, valid_to=on), act)
    except DomainError as refused:
        report.faults.append(RowFault(named, 0, str(refused.field or ""), str(refused.detail)))
    else:
        (report.ended if done.approval is None else report.proposed).append(named)
