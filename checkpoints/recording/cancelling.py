"""Taking a stamp back: who may, and why not."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carnets.projection.evidence import Certification
from carnets.projection.standing import may_cancel
from checkpoints.evidence.dockets import Docket
from checkpoints.posts.offices import Office
from tir.kernel.errors import Refused


class CancellationRefused(Refused):
    """The stamp to be cancelled is unknown, was made by another office, or does not stand."""

    code = "cancellation_refused"


def ensure_cancellable(docket: Docket, cancels: UUID, page: int, office: Office, *, is_online: bool) -> None:
    """Raise CancellationRefused unless the office made the stamp `cancels`, on that page, and has not taken it back.

    From offline the target may still be on its way.
    """
    target = next((each for each in docket.certifications if each.id == cancels), None)
    if target is None and not is_online:
        return
    reason = _why_not_cancellable(docket, target, page, office)
    if reason:
        raise CancellationRefused(
            _(
                "The stamp cannot be cancelled: only its own office cancels a stamp that stands, on the same page."
            ),
            code=reason,
            field="cancels",
            cancels=cancels,
        )


def _why_not_cancellable(
    docket: Docket, target: Certification | None, page: int, office: Office
) -> str | None:
    if target is None or target.cancels is not None:
        return "cancelled_stamp_unknown"
    if target.page != page:
        return "cancelled_stamp_on_other_page"
    if target.office.code != office.code:
        return "cancelled_by_other_office"
    taken_back = any(each.cancels == target.id and may_cancel(each, target) for each in docket.certifications)
    return "stamp_already_cancelled" if taken_back else None
