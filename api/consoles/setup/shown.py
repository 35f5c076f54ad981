"""An entry as a person reads it: days, amounts and choices as their language has them, what is blank left out."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from api.consoles import formatting
from api.consoles.setup.words import KEY_VERBS, KINDS, LABELS, TITLES
from carnets.choices import OfficeRole
from checkpoints.choices import CrossingMode
from checkpoints.posts import proposals
from checkpoints.posts.registers import REGISTERS
from guarantees.choices import Clock
from tir.approvals.models import Approval
from tir.registers.entering import Register
from tir.registers.faults import EntryRefused
from tir.registers.texts import from_texts

CHOSEN: Mapping[str, Any] = {"roles": OfficeRole, "clock": Clock, "mode": CrossingMode}


def written(name: str, found: Any) -> str:
    """Return one field of an entry as text; blank where it says nothing."""
    if found is None or found == "":
        return ""
    if name in ("kind", "verb"):
        return str((title_of(found) if name == "kind" else KEY_VERBS.get(found)) or found)
    if name in CHOSEN:
        codes = found if isinstance(found, tuple) else (found,)
        return ", ".join(_chosen(CHOSEN[name], code) for code in codes)
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, date):
        return formatting.day(found)
    return formatting.figure(found, places=2) if isinstance(found, Decimal) else str(found)


def _chosen(choices: Any, code: str) -> str:
    return str(choices(code).label) if code in choices.values else code


def as_rows(
    register: Register[Any], rows: list[Any]
) -> tuple[list[Any], list[tuple[int, list[tuple[Any, str]]]]]:
    """Return the columns that say something in any of these rows, and each row's key with label and text of them."""
    entries = [(row.pk, register.read(row)) for row in rows]
    said = [
        (key, {each.name: written(each.name, getattr(entry, each.name)) for each in fields(register.entry)})
        for key, entry in entries
    ]
    names = [each.name for each in fields(register.entry) if any(texts[each.name] for _key, texts in said)]
    labels = [LABELS[name] for name in names]
    return labels, [(key, [(LABELS[name], texts[name]) for name in names]) for key, texts in said]


def name_of(noun: str) -> str:
    """Return the name of the register whose entries are called so."""
    return next((name for name, register in REGISTERS.items() if register.noun == noun), "")


def title_of(kind: str) -> Any:
    """Return what a kind of proposal is called; blank for one of another release."""
    return TITLES.get(name_of(kind)) or KINDS.get(kind, "")


def said_of(approval: Approval) -> list[tuple[Any, str]]:
    """Return what a proposal says, field by field, without what is blank."""
    form = proposals.form_of(approval.kind)
    try:
        said = from_texts(form, approval.content) if form else None
    except EntryRefused:  # proposed to a release that had other fields
        said = None
    if form is None or said is None:
        return [(LABELS.get(name, name), text) for name, text in approval.content.items() if text]
    pairs = ((each.name, written(each.name, getattr(said, each.name))) for each in fields(form))
    return [(LABELS[name], text) for name, text in pairs if text]
