"""From a carnet's rows to what its paper shows. Office names come from the caller: their register is one floor up."""

from collections.abc import Mapping
from datetime import UTC

import pycountry

from carnets import tokens
from carnets.choices import CarnetKind
from carnets.documents.sheet import (
    CarnetSheet,
    GoodsLine,
    Holder,
    IssuingAssociation,
    Office,
    OfficeRole,
    Operation,
    SecondLanguage,
    Vehicle,
)
from carnets.models import Carnet, TirOperation

READS_RUSSIAN = frozenset({"EAEU", "UZ", "TJ", "TM", "AZ", "GE", "MN"})


def build_sheet(
    carnet: Carnet, offices: Mapping[str, Office], *, language: SecondLanguage | None = None
) -> CarnetSheet:
    """Return everything the printed carnet shows; `offices` has the names by code, `language` overrides the route's.

    Signing is deterministic, so the same carnet always prints the same document.
    """
    operations = list(carnet.operations.select_related("territory").order_by("sequence"))
    itinerary = tuple(_operation(operation, offices) for operation in operations)
    return CarnetSheet(
        number=carnet.number,
        vouchers=carnet.vouchers,
        issue_date=carnet.issued_at.astimezone(UTC).date(),
        valid_until=carnet.acceptance_until,
        holder=Holder(
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
        itinerary=itinerary,
        departure_countries=_countries(operations, OfficeRole.DEPARTURE),
        destination_countries=_countries(operations, OfficeRole.DESTINATION),
        tokens=tuple(page_token(carnet, page) for page in range(1, carnet.vouchers + 1)),
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
    return tokens.sign(claims, tokens.signing_key())


def language_of(carnet: Carnet) -> SecondLanguage | None:
    """Return the second language of the paper: Russian where most posts of the route read it, else Chinese."""
    if READS_RUSSIAN.intersection(carnet.territories):
        return "ru"
    return "zh-hans" if "CN" in carnet.territories else None


def alpha3(alpha2: str) -> str:
    """Return the ISO alpha-3 code that carnets use, or what was given when ISO knows no such country."""
    country = pycountry.countries.get(alpha_2=alpha2)
    return country.alpha_3 if country else alpha2


def _both_names(name: str, local: str) -> str:
    return f"{name} / {local}" if local and local != name else name


def _operation(operation: TirOperation, offices: Mapping[str, Office]) -> Operation:
    return Operation(
        operation.sequence,
        operation.territory.code,
        offices.get(operation.planned_start, Office(operation.planned_start, "")),
        OfficeRole(operation.start_role),
        offices.get(operation.planned_end, Office(operation.planned_end, "")),
        OfficeRole(operation.termination_role),
        operation.territory.name_en,
    )


def _countries(operations: list[TirOperation], role: OfficeRole) -> tuple[str, ...]:
    starts = [operation.planned_start[:2] for operation in operations if operation.start_role == role]
    ends = [operation.planned_end[:2] for operation in operations if operation.termination_role == role]
    return tuple(dict.fromkeys(alpha3(code) for code in starts + ends))


def _vehicles(carnet: Carnet) -> tuple[Vehicle, ...]:
    return tuple(
        Vehicle(row.registration, alpha3(row.country), row.approval_certificate, row.approval_expires)
        for row in carnet.vehicles.order_by("id")
    )


def _goods(carnet: Carnet) -> tuple[GoodsLine, ...]:
    unit = carnet.plates[-1] if carnet.plates else ""
    return tuple(
        GoodsLine(
            row.description, row.packages, row.package_kind, row.gross_mass_kg, row.hs_code, row.marks, unit
        )
        for row in carnet.goods.all()
    )
