"""The catalogue of refusals: what `type` of a problem document points at, and what docs/errors.md is written from.

It is read from the code itself, so that a new refusal cannot be left out.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import getdoc, getsource

from api import errors as http
from carnets.rules import ISSUE
from checkpoints.judging.rules import CHECKPOINT
from tir.kernel.errors import Conflict, DomainError, Forbidden, Malformed, NotFound, Refused

KINDS = (Malformed, Forbidden, NotFound, Conflict, Refused)
# Raised while sample data is made: no call of the API answers with them.
MADE_OF_SAMPLES = ("checkpoints.simulation", "checkpoints.reference")


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One code a client may meet: the status it comes with, and what it means."""

    code: str
    status: int
    meaning: str
    article: str = ""


def catalogue_entries() -> list[CatalogueEntry]:
    """Return every code the API answers with, by status and code; `meaning` of a rule is what people read."""
    found = {name: CatalogueEntry(name, status, status_title(status)) for status, name in http_codes()}
    found |= {
        rule.code: CatalogueEntry(rule.code, 422, str(rule.message), rule.article)
        for rule in (*ISSUE, *CHECKPOINT)
    }
    for kind in concrete_errors():
        finer = (
            CatalogueEntry(code, http_status_of_kind(kind), meaning_of_kind(kind))
            for code in finer_codes(kind)
        )
        found |= {entry.code: entry for entry in finer if entry.code not in found}
        found[kind.code] = CatalogueEntry(kind.code, http_status_of_kind(kind), meaning_of_kind(kind))
    return sorted(found.values(), key=lambda entry: (entry.status, entry.code))


def status_title(status: int) -> str:
    return str(http.TITLES.get(status, http.TITLES[500]))


def concrete_errors(*, of_samples: bool = False) -> list[type[DomainError]]:
    """Return every concrete refusal of the modules that are loaded, by status and code."""
    concrete = (kind for kind in _below(DomainError) if kind not in KINDS and _has_own_code(kind))
    wanted = (kind for kind in concrete if kind.__module__.startswith(MADE_OF_SAMPLES) is of_samples)
    return sorted(wanted, key=lambda kind: (http_status_of_kind(kind), kind.code, kind.__module__))


def _has_own_code(kind: type[DomainError]) -> bool:
    """Whether it is raised as itself: one without a code of its own is a parent of others."""
    return "code" in vars(kind)


def _below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)


def http_status_of_kind(kind: type[DomainError]) -> int:
    return http.http_status_of(kind.__new__(kind))


def meaning_of_kind(kind: type[DomainError]) -> str:
    return (getdoc(kind) or "").split("\n\n")[0]


def finer_codes(kind: type[DomainError]) -> list[str]:
    """Return the codes that the module of a refusal passes when it raises it: `code="…"`, or those of a function named
    `_why_not_…` whose answer becomes the code."""
    return sorted(_codes_in(kind.__module__).get(kind.__name__, set()) - {kind.code})


@cache
def _codes_in(module_name: str) -> dict[str, set[str]]:
    tree = ast.parse(getsource(import_module(module_name)))
    reasons = {node.name: _returned(node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    found: dict[str, set[str]] = {}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name):
                found.setdefault(call.func.id, set()).update(_codes_of(call, function, reasons))
    return found


def _codes_of(call: ast.Call, function: ast.FunctionDef, reasons: dict[str, set[str]]) -> set[str]:
    given = next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)
    if isinstance(given, ast.Constant):
        return {str(given.value)}
    if not isinstance(given, ast.Name):
        return set()
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    called = {node.func.id for node in calls if isinstance(node.func, ast.Name)}
    return {reason for name in called if name.startswith("_why_not") for reason in reasons.get(name, set())}


def _returned(function: ast.FunctionDef) -> set[str]:
    answers = (node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value)
    every = (node for answer in answers for node in ast.walk(answer))
    return {
        str(node.value) for node in every if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def http_codes() -> list[tuple[int, str]]:
    """Return status and code of what is refused before the domain is asked."""
    written = set(http.CODE_OF.items()) | {(status, code) for code, status in http.FINER.items()}
    for node in ast.walk(ast.parse(getsource(http))):
        match node:
            case ast.Call(args=[ast.Constant(value=int(status)), ast.Constant(value=str(code)), *_]):
                written.add((status, code))
    return sorted(written)
