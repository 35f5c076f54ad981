"""Who may enter what in the registers: the organization anything, headquarters what is their country's."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from api.permissions import ADMINISTRATORS, CUSTOMS_HQ, GIVERS, REGISTRARS, Roles
from api.scope.reader import Reader
from api.scope.tables import Table, audited, everything, of_country, rows_shown_to, where
from guarantees.excluding import EXCLUSION, LIFTING
from guarantees.registers.territories import TERRITORIES
from tir.accounts.models import Role
from tir.approvals.models import Approval
from tir.approvals.signing_keys import SIGNING_KEY
from tir.kernel.errors import Forbidden
from tir.registers.entering import Register

APPROVALS: Table = {
    Role.SECRETARIAT: everything,
    Role.CUSTOMS_HQ: of_country(where("country")),
    Role.ADMINISTRATOR: audited(where("country")),
}

# Of whom both words must be, where not everybody who sets a country up may say one.
DECIDED_BY: Mapping[str, Roles] = {EXCLUSION: CUSTOMS_HQ, LIFTING: CUSTOMS_HQ, SIGNING_KEY: GIVERS}


class ForeignRegister(Forbidden):
    """The entry is another country's, or everybody's: only its own headquarters, or the organization, may enter it."""

    code = "foreign_register"


def ensure_may_enter(reader: Reader, register: Register[Any], entry: Any) -> None:
    """Raise ForeignRegister unless the reader may enter this, Http404 where they may not even know of it. A territory
    without members is for its first comer."""
    if reader.has_role(Role.SECRETARIAT) or (reader.has_role(*ADMINISTRATORS) and not reader.country):
        return
    countries = register.countries(entry)
    is_new_territory = register is TERRITORIES and not countries
    if not is_new_territory and reader.own_country() not in countries:
        if not register.is_open:
            raise Http404
        raise ForeignRegister(
            _("This is not your country's to enter ({countries}). Ask the headquarters there.").format(
                countries=", ".join(sorted(countries)) or "–"
            ),
            countries=sorted(countries),
        )  # fmt: skip


FROM_FEW = {
    "number-ranges": _("Carnet numbers are given by the international organization."),
    "approval-rules": _("How many must approve, the international organization or an administrator says."),
}


def may_give(reader: Reader, name: str) -> bool:
    """Whether the reader may enter anything in the register of this name: some are for few."""
    return name not in FROM_FEW or reader.has_role(*GIVERS)


def ensure_may_give(reader: Reader, name: str) -> None:
    """Raise Forbidden for what is for few, unless the reader is one of them."""
    if not may_give(reader, name):
        raise Forbidden(FROM_FEW[name])


def approvals_for(reader: Reader) -> QuerySet[Approval]:
    """Return the proposals that are the reader's to decide, decided ones with them."""
    rows = Approval.objects.filter(rows_shown_to(reader, APPROVALS))
    return rows.select_related("proposed_by").prefetch_related("words__by")


def approval_for(reader: Reader, approval_id: int) -> Approval:
    """Return one proposal the reader may decide; Http404 hides the others."""
    return get_object_or_404(approvals_for(reader), pk=approval_id)


def may_decide(reader: Reader, approval: Approval) -> bool:
    """Whether a proposal that the reader sees is theirs to decide: a country's customs alone exclude a holder."""
    roles = DECIDED_BY.get(approval.kind, REGISTRARS)
    is_own = not roles <= CUSTOMS_HQ or reader.country == approval.country
    return is_own and reader.has_role(*roles)


def approval_to_decide(reader: Reader, approval_id: int) -> Approval:
    """Return one proposal that the reader decides. Raises Http404, Forbidden for one they may only read."""
    approval = approval_for(reader, approval_id)
    if not may_decide(reader, approval):
        raise Forbidden(
            _("You may read this. Others decide it: the customs headquarters, or administrators.")
        )
    return approval
