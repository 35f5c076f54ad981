"""Carnets that holders bring back: recorded with their counterfoils, and compared with what customs recorded.

A counterfoil that differs from the record, or has none, becomes a reconciliation request (Annex 10 par. 2).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carnets import issuing
from carnets.annex10 import requests
from carnets.choices import CarnetStatus, OperationStatus, Reason
from carnets.models import Carnet, CarnetReturn, TirOperation
from carnets.transitions import carnet_transition
from tir.accounts.models import User
from tir.kernel.errors import Refused
from tir.kernel.places import day_at

Counterfoil = dict[str, Any]
Difference = dict[str, Any]


class CounterfoilTwice(Refused):
    """The return lists the counterfoil of one page twice."""

    code = "counterfoil_twice"


@transaction.atomic
def record_return(
    *, number: str, counterfoils: Sequence[Counterfoil], reason: str, by: User, at: datetime
) -> CarnetReturn:
    """Record that the holder brought the carnet back, with what its counterfoils say (Annex 10 par. 2).

    That ends the transport: pairs that nobody stamped are unused. An unused carnet lets its reservation go; should
    stamps of it still arrive, reconciliation charges it again. Each counterfoil that differs from what customs recorded
    is kept with the return and opens a request to them.
    Raises TransitionNotAllowed when the carnet was returned already or is on the control list, and CounterfoilTwice.
    """
    carnet = issuing.locked_carnet(number)

    carnet_transition("return", carnet.status)
    operations = {operation.pages[1]: operation for operation in carnet.operations.all()}
    _ensure_once(counterfoils)

    if carnet.status == CarnetStatus.ISSUED:
        issuing.release_reservation(carnet, at, cause="returned_unused")
    carnet.returned_at = carnet.reconcile_at = at
    carnet.status = CarnetStatus.RETURNED
    carnet.save(update_fields=["returned_at", "reconcile_at", "status", "is_reserved"])
    _end_transport(carnet)
    issuing.record_event(carnet, "return", by, at, reason)
    recorded = CarnetReturn.objects.create(
        carnet=carnet,
        returned_at=at,
        returned_on=day_at(at, carnet.association.time_zone),
        recorded_by=by,
        reason=reason,
        counterfoils=list(counterfoils),
        differences=_differences_of(operations, counterfoils),
    )
    said = {counterfoil["page"]: counterfoil for counterfoil in counterfoils}
    for difference in recorded.differences:
        page = difference["page"]
        requests.open_request(
            operation=operations[page], counterfoil=said[page], difference=difference, by=by, at=at
        )
    return recorded


def _end_transport(carnet: Carnet) -> None:
    """Say of the pairs without a stamp what the projection will say of them from now on."""
    carnet.operations.filter(status=OperationStatus.EXPECTED).update(status=OperationStatus.UNUSED)


def recompute(*, carnet_id: int) -> list[Difference]:
    """Compare a returned carnet's counterfoils with the record as it is now; the caller holds the carnet's lock."""
    recorded = CarnetReturn.objects.get(carnet_id=carnet_id)
    operations = TirOperation.objects.filter(carnet_id=carnet_id)
    recorded.differences = _differences_of(
        {operation.pages[1]: operation for operation in operations}, recorded.counterfoils
    )
    recorded.save(update_fields=["differences"])
    return list(recorded.differences)


def _ensure_once(counterfoils: Sequence[Counterfoil]) -> None:
    pages = [counterfoil["page"] for counterfoil in counterfoils]
    for index, page in enumerate(pages):
        if page in pages[:index]:
            raise CounterfoilTwice(
                _("Page {page} is listed twice. Give each counterfoil once.").format(page=page),
                field=f"counterfoils.{index}.page",
                page=page,
            )


def _differences_of(
    operations: dict[int, TirOperation], counterfoils: Sequence[Counterfoil]
) -> list[Difference]:
    """Compare counterfoils with the terminations on record: (a) they differ, or (b) none was recorded.

    Only counterfoils of vouchers No. 2 bear a termination; another page is kept with the return and not compared.
    """
    differences: list[Difference] = []
    for counterfoil in counterfoils:
        operation = operations.get(counterfoil["page"])
        if operation is None:
            continue
        if operation.terminated_at is None:
            differences.append({"page": counterfoil["page"], "reason": Reason.MISSING.value})
        elif fields := _differing_fields(operation, counterfoil):
            differences.append(
                {"page": counterfoil["page"], "reason": Reason.DISCREPANCY.value, "fields": fields}
            )
    return differences


def _differing_fields(operation: TirOperation, counterfoil: Counterfoil) -> list[str]:
    recorded = requests.termination_on_record(operation)
    differing = [
        name
        for name in ("office", "packages", "with_reservation")
        if counterfoil.get(name) not in (None, recorded[name])
    ]
    said = counterfoil.get("on")
    if said is not None and str(said) != recorded["on"]:
        differing.append("on")
    return differing
