"""Deadlines as an iCalendar file (RFC 5545): all-day events, in the reader's language."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event

from guarantees.deadlines import Deadline

DAY = timedelta(days=1)


def calendar(deadlines: Iterable[Deadline], *, host: str, at: datetime) -> bytes:
    """Return the file; an event keeps its UID from one export to the next, so that a calendar updates it."""
    file = Calendar()
    file.add("prodid", "-//TIR transit system//deadlines//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    for deadline in deadlines:
        file.add_component(_event(deadline, host, at))
    return bytes(file.to_ical())


def _event(deadline: Deadline, host: str, at: datetime) -> Event:
    about = deadline.carnet or deadline.guarantee or deadline.holder
    duty = deadline.duty
    event = Event()
    event.add("uid", f"{sha256(f'{deadline.subject}:{deadline.role}'.encode()).hexdigest()[:32]}@{host}")
    event.add("dtstamp", at)
    event.add("dtstart", deadline.on)
    event.add("dtend", deadline.on + DAY)
    event.add("summary", f"{about}: {duty.what}")
    event.add("description", f"{duty.missed} ({deadline.window.article})")
    event.add("transp", "TRANSPARENT")
    return event
