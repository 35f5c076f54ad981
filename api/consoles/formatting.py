"""Money, instants and counts as each language writes them. An amount never stands without its currency."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from checkpoints.posts.offices import register

NOTHING: Final = "–"
NARROW_BLANK: Final = "\u202f"
# Thousands and decimals. Django's own grouping for Chinese is by four, which no account book uses.
SEPARATORS: Final[Mapping[str, tuple[str, str]]] = {
    "en": (",", "."),
    "ru": (NARROW_BLANK, ","),
    "zh-hans": (",", "."),
}
MOMENT_FORMATS: Final[Mapping[str, str]] = {"en": "j M Y, H:i", "ru": "d.m.Y, H:i", "zh-hans": "Y-m-d H:i"}
CITED: Final = re.compile(r"(?P<article>[0-9]+)(?:\((?P<part>[0-9a-z]+)\))?")
DAY_FORMATS: Final[Mapping[str, str]] = {"en": "j M Y", "ru": "d.m.Y", "zh-hans": "Y-m-d"}


def figure(value: Decimal | int, *, places: int = 0) -> str:
    """Return a number with the language's separators and exactly `places` decimals."""
    thousands, decimals = SEPARATORS.get(get_language() or "en", SEPARATORS["en"])
    whole, _point, part = f"{value:,.{places}f}".partition(".")
    return whole.replace(",", thousands) + (f"{decimals}{part}" if part else "")


def money(amount: Decimal | None, currency: str, *, places: int = 2) -> str:
    """Return an amount with its currency, as text: `EUR 60,000.00`, in Russian `60 000,00 EUR`."""
    if amount is None:
        return NOTHING
    said = figure(amount, places=places)
    return f"{said}\u00a0{currency}" if get_language() == "ru" else f"{currency}\u00a0{said}"


def article(said: str) -> str:
    """Return an article of the law as the language cites it: `art. 11(1)`, in Russian `ст. 11(1)`, in Chinese
    `第11条第1款`. What is cited otherwise (an annex, a practice) stays as it is."""
    language, number = get_language() or "en", said.removeprefix("art. ")
    if number == said or language not in ("ru", "zh-hans"):
        return said
    if language == "ru":
        return f"ст. {number}"
    return "、".join(_in_chinese(each) for each in number.split(", "))


def _in_chinese(number: str) -> str:
    found = CITED.fullmatch(number)
    if found is None:
        return number
    part = found["part"] or ""
    return f"第{found['article']}条" + (f"第{part}款" if part.isdigit() else f"({part})" if part else "")


def day(value: date | None) -> str:
    return date_format(value, DAY_FORMATS.get(get_language() or "en", "Y-m-d")) if value else NOTHING


def moment(value: datetime | None, office: str = "") -> SafeString:
    """Return an instant in UTC and, where an office is named, what its clock on the wall said."""
    if value is None:
        return SafeString(NOTHING)
    local = _local(value, office)
    return format_html(
        '<time class="moment" datetime="{}">{}{}</time>',
        value.isoformat().replace("+00:00", "Z"),
        _written(value, ZoneInfo("UTC")) + " UTC",
        format_html('<span class="moment-local">{}</span>', local) if local else "",
    )


def _local(value: datetime, office: str) -> str:
    known = register().by_code.get(office) if office else None
    if known is None:
        return ""
    return _("{instant} local").format(instant=_written(value, ZoneInfo(known.time_zone)))


def _written(value: datetime, zone: ZoneInfo) -> str:
    return date_format(localtime(value, zone), MOMENT_FORMATS.get(get_language() or "en", "Y-m-d H:i"))


def office_name(code: str) -> str:
    """Return an office's name in the reader's language where the register has one, with its code."""
    office = register().by_code.get(code)
    if office is None:
        return code or NOTHING
    names = {"ru": office.name_ru, "zh-hans": office.name_zh}
    name = names.get(get_language() or "en") or office.name
    return f"{name} ({code})" if name != code else code
