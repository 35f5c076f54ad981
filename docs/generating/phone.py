"""checkpoints/scanner/src/judging/generated.ts: what the phone must not say otherwise than the server.

Codes with their levels and order, tolerances, choices and limits are written once, in Python. The phone maps them to
its own checks and words by `Record<RuleName, …>`, so its compiler refuses to build while one of them is missing there.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import TextChoices
from pydantic import BaseModel

from api.v1.checkpoints.bodies import IncidentBody, RefusalBody, StampBody
from carnets.choices import Control, OfficeRole, OperationStatus
from carnets.projection import walk
from checkpoints.choices import ABOUT_SEALS, IncidentKind, Lane, RefusalReason, Verdict
from checkpoints.judging.rules import CHECKPOINT
from checkpoints.recording import photos
from guarantees.choices import HolderStatus
from tir.kernel.rules import Level

FILE: Final[Path] = settings.BASE_DIR / "checkpoints/scanner/src/judging/generated.ts"
NOTICE = "// Written by script/docs from the code. Change the code, then run it again."

CHOICES: Final[Mapping[str, type[TextChoices]]] = {
    "ServerVerdict": Verdict,
    "Control": Control,
    "Role": OfficeRole,
    "OperationStatus": OperationStatus,
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
    "photos": (IncidentBody, "photos", "maxItems"),
}


class LimitMissing(LookupError):
    """A body does not bound a field, so that the phone cannot know how much it may hold."""


def module() -> str:
    """Return the whole file."""
    blocks = (NOTICE, *_rules(), *_tolerances(), *_choices(), *_about_seals(), *_limits(), *_photos())
    return "\n\n".join(blocks) + "\n"


def _rules() -> Iterable[str]:
    """A rule is known by its name; two may share a code, as where one stops and the other only notes."""
    lines = (
        f"  {{ name: {_text(rule.name)}, code: {_text(rule.code)}, level: {_text(rule.level)} }},"
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


def _choices() -> Iterable[str]:
    for name, choices in CHOICES.items():
        source = choices.__module__.replace(".", "/") + ".py"
        yield _with_source(choices.__name__, source, f"export type {name} = {_union(choices)};")


def _about_seals() -> Iterable[str]:
    kinds = ", ".join(_text(kind) for kind in sorted(ABOUT_SEALS))
    yield _with_source(
        "Reports of these kinds are about seals, whatever else they say", "checkpoints/choices.py",
        f"export const ABOUT_SEALS: ReadonlySet<IncidentKind> = new Set<IncidentKind>([{kinds}]);",
    )  # fmt: skip


def _limits() -> Iterable[str]:
    lines = (f"  {name}: {limit_of(*where):_}," for name, where in LIMITS.items())
    yield _with_source(
        "How much a field takes: characters, entries of a list, or the largest number", "api/v1/checkpoints/bodies.py",
        "export const LIMITS = {\n" + "\n".join(lines) + "\n} as const;",
    )  # fmt: skip
    takes_basis = "packages_basis" in StampBody.model_fields
    yield _with_source(
        "Whether a stamp says how box 26 came about: counted, or as on the manifest", "api/v1/checkpoints/bodies.py",
        f"export const TAKES_PACKAGES_BASIS: boolean = {str(takes_basis).lower()};",
    )  # fmt: skip


def _photos() -> Iterable[str]:
    yield _with_source(
        "Photos of a report", "checkpoints/recording/photos.py",
        f"export const LARGEST_PHOTO = {photos.LARGEST_PHOTO:_}; // bytes\n"
        f"export type PhotoType = {_union(sorted(photos.FIRST_BYTES))};",
    )  # fmt: skip


def limit_of(body: type[BaseModel], path: str, bound: str) -> int:
    """Return how much a body's field takes, from the body's own schema; LimitMissing where nothing bounds it."""
    part: Any = body.model_json_schema()["properties"]
    for name in path.split("."):
        part = part[name]
    bounded = [each[bound] for each in (part, *part.get("anyOf", ())) if bound in each]
    if not bounded:
        raise LimitMissing(f"{body.__name__}.{path} has no {bound}")
    return int(bounded[0])


def _with_source(what: str, source: str, code: str) -> str:
    return f"/** {what} ({source}). */\n{code}"


def _union(choices: Iterable[str] | type[TextChoices] | type[Level]) -> str:
    return " | ".join(_text(str(choice)) for choice in choices)


def _text(value: str) -> str:
    return json.dumps(str(value), ensure_ascii=False)


def _number(figure: timedelta | float) -> str:
    """Return a number as TypeScript writes it; a span of time in milliseconds."""
    if isinstance(figure, timedelta):
        return f"{figure // timedelta(milliseconds=1):_}"
    return f"{int(figure):_}" if figure == int(figure) else str(figure)
