"""What was done about a person, when, by whom and why: written down beside whatever did it."""

from datetime import datetime

from tir.accounts.models import PersonEvent, PersonVerb, User


def note(
    person: User, verb: PersonVerb, *, by: User | None, reason: str, at: datetime, **facts: object
) -> None:
    """Write down what was done about a person; `by` is None for a command of whoever runs the server."""
    PersonEvent.objects.create(person=person, verb=verb, by=by, reason=reason, at=at, facts=facts)
