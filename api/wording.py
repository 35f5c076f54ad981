"""Words that the API's papers and the consoles' pages share."""

from datetime import timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tir.log.published import printed


def in_active_language(named: Any) -> str:
    """Return the name of an office or crossing in the language asked for, English when there is none."""
    field = {"ru": "name_ru", "zh-hans": "name_zh"}.get(get_language() or "", "name_en")
    return str(getattr(named, field) or named.name_en)


def said_of_the_log() -> str:
    """Return the newest published checkpoint as a line of a paper; blank before there is one."""
    newest = printed()
    if newest is None:
        return ""
    return _("Log {origin}: {size} entries, root {root}").format(
        origin=newest.origin, size=newest.size, root=newest.root
    )


def said_seconds(seconds: float | None) -> str:
    """Return a duration as minutes and seconds; a dash where nothing was timed."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=f"{rest:02}")


def said_age(age: timedelta) -> str:
    """Return a length of time as one reads it at a glance: minutes up to an hour, hours up to two days, then days."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 60:  # noqa: PLR2004  (minutes of an hour)
        return _("{n} min").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} h").format(n=minutes // 60)
    return _("{n} d").format(n=minutes // (24 * 60))
