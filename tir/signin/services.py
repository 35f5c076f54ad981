"""Service accounts: programs that sign in by OAuth 2 client credentials (RFC 6749 section 4.4), never as a person.

A secret is shown once. Rotating makes a second one; the first goes on for as long as is said, so that programs can be
changed over. Ending an account ends its secrets and tokens.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AccessToken, Application

from tir.accounts.models import User
from tir.kernel.errors import Conflict, Malformed
from tir.signin.models import ClientSecret, ServiceAccount
from tir.signin.secrets import digest_of, new_secret

PREFIX = "tirsvc_"  # of a secret, so that a scanner for secrets knows one


class NetworkInvalid(Malformed):
    """This is no network: write 192.0.2.0/24, or 2001:db8::/32, without bits beyond the mask."""

    code = "network_invalid"


class AccountEnded(Conflict):
    """The service account was ended before."""

    code = "service_account_ended"


@transaction.atomic
def open_account(
    *, user: User, purpose: str, networks: Sequence[str], by: User, at: datetime
) -> tuple[ServiceAccount, str]:
    """Make a service account of a user without a password; return it with its first secret. Raises NetworkInvalid."""
    ensure_networks(networks)
    application = Application.objects.create(
        user=user,
        name=user.username,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    account = ServiceAccount.objects.create(
        user=user, application=application, purpose=purpose, networks=list(networks), made_by=by, made_at=at
    )
    return account, _add_secret(account, by=by, at=at)


@transaction.atomic
def rotate(*, account: ServiceAccount, overlap: timedelta, by: User, at: datetime) -> str:
    """Return a new secret; those before it go on for the overlap and no longer. Raises AccountEnded."""
    locked = _locked(account)
    ends = at + overlap
    locked.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=ends)).update(ends_at=ends)
    return _add_secret(locked, by=by, at=at)


@transaction.atomic
def restrict(*, account: ServiceAccount, networks: Sequence[str]) -> ServiceAccount:
    """Let the account in from these networks alone. Raises AccountEnded, NetworkInvalid."""
    ensure_networks(networks)
    locked = _locked(account)
    locked.networks = list(networks)
    locked.save(update_fields=["networks"])
    return locked


@transaction.atomic
def end_account(*, account: ServiceAccount, reason: str, by: User, at: datetime) -> ServiceAccount:
    """End an account with its secrets and tokens; ended once it stays so. Raises AccountEnded."""
    locked = _locked(account)
    locked.ended_at, locked.ended_by, locked.end_reason = at, by, reason
    locked.save(update_fields=["ended_at", "ended_by", "end_reason"])
    User.objects.filter(pk=locked.user_id).update(is_active=False)
    _good_secrets(locked, at).update(ends_at=at)
    AccessToken.objects.filter(application_id=locked.application_id).delete()
    return locked


def account_with(client_id: str, secret: str, *, at: datetime) -> ServiceAccount | None:
    """Return the account that may sign in with these, and note the secret's use; None for anything wrong."""
    if not all(said.isascii() and said.isprintable() for said in (client_id, secret)):
        return None  # neither is ever made so, and the database takes no NUL
    account = (
        ServiceAccount.objects.select_related("application", "user")
        .filter(application__client_id=client_id, ended_at=None, user__is_active=True)
        .first()
    )
    if account and _good_secrets(account, at).filter(digest=digest_of(secret)).update(last_used_at=at):
        return account
    return None


def may_come_from(account: ServiceAccount, address: str | None) -> bool:
    """Whether the account's networks let this address in; an account without networks may come from anywhere."""
    if not account.networks:
        return True
    return address is not None and any(
        ip_address(address) in ip_network(network) for network in account.networks
    )


def ensure_networks(networks: Sequence[str]) -> None:
    """Raise NetworkInvalid for the first text that is no network."""
    for place, text in enumerate(networks):
        try:
            ip_network(text)
        except ValueError:
            raise NetworkInvalid(
                _("{text} is no network. Write 192.0.2.0/24 or 2001:db8::/32.").format(text=text[:50]),
                field=f"networks.{place}",
            ) from None


def _good_secrets(account: ServiceAccount, at: datetime) -> QuerySet[ClientSecret]:
    return account.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=at))


def _add_secret(account: ServiceAccount, *, by: User, at: datetime) -> str:
    secret = PREFIX + new_secret()
    ClientSecret.objects.create(account=account, digest=digest_of(secret), made_by=by, made_at=at)
    return secret


def _locked(account: ServiceAccount) -> ServiceAccount:
    found = ServiceAccount.objects.select_for_update().get(pk=account.pk)
    if found.ended_at is not None:
        raise AccountEnded(_("This service account was ended. Make another one."), ended_at=found.ended_at)
    return found
