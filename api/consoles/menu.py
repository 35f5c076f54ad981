"""The navigation: every page of the URL configuration that has a menu entry and that the reader's role may open."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Menu:
    """How a page stands in the navigation: its short name, and its place from the left (lower is first)."""

    label: "str | Promise"
    place: int


@dataclass(frozen=True, slots=True)
class Item:
    """One link of the navigation."""

    label: "str | Promise"
    address: str
    is_current: bool


@cache
def entries() -> tuple[tuple[str, Any], ...]:
    """Return the URL name and view class of every page with a menu entry, in their order."""
    found = [
        (str(pattern.name), pattern.callback.view_class)  # type: ignore[attr-defined]
        for pattern in _patterns(get_resolver("api.consoles.urls"))
        if getattr(getattr(pattern.callback, "view_class", None), "menu", None)
    ]
    return tuple(sorted(found, key=lambda entry: entry[1].menu.place))


def _patterns(resolver: URLResolver) -> list[URLPattern]:
    found: list[URLPattern] = []
    for pattern in resolver.url_patterns:
        found.extend(_patterns(pattern) if isinstance(pattern, URLResolver) else [pattern])
    return found


def items_for(user: Any, path: str) -> list[Item]:
    """Return what the user may open; the entry with the longest address that `path` starts with is current."""
    mine = [(view.menu.label, reverse(name)) for name, view in entries() if user.has_role(*view.allow["GET"])]
    current = max((address for _label, address in mine if path.startswith(address)), key=len, default="")
    return [Item(label, address, address == current) for label, address in mine]
