"""Who may call what: every view says so itself in `allow`, and what is not said is denied.

`allow` maps a method to roles. What a caller then sees is bounded further by `api.scope`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission

from tir.accounts.models import Role
from tir.kernel.errors import Forbidden
from tir.signin.devices import DEVICE_PREFIX

if TYPE_CHECKING:  # DRF loads this module while it loads its own views
    from rest_framework.request import Request
    from rest_framework.views import APIView

Roles = frozenset[str]
EVERYONE: Roles = frozenset({"everyone"})  # no sign-in: the token call, keys, health, documentation
SIGNED_IN: Roles = frozenset(Role)

OFFICERS: Roles = frozenset({Role.OFFICER, Role.SYSTEM})
ASSOCIATIONS: Roles = frozenset({Role.ASSOCIATION})
CUSTOMS_HQ: Roles = frozenset({Role.CUSTOMS_HQ})
POSTED: Roles = frozenset({Role.OFFICER})  # people at an office, not systems
SECRETARIAT: Roles = frozenset({Role.SECRETARIAT})
ADMINISTRATORS: Roles = frozenset({Role.ADMINISTRATOR})  # of people, and of what an installation begins with
MANAGERS: Roles = ADMINISTRATORS | {Role.MANAGER}  # of people
OF_PROGRAMS: Roles = ASSOCIATIONS | CUSTOMS_HQ | SECRETARIAT | ADMINISTRATORS  # who opens service accounts
REGISTRARS: Roles = (
    CUSTOMS_HQ | SECRETARIAT | ADMINISTRATORS
)  # who sets a country up: see api.scope.registers
OF_PHONES: Roles = POSTED | CUSTOMS_HQ | MANAGERS  # who ends a phone that was lost
GIVERS: Roles = SECRETARIAT | ADMINISTRATORS  # of carnet numbers
OVERSIGHT: Roles = frozenset({Role.SECRETARIAT, Role.AUDITOR})
AUDIT: Roles = CUSTOMS_HQ | SECRETARIAT | ADMINISTRATORS  # who sees what people did and were refused


class RoleNeeded(Forbidden):
    """The caller is signed in, and this is for other roles."""

    code = "forbidden"


class NotForPhones(Forbidden):
    """A device's token does what a phone at a post needs, and nothing else. Sign in as a person."""

    code = "not_for_devices"


# What a phone at a post needs, by the names of addresses: to scan, to certify, to hand in, and to say how it is.
FOR_PHONES: Mapping[str, frozenset[str]] = {
    "GET": frozenset({
        "carnets", "carnet", "stamps", "stamp", "refusals", "refusal", "incidents", "incident", "controls", "proofs",
        "post-bundle", "post-carnets", "post-handover", "devices", "offices", "crossings", "notices",
        "stamp-proof", "refusal-proof", "incident-proof", "control-proof",
    }),
    "POST": frozenset({
        "scans", "stamps", "stamps-batch", "unsent", "stamps-import", "refusals", "incidents", "controls", "proofs",
        "proof-accept", "guarantee-confirm", "device-heartbeat", "auth-logout", "notice-read",
    }),
}  # fmt: skip


def _ensure_for_phones(request: "Request", view: "APIView") -> None:
    """Raise NotForPhones where a device's token asks for more than a phone needs."""
    key: str = getattr(getattr(request, "auth", None), "token_key", "")
    if not key.startswith(DEVICE_PREFIX) or request.method == "OPTIONS":
        return
    match = request.resolver_match
    method = "GET" if request.method == "HEAD" else str(request.method)
    if match is None or match.url_name not in FOR_PHONES.get(method, ()):
        raise NotForPhones(_("A phone may not do this. Sign in as yourself for it."))


class ByRole(BasePermission):
    """Grants a method to the roles the view names for it, and to nobody else."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        """Whether the caller may use the method; False for who must sign in first. Raises RoleNeeded for other
        roles."""
        roles = self._roles(str(request.method), getattr(view, "allow", {}))
        if roles is None:  # a method without a row: let the view answer 405, if it really has no such method
            return not hasattr(view, str(request.method).lower())
        if roles >= EVERYONE:
            return True
        _ensure_for_phones(request, view)
        user: Any = request.user
        if not (user and user.is_authenticated and user.is_active):
            return False
        if not user.roles:
            raise RoleNeeded(_no_role_today(user), needed=sorted(roles))
        if not user.has_role(*roles):
            raise RoleNeeded(
                _("Your role does not allow this. It is for: {roles}.").format(
                    roles=", ".join(sorted(roles))
                ),
                needed=sorted(roles),
            )
        return True

    def _roles(self, method: str, allow: "Mapping[str, Roles]") -> Roles | None:
        """Whoever may read may ask for the head; whoever may do anything here may ask what there is to do."""
        if method == "OPTIONS":
            return frozenset().union(*allow.values())
        return allow.get("GET" if method == "HEAD" else method)


def _no_role_today(user: Any) -> Any:
    """Return what to say to who is signed in and has no role: with the next day on which an assignment begins."""
    begins = user.roles_until
    if begins is None:
        return _("Your account has no role any more. Ask who looks after the accounts.")
    return _("Your account has no role today; the next one begins on {day}. Come back then.").format(
        day=begins
    )
