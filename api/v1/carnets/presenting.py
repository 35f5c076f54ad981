"""Carnets as JSON. What a guarantor of one territory does not need (goods, the guarantee, other territories) is left
out of its view of a foreign holder's carnet."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from api.errors import instant
from api.scope.carnets import (
    irregularities_of,
    is_issuer,
    operations_of,
    own_territories,
    sees_whole,
    whole_among,
)
from api.scope.reader import Reader
from carnets.choices import UnitKind
from carnets.models import Carnet, Irregularity, Stop, TirOperation
from carnets.reconciliation.catalogue import about
from guarantees.models import Holder


def _carnet_links(number: str, *, whole: bool, own: bool) -> dict[str, str]:
    """Return where to read on: the paper shows all of a carnet, so only who sees all of it is sent there; the codes are
    the issuer's to print."""
    base = f"/api/v1/carnets/{number}"
    links = {"self": f"{base}/", "stamps": f"/api/v1/stamps/?carnet={number}"}
    if whole:
        links["document"] = f"{base}/document.pdf"
    if own:
        links["qr"] = f"{base}/qr.svg"
    return links


def present_briefs(carnets: Sequence[Carnet], reader: Reader) -> list[dict[str, Any]]:
    """Return carnets as rows of a list; a guarantor's row names no territory but its own."""
    whole = whole_among(reader, carnets)
    own = frozenset() if len(whole) == len(carnets) else own_territories(reader)
    return [_brief(carnet, reader, None if carnet.pk in whole else own) for carnet in carnets]


def _brief(carnet: Carnet, reader: Reader, only: frozenset[str] | None) -> dict[str, Any]:
    return {
        "number": carnet.number,
        "status": carnet.status,
        "holder": {"id": carnet.holder.reference, "name": carnet.holder.name},
        "issuer": carnet.association.code,
        "vouchers": carnet.vouchers,
        "issued_at": instant(carnet.issued_at),
        "valid_until": str(carnet.acceptance_until),
        "plates": carnet.plates,
        "territories": [code for code in carnet.territories if only is None or code in only],
        "links": _carnet_links(carnet.number, whole=only is None, own=is_issuer(reader, carnet)),
    }


def present_carnet(carnet: Carnet, reader: Reader) -> dict[str, Any]:
    """Return a carnet whole, or the part of it that its reader has a right to."""
    whole = sees_whole(reader, carnet)
    return {
        "number": carnet.number,
        "status": carnet.status,
        "kind": carnet.kind,
        "heavy_or_bulky": carnet.is_heavy_or_bulky,
        "holder": _present_holder_brief(carnet.holder),
        "guarantee": _guarantee(carnet) if whole else None,
        "vouchers": carnet.vouchers,
        "issued_at": instant(carnet.issued_at),
        "valid_until": str(carnet.acceptance_until),
        "vehicles": [_vehicle(vehicle) for vehicle in carnet.vehicles.order_by("id")],
        "containers": list(carnet.containers.order_by("id").values_list("number", flat=True)),
        "stops": [_stop(stop) for stop in carnet.stops.select_related("territory")] if whole else [],
        "equipment": _equipment(carnet),
        "operations": [_present_operation(operation) for operation in operations_of(reader, carnet)],
        "consignments": _consignments(carnet) if whole else None,
        "goods": [_goods(line) for line in carnet.goods.all()] if whole else None,
        "packages": carnet.packages if whole else None,
        "irregularities": [
            present_irregularity(item, carnet.number) for item in irregularities_of(reader, carnet)
        ],
        "reason": carnet.control_reason,
        "links": _carnet_links(carnet.number, whole=whole, own=is_issuer(reader, carnet)),
    }


def _present_holder_brief(holder: Holder) -> dict[str, Any]:
    return {
        "id": holder.reference,
        "name": holder.name,
        "address": holder.address,
        "country": holder.country,
    }


def _guarantee(carnet: Carnet) -> dict[str, Any]:
    return {
        "reference": carnet.guarantee.reference,
        "association": carnet.association.code,
        "amount": str(carnet.amount),
        "currency": carnet.currency,
    }


def _vehicle(vehicle: Any) -> dict[str, Any]:
    return {
        "registration": vehicle.registration,
        "country": vehicle.country,
        "kind": vehicle.kind,
        "approval_certificate": vehicle.approval_certificate,
        "approval_expires": vehicle.approval_expires and str(vehicle.approval_expires),
    }


def _stop(stop: Stop) -> dict[str, Any]:
    return {
        "position": stop.position,
        "office": stop.office,
        "territory": stop.territory.code,
        "does": stop.does,
    }


