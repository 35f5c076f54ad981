"""How many carnets a holder may have out at once: the association's ration (Annex 9 Part II par. 6).

A carnet is out from its issue until it is back and agrees with what customs recorded; one that was invalidated or
expired unused, or whose every liability has ended, is not: nor a lost one once its reservation was let go.
Every open notification of non-discharge takes the association's penalty off the quota, and
from so many on it leaves none: the quota is blocked.
"""

from django.db.models import Exists, OuterRef, Q

from carnets.annex10.models import ReconciliationRequest
from carnets.choices import CarnetStatus, Control, RequestStatus
from carnets.models import Carnet
from carnets.rules import NO_QUOTA, Quota
from guarantees.choices import ClaimStatus
from guarantees.models import Association, Claim, Holder

SETTLED = (
    Q(control__in=(Control.INVALIDATED, Control.EXPIRED))
    | Q(status=CarnetStatus.CLOSED)
    | Q(control__in=(Control.LOST, Control.STOLEN), is_reserved=False)
)
OPEN_NOTIFICATIONS = (ClaimStatus.NOTIFIED, ClaimStatus.CLAIMED, ClaimStatus.CONTESTED)


def quota_of(holder: Holder) -> Quota:
    """Return the holder's quota as it stands; without one nothing is counted."""
    if holder.quota is None:
        return NO_QUOTA
    notifications = open_notifications(holder)
    return Quota(
        allowed=_allowed(holder.quota, notifications, holder.association),
        outstanding=outstanding(holder),
        set_to=holder.quota,
        open_notifications=notifications,
    )


def outstanding(holder: Holder) -> int:
    """Return how many of the holder's carnets are out."""
    asked = ReconciliationRequest.objects.filter(carnet=OuterRef("pk"), status=RequestStatus.OPEN)
    out = Q(returned_at=None) & ~SETTLED
    return Carnet.objects.filter(out | Q(Exists(asked)), holder=holder).count()


def open_notifications(holder: Holder) -> int:
    """Return how many operations under the holder's carnets are notified as not discharged, and not settled."""
    numbers = Carnet.objects.filter(holder=holder).values("number")
    return Claim.objects.filter(carnet_number__in=numbers, status__in=OPEN_NOTIFICATIONS).count()


def _allowed(quota: int, notifications: int, association: Association) -> int:
    if notifications >= association.quota_blocked_from:
        return 0
    return max(0, quota - notifications * association.quota_penalty)
