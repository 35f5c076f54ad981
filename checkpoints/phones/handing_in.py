"""What a phone has left unsent, handed in by a colleague at the same office: from its file, or as it was read from its
screen.

It cannot prove who made it, so the ledger's officer is who hands it in and answers for it; the officer whom the phone
named stands beside. The office is where that officer served at the time of each item, and it must be the office of the
one who hands in. What the phone had sent after all is a duplicate. One rule for stamps, refusals and reports.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carnets.choices import Made
from checkpoints.models import Device, Incident, Refusal
from checkpoints.posts.offices import Office
from checkpoints.posts.postings import Officer, officer_of
from checkpoints.recording.apart import DATABASE_AWAY, failure, record_each
from checkpoints.recording.stamping import Origin, Outcome, OutcomeKind, StampRequest
from tir.accounts.models import User
from tir.kernel.errors import Conflict, DomainError, Refused
from tir.kernel.values import value


class OfficerUnknown(Refused):
    """The file names an officer who never served at this office."""

    code = "officer_unknown"


class MadeElsewhere(Refused):
    """The officer of the file served at another office, or at none, when this was made."""

    code = "made_elsewhere"


@value
class UnsentDeed:
    """A refusal or a report to be handed in: `record` puts it on record, and is told `officer`, `at` and `origin`."""

    id: UUID
    number: str
    occurred_at: datetime
    record: Callable[..., Any]  # the Refusal or the Incident


@value
class DeedOutcome:
    """What became of a deed; `row` is what stands on record under its id."""

    request: UnsentDeed
    kind: OutcomeKind
    row: Incident | Refusal | None = None
    error: DomainError | None = None


Item = TypeVar("Item", StampRequest, UnsentDeed)
Became = TypeVar("Became", Outcome, DeedOutcome)


@value
class HandIn:
    """One hand-in at `office`: on record as `officer`, who hands in with the postings of who made it."""

    office: Office
    officer: Officer
    origin: Origin
    at: datetime

    def record_stamps(self, requests: Sequence[StampRequest]) -> list[Outcome]:
        """Record stamps, each on its own merits, and return the outcomes in the order of the requests."""
        made_here = [request for request in requests if self._was_made_here(request)]
        recorded = record_each(requests=made_here, officer=self.officer, at=self.at, origin=self.origin)
        return list(self._in_order(requests, iter(recorded), Outcome))

    def record_deeds(self, deeds: Sequence[UnsentDeed]) -> list[DeedOutcome]:
        """Do the same for refusals and reports."""
        known: set[UUID] = set()
        recorded = (self._record(deed, known) for deed in deeds if self._was_made_here(deed))
        return list(self._in_order(deeds, recorded, DeedOutcome))

    def _record(self, deed: UnsentDeed, known: set[UUID]) -> DeedOutcome:
        try:
            row = deed.record(officer=self.officer, at=self.at, origin=self.origin)
        except DomainError as error:
            kind = OutcomeKind.CONFLICT if isinstance(error, Conflict) else OutcomeKind.REJECTED
            return DeedOutcome(deed, kind, error=error)
        except DATABASE_AWAY:
            raise
        except Exception as fault:  # ours, and not the others'
            return DeedOutcome(deed, OutcomeKind.REJECTED, error=failure(deed.id, fault))
        is_new = row.recorded_at == self.at and deed.id not in known
        known.add(deed.id)
        return DeedOutcome(deed, OutcomeKind.RECORDED if is_new else OutcomeKind.DUPLICATE, row)

    def _was_made_here(self, item: StampRequest | UnsentDeed) -> bool:
        return self.officer.office_id_on(item.occurred_at) == self.office.id

    def _in_order(
        self, items: Sequence[Item], recorded: Iterator[Became], outcome: Callable[..., Became]
    ) -> Iterator[Became]:
        for item in items:
            if self._was_made_here(item):
                yield next(recorded)
            else:
                yield outcome(item, OutcomeKind.REJECTED, error=_made_elsewhere(item, self.office))


def hand_in(*, certified_by: str, device_id: UUID | None, by: Officer, at: datetime) -> HandIn:
    """Return the hand-in of what `certified_by` made, by an officer of the same office.

    Raises NotPosted for the one who hands in, and OfficerUnknown.
    """
    office = by.office_on(at)
    maker = _officer_named(certified_by, office)
    device = _device_of(office, device_id)
    origin = Origin(device_id=device, certified_by_id=maker.user_id, made=Made.HANDED_IN)
    return HandIn(office=office, officer=Officer(by.user_id, maker.postings), origin=origin, at=at)


def _officer_named(username: str, office: Office) -> Officer:
    """Return the officer with every posting; one who never served here is as unknown as one who does not exist."""
    user_id = User.objects.filter(username=username).values_list("pk", flat=True).first()
    maker = officer_of(user_id) if user_id else None
    if maker is None or office.id not in {posting.office_id for posting in maker.postings}:
        raise OfficerUnknown(
            _("No officer of this name has served at your office. Hand the file in where it was made."),
            field="officer",
            officer=username,
        )
    return maker


def _device_of(office: Office, device_id: UUID | None) -> UUID | None:
    """Return the device if it is one of this office; a file without one, or of an unknown one, is taken as well."""
    found = Device.objects.filter(pk=device_id, office_id=office.id) if device_id else Device.objects.none()
    return found.values_list("pk", flat=True).first()


def _made_elsewhere(item: StampRequest | UnsentDeed, office: Office) -> MadeElsewhere:
    day = office.day(item.occurred_at)
    return MadeElsewhere(
        _("The officer did not serve at your office on {day}. Hand this in where it was made.").format(
            day=day
        ),
        field="occurred_at",
        on=day,
    )
