"""Deadlines as an iCalendar file (RFC 5545): all-day events, in the reader's language."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from guarantees.deadlines import Deadline

MOST_OCTETS = 75  # of a line, its line break apart
DAY = timedelta(days=1)
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def calendar(deadlines: Iterable[Deadline], *, host: str, at: datetime) -> bytes:
    """Return the file; an event keeps its UID from one export to the next, so that a calendar updates it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//TIR transit system//deadlines//EN",
        "CALSCALE:GREGORIAN",
    ]
    for deadline in deadlines:
        lines += _event(deadline, host, at)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(deadline: Deadline, host: str, at: datetime) -> Iterator[str]:
    about = deadline.carnet or deadline.guarantee or deadline.holder
    duty = deadline.duty
    yield "BEGIN:VEVENT"
    yield f"UID:{sha256(f'{deadline.subject}:{deadline.role}'.encode()).hexdigest()[:32]}@{host}"
    yield f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{deadline.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{deadline.on + DAY:%Y%m%d}"
    yield f"SUMMARY:{_text(f'{about}: {duty.what}')}"
    yield f"DESCRIPTION:{_text(f'{duty.missed} ({deadline.window.article})')}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(value: str) -> str:
    return value.translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 octets, never cutting a character; the parts after the first begin with a
    blank."""
    part = ""
    for character in line:
        if len((part + character).encode()) > MOST_OCTETS:
            yield part
            part = " "
        part += character
    yield part
