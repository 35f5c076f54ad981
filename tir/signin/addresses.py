"""From which address and by which program a request came: the one place that says so for all that signs people in."""

from typing import Any


def address_of(meta: dict[str, Any]) -> str | None:
    """Return the peer's address. Behind a proxy that is the proxy's, unless something before us has put it right: what
    a client says of itself (X-Forwarded-For) is never believed here."""
    return meta.get("REMOTE_ADDR") or None


def agent_of(meta: dict[str, Any]) -> str:
    """Return what the program calls itself, without control characters and short."""
    said = str(meta.get("HTTP_USER_AGENT", ""))
    return "".join(letter for letter in said if letter.isprintable())[:200]
