"""What happened at an office in a period: for whoever leads the shift, and for whoever takes it over.

A period is by `recorded_at`: what came on record then, also what was made earlier without a network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q, QuerySet

from carnets.choices import Made
from checkpoints.choices import Verdict
from checkpoints.models import Device, Incident, Refusal, Scan, Stamp
from checkpoints.posts.offices import Office
from tir.kernel import places

MADE_OFFLINE = (Made.OFFLINE, Made.HANDED_IN)
SEEN_LATELY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Shift:
    """One office from one instant up to, not including, another."""

    office: Office
    since: datetime
    until: datetime

    @property
    def zone(self) -> ZoneInfo:
        return places.zone(self.office.time_zone)


def shift_of_day(office: Office, day: date) -> Shift:
    """Return the day as the office's clock has it."""
    begins, ends = (places.start_of_day(each, office.time_zone) for each in (day, day + timedelta(days=1)))
    return Shift(office, begins, ends)


def shift_of_today(office: Office, *, at: datetime) -> Shift:
    """Return the day that it is at the office."""
    return shift_of_day(office, office.day(at))


def stamps(shift: Shift) -> QuerySet[Stamp]:
    """Return the stamps that came on record, with carnet, officer and device."""
    return Stamp.objects.filter(
        office_id=shift.office.id, recorded_at__gte=shift.since, recorded_at__lt=shift.until
    ).select_related("carnet", "officer", "origin__device", "origin__certified_by")


def refused_stamps(shift: Shift) -> QuerySet[Scan]:
    """Return the stamps that a rule refused."""
    return _scans(shift).filter(purpose=Scan.Purpose.STAMP).select_related("officer")


def refusals(shift: Shift) -> QuerySet[Refusal]:
    """Return the operations that the office refused to start."""
    return Refusal.objects.filter(
        office_id=shift.office.id, recorded_at__gte=shift.since, recorded_at__lt=shift.until
    ).select_related("carnet", "officer")


def reports(shift: Shift) -> QuerySet[Incident]:
    """Return the certified reports that the office drew up."""
    return Incident.objects.filter(
        office_id=shift.office.id, recorded_at__gte=shift.since, recorded_at__lt=shift.until
    ).select_related("carnet", "officer")


def devices(shift: Shift) -> QuerySet[Device]:
    """Return the devices in use, the fullest first, with `made`: how many of the period's stamps came by each."""
    during = Q(stamps__stamp__recorded_at__gte=shift.since, stamps__stamp__recorded_at__lt=shift.until)
    return (
        Device.objects.filter(office_id=shift.office.id, revoked_at__isnull=True)
        .select_related("officer")
        .annotate(made=Count("stamps", filter=during))
        .order_by("-unsent", "lane", "name")
    )


@dataclass(frozen=True, slots=True)
class ShiftTally:
    """A period in figures. `waiting` is what devices said last, whenever that was."""

    stamps: int
    from_offline: int
    scans: int
    stopped: int
    refused_stamps: int
    refusals: int
    reports: int
    waiting: int

    @property
    def refused(self) -> int:
        """Stamps that a rule refused, and starts that an officer refused."""
        return self.refused_stamps + self.refusals


def tally(shift: Shift) -> ShiftTally:
    """Count what happened, in five statements."""
    made = stamps(shift).aggregate(all=Count("pk"), offline=Count("pk", filter=Q(made__in=MADE_OFFLINE)))
    scanned = _scans(shift).aggregate(
        scans=Count("pk", filter=Q(purpose=Scan.Purpose.SCAN)),
        stopped=Count("pk", filter=Q(purpose=Scan.Purpose.SCAN, verdict=Verdict.STOP)),
        refused=Count("pk", filter=Q(purpose=Scan.Purpose.STAMP)),
    )
    waiting = Device.objects.filter(office_id=shift.office.id, revoked_at__isnull=True)
    return ShiftTally(
        stamps=made["all"],
        from_offline=made["offline"],
        scans=scanned["scans"],
        stopped=scanned["stopped"],
        refused_stamps=scanned["refused"],
        refusals=refusals(shift).count(),
        reports=reports(shift).count(),
        waiting=sum(waiting.values_list("unsent", flat=True)),
    )


def _scans(shift: Shift) -> QuerySet[Scan]:
    return Scan.objects.filter(
        office_id=shift.office.id, recorded_at__gte=shift.since, recorded_at__lt=shift.until
    )


@dataclass(frozen=True, slots=True)
class Handling:
    """How long carnets took in one hour of the office's clock: from the first look to the stamp, in seconds."""

    hour: datetime
    stamps: int
    seconds: float


# A look more than an hour before the stamp belongs to an earlier visit. A stamp nobody scanned for says nothing.
HANDLING = """
    SELECT date_trunc('hour', s.occurred_at AT TIME ZONE %(zone)s), count(*),
           avg(extract(epoch FROM s.occurred_at - looked.at))
      FROM checkpoints_stamp s
      JOIN carnets_carnet c ON c.id = s.carnet_id
     CROSS JOIN LATERAL (
           SELECT min(n.occurred_at) AS at
             FROM checkpoints_scan n
            WHERE n.office_id = s.office_id AND n.purpose = 'scan' AND n.carnet_number = c.number
              AND n.recorded_at BETWEEN s.occurred_at - interval '1 hour' AND s.recorded_at
              AND n.occurred_at BETWEEN s.occurred_at - interval '1 hour' AND s.occurred_at) looked
     WHERE s.office_id = %(office)s AND s.recorded_at >= %(since)s AND s.recorded_at < %(until)s
       AND s.cancels IS NULL AND looked.at IS NOT NULL
     GROUP BY 1 ORDER BY 1
"""


def handling_by_hour(shift: Shift) -> Sequence[Handling]:
    """Return the average handling time of every hour in which something was scanned and stamped."""
    with connection.cursor() as cursor:
        cursor.execute(
            HANDLING,
            {
                "zone": shift.office.time_zone,
                "office": shift.office.id,
                "since": shift.since,
                "until": shift.until,
            },
        )
        return [
            Handling(hour.replace(tzinfo=shift.zone), count, float(seconds))
            for hour, count, seconds in cursor.fetchall()
        ]


def average_seconds(hours: Sequence[Handling]) -> float | None:
    """Return the average over all hours, each with the weight of its stamps."""
    counted = sum(hour.stamps for hour in hours)
    return sum(hour.seconds * hour.stamps for hour in hours) / counted if counted else None
