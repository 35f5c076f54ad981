"""Issuing a carnet, and taking one out of circulation again.

The guarantee's exposure moves in the same transaction as the carnet: there is no carnet without its reservation
and no reservation without its carnet.
"""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carnets import numbering, quotas
from carnets.choices import Control
from carnets.models import Carnet, Container, GoodsItem, TirOperation, Vehicle
from carnets.rules import ISSUE, Application, roles_of
from carnets.transitions import carnet_transition
from guarantees import exposure, holders
from guarantees.choices import Clock
from guarantees.clocks import period
from guarantees.exclusions import excluded_in
from tir.accounts.models import User
from tir.kernel.errors import Refused
from tir.kernel.rules import Finding


class IssueRefused(Refused):
    """One or more rules of issuing do not hold; `findings` has all of them, the first gives the code."""

    code = "issue_refused"

    def __init__(self, findings: list[Finding]) -> None:
        first = findings[0]
        facts = {key: value for key, value in first.facts.items() if key != "field"}
        super().__init__(
            first.detail, code=first.code, field=first.facts.get("field"), article=first.article, **facts
        )
        self.findings = findings


@transaction.atomic
def issue(*, application: Application, by: User, at: datetime) -> Carnet:
    """Issue a carnet to its holder and reserve the guarantee's exposure.

    Raises IssueRefused with every broken rule, GuaranteeCeilingExceeded, GuaranteeCarnetLimitReached, and the
    errors of `numbering.allocate`. Nothing is written then.
    """
    holder = holders.lock(application.holder.pk)
    guarantee = exposure.lock(application.guarantee.pk)

    today = application.association.day_at(at)
    application = replace(
        application,
        holder=holder,
        guarantee=guarantee,
        issued_on=today,
        acceptance=period(Clock.ACCEPTANCE, on=today),
        quota=quotas.standing(holder),
        excluded_in=frozenset(excluded_in(holder, on=today, countries=_countries(application))),
    )
    if findings := ISSUE.findings(application):
        raise IssueRefused(findings)
    exposure.ensure_room(guarantee, guarantee.amount_per_carnet, at=at)

    number = numbering.allocate(association=application.association, number=application.number)
    carnet = _create(application, number, by, at)
    _create_contents(application, carnet)

    exposure.reserve(
        guarantee=guarantee,
        carnet_number=number,
        holder=application.holder,
        corridor=f"{application.legs[0].start.country}-{application.legs[-1].end.country}",
        at=at,
    )
    return carnet


def _countries(application: Application) -> list[str]:
    """Return the countries of the planned offices, each once, in the order of the route."""
    return list(dict.fromkeys(office.country for leg in application.legs for office in (leg.start, leg.end)))


def _create(application: Application, number: str, by: User, at: datetime) -> Carnet:
    return Carnet.objects.create(
        number=number,
        kind=application.kind,
        is_heavy_or_bulky=application.is_heavy_or_bulky,
        holder=application.holder,
        guarantee=application.guarantee,
        association=application.association,
        vouchers=application.vouchers,
        packages=sum(line.packages for line in application.goods),
        issued_at=at,
        issued_by=by,
        acceptance_until=application.acceptance_until,
        amount=application.guarantee.amount_per_carnet,
        currency=application.guarantee.currency,
        approval_until=_approval_until(application),
        plates=[vehicle.registration for vehicle in application.vehicles],
        territories=[leg.start.territory for leg in application.legs],
        countries=_countries(application),
        reconcile_at=at,
    )


def _approval_until(application: Application) -> date | None:
    """Return the day the first approval certificate ends; none is needed for heavy or bulky goods (art. 29)."""
    if application.is_heavy_or_bulky or not application.vehicles:
        return None
    return min(vehicle.approval_expires for vehicle in application.vehicles)


def _create_contents(application: Application, carnet: Carnet) -> None:
    TirOperation.objects.bulk_create(_operations(application, carnet))
    Vehicle.objects.bulk_create(
        Vehicle(
            carnet=carnet,
            registration=vehicle.registration,
            country=vehicle.country,
            approval_certificate=vehicle.approval_certificate,
            approval_expires=vehicle.approval_expires,
        )
        for vehicle in application.vehicles
    )
    Container.objects.bulk_create(
        Container(carnet=carnet, number=number) for number in application.containers
    )
    GoodsItem.objects.bulk_create(
        GoodsItem(
            carnet=carnet,
            position=position,
            description=line.description,
            hs_code=line.hs_code,
            packages=line.packages,
            package_kind=line.package_kind,
            gross_mass_kg=line.gross_mass_kg,
            marks=line.marks,
        )
        for position, line in enumerate(application.goods, start=1)
    )


def _operations(application: Application, carnet: Carnet) -> list[TirOperation]:
    operations = []
    for index, leg in enumerate(application.legs):
        start_role, termination_role = roles_of(application.legs, index)
        operations.append(
            TirOperation(
                carnet=carnet,
                sequence=index + 1,
                territory_id=leg.start.territory_id,
                country=leg.start.country,
                planned_start=leg.start.code,
                planned_end=leg.end.code,
                start_role=start_role,
                termination_role=termination_role,
            )
        )
    return operations


def invalidate(*, number: str, reason: str, by: User, at: datetime) -> Carnet:
    """Withdraw an unused carnet and release its reservation.

    Raises TransitionNotAllowed once it was accepted: then only discharge releases.
    """
    return _withdraw("invalidate", number, reason, at)


def report_lost(*, number: str, reason: str, by: User, at: datetime, is_stolen: bool = False) -> Carnet:
    """Put a carnet on the control list as lost or stolen; the reservation stays, for it may still turn up.

    Raises TransitionNotAllowed when the carnet is no longer in the holder's hands.
    """
    return _withdraw("report_stolen" if is_stolen else "report_lost", number, reason, at)


def expire(*, number: str, at: datetime) -> Carnet:
    """Close a carnet that was not accepted by its last day, and release its reservation (art. 9)."""
    return _withdraw("expire", number, str(_("The last day for acceptance passed.")), at)


RELEASING = frozenset({Control.INVALIDATED, Control.EXPIRED})


@transaction.atomic
def _withdraw(verb: str, number: str, reason: str, at: datetime) -> Carnet:
    carnet = Carnet.objects.select_for_update().get(number=number)

    status = carnet_transition(verb, carnet.status)

    carnet.status = carnet.control = str(status)
    carnet.control_reason, carnet.control_at, carnet.reconcile_at = reason, at, at
    if carnet.control in RELEASING:
        release_reservation(carnet, at, cause=carnet.control)
    carnet.save()
    return carnet


def release_reservation(carnet: Carnet, at: datetime, *, cause: str) -> None:
    """Let the reservation of a locked carnet go, once; the caller saves the carnet."""
    if carnet.is_reserved:
        carnet.is_reserved = False
        exposure.release(
            guarantee_id=carnet.guarantee_id,
            carnet_number=carnet.number,
            amount=carnet.amount,
            at=at,
            cause=cause,
        )
