"""The navigation: which pages stand in it, in this order, as far as the reader's role may open them."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.urls import resolve, reverse
from django.utils.functional import Promise

from tir.accounts.models import User

# By the name of the address; the page itself says in `menu` what its entry is called. /console/ sends each role to the
# first that it may open.
ORDER: Final = (
    "console-post",
    "console-liability",
    "console-carnets",
    "console-irregularities",
    "console-claims",
    "console-deadlines",
    "console-holders",
    "console-stock",
    "console-returns",
    "console-requests",
    "console-terminations",
    "console-confirm",
    "console-enquiries",
    "console-people",
    "console-access",
    "console-service-accounts",
    "console-lost-phones",
    "console-setup",
    "console-approvals",
    "console-audit",
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One link of the navigation."""

    label: "str | Promise"
    address: str
    is_current: bool


@cache
def menu_entries() -> tuple[tuple[str, Any], ...]:
    """Return address and view class of every entry, in their order."""
    addresses = [reverse(name) for name in ORDER]
    return tuple((address, resolve(address).func.view_class) for address in addresses)  # type: ignore[attr-defined]


def menu_items_for(user: User, path: str) -> list[MenuItem]:
    """Return what the user may open; the entry with the longest address that `path` starts with is current."""
    mine = [(view.menu, address) for address, view in menu_entries() if user.has_role(*view.allow["GET"])]
    current = max((address for _label, address in mine if path.startswith(address)), key=len, default="")
    return [MenuItem(label, address, address == current) for label, address in mine]
