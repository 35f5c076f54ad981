"""What a phone holds to judge without a network: the stop list, and the carnets due at its office.

Both are read straight from what is on record, in a fixed number of statements however much there is.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from carnets.choices import CarnetStatus, Control
from carnets.models import Carnet, CarnetEvent, TirOperation
from checkpoints.evidence.dockets import Docket, open_dockets
from checkpoints.posts.offices import Office, register
from guarantees.choices import Clock
from guarantees.clocks import schedule
from guarantees.models import CustomsTerritory, HolderExclusion
from tir.log.models import Entry, Log, Pending

KEPT_ON_THE_LIST = timedelta(
    days=365
)  # after its last day for acceptance a carnet's own code says that it is over
UNDER_WAY = (
    CarnetStatus.ISSUED,
    CarnetStatus.ACCEPTED,
    CarnetStatus.IN_TRANSIT,
    CarnetStatus.SUSPENDED,
    CarnetStatus.PARTIALLY_TERMINATED,
)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """One entry of the stop list."""

    number: str
    control: str
    since: datetime | None


def stop_list(
    office: Office, *, on: date, since: datetime | None = None, after: int | None = None
) -> list[Withdrawn]:
    """Return the carnets out of circulation: on routes through the office's territory, and lost or stolen ones
    wherever they belong, for they turn up anywhere. With `since`, only those withdrawn from that instant on; with
    `after`, those about which something was decided that stands at or after that index of the log, or nowhere yet."""
    rows = Carnet.objects.exclude(control=Control.NONE).filter(
        Q(control__in=(Control.LOST, Control.STOLEN)) | Q(territories__contains=[office.territory]),
        acceptance_until__gte=on - KEPT_ON_THE_LIST,
    )
    if since is not None or after is not None:
        withdrawn = Q() if since is None else Q(control_at__gte=since)
        rows = rows.filter(withdrawn | _decided_after(after) if after is not None else withdrawn)
    found = rows.order_by("number").values_list("number", "control", "control_at")
    return [Withdrawn(*row) for row in found]


def _decided_after(index: int) -> Q:
    """Carnets whose events stand at or after an index of the newest log, published or not, or wait for their place."""
    logs = Log.objects.order_by("-pk").values("pk")[:1]
    entries = Entry.objects.filter(log__in=logs, kind=CarnetEvent.logged_as, index__gte=index)
    waiting = Pending.objects.filter(kind=CarnetEvent.logged_as)
    # What waits first: it may get its place meanwhile, and never the other way.
    refs = (int(ref) for rows in (waiting, entries) for ref in rows.values_list("ref", flat=True))
    return Q(pk__in=CarnetEvent.objects.filter(pk__in=list(refs)).values("carnet"))


def offices_for_phones() -> list[Office]:
    """Return every office of the register, by code: old stamps name those that are no longer approved."""
    return sorted(register().by_id.values(), key=lambda office: office.code)


def territories_for_phones() -> QuerySet[CustomsTerritory]:
    return CustomsTerritory.objects.order_by("code")


def days_of(clock: Clock, territory_id: int, *, at: datetime) -> int | None:
    """Return how many days a clock of the territory that starts now runs; nothing when no rule says."""
    until = schedule(clock, territory_id).end(at)
    return None if until is None else (until - at).days


def exclusions_by(countries: Collection[str], *, on: date) -> QuerySet[HolderExclusion]:
    """Return whom these countries exclude from TIR, now or on a later day (art. 38)."""
    return (
        HolderExclusion.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), country__in=countries)
        .select_related("holder")
        .order_by("holder__reference", "valid_from")
    )


def carnets_due_at(office: Office, *, on: date) -> QuerySet[Carnet]:
    """Return the carnets whose next stamp is planned here: the operation under way ends here, or the one before is
    terminated and the next begins here, or the transport begins here and the carnet may still be accepted."""
    first = Q(sequence=1, carnet__acceptance_until__gte=on)
    before = TirOperation.objects.filter(
        carnet=OuterRef("carnet"), sequence=OuterRef("sequence") - 1, terminated_at__isnull=False
    )
    to_start = TirOperation.objects.filter(planned_start=office.code, started_at__isnull=True).filter(
        first | Exists(before)
    )
    to_end = TirOperation.objects.filter(
        planned_end=office.code, started_at__isnull=False, terminated_at__isnull=True
    )
    due = to_start.order_by().values("carnet").union(to_end.order_by().values("carnet"))
    return Carnet.objects.filter(
        pk__in=due, control=Control.NONE, status__in=UNDER_WAY, returned_at__isnull=True
    )


def dockets_of(carnets: Sequence[Carnet]) -> list[Docket]:
    """Return the carnets with their evidence, in the order given."""
    _known, dockets = open_dockets({carnet.number for carnet in carnets}, (), lock=False)
    return [dockets[carnet.number] for carnet in carnets]
