"""Which office an officer speaks for, and when: the office of a stamp follows from the posting, never from the body."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from checkpoints.models import Posting
from checkpoints.posts.offices import Office, register
from tir.kernel.errors import Forbidden


class NotPosted(Forbidden):
    """The officer had no posting at a customs office on that day."""

    code = "not_posted"


@dataclass(frozen=True, slots=True)
class Period:
    office_id: int
    valid_from: date
    valid_to: date | None

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Officer:
    """A user with their postings; a stamp made offline belongs to the office they served at on that day."""

    user_id: int
    postings: Sequence[Period]

    def office_id_on(self, at: datetime) -> int | None:
        return next((posting.office_id for posting in self.postings if posting.covers(at.date())), None)

    def office_on(self, at: datetime) -> Office:
        """Return the office; raise NotPosted when there was none."""
        office_id = self.office_id_on(at)
        if office_id is None:
            raise NotPosted(
                _(
                    "You were not posted to a customs office on {day}. Ask your headquarters for a posting."
                ).format(day=at.date()),
                on=at.date(),
            )
        return register().by_id[office_id]


def officer_of(user_id: int) -> Officer:
    """Return the user as an officer with every posting they ever had."""
    rows = Posting.objects.filter(user_id=user_id).values_list("office_id", "valid_from", "valid_to")
    return Officer(user_id, [Period(*row) for row in rows])


def always_at(office: Office, officer: Officer) -> Officer:
    """Return the officer as one who serves at this office on every day, to read what was written there."""
    return Officer(officer.user_id, [Period(office.id, date.min, None)])
