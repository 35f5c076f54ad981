"""Service accounts: an association sees its own, headquarters their country's, the secretariat those without either, an
administrator those of their own places."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404

from api.scope.people import accounts_for
from api.scope.tables import NOTHING
from tir.accounts.models import Role, User
from tir.signin.models import ServiceAccount


def service_accounts_for(user: User, *, at: datetime) -> QuerySet[ServiceAccount]:
    """Return the accounts whose programs act for whom the user acts for."""
    found = ServiceAccount.objects.select_related(
        "user__membership__association", "application", "made_by", "ended_by"
    ).prefetch_related("secrets")
    shown = NOTHING
    membership = getattr(user, "membership", None)
    if user.has_role(Role.ASSOCIATION) and membership:
        shown |= Q(user__membership__association=membership.association)
    if user.has_role(Role.CUSTOMS_HQ) and user.country:
        shown |= Q(user__country=user.country, user__membership=None)
    if user.has_role(Role.SECRETARIAT):
        shown |= Q(user__country="", user__membership=None, user__roles__contains=[Role.SECRETARIAT])
    if user.has_role(Role.ADMINISTRATOR):
        shown |= Q(user__in=accounts_for(user, at=at))
    return found.filter(shown)


def service_account_for(user: User, client_id: str, *, at: datetime) -> ServiceAccount:
    """Return one of them. Raises Http404."""
    account = service_accounts_for(user, at=at).filter(application__client_id=client_id).first()
    if account is None:
        raise Http404
    return account
