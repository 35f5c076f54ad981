"""errors.md: every refusal the system makes, with its code, its status and what it means."""

import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from types import ModuleType

from api.parsing import SENTENCES
from api.refusal_catalogue import (
    KINDS,
    concrete_errors,
    finer_codes,
    http_codes,
    http_status_of_kind,
    meaning_of_kind,
    status_title,
)
from docs.generating.markdown import code, codes, table
from docs.generating.markdown import page as whole_page
from tir.kernel.errors import DomainError

ROOMS = ("tir.kernel", "tir.accounts", "tir.signin", "guarantees", "carnets", "checkpoints", "api")

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
    rows = {(status, name): status_title(status) for status, name in http_codes()}
    rows |= {(http_status_of_kind(kind), kind.code): meaning_of_kind(kind) for kind in domain_errors()}
    return table(
        ("status", "code", "meaning"),
        ((status, code(name), rows[status, name]) for status, name in sorted(rows)),
    )


def _kinds() -> str:
    rows = ((http_status_of_kind(kind), code(kind.__name__), meaning_of_kind(kind)) for kind in KINDS)
    return "Five kinds:\n\n" + table(("status", "kind", "meaning"), rows)


def _domain(kinds: Iterable[type[DomainError]]) -> str:
    rows = (
        (
            http_status_of_kind(kind),
            code(kind.code),
            meaning_of_kind(kind),
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
    rows = ((status, code(name), status_title(status)) for status, name in http_codes())
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
    return concrete_errors(of_samples=of_samples)


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
