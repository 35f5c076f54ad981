"""Service accounts: an association sees its own, headquarters its country's, the secretariat those without either."""

from django.db.models import QuerySet
from django.http import Http404

from tir.accounts.models import Role, User
from tir.signin.models import ServiceAccount


def service_accounts_for(user: User) -> QuerySet[ServiceAccount]:
    """Return the accounts whose programs act for whom the user acts for."""
    found = ServiceAccount.objects.select_related("user", "application", "made_by").prefetch_related(
        "secrets"
    )
    membership = getattr(user, "membership", None)
    if user.has_role(Role.ASSOCIATION):
        return (
            found.filter(user__membership__association=membership.association) if membership else found.none()
        )
    if user.has_role(Role.CUSTOMS_HQ):
        own = found.filter(user__country=user.country, user__membership=None)
        return own if user.country else found.none()
    return found.filter(user__country="", user__membership=None, user__roles__contains=[Role.SECRETARIAT])


def service_account_for(user: User, client_id: str) -> ServiceAccount:
    """Return one of them. Raises Http404."""
    account = service_accounts_for(user).filter(application__client_id=client_id).first()
    if account is None:
        raise Http404
    return account
