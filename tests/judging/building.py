"""Carnets as a phone holds them, presented at an office: the parts that the judged cases are made of."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from api.errors import instant
from api.v1.post.presenting import present_certification, present_report
from carnets.numbering import format_number
from carnets.projection.facts import Certification, expected_seals
from carnets.rules import roles_of
from tests.evidence import (
    PACKAGES,
    PLATE,
    SEALS,
    Route,
    clean,
    legs_of,
    office_of,
    plan_of,
    when,
)
from tests.world import LONG_AGO, ROUTE, START

Json = dict[str, Any]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TODAY = START.date()
NUMBER, LOST, INVALIDATED, EXPIRED = (format_number(99_000_000 + n) for n in (1, 2, 3, 4))
LOADS_TWICE = (("CNURC001", "CNHRS001"), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001"))
TWO_LANDS = (("KZALA001", "KZQZQ001"), ("UZYAL001", "UZTAS001"))
HOLDER, BARRED, BARRED_BEFORE = "CHN/071/1001", "CHN/071/1002", "CHN/071/1003"


def carnet(
    route: Route = ROUTE,
    stamps: Sequence[Certification] = (),
    reports: Sequence[Any] = (),
    refused: Sequence[int] = (),
    **changes: Any,
) -> Json:
    """Return a carnet in circulation with everything in force; `changes` say what is different."""
    seals = expected_seals(plan_of(route), stamps, reports)
    return {
        "number": NUMBER, "issued_at": instant(START), "acceptance_until": str(TODAY + 30 * DAY), "vouchers": 14,
        "packages": PACKAGES, "holder": {"id": HOLDER, "name": "Silk Road Haulage", "status": "authorised"},
        "guarantee": {"reference": "CN-2026-0001", "valid_from": str(LONG_AGO), "valid_to": None},
        "approval_until": str(TODAY + 400 * DAY), "plates": [PLATE], "heavy": False,
        "operations": [_operation(route, index) for index in range(len(route))],
        "stamps": [present_certification(stamp) for stamp in stamps],
        "reports": [present_report(each) for each in reports], "refused": list(refused), "control": "",
        "control_at": None, "returned": False, "seals_expected": seals,
    } | changes  # fmt: skip


def _operation(route: Route, index: int) -> Json:
    leg, (start_role, termination_role) = legs_of(route)[index], roles_of(legs_of(route), index)
    return {
        "sequence": index + 1, "territory": leg.start.territory, "start_role": start_role.value,
        "termination_role": termination_role.value, "planned_start": leg.start.code, "planned_end": leg.end.code,
        "grace_hours": 24, "default_transit_days": 10,
    }  # fmt: skip


def case(
    name: str,
    page: int | None,
    office: str | None = None,
    *,
    at: datetime | None = None,
    now: datetime | None = None,
    route: Route = ROUTE,
    upto: int | None = None,
    stamps: Sequence[Certification] | None = None,
    seen: Json | None = None,
    **held: Any,
) -> Json:
    """Return a carnet presented for a page after every page before it was stamped in order."""
    planned = 2 * len(route)
    upto = upto if upto is not None else min(max((page or 1) - 1, 0), planned)
    stamps = clean(upto, route) if stamps is None else stamps
    place = office or (office_of(page, route) if page and 1 <= page <= planned else "CNURC001")
    at = at or when(page or upto + 1)
    return {
        "name": name, "office": place, "now": instant(now or at), "at": instant(at), "qr": None, "number": None,
        "carnet": carnet(route, stamps, **held), "page": page, "seen": seen,
    }  # fmt: skip


def seen(page: int, **said: Any) -> Json:
    """Return what an officer writes on a page; in good order but for what is said."""
    seals = {"intact": True, ("affixed" if page == 1 else "found"): list(SEALS)}
    words: Json = {"id": str(UUID(int=900 + page)), "seals": seals}
    if page % 2 == 0:
        words["packages"] = PACKAGES
    return words | said


def holder(id: str = HOLDER, status: str = "authorised") -> Json:
    return {"id": id, "name": "Silk Road Haulage", "status": status}


def scanned(name: str, qr: str, reached: int, office: str | None = None, **rest: Any) -> Json:
    """Return a signed code held before the camera, with nothing held about the carnet unless `carnet` says so."""
    at = rest.pop("at", when(reached))
    blank = {"number": None, "carnet": None, "page": None, "seen": None}
    place = office or office_of(reached)
    return {"name": name, "office": place, "now": instant(at), "at": instant(at), "qr": qr} | blank | rest
