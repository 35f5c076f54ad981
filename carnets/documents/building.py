"""From a carnet's rows to what its paper shows. Office names come from the caller: their register is one floor up."""

from collections.abc import Mapping, Sequence

from carnets import tokens
from carnets.choices import CarnetKind, OfficeRole, StopAction
from carnets.documents.sheet import (
    AttachedDocument,
    CarnetSheet,
    GoodsLine,
    IssuingAssociation,
    PrintedHolder,
    PrintedOffice,
    PrintedOperation,
    PrintedStop,
    PrintedVehicle,
    SecondLanguage,
)
from carnets.itinerary import ROLES, legs_of
from carnets.models import Carnet, Consignment, ConsignmentDocument, Stop
from carnets.vouchers import pages_of
from guarantees.territories import alpha3
from tir.kernel.sandbox import kind

READS_RUSSIAN = frozenset({"EAEU", "UZ", "TJ", "TM", "AZ", "GE", "MN"})


def build_sheet(
    carnet: Carnet, offices: Mapping[str, PrintedOffice], *, language: SecondLanguage | None = None
) -> CarnetSheet:
    """Return everything the printed carnet shows; `offices` has the names by code, `language` overrides the route's.

    Signing is deterministic, so the same carnet always prints the same document.
    """
    planned = list(carnet.stops.select_related("territory").order_by("position"))
    legs = legs_of(planned)
    consignments = carnet.consignments.prefetch_related("documents").order_by("position")
    return CarnetSheet(
        number=carnet.number,
        vouchers=carnet.vouchers,
        issue_date=carnet.issued_on,
        valid_until=carnet.acceptance_until,
        holder=PrintedHolder(
            carnet.holder.reference,
            _both_names(carnet.holder.name, carnet.holder.name_local),
            carnet.holder.address,
            alpha3(carnet.holder.country),
        ),
        association=IssuingAssociation(
            carnet.association.code,
            _both_names(carnet.association.name, carnet.association.name_local),
            carnet.association.country_alpha3,
        ),
        guarantee_reference=carnet.guarantee.reference,
        vehicles=_vehicles(carnet),
        goods=_goods(carnet),
        stops=tuple(_stop(stop, legs, offices) for stop in planned),
        itinerary=tuple(_operation(number, *leg, offices) for number, leg in enumerate(legs, start=1)),
        tokens=tuple(page_token(carnet, page) for page in range(1, carnet.vouchers + 1)),
        attached_documents=tuple(
            _document(each, paper) for each in consignments for paper in each.documents.all()
        ),
        containers=tuple(carnet.containers.order_by("id").values_list("number", flat=True)),
        is_tobacco_alcohol=carnet.kind == CarnetKind.TOBACCO_ALCOHOL,
        is_heavy_or_bulky=carnet.is_heavy_or_bulky,
        second_language=language or language_of(carnet),
    )


def page_token(carnet: Carnet, page: int) -> str:
    """Return the signed token of one voucher page (design: one QR a page)."""
    claims = tokens.TokenClaims(
        number=carnet.number,
        page=page,
        holder_id=carnet.holder.reference,
        last_acceptance_date=carnet.acceptance_until,
        plates=tuple(carnet.plates),
        territories=tuple(carnet.territories),
        issuer=carnet.association.code,
        guarantee=carnet.guarantee.reference,
        issued_at=carnet.issued_at.replace(microsecond=0),
    )
    return tokens.sign(claims, tokens.signing_key(), kind())


def language_of(carnet: Carnet) -> SecondLanguage | None:
    """Return the second language of the paper: Russian where most posts of the route read it, else Chinese."""
    if READS_RUSSIAN.intersection(carnet.territories):
        return "ru"
    return "zh-hans" if "CN" in carnet.territories else None


def _both_names(name: str, local: str) -> str:
    return f"{name} / {local}" if local and local != name else name


def _named(code: str, offices: Mapping[str, PrintedOffice]) -> PrintedOffice:
    return offices.get(code, PrintedOffice(code, ""))


def _stop(stop: Stop, legs: Sequence[tuple[Stop, Stop]], offices: Mapping[str, PrintedOffice]) -> PrintedStop:
    pages: list[int] = []
    for sequence, leg in enumerate(legs, start=1):
        pages += [
            page for page, at in zip(pages_of(sequence), leg, strict=True) if at.position == stop.position
        ]
    return PrintedStop(
        stop.position,
        _named(stop.office, offices),
        alpha3(stop.office[:2]),
        StopAction(stop.does),
        stop.territory.code,
        stop.territory.name_en,
        tuple(pages),
    )


def _operation(
    sequence: int, start: Stop, end: Stop, offices: Mapping[str, PrintedOffice]
) -> PrintedOperation:
    return PrintedOperation(
        sequence,
        start.territory.code,
        _named(start.office, offices),
        OfficeRole(ROLES[StopAction(start.does)]),
        _named(end.office, offices),
        OfficeRole(ROLES[StopAction(end.does)]),
        start.territory.name_en,
        start.position,
    )


def _vehicles(carnet: Carnet) -> tuple[PrintedVehicle, ...]:
    return tuple(
        PrintedVehicle(row.registration, alpha3(row.country), row.approval_certificate, row.approval_expires)
        for row in carnet.vehicles.order_by("id")
    )


def _goods(carnet: Carnet) -> tuple[GoodsLine, ...]:
    return tuple(
        GoodsLine(
            row.description,
            row.packages,
            row.package_kind,
            row.gross_mass_kg,
            row.hs_code,
            row.marks,
            row.equipment,
            row.consignment.load,
            row.consignment.unload,
        )
        for row in carnet.goods.select_related("consignment")
    )


def _document(consignment: Consignment, paper: ConsignmentDocument) -> AttachedDocument:
    return AttachedDocument(paper.kind, paper.number, paper.date, consignment.load, consignment.unload)
