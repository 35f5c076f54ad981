"""errors.md: every refusal the system makes, with its code, its status and what it means."""

import ast
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from inspect import getdoc, getsource
from types import ModuleType

from api import errors as http
from api.parsing import SENTENCES
from docs.generating.markdown import code, codes, table
from docs.generating.markdown import page as whole_page
from tir.kernel.errors import Conflict, DomainError, Forbidden, Malformed, NotFound, Refused

ROOMS = ("tir.kernel", "tir.accounts", "guarantees", "carnets", "checkpoints", "api")
KINDS = (Malformed, Forbidden, NotFound, Conflict, Refused)

INTRODUCTION = """
Every refusal is an `application/problem+json` document (RFC 9457): `type`, `title`, `status`, `detail`, a stable
`code`, `errors` by field where fields are at fault, and the facts of the case as further members. Decide on `code` and
on facts. `detail` is prose for people, in the language of `Accept-Language` (en, ru, zh-hans).
"""
OF_THE_DOMAIN = """
## Refusals of the domain

Each is a class beside the function that raises it; its kind fixes the status (`api/errors.py`). A class with *finer
codes* answers with one of those or, where it says so, with the code of the broken rule ([rules.md](rules.md)).
"""
OF_COMMANDS = """
## Refusals that only commands meet

Raised while sample data is made; no call of the API answers with them.
"""
OF_HTTP = """
## Refusals of the web server and the framework
"""
OF_FIELDS = """
## Codes of fields

In `errors`, one entry a field: `{field, code, detail}`. They come with `body_invalid`, and with the refusals of
issuing, which use the codes of [rules.md](rules.md).
"""
MADE_OF_SAMPLES = ("checkpoints.simulation", "checkpoints.reference")
# Whose instances carry the code of a broken rule rather than their own.
WITH_CODES_OF_RULES = {
    "IssueRefused": "issuing",
    "StampRefused": "the checkpoint",
    "ReportRefused": "the checkpoint",
}


def page() -> str:
    domain, samples = _domain(domain_errors()), _domain(domain_errors(of_samples=True))
    blocks = (OF_THE_DOMAIN, domain, OF_HTTP, _http(), OF_FIELDS, _fields(), OF_COMMANDS, samples)
    return whole_page("Errors", INTRODUCTION, _kinds(), *blocks)


def brief() -> str:
    """Return the errors a client meets, for the guide: status, code, meaning."""
    rows = {(status, name): str(http.TITLES.get(status, http.TITLES[500])) for status, name in http_codes()}
    rows |= {(status_of(kind), kind.code): meaning(kind) for kind in domain_errors()}
    return table(
        ("status", "code", "meaning"),
        ((status, code(name), rows[status, name]) for status, name in sorted(rows)),
    )


def _kinds() -> str:
    rows = ((status_of(kind), code(kind.__name__), meaning(kind)) for kind in KINDS)
    return "Five kinds:\n\n" + table(("status", "kind", "meaning"), rows)


def _domain(kinds: Iterable[type[DomainError]]) -> str:
    rows = (
        (
            status_of(kind),
            code(kind.code),
            meaning(kind),
            _finer(kind),
            code(f"{kind.__module__}.{kind.__name__}"),
        )
        for kind in kinds
    )
    return table(("status", "code", "meaning", "finer codes", "class"), rows)


def _finer(kind: type[DomainError]) -> str:
    said = [codes(finer_codes(kind))] if finer_codes(kind) else []
    if kind.__name__ in WITH_CODES_OF_RULES:
        said.append(f"the rules of {WITH_CODES_OF_RULES[kind.__name__]}")
    return "; ".join(said)


def _http() -> str:
    rows = ((status, code(name), http.TITLES.get(status, http.TITLES[500])) for status, name in http_codes())
    return table(("status", "code", "title"), rows)


def _fields() -> str:
    said: dict[str, list[str]] = {}
    for name, sentence in SENTENCES.values():
        if str(sentence) not in said.setdefault(name, []):
            said[name].append(str(sentence))
    return table(
        ("code", "what people read"), ((code(name), " / ".join(said[name])) for name in sorted(said))
    )


def domain_errors(*, of_samples: bool = False) -> list[type[DomainError]]:
    """Return every concrete refusal of the domain, by status and code."""
    every_module()
    concrete = (kind for kind in _below(DomainError) if kind not in KINDS and _has_own_code(kind))
    wanted = (kind for kind in concrete if kind.__module__.startswith(MADE_OF_SAMPLES) is of_samples)
    return sorted(wanted, key=lambda kind: (status_of(kind), kind.code, kind.__module__))


def _has_own_code(kind: type[DomainError]) -> bool:
    """Whether it is raised as itself: one without a code of its own is a parent of others."""
    return "code" in vars(kind)


def _below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)


def status_of(kind: type[DomainError]) -> int:
    return http.status_of(kind.__new__(kind))


def meaning(kind: type[DomainError]) -> str:
    return (getdoc(kind) or "").split("\n\n")[0]


@cache
def every_module() -> tuple[ModuleType, ...]:
    """Import and return every module of every room but its migrations, so that every refusal is known."""
    names = [
        found.name
        for room in ROOMS
        for found in pkgutil.walk_packages(import_module(room).__path__, f"{room}.")
        if ".migrations" not in found.name and ".management" not in found.name
    ]
    return tuple(import_module(name) for name in (*ROOMS, *names))


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
    calls = (node for node in ast.walk(ast.parse(getsource(http))) if isinstance(node, ast.Call))
    written = {
        (call.args[0].value, call.args[1].value)
        for call in calls
        if len(call.args) > 1
        and all(isinstance(given, ast.Constant) for given in call.args[:2])
        and isinstance(call.args[0].value, int)  # type: ignore[attr-defined]
    }
    return sorted(written | set(http.CODE_OF.items()))  # type: ignore[arg-type]
