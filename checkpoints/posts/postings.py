"""Which office an officer speaks for, and when: the office of a stamp follows from the posting, never from the body."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from django.utils.translation import gettext_lazy as _

from checkpoints.models import Posting
from checkpoints.posts.offices import Office, register
from guarantees.choices import Clock
from guarantees.clocks import schedule
from tir.accounts.models import Role
from tir.kernel.errors import Forbidden
from tir.kernel.places import start_of_day
from tir.kernel.values import value


class NotPosted(Forbidden):
    """The officer had no posting at a customs office on that day."""

    code = "not_posted"


@value
class PostingPeriod:
    office_id: int
    valid_from: date
    valid_to: date | None

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@value
class Officer:
    """A user with their postings; a stamp made offline belongs to the office they served at on that day, as the day is
    at the office. A system account speaks for its office as an enrolled device does."""

    user_id: int
    postings: Sequence[PostingPeriod]
    is_system: bool = False

    def office_id_on(self, at: datetime) -> int | None:
        return next((posting.office_id for posting in self.postings if _covers(posting, at)), None)

    def office_on(self, at: datetime, *, heard_at: datetime | None = None) -> Office:
        """Return the office; raise NotPosted when there was none, or when the posting ended so long before `heard_at`
        that nothing stamped in it may be handed in any more."""
        posting = next((posting for posting in self.postings if _covers(posting, at)), None)
        if posting is None:
            day = self._day(at)
            raise NotPosted(
                _(
                    "You were not posted to a customs office on {day}. Ask your headquarters for a posting."
                ).format(day=day),
                on=day,
            )
        office = register().by_id[posting.office_id]
        if heard_at is not None:
            _ensure_still_handed_in(posting, office, heard_at)
        return office

    def _day(self, at: datetime) -> date:
        """Return the day at the office of the latest posting, else in UTC."""
        latest = max(self.postings, key=lambda posting: posting.valid_from, default=None)
        return register().by_id[latest.office_id].day(at) if latest else at.astimezone(UTC).date()


def _covers(posting: PostingPeriod, at: datetime) -> bool:
    return posting.covers(register().by_id[posting.office_id].day(at))


def _ensure_still_handed_in(posting: PostingPeriod, office: Office, heard_at: datetime) -> None:
    if posting.valid_to is None:
        return
    latest = schedule(Clock.HAND_IN, office.territory_id).end(
        start_of_day(posting.valid_to, office.time_zone)
    )
    if latest is not None and heard_at > latest:
        raise NotPosted(
            _(
                "Your posting at {office} ended on {day}. What was stamped in it is handed in by the office now."
            ).format(office=office.code, day=posting.valid_to),
            code="posting_ended",
            office=office.code,
            ended_on=posting.valid_to,
        )


def officer_of(user_id: int) -> Officer:
    """Return the user as an officer with every posting they ever had."""
    rows = Posting.objects.filter(user_id=user_id).values_list(
        "office_id", "valid_from", "valid_to", "user__roles"
    )
    return Officer(
        user_id, [PostingPeriod(*row[:3]) for row in rows], any(Role.SYSTEM in row[3] for row in rows)
    )


def always_at(office: Office, officer: Officer) -> Officer:
    """Return the officer as one who serves at this office on every day, to read what was written there."""
    return Officer(officer.user_id, [PostingPeriod(office.id, date.min, None)], officer.is_system)
