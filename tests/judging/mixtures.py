"""Journeys with any mixture of faults, drawn by a generator with a fixed seed."""

from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import UUID

from api.errors import instant
from carnets.projection.facts import Certification
from tests.evidence import (
    PACKAGES,
    PLATE,
    SEALS,
    Route,
    certify,
    office_facts,
    office_of,
    offices_in,
    report,
    territory_of,
    when,
)
from tests.judging.building import (
    BARRED,
    DAY,
    HOLDER,
    LOADS_TWICE,
    MINUTE,
    TODAY,
    TWO_LANDS,
    Json,
    case,
    holder,
    seen,
)
from tests.world import HOUR, KYRGYZ_OFFICE, OFFICES, ROUTE, START

SEED, MIXTURES = 1975, 140  # the year of the Convention


def mixtures() -> Iterator[Json]:
    """Journeys with any mixture of faults, each drawn from the fixed seed."""
    draw = Random(SEED)
    for index in range(MIXTURES):
        yield _mixture(draw, f"mixture {index + 1}")


def _mixture(draw: Random, name: str) -> Json:
    route = draw.choice((ROUTE, ROUTE, ROUTE, LOADS_TWICE, TWO_LANDS))
    planned = 2 * len(route)
    page = draw.randint(1, planned)
    stamps = [
        _drawn_stamp(draw, each, route)
        for each in range(1, planned + 1)
        if (each < page and draw.random() < 0.9) or (each >= page and draw.random() < 0.06)
    ]
    if stamps and draw.random() < 0.15:
        stamps.append(_cancellation(draw, draw.choice(stamps)))
    reports = [_drawn_report(draw, page, route)] if draw.random() < 0.3 else []
    at = when(page) + draw.choice((0, 0, 0, -9, 3, -30, 240, 300, 900)) * HOUR
    asked = draw.choice((page, page, page, page, page, page, None, draw.randint(1, planned)))
    words = _drawn_words(draw, asked) if asked and draw.random() < 0.6 else None
    return case(
        name, asked, _drawn_office(draw, page, route), at=at, now=at + draw.choice((0, 0, 0, 60, -20)) * MINUTE,
        route=route, stamps=stamps, reports=reports, seen=words, **_drawn_faults(draw),
    )  # fmt: skip


def _drawn_office(draw: Random, page: int, route: Route) -> str:
    planned = office_of(page, route)
    if draw.random() < 0.75:
        return planned
    everywhere = [code for code, *_rest in (*OFFICES, KYRGYZ_OFFICE)]
    return draw.choice(offices_in(territory_of(planned)) if draw.random() < 0.6 else everywhere)


def _drawn_stamp(draw: Random, page: int, route: Route) -> Certification:
    office = office_of(page, route)
    if draw.random() < 0.15:
        office = draw.choice(offices_in(territory_of(office)))
    said: Json = {"seals_found": draw.choice((SEALS,) * 6 + (SEALS[:1], None, ("N-1",)))} if page > 1 else {}
    if draw.random() < 0.15:
        said["seals_affixed"] = draw.choice((("N-1",), ("N-1", "N-2"), ()))
    if page % 2 == 0:
        said["packages"] = draw.choice((PACKAGES,) * 5 + (400, None))
        said["is_suspension"], said["is_partial"] = draw.random() < 0.1, draw.random() < 0.1
    elif draw.random() < 0.15:
        said["time_limit_at"] = when(page) + 12 * HOUR
    said["seals_intact"] = draw.choice((True,) * 6 + (None, False))
    said["vehicles"] = draw.choice((None,) * 4 + ((PLATE,), ("99ZZ999",)))
    at = when(page) + draw.choice((0,) * 6 + (1, -12, 15)) * HOUR
    return certify(page, at, office, **said)


def _cancellation(draw: Random, target: Certification) -> Certification:
    office = target.office if draw.random() < 0.7 else office_facts("CNURC001")
    return Certification(UUID(int=80), target.page, office, target.occurred_at + HOUR, cancels=target.id)


def _drawn_report(draw: Random, page: int, route: Route) -> Any:
    near = max(1, page - draw.randint(0, 2))
    return report(
        office_of(near, route), when(near) + draw.choice((-2, 0, 1, 20)) * HOUR,
        seals_broken=frozenset(draw.choice(((), SEALS, SEALS[:1]))),
        seals_affixed=frozenset(draw.choice(((), ("N-1",), ("N-2",)))),
        vehicles=frozenset(draw.choice(((), ("99ZZ999",)))), is_about_seals=draw.random() < 0.8,
    )  # fmt: skip


def _drawn_faults(draw: Random) -> Json:
    faults: Json = {}
    if draw.random() < 0.12:
        faults["control"] = draw.choice(("invalidated", "lost", "stolen", "expired"))
        faults["control_at"] = instant(START)
    if draw.random() < 0.12:
        faults["holder"] = holder(draw.choice((HOLDER, BARRED)), draw.choice(("suspended", "authorised")))
    if draw.random() < 0.1:
        faults["acceptance_until"] = str(TODAY)
    if draw.random() < 0.1:
        faults["approval_until"] = str(TODAY - DAY)
    if draw.random() < 0.1:
        faults["refused"] = [draw.choice((1, 3, 5))]
    if draw.random() < 0.05:
        faults["returned"] = True
    return faults


def _drawn_words(draw: Random, page: int) -> Json:
    words = seen(page)
    if page > 1:
        words["seals"] = {
            "intact": draw.choice((True, True, True, False, None)),
            "found": list(draw.choice((SEALS,) * 4 + (SEALS[:1], ("N-1",), (*SEALS, "N-1")))),
        }
    if page % 2 == 0:
        words["packages"] = draw.choice((PACKAGES,) * 3 + (400, 430))
    words["vehicles"] = draw.choice(([PLATE], [PLATE], ["99ZZ999"]))
    if draw.random() < 0.15:
        words["reservation"] = "two cartons wet"
    return words
