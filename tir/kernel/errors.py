"""The base classes of every refusal this system makes.

A concrete error is defined beside the function that raises it and inherits one of the five kinds below.
Nothing here knows HTTP: `api.errors` maps a kind to a status. Clients decide on `code` and `facts`, never on prose.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise


class DomainError(Exception):
    """Something the domain will not do, with a stable code and the facts a client can act on."""

    code: ClassVar[str] = "domain_error"

    def __init__(
        self, detail: "str | Promise" = "", *, code: str | None = None, field: str | None = None, **facts: Any
    ) -> None:
        self.detail = detail
        self.error_code = code or self.code
        self.field = field
        self.facts: Mapping[str, Any] = facts
        super().__init__(self.error_code)

    def __str__(self) -> str:
        return f"{self.error_code}: {self.detail}"


class Malformed(DomainError):
    """The input cannot be read as what it claims to be."""

    code = "malformed"


class Refused(DomainError):
    """The input is well-formed, and a rule of the domain says no."""

    code = "refused"


class Conflict(DomainError):
    """The world is no longer in the state the caller assumed."""

    code = "conflict"


class NotFound(DomainError):
    """No such thing, or none that the caller may see: the two must look alike."""

    code = "not_found"


class Forbidden(DomainError):
    """The caller is known, and this is not for their role."""

    code = "forbidden"
