"""What a phone holds, as JSON: short, because posts have 2G links, and enough to judge by the same rules offline.

A member of a stamp that the officer left blank is left out. `tests/judging/cases.json` is made of the same JSON.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from api.errors import instant
from carnets.choices import CarnetStatus, PackagesBasis
from carnets.projection.evidence import Certification, Event, Report
from carnets.projection.plan import Plan
from checkpoints.evidence.dockets import Docket
from checkpoints.posts.offices import Office


def present_held(docket: Docket, territories: Mapping[int, str]) -> dict[str, Any]:
    """Return one carnet with everything the rules of the checkpoint ask about it; `territories` are codes by key."""
    carnet = docket.carnet
    return {
        "number": carnet.number,
        "issued_at": instant(carnet.issued_at),
        "acceptance_until": str(carnet.acceptance_until),
        "vouchers": carnet.vouchers,
        "packages": carnet.packages,
        "holder": {"id": carnet.holder, "name": carnet.holder_name, "status": carnet.holder_status},
        "guarantee": {"reference": carnet.guarantee},
        "approval_until": carnet.approval_until and str(carnet.approval_until),
        "plates": carnet.plates,
        "plan": _present_plan(carnet.plan, territories),
        "pairs": docket.last_operation,
        "stamps": [present_certification(each) for each in docket.certifications],
        "proofs": [present_certification(each) for each in docket.events.proofs],
        "events": [_present_event(each) for each in docket.events.happened],
        "refused": sorted(docket.events.refused_pages),
        "control": carnet.control,
        "control_at": instant(carnet.control_at),
        "returned": carnet.status == CarnetStatus.RETURNED,
        "backdated": carnet.is_backdated,
        "seals_expected": docket.seals,
    }


def _present_plan(plan: Plan, territories: Mapping[int, str]) -> dict[str, Any]:
    """Return the plan: a leg for each planned pair, what is loaded and unloaded where, and the units."""
    return {
        "legs": [
            {
                "territory": territories[leg.territory_id],
                "start": {"position": leg.start.position, "office": leg.start.office, "does": leg.start.does},
                "end": {"position": leg.end.position, "office": leg.end.office, "does": leg.end.does},
            }
            for leg in plan.legs
        ],
        "cargo": [
            {
                "load": each.load,
                "unload": each.unload,
                "packages": each.packages,
                "mass_kg": float(each.mass_kg),
                "units": sorted(each.units),
            }
            for each in plan.consignments
        ],
        "units": [{"name": unit.name, "kind": unit.kind} for unit in plan.units],
        "sealed": plan.is_sealed,
        "presented": plan.is_presented,
        "over": plan.is_over,
    }


def present_certification(made: Certification) -> dict[str, Any]:
    """Return one stamp as evidence: what the rules compare, not its prose."""
    seals = {
        "intact": made.seals_intact,
        "found": made.seals_found,
        "affixed": made.seals_affixed,
        "removed": made.seals_removed,
    }
    said = {
        "seals": _said(seals),
        "packages": made.packages,
        "packages_basis": None if made.packages_basis == PackagesBasis.COUNTED else made.packages_basis,
        "packages_presented": made.packages_presented,
        "mass_kg": made.mass_kg,
        "time_limit": instant(made.time_limit_at),
        "vehicles": made.vehicles,
        "containers": made.containers,
        "goes_on": made.goes_on or None,
        "ends_here": made.ends_here or None,
        "suspension": made.is_suspension or None,
        "cancels": made.cancels and str(made.cancels),
    }
    return {
        "id": str(made.id),
        "page": made.page,
        "office": made.office.code,
        "occurred_at": instant(made.occurred_at),
        "recorded_at": instant(made.recorded_at),
        "made": made.made,
        "vouched": made.is_vouched,
        **_said(said),
    }


def _said(members: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what was left blank. An empty list is not blank: no seal was found where one should be."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in members.items()
        if value is not None and value != {}
    }


def _present_event(event: Event) -> dict[str, Any]:
    """Return one report or control as evidence."""
    return {
        "id": str(event.id),
        "kind": "report" if isinstance(event, Report) else "control",
        "office": event.office,
        "at": instant(event.at),
        "seals_removed": list(event.seals_removed),
        "seals_affixed": list(event.seals_affixed),
        "vehicles": list(event.vehicles),
        "packages": event.packages,
        "explains_seals": event.explains_seals,
    }


def present_offices(offices: Sequence[Office], name_of: Any) -> list[dict[str, Any]]:
    """Return the register as judging needs it: which office plays which role where, and which ones it faced when."""
    return [
        {
            "code": office.code,
            "country": office.facts.country,
            "territory": office.territory,
            "name": name_of(office),
            "roles": sorted(office.facts.roles),
            "time_zone": office.time_zone,
            "faces": [
                {
                    "office": each.office,
                    "valid_from": str(each.valid_from),
                    "valid_to": each.valid_to and str(each.valid_to),
                }
                for each in office.facts.faces
            ],
            "approved_from": str(office.valid_from),
            "approved_to": office.valid_to and str(office.valid_to),
            "lat": office.facts.latitude,
            "lon": office.facts.longitude,
        }
        for office in offices
    ]
