"""The rules of issuing: what must hold before an association hands a carnet to a holder.

Each rule is a pure function of an `Application` and what is on record about it; its name is the fact that must hold.
Ceiling and number stock are judged under their row locks, in `guarantees.exposure` and `numbering`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from stdnum import iso6346

from carnets.choices import (
    MOST_DEPARTURE_AND_DESTINATION_OFFICES,
    VOUCHER_COUNTS,
    CarnetKind,
    OfficeRole,
)
from guarantees.choices import HolderStatus
from guarantees.clocks import Period
from guarantees.models import Association, Guarantee, Holder
from tir.kernel.rules import Facts, RuleBook

_CONTAINER = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")  # owner, category, serial number and check digit
HS_LENGTHS = (6, 8, 10)
EXCISE_HEADINGS = ("2203", "2204", "2205", "2206", "2207", "2208", "2401", "2402", "2403", "2404")


@dataclass(frozen=True, slots=True)
class PlannedOffice:
    """What issuing needs to know of a customs office; the register itself is in `checkpoints`."""

    code: str
    country: str
    territory: str
    territory_id: int
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Leg:
    """One planned TIR operation: from an office of departure or entry to one of exit or destination."""

    start: PlannedOffice
    end: PlannedOffice


@dataclass(frozen=True, slots=True)
class DeclaredVehicle:
    registration: str
    country: str
    approval_certificate: str
    approval_expires: date


@dataclass(frozen=True, slots=True)
class DeclaredGoods:
    description: str
    packages: int
    package_kind: str
    gross_mass_kg: Decimal
    hs_code: str = ""
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Quota:
    """How many carnets a holder may have out, and has: `allowed` is the quota less what open notifications of
    non-discharge cost, `None` when the association set none."""

    allowed: int | None
    outstanding: int
    set_to: int | None = None
    open_notifications: int = 0

    @property
    def is_used_up(self) -> bool:
        return self.allowed is not None and self.outstanding >= self.allowed


NO_QUOTA = Quota(allowed=None, outstanding=0)


@dataclass(frozen=True, slots=True)
class Application:
    """What an association asks to issue, resolved against the registers."""

    association: Association
    holder: Holder
    guarantee: Guarantee
    vouchers: int
    acceptance_until: date
    vehicles: Sequence[DeclaredVehicle]
    legs: Sequence[Leg]
    goods: Sequence[DeclaredGoods]
    containers: Sequence[str] = ()
    number: str | None = None
    kind: str = CarnetKind.ORDINARY
    is_heavy_or_bulky: bool = False
    excluded_in: frozenset[str] = frozenset()  # countries of the route that exclude the holder on `issued_on`
    issued_on: date = date.min
    acceptance: Period = (
        Period()
    )  # from, and not counting, the day of issue, by the clock in force on that day
    quota: Quota = NO_QUOTA


def roles_of(legs: Sequence[Leg], index: int) -> tuple[OfficeRole, OfficeRole]:
    """Return the roles of the two offices of a leg: inside one territory a further leg departs and arrives anew
    (an additional office of loading or unloading), across a frontier it enters and leaves en route."""
    leg = legs[index]
    goes_on_inside = index > 0 and legs[index - 1].end.territory == leg.start.territory
    stays_inside = index + 1 < len(legs) and legs[index + 1].start.territory == leg.end.territory
    is_last = index + 1 == len(legs)
    start = OfficeRole.DEPARTURE if index == 0 or goes_on_inside else OfficeRole.ENTRY
    end = OfficeRole.DESTINATION if is_last or stays_inside else OfficeRole.EXIT
    return start, end


ISSUE = RuleBook["Application"]("issuing a carnet")


@ISSUE.rule(
    "holder_of_other_association",
    article="Annex 9 Part II",
    message=_("The holder {holder} is authorised through another association, which must issue the carnet."),
)
def holder_belongs_to_the_association(case: Application) -> Facts | None:
    if case.holder.association_id == case.association.pk:
        return None
    return {"field": "holder", "holder": case.holder.reference}


@ISSUE.rule(
    "holder_not_authorised",
    article="Annex 9 Part II",
    message=_(
        "The holder {holder} is not authorised ({status}). A carnet can be issued once this is lifted."
    ),
)
def holder_is_authorised(case: Application) -> Facts | None:
    holder = case.holder
    if holder.status == HolderStatus.AUTHORISED and holder.authorised_from <= case.issued_on:
        return None
    return {"field": "holder", "holder": holder.reference, "status": HolderStatus(holder.status)}


@ISSUE.rule(
    "holder_excluded",
    article="art. 38",
    message=_("The holder {holder} is excluded from TIR in {countries}, which the route touches."),
)
def holder_is_not_excluded_on_the_route(case: Application) -> Facts | None:
    if not case.excluded_in:
        return None
    return {"field": "holder", "holder": case.holder.reference, "countries": sorted(case.excluded_in)}


@ISSUE.rule(
    "holder_quota_used_up",
    article="Annex 9 Part II par. 6, practice",
    message=_(
        "The holder {holder} has {outstanding} carnets out and may have {allowed}. The next is issued when a used one"
        " is returned and agrees with customs, or a notification of non-discharge is settled."
    ),
)
def holder_quota_is_not_used_up(case: Application) -> Facts | None:
    quota = case.quota
    if not quota.is_used_up:
        return None
    return {
        "field": "holder",
        "holder": case.holder.reference,
        "outstanding": quota.outstanding,
        "allowed": quota.allowed,
        "quota": quota.set_to,
        "open_notifications": quota.open_notifications,
    }


@ISSUE.rule(
    "guarantee_of_other_association",
    article="art. 8",
    message=_("The guarantee {guarantee} belongs to another association. Name one of your own."),
)
def guarantee_belongs_to_the_association(case: Application) -> Facts | None:
    if case.guarantee.association_id == case.association.pk:
        return None
    return {"field": "guarantee", "guarantee": case.guarantee.reference}


@ISSUE.rule(
    "guarantee_not_for_holder",
    article="art. 8",
    message=_("The guarantee {guarantee} is for another holder. Name this holder's own, or a pool."),
)
def guarantee_covers_the_holder(case: Application) -> Facts | None:
    if case.guarantee.holder_id in (None, case.holder.pk):
        return None
    return {"field": "guarantee", "guarantee": case.guarantee.reference}


@ISSUE.rule(
    "guarantee_not_in_force",
    article="art. 8",
    message=_("The guarantee {guarantee} is in force from {valid_from} to {valid_to} only. Name another."),
)
def guarantee_is_in_force(case: Application) -> Facts | None:
    guarantee = case.guarantee
    ends_after = guarantee.valid_to is None or case.issued_on < guarantee.valid_to
    if guarantee.valid_from <= case.issued_on and ends_after:
        return None
    return {
        "field": "guarantee",
        "guarantee": guarantee.reference,
        "valid_from": guarantee.valid_from,
        "valid_to": guarantee.valid_to,
    }


@ISSUE.rule(
    "acceptance_date_out_of_range",
    article="art. 9",
    message=_("The last day for acceptance must lie between {earliest} and {latest}."),
)
def acceptance_date_is_within_the_period(case: Application) -> Facts | None:
    latest = case.acceptance.after(case.issued_on)
    if case.issued_on <= case.acceptance_until <= latest:
        return None
    return {"field": "valid_until", "earliest": case.issued_on, "latest": latest}


@ISSUE.rule(
    "voucher_count_unknown",
    article="Annex 1",
    message=_("Carnets have 4, 6, 14 or 20 vouchers, not {vouchers}."),
)
def voucher_count_exists(case: Application) -> Facts | None:
    if case.vouchers in VOUCHER_COUNTS:
        return None
    return {"field": "vouchers", "vouchers": case.vouchers, "possible": VOUCHER_COUNTS}


@ISSUE.rule(
    "too_few_vouchers",
    article="art. 17(2)",
    message=_("This route needs {needed} vouchers, a pair for each operation; the carnet has {vouchers}."),
)
def vouchers_are_enough(case: Application) -> Facts | None:
    needed = 2 * len(case.legs)
    if needed <= case.vouchers:
        return None
    return {"field": "vouchers", "needed": needed, "vouchers": case.vouchers}


@ISSUE.rule(
    "no_frontier_crossed",
    article="art. 2",
    message=_("A TIR transport crosses at least one frontier; this route stays in {territory}."),
)
def a_frontier_is_crossed(case: Application) -> Facts | None:
    territories = {office.territory for leg in case.legs for office in (leg.start, leg.end)}
    if len(territories) > 1:
        return None
    return {"field": "itinerary", "territory": ", ".join(territories)}


@ISSUE.rule(
    "operation_leaves_territory",
    article="art. 1(b)",
    message=_("{start} and {end} lie in different customs territories; a TIR operation has one."),
)
def each_operation_stays_in_one_territory(case: Application) -> Facts | None:
    for index, leg in enumerate(case.legs):
        if leg.start.territory != leg.end.territory:
            return {"field": f"itinerary.{index}", "start": leg.start.code, "end": leg.end.code}
    return None


@ISSUE.rule(
    "office_role_not_approved",
    article="art. 45",
    message=_("{office} is not approved as an office of {role}. Choose one that is, from the register."),
)
def offices_are_approved_for_their_roles(case: Application) -> Facts | None:
    for index, leg in enumerate(case.legs):
        start, end = roles_of(case.legs, index)
        if start not in leg.start.roles:
            return {"field": f"itinerary.{index}.start", "office": leg.start.code, "role": start}
        loads_more = index + 1 < len(case.legs) and case.legs[index + 1].start.code == leg.end.code
        if end not in leg.end.roles and not (loads_more and OfficeRole.DEPARTURE in leg.end.roles):
            return {"field": f"itinerary.{index}.end", "office": leg.end.code, "role": end}
    return None


@ISSUE.rule(
    "office_count",
    article="art. 18",
    message=_("A carnet may name at most {most} offices of departure and destination, not {count}."),
)
def departure_and_destination_offices_are_at_most_eight(case: Application) -> Facts | None:
    count = _departures_and_destinations(case.legs)
    if count <= MOST_DEPARTURE_AND_DESTINATION_OFFICES:
        return None
    return {"field": "itinerary", "count": count, "most": MOST_DEPARTURE_AND_DESTINATION_OFFICES}


def _departures_and_destinations(legs: Sequence[Leg]) -> int:
    named = set()
    for index, leg in enumerate(legs):
        start, end = roles_of(legs, index)
        if start is OfficeRole.DEPARTURE:
            named.add(leg.start.code)
        if end is OfficeRole.DESTINATION:
            named.add(leg.end.code)
    return len(named)


@ISSUE.rule(
    "approval_expired",
    article="Annex 3, art. 4",
    message=_("The approval certificate {certificate} of {registration} expired on {expired}."),
)
def approval_certificates_are_valid(case: Application) -> Facts | None:
    if case.is_heavy_or_bulky:  # art. 29: heavy or bulky goods may go on a vehicle without approval
        return None
    for index, vehicle in enumerate(case.vehicles):
        if vehicle.approval_expires < case.issued_on:
            return {
                "field": f"vehicles.{index}.approval_expires",
                "certificate": vehicle.approval_certificate,
                "registration": vehicle.registration,
                "expired": vehicle.approval_expires,
            }
    return None


@ISSUE.rule(
    "container_number_invalid",
    article="ISO 6346",
    message=_("{container} is not a container number: its check digit does not fit. Read it again."),
)
def container_numbers_have_their_check_digit(case: Application) -> Facts | None:
    for index, container in enumerate(case.containers):
        if not _CONTAINER.fullmatch(container) or not iso6346.is_valid(container):
            return {"field": f"containers.{index}", "container": container}
    return None


@ISSUE.rule(
    "hs_code_form",
    article="HS Convention",
    message=_("{hs_code} is not a commodity code: give 6, 8 or 10 digits, or leave it out."),
)
def commodity_codes_are_well_formed(case: Application) -> Facts | None:
    for index, line in enumerate(case.goods):
        code = line.hs_code
        well_formed = code.isascii() and code.isdigit() and len(code) in HS_LENGTHS
        if code and not well_formed:
            return {"field": f"goods.{index}.hs_code", "hs_code": code}
    return None


@ISSUE.rule(
    "goods_need_tobacco_alcohol_carnet",
    article="Annex 1, version 2",
    message=_("{description} travels under a tobacco/alcohol carnet only."),
)
def tobacco_and_alcohol_travel_under_their_own_carnet(case: Application) -> Facts | None:
    if case.kind == CarnetKind.TOBACCO_ALCOHOL:
        return None
    for index, line in enumerate(case.goods):
        if line.hs_code.startswith(EXCISE_HEADINGS):
            return {"field": f"goods.{index}.hs_code", "description": line.description}
    return None
