"""What is wrong with an entry, all of it at once."""

import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from tir.kernel.characters import control_in
from tir.kernel.errors import NotFound, Refused


class EntryInvalid(Refused):
    """A field of an entry does not hold what it must."""

    code = "entry_invalid"


class EntryUnknown(Refused):
    """An entry names another that is not on record."""

    code = "names_unknown"


class EntryFixed(Refused):
    """What an entry says here may no longer change: others rely on it, or its day has passed."""

    code = "entry_fixed"


class NoSuchEntry(NotFound):
    """There is no entry under this key."""

    code = "not_in_register"


class EntryRefused(Refused):
    """An entry is refused: `refusals` has everything that is wrong with it, the first gives code and sentence."""

    code = "entry_refused"

    def __init__(self, refusals: Sequence[Refused]) -> None:
        first = refusals[0]
        super().__init__(first.detail, code=first.error_code, field=first.field, **first.facts)
        self.refusals = tuple(refusals)


class Faults(list[Refused]):
    """What a check found so far; each method adds at most one fault, beside the field it names."""

    def unless(self, holds: bool, field: str, sentence: Any, kind: type[Refused] = EntryInvalid) -> None:
        """Add the sentence beside the field unless the condition holds."""
        if not holds:
            self.append(kind(sentence, field=field))

    def text(self, found: str, field: str, *, most: int, least: int = 1) -> None:
        """A text of `least` to `most` characters, all of which can be read."""
        if len(found.strip()) < least:
            self.unless(False, field, _("Fill this in: it cannot be blank."))
        elif len(found) > most:
            self.unless(False, field, _("Give at most {max_length} characters.").format(max_length=most))
        else:
            self.unless(
                not control_in(found),
                field,
                _("A text cannot hold control characters. Leave them out; type it anew rather than paste it."),
            )  # fmt: skip

    def names(self, entry: Any, *, most: int = 100) -> None:
        """A name in English, which must be, and in Russian and Chinese, which may."""
        self.text(entry.name_en, "name_en", most=most)
        self.text(entry.name_ru, "name_ru", most=most, least=0)
        self.text(entry.name_zh, "name_zh", most=most, least=0)

    def form(self, found: str, field: str, pattern: str, sentence: Any) -> None:
        """A code of a certain form."""
        self.unless(re.fullmatch(pattern, found) is not None, field, sentence)

    def country(self, found: str, field: str = "country") -> None:
        self.form(
            found,
            field,
            "[A-Z]{2}",
            _("Give the country's two capital letters (ISO 3166-1), as in KZ."),
        )

    def currency(self, found: str, field: str = "currency") -> None:
        self.form(
            found, field, "[A-Z]{3}", _("Give the currency's three capital letters (ISO 4217), as in EUR.")
        )

    def range(self, found: float, field: str, least: int, most: int) -> None:
        """A number from `least` to `most`, both included."""
        self.unless(
            least <= found <= most,
            field,
            _("Give a number from {least} to {most}.").format(least=least, most=most),
        )

    def time_zone(self, found: str, field: str = "time_zone") -> None:
        """A zone of the IANA database that has a place in its name."""
        try:
            is_known = "/" in found and len(found) <= 40 and bool(ZoneInfo(found))  # noqa: PLR2004
        except (ValueError, OSError, LookupError):
            is_known = False
        self.unless(is_known, field, _("Give a time zone of the IANA database, as in Asia/Almaty."))
