"""Who asks: one request, or one task that a request started, as lines of the log and audit events name it.

Set at the door and read wherever something is written down; nothing decides by it what anybody may do.
"""

import re
from collections.abc import Callable
from contextvars import ContextVar
from random import getrandbits
from typing import Any, Final

REQUEST_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)


class Asking:
    """One request: its id, the address it came from, and who it turned out to come from, once that is known."""

    __slots__ = ("address", "device", "device_of", "person", "person_of", "request_id", "route")

    def __init__(
        self,
        request_id: str,
        address: str = "",
        *,
        person_of: "Callable[[], Any] | None" = None,
        device_of: "Callable[[], str] | None" = None,
    ) -> None:
        self.request_id = request_id
        self.address = address
        self.route = ""
        self.person: Any = None  # an account, where the request itself does not carry it: who signs in or out
        self.device = ""
        self.person_of = person_of
        self.device_of = device_of

    def who(self) -> Any:
        """Return the account that asks, None while nobody is known; never asks the database."""
        return self.person or (self.person_of() if self.person_of else None)

    def facts(self) -> dict[str, Any]:
        """Return what every line of the log says of who asks."""
        said: dict[str, Any] = {"request_id": self.request_id}
        if self.address:
            said["address"] = self.address
        if self.route:
            said["route"] = self.route
        if person := self.who():
            said["user"] = person.get_username()
            said["roles"] = list(person.roles)
        if device := self.device or (self.device_of() if self.device_of else ""):
            said["device"] = device
        return said


_current: ContextVar[Asking | None] = ContextVar("asking", default=None)
begin, end = _current.set, _current.reset


def current() -> Asking | None:
    """Return who asks just now; None in a command or a task of the clock."""
    return _current.get()


def is_request_id(text: str) -> bool:
    """Whether a caller's own id may stand in our lines: eight to 64 letters, digits, dots, hyphens, underscores."""
    return REQUEST_ID.fullmatch(text) is not None


def new_request_id() -> str:
    """Return an id that no other request has; it is no secret, so it need not be hard to guess."""
    return f"{getrandbits(128):032x}"


def name_person(person: Any) -> None:
    """Say who the request comes from, where its address asks nobody who they are: who just signed in, or is signing
    out."""
    if (asking := current()) is not None:
        asking.person = person


def with_asking(_logger: Any, _method: str, line: Any) -> Any:
    """A structlog processor: each line says which request it belongs to and who asked; never a whole request, whose
    text may hold what the caller typed."""
    line.pop("request", None)
    if (asking := current()) is not None:
        for name, value in asking.facts().items():
            line.setdefault(name, value)
    return line
