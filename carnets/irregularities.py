"""What customs decide about an irregularity. Reconciliation opens and cures them; only people resolve them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carnets.choices import IrregularityStatus
from carnets.models import Carnet, Irregularity
from tir.accounts.models import User
from tir.kernel.errors import Conflict


class IrregularityClosed(Conflict):
    """The irregularity was cured or resolved already."""

    code = "irregularity_closed"


@transaction.atomic
def resolve(*, irregularity_id: int, reason: str, by: User, at: datetime) -> Irregularity:
    """Record that customs accept the facts as no obstacle, with the reason; the next reconciliation may discharge.

    The same facts do not open it again; other facts do. Raises IrregularityClosed.
    """
    carnet_id = Irregularity.objects.values_list("carnet_id", flat=True).get(pk=irregularity_id)
    Carnet.objects.select_for_update(no_key=True).get(pk=carnet_id)
    irregularity = Irregularity.objects.select_for_update(no_key=True, of=("self",)).get(pk=irregularity_id)

    if irregularity.status != IrregularityStatus.OPEN:
        raise IrregularityClosed(
            _("This irregularity is closed already. Read it again: it says when and why."),
            status=irregularity.status,
            closed_at=irregularity.closed_at,
        )

    irregularity.status = IrregularityStatus.RESOLVED
    irregularity.closed_at, irregularity.closed_by, irregularity.close_reason = at, by, reason
    irregularity.next_clock, irregularity.next_clock_at = "", None
    irregularity.save()
    Carnet.objects.filter(pk=carnet_id).update(reconcile_at=at)
    return irregularity
