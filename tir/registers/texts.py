"""An entry as texts, and back: the one form that files, proposals and the history share.

Days are ISO 8601, amounts in digits with a point, yes and no `true` and `false`, several words are joined by a
semicolon, and nothing is the empty text.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from django.utils.translation import gettext_lazy as _

from tir.registers.faults import EntryInvalid, EntryRefused

Entry = TypeVar("Entry")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WHOLE = re.compile(r"[0-9]{1,12}")
AMOUNT = re.compile(r"[0-9]{1,16}(\.[0-9]{1,2})?")
DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,12})?")


def as_texts(entry: Any) -> dict[str, str]:
    """Return an entry as texts, in the order of its fields."""
    return {field.name: _as_text(getattr(entry, field.name)) for field in fields(entry)}


def _as_text(found: Any) -> str:
    if found is None:
        return ""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, tuple):
        return ";".join(found)
    if isinstance(found, Decimal):
        return f"{found:.2f}"
    return str(found)


def from_texts(kind: type[Entry], texts: Mapping[str, str]) -> Entry:
    """Return the entry that texts say. Raises EntryRefused, naming every field that cannot be read."""
    entry, refusals = as_far_as_read(kind, texts)
    if refusals:
        raise EntryRefused(refusals)
    return entry


def as_far_as_read(kind: type[Entry], texts: Mapping[str, str]) -> tuple[Entry, list[EntryInvalid]]:
    """Return the entry that texts say, with something sound in place of what cannot be read, and what that is.

    So whoever checks the rest can say all that is wrong at once. A field that is left out has its default; one that
    nobody knows is refused.
    """
    hints, known = get_type_hints(kind), {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    said: dict[str, Any] = {}
    refusals = [_unknown(name) for name in texts if name not in known]
    for name, field in known.items():
        text = texts.get(name, "").strip()
        if not text and field.default is not MISSING:
            said[name] = field.default
            continue
        try:
            said[name] = _read(hints[name], text)
        except ValueError as unreadable:
            refusals.append(EntryInvalid(str(unreadable), field=name))
            said[name] = IN_PLACE[hints[name]]
    return kind(**said), refusals


def _unknown(name: str) -> EntryInvalid:
    return EntryInvalid(_("There is no such column. Check its spelling."), field=name[:60])


def _read(hint: Any, text: str) -> Any:
    if isinstance(hint, UnionType):
        if not text:
            return None
        hint = next(each for each in get_args(hint) if each is not type(None))
    if get_origin(hint) is tuple:
        return tuple(part.strip() for part in text.split(";") if part.strip())
    return READERS[hint](text)


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year < 2100:  # noqa: PLR2004
        raise ValueError(_("Give a date as in 2026-11-23."))
    return found


def _whole(text: str) -> int:
    if not WHOLE.fullmatch(text):
        raise ValueError(_("Give a whole number."))
    return int(text)


def _amount(text: str) -> Decimal:
    if not AMOUNT.fullmatch(text):
        raise ValueError(_('Give an amount in digits with a point, as in "1250.00".'))
    return Decimal(text)


def _degrees(text: str) -> float:
    if not DEGREES.fullmatch(text) or not math.isfinite(float(text)):
        raise ValueError(_("Give degrees with a point, as in 43.25."))
    return float(text)


def _yes_or_no(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(_("Give true or false."))
    return text == "true"


READERS: Mapping[Any, Callable[[str], Any]] = {
    str: str, date: _day, int: _whole, Decimal: _amount, float: _degrees, bool: _yes_or_no
}  # fmt: skip
IN_PLACE: Mapping[Any, Any] = {
    **dict.fromkeys((date, date | None), date(2000, 1, 1)),
    **dict.fromkeys((int, int | None), 1),
    **dict.fromkeys((Decimal, Decimal | None), Decimal(1)),
    float: 0.0,
    bool: True,
}
