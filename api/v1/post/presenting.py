"""What a phone holds, as JSON: short, because posts have 2G links, and enough to judge by the same rules offline.

A member of a stamp that the officer left blank is left out. `tests/judging/cases.json` is made of the same JSON.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from api.errors import instant
from carnets.choices import CarnetStatus
from carnets.projection.facts import Certification, Report
from carnets.projection.writing import CarnetOnRecord, OperationOnRecord
from checkpoints.evidence.dockets import Docket
from checkpoints.posts.offices import Office


def present_held(docket: Docket, *, is_heavy: bool) -> dict[str, Any]:
    """Return one carnet with everything the rules of the checkpoint ask about it."""
    carnet = docket.carnet
    return {
        "number": carnet.number,
        "issued_at": instant(carnet.issued_at),
        "acceptance_until": str(carnet.acceptance_until),
        "vouchers": carnet.vouchers,
        "packages": carnet.packages,
        "holder": {"id": carnet.holder, "name": carnet.holder_name, "status": carnet.holder_status},
        "guarantee": _guarantee(carnet),
        "approval_until": carnet.approval_until and str(carnet.approval_until),
        "plates": carnet.plates,
        "heavy": is_heavy,
        "operations": [_operation(row) for row in carnet.operations],
        "stamps": [present_certification(each) for each in docket.certifications],
        "reports": [present_report(each) for each in docket.reports],
        "refused": sorted(docket.refused),
        "control": carnet.control,
        "control_at": instant(carnet.control_at),
        "returned": carnet.status == CarnetStatus.RETURNED,
        "seals_expected": docket.seals,
    }


def _guarantee(carnet: CarnetOnRecord) -> dict[str, Any]:
    until = carnet.guarantee_valid_to
    return {
        "reference": carnet.guarantee,
        "valid_from": str(carnet.guarantee_valid_from),
        "valid_to": until and str(until),
    }


def _operation(row: OperationOnRecord) -> dict[str, Any]:
    return {
        "sequence": row.sequence,
        "territory": row.territory,
        "start_role": row.start_role,
        "termination_role": row.termination_role,
        "planned_start": row.planned_start,
        "planned_end": row.planned_end,
        "grace_hours": row.grace_hours,
        "default_transit_days": row.default_transit_days,
    }


def present_certification(made: Certification) -> dict[str, Any]:
    """Return one stamp as evidence: what the rules compare, not its prose."""
    seals = {"intact": made.seals_intact, "found": made.seals_found, "affixed": made.seals_affixed}
    said = {
        "seals": _said(seals),
        "packages": made.packages,
        "time_limit": instant(made.time_limit_at),
        "vehicles": made.vehicles,
        "partial": made.is_partial or None,
        "suspension": made.is_suspension or None,
        "cancels": made.cancels and str(made.cancels),
    }
    return {
        "id": str(made.id),
        "page": made.page,
        "office": made.office.code,
        "occurred_at": instant(made.occurred_at),
        **_said(said),
    }


def _said(members: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what was left blank. An empty list is not blank: no seal was found where one should be."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in members.items()
        if value is not None and value != {}
    }


def present_report(drawn_up: Report) -> dict[str, Any]:
    """Return one certified report as evidence."""
    return {
        "id": str(drawn_up.id),
        "office": drawn_up.office,
        "occurred_at": instant(drawn_up.occurred_at),
        "seals_broken": sorted(drawn_up.seals_broken),
        "seals_affixed": sorted(drawn_up.seals_affixed),
        "vehicles": sorted(drawn_up.vehicles),
        "about_seals": drawn_up.is_about_seals,
    }


def present_offices(offices: Sequence[Office], name_of: Any) -> list[dict[str, Any]]:
    """Return the register as judging needs it: which office plays which role where, and which ones it faces."""
    return [
        {
            "code": office.code,
            "country": office.facts.country,
            "territory": office.territory,
            "name": name_of(office),
            "roles": sorted(office.facts.roles),
            "partners": list(office.facts.partners),
            "lat": office.facts.latitude,
            "lon": office.facts.longitude,
        }
        for office in offices
    ]
