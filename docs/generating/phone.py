"""checkpoints/scanner/src/judging/generated.ts: what the phone must not say otherwise than the server.

Codes with their levels and order, tolerances, choices and limits are written once, in Python. The phone maps them to
its own checks and words by `Record<RuleName, …>`, so its compiler refuses to build while one of them is missing there.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import TextChoices
from pydantic import BaseModel

from api.v1.checkpoints.bodies import StampBody
from api.v1.checkpoints.evidence_bodies import IncidentBody, RefusalBody
from carnets import itinerary, vouchers
from carnets.choices import (
    Control,
    Made,
    OfficeRole,
    OperationStatus,
    PackagesBasis,
    StopAction,
    UnitKind,
)
from carnets.projection import walk
from carnets.projection.plan import USUAL
from carnets.projection.seals import LEAVES
from checkpoints.choices import ABOUT_SEALS, IncidentKind, Lane, RefusalReason, Verdict
from checkpoints.judging.rules import CHECKPOINT, NEEDS_CONFIRMING
from checkpoints.phones import standing
from checkpoints.recording import photos
from guarantees.choices import HolderStatus
from tir.kernel import pictures, spelling
from tir.kernel.rules import Level

FILE: Final[Path] = settings.BASE_DIR / "checkpoints/scanner/src/judging/generated.ts"
NOTICE = "// Written by script/docs from the code. Change the code, then run it again."

CHOICES: Final[Mapping[str, type[TextChoices]]] = {
    "ServerVerdict": Verdict,
    "Control": Control,
    "Role": OfficeRole,
    "OperationStatus": OperationStatus,
    "StopAction": StopAction,
    "UnitKind": UnitKind,
    "Made": Made,
    "PackagesBasis": PackagesBasis,
    "HolderStatus": HolderStatus,
    "Lane": Lane,
    "IncidentKind": IncidentKind,
    "RefusalReason": RefusalReason,
}
LIMITS: Final[Mapping[str, tuple[type[BaseModel], str, str]]] = {
    "reservation": (StampBody, "reservation", "maxLength"),
    "takingBack": (StampBody, "reason", "maxLength"),
    "packages": (StampBody, "packages", "maximum"),
    "refusal": (RefusalBody, "text", "maxLength"),
    "report": (IncidentBody, "description", "maxLength"),
    "seals": (IncidentBody, "seals_affixed", "maxItems"),
    "seal": (IncidentBody, "seals_affixed.items", "maxLength"),
    "plates": (IncidentBody, "vehicles", "maxItems"),
    "plate": (IncidentBody, "vehicles.items", "maxLength"),
    "container": (StampBody, "containers.items", "maxLength"),
    "mass": (StampBody, "mass_kg", "maximum"),
    "photos": (IncidentBody, "photos", "maxItems"),
}


class LimitMissing(LookupError):
    """A body does not bound a field, so that the phone cannot know how much it may hold."""


def module() -> str:
    """Return the whole file."""
    blocks = (
        NOTICE, *_rules(), *_tolerances(), *_choices(), *_journey(), *_spelling(), *_about_seals(), *_limits(),
        *_photos(),
    )  # fmt: skip
    return "\n\n".join(blocks) + "\n"


def _rules() -> Iterable[str]:
    """A rule is known by its name; two may share a code, as where one stops and the other only notes."""
    lines = (
        f"  {{ name: {_text(rule.name)}, code: {_text(rule.code)}, level: {_text(rule.level)}, "
        f"eased: {_text(rule.eased.__name__) if rule.eased else 'null'} }},"
        for rule in CHECKPOINT
    )
    yield f"export type Level = {_union(Level)};"
    yield _with_source(
        "The rules of the checkpoint, in their order", "checkpoints/judging/rules.py",
        "export const RULES = [\n" + "\n".join(lines) + "\n] as const;",
    )  # fmt: skip
    yield "\n".join(
        f'export type {kind} = (typeof RULES)[number]["{member}"];'
        for kind, member in (("RuleName", "name"), ("RuleCode", "code"))
    )
    yield _with_source(
        "Asks for the officer's confirming before it is stamped", "checkpoints/judging/book.py",
        f"export const NEEDS_CONFIRMING: RuleCode = {_text(NEEDS_CONFIRMING)};",
    )  # fmt: skip


def _tolerances() -> Iterable[str]:
    figures: dict[str, timedelta | float] = {
        "CLOCK_TOLERANCE": walk.CLOCK_TOLERANCE,
        "REPORT_MAY_FOLLOW": walk.REPORT_MAY_FOLLOW,
        "EARTH_KM": walk.EARTH_KM,
        "SPEED_MATTERS_FROM_KM": walk.SPEED_MATTERS_FROM_KM,
        "FASTEST_LORRY_KMH": walk.FASTEST_LORRY_KMH,
        "FASTEST_RECORDED_KMH": walk.FASTEST_RECORDED_KMH,
    }
    lines = "\n".join(f"export const {name} = {_number(figure)};" for name, figure in figures.items())
    yield _with_source(
        "Spans of time in milliseconds, distances and speeds", "carnets/projection/walk.py", lines
    )
    waits = {"UNSENT_LATE": standing.UNSENT_LATE, "UNSENT_TOO_LATE": standing.UNSENT_TOO_LATE}
    yield _with_source(
        "From when on what is unsent needs somebody, in milliseconds", "checkpoints/phones/standing.py",
        "\n".join(f"export const {name} = {_number(figure)};" for name, figure in waits.items()),
    )  # fmt: skip


def _choices() -> Iterable[str]:
    for name, choices in CHOICES.items():
        source = choices.__module__.replace(".", "/") + ".py"
        yield _with_source(choices.__name__, source, f"export type {name} = {_union(choices)};")


def _journey() -> Iterable[str]:
    """What a lorry does and which role certifies it; and what a territory does of which nothing is known."""
    roles = ", ".join(f"{does}: {_text(role)}" for does, role in itinerary.ROLES.items())
    yield _with_source(
        "What a lorry does: the office's role there, where goods are handled, where it leaves", "carnets/itinerary.py",
        f"export const ROLES: Record<StopAction, Role> = {{ {roles} }};\n"
        f"export const HANDLES_GOODS: ReadonlySet<StopAction> = {_set('StopAction', itinerary.HANDLES_GOODS)};\n"
        f"export const LEAVES: ReadonlySet<StopAction> = {_set('StopAction', LEAVES)};\n"
        f"export const MOST_PAGES = {vouchers.MOST_PAGES};",
    )  # fmt: skip
    yield _with_source(
        "What a territory does where nothing is known of it; no clock limits anything there",
        "carnets/projection/plan.py",
        f"export const USUAL = {{ default_transit_days: {USUAL.transit_days}, grace_hours: {USUAL.grace_hours}, "
        f"mass_tolerance: {USUAL.mass_tolerance}, suspension_days: null, longest_offline_days: null, "
        f"longest_time_limit_days: null, reports: {str(USUAL.reports).lower()} }} as const;",
    )


def _spelling() -> Iterable[str]:
    """How seals, plates and containers are compared."""
    folded = ", ".join(f"{_text(letter)}: {_text(latin)}" for letter, latin in spelling.FOLDED.items())
    without = "".join(f"\\p{{{name}}}" for name in sorted(spelling.WITHOUT_MEANING))
    yield _with_source(
        "What carries no meaning in a spelling, and letters that look alike", "tir/kernel/spelling.py",
        f"export const WITHOUT_MEANING = /[{spelling.DOTS}{without}]/gu;\n"
        f"export const FOLDED: Readonly<Record<string, string>> = {{ {folded} }};",
    )  # fmt: skip


def _about_seals() -> Iterable[str]:
    yield _with_source(
        "Reports of these kinds are about seals, whatever else they say", "checkpoints/choices.py",
        f"export const ABOUT_SEALS: ReadonlySet<IncidentKind> = {_set('IncidentKind', ABOUT_SEALS)};",
    )  # fmt: skip


def _limits() -> Iterable[str]:
    lines = (f"  {name}: {limit_of(*where):_}," for name, where in LIMITS.items())
    yield _with_source(
        "How much a field takes: characters, entries of a list, or the largest number",
        "api/v1/checkpoints/bodies.py and evidence_bodies.py",
        "export const LIMITS = {\n" + "\n".join(lines) + "\n} as const;",
    )  # fmt: skip


def _photos() -> Iterable[str]:
    yield _with_source(
        "Photos of a report", "checkpoints/recording/photos.py",
        f"export const LARGEST_PHOTO = {photos.LARGEST_PHOTO:_}; // bytes\n"
        f"export type PhotoType = {_union(sorted(pictures.FORMATS))};",
    )  # fmt: skip


def limit_of(body: type[BaseModel], path: str, bound: str) -> int:
    """Return how much a body's field takes, from the body's own schema; LimitMissing where nothing bounds it."""
    part: Any = body.model_json_schema()["properties"]
    for name in path.split("."):
        part = next(each[name] for each in _forms(part) if name in each)
    bounded = [each[bound] for each in _forms(part) if bound in each]
    if not bounded:
        raise LimitMissing(f"{body.__name__}.{path} has no {bound}")
    return int(bounded[0])


def _forms(part: Any) -> Iterable[Any]:
    """A part of a schema, and each form it may take where it may be left out."""
    return (part, *part.get("anyOf", ()))


def _with_source(what: str, source: str, code: str) -> str:
    return f"/** {what} ({source}). */\n{code}"


def _union(choices: Iterable[str] | type[TextChoices] | type[Level]) -> str:
    return " | ".join(_text(str(choice)) for choice in choices)


def _set(kind: str, members: Collection[str]) -> str:
    return f"new Set<{kind}>([{', '.join(_text(each) for each in sorted(members))}])"


def _text(value: str) -> str:
    return json.dumps(str(value), ensure_ascii=False)


def _number(figure: timedelta | float) -> str:
    """Return a number as TypeScript writes it; a span of time in milliseconds."""
    if isinstance(figure, timedelta):
        return f"{figure // timedelta(milliseconds=1):_}"
    return f"{int(figure):_}" if figure == int(figure) else str(figure)