def _equipment(carnet: Carnet) -> list[dict[str, Any]]:
    """Return vehicles and containers as one list of units."""
    vehicles = [
        {"kind": each.kind, "identifier": each.registration, "country": each.country}
        for each in carnet.vehicles.order_by("id")
    ]
    containers = [
        {"kind": UnitKind.CONTAINER, "identifier": each.number, "country": None}
        for each in carnet.containers.order_by("id")
    ]
    return [*vehicles, *containers]


def _consignments(carnet: Carnet) -> list[dict[str, Any]]:
    offices = dict(carnet.stops.values_list("position", "office"))
    return [
        {
            "reference": each.reference,
            "consignor": _party(each.consignor_name, each.consignor_address, each.consignor_country),
            "consignee": _party(each.consignee_name, each.consignee_address, each.consignee_country),
            "load": offices[each.load],
            "unload": offices[each.unload],
            "goods": [_goods(line) for line in each.goods.all()],
            "documents": [
                {"kind": paper.kind, "number": paper.number, "date": paper.date and str(paper.date)}
                for paper in each.documents.all()
            ],
        }
        for each in carnet.consignments.prefetch_related("goods", "documents")
    ]


def _party(name: str, address: str, country: str) -> dict[str, str] | None:
    return {"name": name, "address": address, "country": country} if name else None


def _goods(line: Any) -> dict[str, Any]:
    return {
        "description": line.description,
        "hs_code": line.hs_code,
        "packages": line.packages,
        "package_kind": line.package_kind,
        "gross_mass_kg": plain_number(line.gross_mass_kg),
        "net_mass_kg": None if line.net_mass_kg is None else plain_number(line.net_mass_kg),
        "marks": line.marks,
        "un_numbers": line.un_numbers,
        "equipment": line.equipment,
    }


def plain_number(value: Decimal) -> str:
    """Return a quantity without the zeros that only the column adds."""
    return f"{value.normalize():f}"


def _present_operation(operation: TirOperation) -> dict[str, Any]:
    """Return one operation with its two ends side by side."""
    first, second = operation.pages
    return {
        "sequence": operation.sequence,
        "pages": [first, second],
        "territory": operation.territory.code,
        "country": operation.country,
        "planned": _planned(operation),
        "start": {
            "page": first,
            "role": operation.start_role,
            "planned_office": operation.planned_start,
            "office": operation.start_office or None,
            "at": instant(operation.started_at),
            "stamp": operation.start_stamp and str(operation.start_stamp),
            "seals_intact": operation.start_seals_intact,
            "seals": operation.start_seals_found,
        },
        "termination": {
            "page": second,
            "role": operation.termination_role,
            "planned_office": operation.planned_end,
            "office": operation.termination_office or None,
            "at": instant(operation.terminated_at),
            "stamp": operation.termination_stamp and str(operation.termination_stamp),
            "seals_intact": operation.termination_seals_intact,
            "seals": operation.termination_seals_found,
            "packages": operation.packages,
            "reservation": operation.reservation,
            "partial": operation.is_partial,
            "final": operation.is_final,
        },
        "status": operation.status,
        "refused": operation.was_refused,
        "liability": _liability(operation),
        "time_limit": instant(operation.time_limit_at),
        "prescribed_route": operation.prescribed_route,
        "discharged_at": instant(operation.discharged_at),
    }


def _planned(operation: TirOperation) -> dict[str, str] | None:
    if operation.planned_territory is None:
        return None
    return {
        "territory": operation.planned_territory.code,
        "start": operation.planned_start,
        "end": operation.planned_end,
    }


def _liability(operation: TirOperation) -> dict[str, Any]:
    is_borne = operation.borne > 0
    return {
        "status": operation.liability,
        "ended_by": operation.liability_ended_by or None,
        "guarantor": operation.guarantor.code if operation.guarantor else None,
        "amount": str(operation.borne) if is_borne else None,
        "currency": operation.borne_currency if is_borne else None,
    }


def present_irregularity(item: Irregularity, number: str) -> dict[str, Any]:
    """Return an irregularity with its sentence and legal basis from the catalogue."""
    entry = about(item.code, item.page)
    return {
        "id": item.pk,
        "carnet": number,
        "operation": item.operation.sequence,
        "page": item.page,
        "code": item.code,
        "detail": str(entry.message),
        "severity": item.severity,
        "status": item.status,
        "bars_discharge": item.bars_discharge,
        "legal_basis": entry.article,
        "facts": item.facts,
        "opened_at": instant(item.opened_at),
        "next_clock": item.next_clock or None,
        "next_clock_at": instant(item.next_clock_at),
        "closed_at": instant(item.closed_at),
        "close_reason": item.close_reason,
    }
