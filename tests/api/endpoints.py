"""The addresses the server answers, read from the URL configuration itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    """One entry of the URL configuration."""

    name: str
    view: Any
    arguments: frozenset[str]

    @property
    def methods(self) -> list[str]:
        """Return the methods the view has, HEAD and OPTIONS apart."""
        return [method for method in METHODS if hasattr(self.view, method.lower())]

    def at(self, arguments: dict[str, object]) -> str:
        """Return the address with its arguments filled in from what there is."""
        return reverse(self.name, kwargs={name: arguments[name] for name in self.arguments})


def addresses() -> list[Address]:
    """Return every address of the API, in the order of the URL configuration."""
    return [address for address in _within(get_resolver()) if not address.name.startswith("console")]


def pages() -> list[Address]:
    """Return every address of the consoles."""
    return [address for address in _within(get_resolver()) if address.name.startswith("console")]


def _within(resolver: URLResolver) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name"
            view = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
            arguments = frozenset(pattern.pattern.regex.groupindex) | frozenset(
                getattr(pattern.pattern, "converters", {})
            )
            yield Address(pattern.name, view or pattern.callback, arguments)
        else:
            yield from _within(pattern)


def rows_of(table: str) -> dict[tuple[str, str], dict[str, str]]:
    """Return a table of who may: by address and method, what each caller may."""
    heading, *lines = table.strip("\n").split("\n")
    callers = heading.split()
    found = {}
    for line in lines:
        name, method, *marks = line.split()
        said = marks * len(callers) if marks == ["*"] else [*marks, *"-" * (len(callers) - len(marks))]
        found[name, method] = dict(zip(callers, said, strict=True))
    return found
