"""What comes after the journeys, so that no page of the association is empty: carnets brought back with counterfoils
that agree or differ, holders suspended and excluded, guarantees asked about, the daily files.

Everything goes through the public functions, in the order of carnet numbers: the same carnets give the same rows.
What was planted about the journeys is not touched.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from carnets.annex10 import returns
from carnets.choices import CarnetStatus
from carnets.guarantee_queries import asking
from carnets.models import Carnet, CarnetReturn, GuaranteeQuery, TirOperation
from checkpoints.annex10 import daily
from checkpoints.simulation.accounts import association_name
from guarantees import holders
from guarantees.models import Association, Holder
from tir.accounts.models import Role, User

RETURNED_EACH = 6  # carnets of each association that were discharged: one with a counterfoil that differs
ASKED_EACH = 2
SUSPENDED, EXCLUDED = "9001", "9002"  # the associations' own numbers of two sample holders
EXCLUSION_DECIDED = timedelta(days=3)  # ago: the notice is in time
SAMPLE_QUOTA = 40


@dataclass(slots=True)
class Aftermath:
    """What was made."""

    returned: int = 0
    requests: int = 0
    holders: int = 0
    enquiries: int = 0
    files: int = 0


@transaction.atomic
def happen(*, at: datetime) -> Aftermath:
    """Make what is not there yet; a second time nothing happens."""
    made = Aftermath()
    for association in Association.objects.order_by("code"):
        staff = User.objects.get(username=association_name(association.country))
        made.holders += _decide_about_holders(association, staff, at)
        if not CarnetReturn.objects.filter(carnet__association=association).exists():
            for recorded in _bring_back(association, staff, at):
                made.returned += 1
                made.requests += len(recorded.differences)
        made.enquiries += _ask(association, at)
    made.files = len(daily.make_files(upto=daily.latest_day_over(at), at=at))
    return made


def _bring_back(association: Association, staff: User, at: datetime) -> Iterator[CarnetReturn]:
    discharged = Carnet.objects.filter(association=association, status=CarnetStatus.DISCHARGED)
    for index, carnet in enumerate(discharged.order_by("number")[:RETURNED_EACH]):
        ends = list(carnet.operations.order_by("sequence"))
        foils = [_counterfoil(operation) for operation in ends]
        if index == 0:
            foils[-1]["packages"] = (ends[-1].packages or 0) - 1
        yield _return(carnet, foils, staff, at)
    for carnet in _never_terminated(association)[:1]:
        ends = [op for op in carnet.operations.order_by("sequence") if op.started_at]
        foils = [_counterfoil(operation) for operation in ends]
        yield _return(carnet, foils, staff, at)


def _never_terminated(association: Association) -> Sequence[Carnet]:
    """Carnets that reached their destination while the record of an earlier termination is missing."""
    missing = TirOperation.objects.filter(
        carnet__association=association, terminated_at=None, started_at__isnull=False
    ).values("carnet_id")
    arrived = Carnet.objects.filter(pk__in=missing, status=CarnetStatus.TERMINATED, control="")
    return list(arrived.order_by("number"))


def _counterfoil(operation: TirOperation) -> dict[str, Any]:
    """Return what counterfoil No. 2 says when it agrees with the record; without a record, what was planned."""
    said: dict[str, Any] = {
        "page": operation.pages[1],
        "office": operation.termination_office or operation.planned_end,
    }
    if operation.terminated_at is not None:
        said["packages"] = operation.packages
        said["with_reservation"] = bool(operation.reservation)
        said["on"] = str(operation.terminated_on)
    return said


def _return(carnet: Carnet, foils: list[dict[str, Any]], staff: User, at: datetime) -> CarnetReturn:
    return returns.record_return(
        number=carnet.number, counterfoils=foils, reason="Journey over.", by=staff, at=at
    )


def _decide_about_holders(association: Association, staff: User, at: datetime) -> int:
    """One holder with a quota who is suspended, one whom a neighbouring country excludes; both without carnets."""
    if Holder.objects.filter(association=association, reference__endswith=f"/{SUSPENDED}").exists():
        return 0
    suspended, excluded = (
        holders.authorise(
            association=association,
            number=number,
            name=name,
            address="Sample address",
            authorised_from=at.date(),
            quota=SAMPLE_QUOTA,
            reason="Sample holder.",
            by=staff,
            at=at,
        )
        for number, name in ((SUSPENDED, "Sample Haulage, suspended"), (EXCLUDED, "Sample Haulage, excluded"))
    )
    holders.suspend(holder_id=suspended.pk, reason="Membership dues unpaid.", by=staff, at=at)
    neighbour = User.objects.filter(roles__contains=[Role.CUSTOMS_HQ]).exclude(country=association.country)
    customs = neighbour.order_by("country").first()
    if customs is not None:
        day = (at - EXCLUSION_DECIDED).date()
        holders.exclude(
            holder_id=excluded.pk, country=customs.country, valid_from=day, decided_on=day,
            reason="Undeclared goods found behind a false wall.", by=customs, at=at,
        )  # fmt: skip
    return 2


def _ask(association: Association, at: datetime) -> int:
    """The customs of the next country on the route ask about the latest carnets."""
    if GuaranteeQuery.objects.filter(carnet__association=association).exists():
        return 0
    latest = Carnet.objects.filter(association=association).order_by("-number")[:ASKED_EACH]
    for carnet in latest:
        country = carnet.countries[-1]
        customs = User.objects.filter(roles__contains=[Role.CUSTOMS_HQ], country=country).first()
        if customs is not None:
            asking.ask(number=carnet.number, country=country, by=customs, at=at)
    return len(latest)
