"""From the body of an issue to the domain's own application: every reference looked up in the registers, and all that
are unknown named at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from api.errors import SeveralRefused
from api.parsing import field_invalid, field_missing
from api.v1.carnets.bodies import ConsignmentBody, GoodsBody, IssueBody, LegBody, PartyBody
from carnets.choices import StopAction
from carnets.issuing import IssueRefused
from carnets.itinerary import ItineraryStop, stops_of_legs
from carnets.models import Carnet
from carnets.numbering import parse_number
from carnets.rules import (
    Application,
    DeclaredConsignment,
    DeclaredDocument,
    DeclaredGoods,
    DeclaredVehicle,
    Party,
    PlannedOffice,
)
from carnets.rules.application import PlannedStops
from checkpoints.posts.offices import planned_office
from guarantees.models import Association, Guarantee, Holder
from tir.kernel.errors import Refused
from tir.kernel.sandbox import is_sandbox

Found = TypeVar("Found")
Find = Callable[..., Any]


class HolderUnknown(Refused):
    """The association has authorised no holder with this reference. What other associations have looks the same."""

    code = "holder_unknown"


class GuaranteeUnknown(Refused):
    """The association has no guarantee with this reference. What other associations have looks the same."""

    code = "guarantee_unknown"


class CarnetToContinueUnknown(Refused):
    """The association has issued no carnet with this number to the holder."""

    code = "continued_carnet_unknown"


class StopUnknown(Refused):
    """A consignment names an office at which no stop of the route does that."""

    code = "consignment_not_on_route"


def issue_instant(body: IssueBody, at: datetime) -> datetime:
    """Return when the carnet counts as issued: now, or in a sandbox the past instant asked for. Elsewhere nobody knows
    such a field (BodyInvalid, `unknown_field`)."""
    if body.issued_at is None:
        return at
    if not is_sandbox():
        raise field_invalid("issued_at", "extra_forbidden")
    if body.issued_at > at:
        raise field_invalid("issued_at", "out_of_range")
    return body.issued_at


def as_asked(refused: IssueRefused, body: IssueBody) -> IssueRefused:
    """Return the refusal with its fields named as the body has them: who sent pairs of offices knows no stops."""
    if body.stops is not None or body.itinerary is None:
        return refused
    names = _names_of_stops(body.itinerary)
    return IssueRefused(
        [
            replace(one, facts={**one.facts, "field": _renamed(one.facts.get("field"), names)})
            for one in refused.findings
        ]
    )


def _names_of_stops(legs: Sequence[LegBody]) -> list[str]:
    """Return where each stop stands in the short form, in the order of `stops_of_legs`."""
    names: list[str] = []
    for index, leg in enumerate(legs):
        if index == 0 or legs[index - 1].end != leg.start:
            names.append(f"itinerary.{index}.start")
        names.append(f"itinerary.{index}.end")
    return names


def _renamed(field: str | None, names: Sequence[str]) -> str | None:
    if field is None or field.partition(".")[0] != "stops":
        return field
    _stops, _dot, index = field.partition(".")
    return names[int(index)] if index else "itinerary"


def read_application(body: IssueBody, association: Association, on: date) -> Application:
    """Return the body resolved against the registers; raise SeveralRefused for all that they do not have."""
    unknown: list[Refused] = []

    def found(find: Callable[..., Found], *which: object, **where: object) -> Found | None:
        try:
            return find(*which, **where)
        except Refused as error:
            unknown.append(error)
            return None

    holder = found(_holder, body.holder, association)
    guarantee = found(_guarantee, body.guarantee, association)
    stops = _stops(body, on, found)
    consignments = _consignments(body, stops, found) if stops is not None else []
    continues = found(_continued, body.continues, association) if body.continues else ""
    if holder is None or guarantee is None or stops is None or unknown:
        raise SeveralRefused(unknown)
    return Application(
        association=association,
        holder=holder,
        guarantee=guarantee,
        vouchers=body.vouchers,
        acceptance_until=body.valid_until,
        vehicles=[
            DeclaredVehicle(
                item.registration, item.country, item.approval_certificate, item.approval_expires, item.kind
            )
            for item in body.vehicles
        ],
        stops=stops,
        consignments=consignments,
        containers=body.containers,
        number=body.number,
        kind=body.kind,
        is_heavy_or_bulky=body.heavy_or_bulky,
        continues=continues or "",
        is_backdated=body.issued_at is not None,
    )


def _stops(body: IssueBody, on: date, found: Find) -> PlannedStops | None:
    """Return the stops, given as such or as pairs of offices; nothing when an office is unknown."""
    if body.stops is not None:
        offices = [
            found(planned_office, stop.office, on=on, field=f"stops.{index}.office")
            for index, stop in enumerate(body.stops)
        ]
        if None in offices:
            return None
        return [
            ItineraryStop(office, StopAction(stop.does))
            for office, stop in zip(offices, body.stops, strict=True)
        ]
    if body.itinerary is None:
        raise field_missing("stops")
    legs: list[tuple[PlannedOffice, PlannedOffice, str | None]] = [
        (
            found(planned_office, leg.start, on=on, field=f"itinerary.{index}.start"),
            found(planned_office, leg.end, on=on, field=f"itinerary.{index}.end"),
            leg.end_does,
        )
        for index, leg in enumerate(body.itinerary)
    ]
    return None if any(None in leg[:2] for leg in legs) else stops_of_legs(legs)


def _consignments(body: IssueBody, stops: PlannedStops, found: Find) -> list[DeclaredConsignment]:
    if body.consignments is not None:
        return [
            _consignment(each, f"consignments.{index}", stops, found)
            for index, each in enumerate(body.consignments)
        ]
    if body.goods is None:
        raise field_missing("consignments")
    return _by_load_and_unload(body.goods, stops, found)


def _by_load_and_unload(
    goods: Sequence[GoodsBody], stops: PlannedStops, found: Find
) -> list[DeclaredConsignment]:
    """Return goods without consignments as one from the first load to the last unload; a line that names a load or an
    unload of its own belongs to one between those."""
    lines: dict[tuple[int, int], list[DeclaredGoods]] = {}
    for index, line in enumerate(goods):
        where = f"goods.{index}"
        load = _position(line.load, StopAction.LOAD, stops, f"{where}.load", found) if line.load else 1
        unload = len(stops)
        if line.unload:
            unload = _position(line.unload, StopAction.UNLOAD, stops, f"{where}.unload", found)
        lines.setdefault((load, unload), []).append(_line(line, where))
    return [DeclaredConsignment(load, unload, tuple(some)) for (load, unload), some in lines.items()]


def _consignment(body: ConsignmentBody, where: str, stops: PlannedStops, found: Find) -> DeclaredConsignment:
    return DeclaredConsignment(
        load=_position(body.load, StopAction.LOAD, stops, f"{where}.load", found),
        unload=_position(body.unload, StopAction.UNLOAD, stops, f"{where}.unload", found),
        goods=tuple(_line(line, f"{where}.goods.{index}") for index, line in enumerate(body.goods)),
        reference=body.reference,
        consignor=_party(body.consignor),
        consignee=_party(body.consignee),
        documents=tuple(DeclaredDocument(each.kind, each.number, each.date) for each in body.documents),
    )


def _position(office: str, does: StopAction, stops: PlannedStops, field: str, found: Find) -> int:
    """Return the position of the first stop at that office which does that; 0 when there is none, which is told."""
    return found(_stop_position, office, does, stops, field) or 0


def _stop_position(office: str, does: StopAction, stops: PlannedStops, field: str) -> int:
    for position, stop in enumerate(stops, start=1):
        if stop.office.code == office and stop.does is does:
            return position
    raise StopUnknown(
        _("No stop of the route does this at {office}: {does}. Name one of the route's own stops.").format(
            office=office, does=does.label
        ),
        field=field,
        office=office,
        does=does,
    )


def _party(body: PartyBody | None) -> Party:
    return Party(body.name, body.address, body.country) if body else Party()


def _line(body: GoodsBody, where: str) -> DeclaredGoods:
    return DeclaredGoods(
        description=body.description,
        packages=body.packages,
        package_kind=body.package_kind,
        gross_mass_kg=body.gross_mass_kg,
        hs_code=body.hs_code,
        marks=body.marks,
        net_mass_kg=body.net_mass_kg,
        un_numbers=tuple(body.un_numbers),
        equipment=body.equipment,
        field=where,
    )


def _continued(number: str, association: Association) -> str:
    found = Carnet.objects.filter(number=parse_number(number, field="continues"), association=association)
    carnet = found.first()
    if carnet is None:
        raise CarnetToContinueUnknown(
            _(
                "Your association has issued no carnet with this number. Read it from the carnet that runs out."
            ),
            field="continues",
            continues=number,
        )
    return carnet.number


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
