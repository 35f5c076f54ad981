"""From the body of an issue to the domain's own application: every reference looked up in the registers, and all that
are unknown named at once."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from api.errors import SeveralRefused
from api.v1.carnets.bodies import IssueBody
from carnets.rules import Application, DeclaredGoods, DeclaredVehicle, Leg
from checkpoints.posts.offices import OfficeUnknown, planned_office
from guarantees.models import Association, Guarantee, Holder
from tir.kernel.errors import Refused

Found = TypeVar("Found")


class HolderUnknown(Refused):
    """The association has authorised no holder with this reference. What other associations have looks the same."""

    code = "holder_unknown"


class GuaranteeUnknown(Refused):
    """The association has no guarantee with this reference. What other associations have looks the same."""

    code = "guarantee_unknown"


def read_application(body: IssueBody, association: Association, on: date) -> Application:
    """Return the body resolved against the registers; raise SeveralRefused for all that they do not have."""
    unknown: list[Refused] = []

    def found(look_up: Callable[..., Found], *which: object, **where: object) -> Found | None:
        try:
            return look_up(*which, **where)
        except (HolderUnknown, GuaranteeUnknown, OfficeUnknown) as error:
            unknown.append(error)
            return None

    holder = found(_holder, body.holder, association)
    guarantee = found(_guarantee, body.guarantee, association)
    legs = [
        (
            found(planned_office, leg.start, on=on, field=f"itinerary.{index}.start"),
            found(planned_office, leg.end, on=on, field=f"itinerary.{index}.end"),
        )
        for index, leg in enumerate(body.itinerary)
    ]
    if holder is None or guarantee is None or unknown:
        raise SeveralRefused(unknown)
    return Application(
        association=association,
        holder=holder,
        guarantee=guarantee,
        vouchers=body.vouchers,
        acceptance_until=body.valid_until,
        vehicles=[
            DeclaredVehicle(item.registration, item.country, item.approval_certificate, item.approval_expires)
            for item in body.vehicles
        ],
        legs=[Leg(start, end) for start, end in legs if start and end],
        goods=[
            DeclaredGoods(
                line.description,
                line.packages,
                line.package_kind,
                line.gross_mass_kg,
                line.hs_code,
                line.marks,
            )
            for line in body.goods
        ],
        containers=body.containers,
        number=body.number,
        kind=body.kind,
        is_heavy_or_bulky=body.heavy_or_bulky,
    )


def _holder(reference: str, association: Association) -> Holder:
    holder = Holder.objects.filter(reference=reference, association=association).first()
    if holder is None:
        raise HolderUnknown(
            _("Your association has no holder with this reference. Look it up under holders; a holder of another"
              " association gets carnets from that one."),
            field="holder",
            holder=reference,
        )  # fmt: skip
    return holder


def _guarantee(reference: str, association: Association) -> Guarantee:
    guarantee = Guarantee.objects.filter(reference=reference, association=association).first()
    if guarantee is None:
        raise GuaranteeUnknown(
            _("Your association has no guarantee with this reference. Look it up under guarantees."),
            field="guarantee",
            guarantee=reference,
        )
    return guarantee
