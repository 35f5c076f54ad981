"""What django-oauth-toolkit asks us: whether a program is who it says, and which scopes it has, which are its roles."""

from base64 import b64decode
from typing import Any
from urllib.parse import unquote_plus

from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from tir.accounts import assigning
from tir.accounts.models import Role
from tir.kernel.clock import now
from tir.signin.addresses import address_of
from tir.signin.services import account_with, may_come_from


class ByAccount(OAuth2Validator):
    """Client credentials alone, against the secrets of a service account and from its networks."""

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        client_id, secret = _credentials(request)
        account = account_with(client_id, secret, at=now()) if client_id and secret else None
        if account is None or not may_come_from(account, address_of(request.headers)):
            return False
        request.client = account.application
        return True

    def validate_grant_type(self, client_id: str, grant_type: str, *given: Any, **named: Any) -> bool:
        return grant_type == "client_credentials"


class Roles(BaseScopes):
    """A scope is a role: a program has those of its account, and may ask for fewer."""

    def get_all_scopes(self) -> dict[str, str]:
        return {role.value: str(role.label) for role in Role}

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return list(assigning.current_roles(application.user, at=now())) if application else []

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return self.get_available_scopes(application)


def _credentials(request: Any) -> tuple[str, str]:
    """Return id and secret, from the header (RFC 6749 section 2.3.1) or else from the body."""
    scheme, _blank, said = request.headers.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return request.client_id or "", getattr(request, "client_secret", None) or ""
    try:
        client_id, _colon, secret = b64decode(said, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)
