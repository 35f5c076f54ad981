"""Issuing a carnet, and taking one out of circulation again.

The guarantee's exposure moves in the same transaction as the carnet: there is no carnet without its reservation
and no reservation without its carnet.
"""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Func, JSONField, Value
from django.utils.translation import gettext_lazy as _

from carnets import numbering, quotas
from carnets.choices import Control, UnitKind
from carnets.models import (
    Carnet,
    CarnetEvent,
    Consignment,
    ConsignmentDocument,
    Container,
    GoodsItem,
    Stop,
    TirOperation,
    Vehicle,
)
from carnets.projection.facts import carnet_status
from carnets.projection.packing import packed
from carnets.projection.plan import PlannedConsignment, Unit
from carnets.rules import ISSUE, Application, DeclaredGoods
from carnets.transitions import carnet_transition
from guarantees import exposure, holders
from guarantees.choices import Clock
from guarantees.clocks import period
from guarantees.exclusions import excluded_in
from tir.accounts.models import User
from tir.kernel.errors import Refused
from tir.kernel.rules import Finding
from tir.kernel.spelling import common_form
from tir.log.standing import ensure_grows


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

    Raises IssueRefused with every broken rule, GuaranteeCeilingExceeded, GuaranteeCarnetLimitReached, LogStandsStill,
    and the errors of `numbering.allocate`. Nothing is written then.
    """
    ensure_grows(at)
    holder = holders.lock_holder(application.holder.pk)
    guarantee = exposure.lock(application.guarantee.pk)

    today = application.association.day_at(at)
    application = replace(
        application,
        holder=holder,
        guarantee=guarantee,
        issued_on=today,
        acceptance=period(Clock.ACCEPTANCE, on=today),
        quota=quotas.quota_of(holder),
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
        corridor=f"{application.stops[0].office.country}-{application.stops[-1].office.country}",
        at=at,
    )
    contents = Func(Value(carnet.pk), function="carnets_contents", output_field=JSONField())
    CarnetEvent.objects.create(carnet=carnet, verb="issue", by=by, at=at, contents=contents)
    return carnet


def _countries(application: Application) -> list[str]:
    """Return the countries of the planned offices, each once, in the order of the route."""
    return list(dict.fromkeys(stop.office.country for stop in application.stops))


def _create(application: Application, number: str, by: User, at: datetime) -> Carnet:
    counts = [consignment.packages for consignment in application.consignments]
    return Carnet.objects.create(
        number=number,
        kind=application.kind,
        is_heavy_or_bulky=application.is_heavy_or_bulky,
        holder=application.holder,
        guarantee=application.guarantee,
        association=application.association,
        continues=application.continues,
        vouchers=application.vouchers,
        packages=sum(count or 0 for count in counts) if any(counts) else None,
        issued_at=at,
        issued_on=application.issued_on,
        is_backdated=application.is_backdated,
        issued_by=by,
        acceptance_until=application.acceptance_until,
        amount=application.guarantee.amount_per_carnet,
        currency=application.guarantee.currency,
        approval_until=_approval_until(application),
        plates=[vehicle.registration for vehicle in application.vehicles],
        territories=[start.office.territory for start, _end in application.legs],
        countries=_countries(application),
        plan=_plan(application),
        reconcile_at=at,
    )


def _approval_until(application: Application) -> date | None:
    """Return the day the first approval certificate ends; none is needed for heavy or bulky goods (art. 29)."""
    if application.is_heavy_or_bulky:
        return None
    days = [vehicle.approval_expires for vehicle in application.vehicles if vehicle.approval_expires]
    return min(days, default=None)


def _plan(application: Application) -> dict[str, Any]:
    """Return stops, cargo and units as judging reads them."""
    return packed(
        [(stop.office.code, stop.does, stop.office.territory_id) for stop in application.stops],
        [
            PlannedConsignment(
                consignment.load,
                consignment.unload,
                consignment.packages,
                sum((line.gross_mass_kg for line in consignment.goods), Decimal(0)),
                frozenset(common_form(line.equipment) for line in consignment.goods if line.equipment),
            )
            for consignment in application.consignments
        ],
        [
            *(Unit(common_form(vehicle.registration), vehicle.kind) for vehicle in application.vehicles),
            *(Unit(common_form(number), UnitKind.CONTAINER) for number in application.containers),
        ],
    )


def _create_contents(application: Application, carnet: Carnet) -> None:
    Stop.objects.bulk_create(
        Stop(
            carnet=carnet,
            position=position,
            office=stop.office.code,
            territory_id=stop.office.territory_id,
            does=stop.does,
        )
        for position, stop in enumerate(application.stops, start=1)
    )
    TirOperation.objects.bulk_create(_operations(application, carnet))
    Vehicle.objects.bulk_create(
        Vehicle(
            carnet=carnet,
            kind=vehicle.kind,
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
    _create_cargo(application, carnet)


def _create_cargo(application: Application, carnet: Carnet) -> None:
    consignments = Consignment.objects.bulk_create(
        Consignment(
            carnet=carnet,
            position=position,
            reference=each.reference,
            load=each.load,
            unload=each.unload,
            consignor_name=each.consignor.name,
            consignor_address=each.consignor.address,
            consignor_country=each.consignor.country,
            consignee_name=each.consignee.name,
            consignee_address=each.consignee.address,
            consignee_country=each.consignee.country,
        )
        for position, each in enumerate(application.consignments, start=1)
    )
    lines = [
        (consignment, line)
        for consignment, each in zip(consignments, application.consignments, strict=True)
        for line in each.goods
    ]
    GoodsItem.objects.bulk_create(
        _goods_item(carnet, consignment, position, line)
        for position, (consignment, line) in enumerate(lines, start=1)
    )
    ConsignmentDocument.objects.bulk_create(
        ConsignmentDocument(
            consignment=consignment, position=position, kind=paper.kind, number=paper.number, date=paper.dated
        )
        for consignment, each in zip(consignments, application.consignments, strict=True)
        for position, paper in enumerate(each.documents, start=1)
    )


def _goods_item(carnet: Carnet, consignment: Consignment, position: int, line: DeclaredGoods) -> GoodsItem:
    return GoodsItem(
        carnet=carnet,
        consignment=consignment,
        position=position,
        description=line.description,
        hs_code=line.hs_code,
        packages=line.packages,
        package_kind=line.package_kind,
        gross_mass_kg=line.gross_mass_kg,
        net_mass_kg=line.net_mass_kg,
        marks=line.marks,
        un_numbers=list(line.un_numbers),
        equipment=line.equipment,
    )


def _operations(application: Application, carnet: Carnet) -> list[TirOperation]:
    return [
        TirOperation(
            carnet=carnet,
            sequence=sequence,
            territory_id=start.office.territory_id,
            country=start.office.country,
            planned_territory_id=start.office.territory_id,
            planned_start=start.office.code,
            planned_end=end.office.code,
            start_role=start.role,
            termination_role=end.role,
        )
        for sequence, (start, end) in enumerate(application.legs, start=1)
    ]


@transaction.atomic
def invalidate(*, number: str, reason: str, by: User, at: datetime) -> Carnet:
    """Withdraw an unused carnet and release its reservation; one lost or stolen unused too, which has been out of
    circulation since that was reported.

    Raises TransitionNotAllowed once it was accepted: then only discharge releases.
    """
    carnet = locked_carnet(number)
    if carnet.control not in MISSING:
        return _withdraw("invalidate", number, reason, by, at)
    carnet_transition("invalidate", status_on_record(carnet))
    return _withdraw("write_off", number, reason, by, at)


def report_lost(*, number: str, reason: str, by: User, at: datetime, is_stolen: bool = False) -> Carnet:
    """Put a carnet on the control list as lost or stolen; the reservation stays, for it may still turn up.

    Raises TransitionNotAllowed when the carnet is no longer in the holder's hands.
    """
    return _withdraw("report_stolen" if is_stolen else "report_lost", number, reason, by, at)


def expire(*, number: str, at: datetime) -> Carnet:
    """Close a carnet that was not accepted by its last day, and release its reservation (art. 9)."""
    return _withdraw("expire", number, str(_("The last day for acceptance passed.")), None, at)


RELEASING = frozenset({Control.INVALIDATED, Control.EXPIRED})
MISSING = frozenset({Control.LOST, Control.STOLEN})


@transaction.atomic
def report_found(*, number: str, reason: str, by: User, at: datetime) -> Carnet:
    """Take a lost or stolen carnet that turned up off the control list: it can be used, returned or invalidated again.

    Raises TransitionNotAllowed unless it was reported lost or stolen.
    """
    carnet = locked_carnet(number)
    carnet_transition("report_found", carnet.status)
    carnet.control, carnet.control_reason, carnet.control_at = Control.NONE, "", None
    carnet.status, carnet.reconcile_at = status_on_record(carnet), at
    carnet.save()
    record_event(carnet, "report_found", by, at, reason)
    return carnet


@transaction.atomic
def _withdraw(verb: str, number: str, reason: str, by: User | None, at: datetime) -> Carnet:
    carnet = locked_carnet(number)

    status = carnet_transition(verb, carnet.status)

    carnet.status = carnet.control = str(status)
    carnet.control_reason, carnet.control_at, carnet.reconcile_at = reason, carnet.control_at or at, at
    if carnet.control in RELEASING:
        release_reservation(carnet, at, cause=carnet.control)
    carnet.save()
    record_event(carnet, verb, by, at, reason)
    return carnet


def locked_carnet(number: str) -> Carnet:
    """Return the carnet under its row lock (not its key: a row that only refers to it need not wait)."""
    return Carnet.objects.select_for_update(no_key=True).get(number=number)


def record_event(carnet: Carnet, verb: str, by: User | None, at: datetime, reason: str = "") -> None:
    """Put on record who decided what about the carnet, and why."""
    CarnetEvent.objects.create(carnet=carnet, verb=verb, by=by, at=at, reason=reason)


def status_on_record(carnet: Carnet) -> str:
    """Return the status that the carnet's operations, as they stand in their rows, come to without a withdrawal."""
    return carnet_status(list(carnet.operations.order_by("sequence")))


def release_reservation(carnet: Carnet, at: datetime, *, cause: str) -> None:
    """Let the reservation of a locked carnet go, once; the caller saves the carnet."""
    if carnet.is_reserved and carnet.guarantee_id is not None:
        carnet.is_reserved = False
        exposure.release(
            guarantee_id=carnet.guarantee_id,
            carnet_number=carnet.number,
            amount=carnet.amount,
            at=at,
            cause=cause,
        )
