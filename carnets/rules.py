"""The rules of issuing: what must hold before an association hands a carnet to a holder.

Each rule is a pure function of an `Application` and what is on record about it; its name is the fact that must hold.
Ceiling and number stock are judged under their row locks, in `guarantees.exposure` and `numbering`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from stdnum import iso6346

from carnets.cargo.codes import BULK_KINDS, PACKAGE_KINDS
from carnets.choices import (
    MOST_DEPARTURE_AND_DESTINATION_OFFICES,
    CarnetKind,
    StopAction,
    UnitKind,
)
from carnets.itinerary import HANDLES_GOODS, Stop, legs_of
from carnets.vouchers import VOUCHER_COUNTS
from guarantees.choices import HolderStatus
from guarantees.clocks import Period
from guarantees.models import Association, Guarantee, Holder
from tir.kernel.rules import Facts, RuleBook
from tir.kernel.spelling import common_form

_CONTAINER = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")  # owner, category, serial number and check digit
SHORTEST_HS, LONGEST_HS = 6, 13
# Beer and wine, raw tobacco and denatured alcohol are not among them: ordinary carnets carry those.
EXCISE_HEADINGS = ("220710", "2208", "240210", "240220", "240311", "240319")
NEEDS_APPROVAL = frozenset({UnitKind.TRAILER, UnitKind.RIGID})
FOLLOWS = {
    StopAction.LOAD: frozenset({StopAction.LOAD, StopAction.EXIT, StopAction.SUSPEND, StopAction.UNLOAD}),
    StopAction.EXIT: frozenset({StopAction.ENTRY}),
    StopAction.ENTRY: frozenset({StopAction.LOAD, StopAction.EXIT, StopAction.SUSPEND, StopAction.UNLOAD}),
    StopAction.SUSPEND: frozenset({StopAction.RESUME}),
    StopAction.RESUME: frozenset({StopAction.LOAD, StopAction.EXIT, StopAction.SUSPEND, StopAction.UNLOAD}),
    StopAction.UNLOAD: frozenset({StopAction.EXIT, StopAction.SUSPEND, StopAction.UNLOAD, StopAction.LOAD}),
}


@dataclass(frozen=True, slots=True)
class PlannedOffice:
    """What issuing needs to know of a customs office; the register itself is in `checkpoints`."""

    code: str
    country: str
    territory: str
    territory_id: int
    roles: frozenset[str]


PlannedStops = Sequence[Stop[PlannedOffice]]


@dataclass(frozen=True, slots=True)
class DeclaredVehicle:
    """A vehicle as declared; the certificate of approval only where the law asks for one."""

    registration: str
    country: str
    approval_certificate: str = ""
    approval_expires: date | None = None
    kind: str = UnitKind.RIGID


@dataclass(frozen=True, slots=True)
class DeclaredGoods:
    """A goods line; `packages` is `None` for bulk and 0 for what is packed with another line; masses in kilograms."""

    description: str
    packages: int | None
    package_kind: str
    gross_mass_kg: Decimal
    hs_code: str = ""
    marks: str = ""
    net_mass_kg: Decimal | None = None
    un_numbers: tuple[str, ...] = ()
    equipment: str = ""
    field: str = "goods"  # where the line stands in what was sent, to name it in an error


@dataclass(frozen=True, slots=True)
class DeclaredDocument:
    kind: str
    number: str
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends or receives a consignment."""

    name: str = ""
    address: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredConsignment:
    """Goods loaded at one stop and unloaded at another, by position of the stop."""

    load: int
    unload: int
    goods: tuple[DeclaredGoods, ...]
    reference: str = ""
    consignor: Party = Party()
    consignee: Party = Party()
    documents: tuple[DeclaredDocument, ...] = ()

    @property
    def packages(self) -> int | None:
        """What can be counted; `None` where nothing can."""
        counts = [line.packages for line in self.goods if line.packages is not None]
        return sum(counts) if any(counts) else None


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
    stops: PlannedStops
    consignments: Sequence[DeclaredConsignment]
    containers: Sequence[str] = ()
    number: str | None = None
    kind: str = CarnetKind.ORDINARY
    is_heavy_or_bulky: bool = False
    continues: str = ""
    is_backdated: bool = False
    excluded_in: frozenset[str] = frozenset()  # countries of the route that exclude the holder on `issued_on`
    issued_on: date = date.min  # the day at the association
    acceptance: Period = field(
        default_factory=Period
    )  # from, and not counting, the day of issue, by the clock then
    quota: Quota = NO_QUOTA

    @property
    def legs(self) -> list[tuple[Stop[PlannedOffice], Stop[PlannedOffice]]]:
        """The planned operations, each from one stop to the next."""
        return legs_of(self.stops)

    @property
    def goods(self) -> Iterator[DeclaredGoods]:
        """Every line of every consignment."""
        return (line for consignment in self.consignments for line in consignment.goods)


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
    territories = {stop.office.territory for stop in case.stops}
    if len(territories) > 1:
        return None
    return {"field": "stops", "territory": ", ".join(territories)}


@ISSUE.rule(
    "operation_leaves_territory",
    article="art. 1(b)",
    message=_("{start} and {end} lie in different customs territories; a TIR operation has one."),
)
def each_operation_stays_in_one_territory(case: Application) -> Facts | None:
    for start, end in case.legs:
        if start.office.territory != end.office.territory:
            return {
                "field": f"stops.{case.stops.index(end)}",
                "start": start.office.code,
                "end": end.office.code,
            }
    return None


@ISSUE.rule(
    "stops_out_of_order",
    article="art. 18, 26",
    message=_(
        "A transport begins with a load and ends with an unload; an exit is followed by an entry, a suspension by a"
        " resumption. Stop {position} ({office}, {does}) does not fit."
    ),
)
def stops_follow_each_other(case: Application) -> Facts | None:
    wrong = _first_that_does_not_fit(case.stops)
    if wrong is None:
        return None
    stop = case.stops[wrong]
    return {"field": f"stops.{wrong}", "position": wrong + 1, "office": stop.office.code, "does": stop.does}


def _first_that_does_not_fit(stops: PlannedStops) -> int | None:
    if not stops or stops[0].does is not StopAction.LOAD:
        return 0
    for index, (before, stop) in enumerate(zip(stops, stops[1:], strict=False), start=1):
        if stop.does not in FOLLOWS[before.does]:
            return index
    return None if stops[-1].does is StopAction.UNLOAD else len(stops) - 1


@ISSUE.rule(
    "load_after_unload",
    article="art. 18",
    message=_("Every load comes before every unload: {office} loads after part was unloaded."),
)
def goods_are_loaded_before_any_is_unloaded(case: Application) -> Facts | None:
    has_unloaded = False
    for index, stop in enumerate(case.stops):
        if has_unloaded and stop.does is StopAction.LOAD:
            return {"field": f"stops.{index}", "office": stop.office.code}
        has_unloaded = has_unloaded or stop.does is StopAction.UNLOAD
    return None


@ISSUE.rule(
    "office_role_not_approved",
    article="art. 45",
    message=_("{office} is not approved as an office of {role}. Choose one that is, from the register."),
)
def offices_are_approved_for_their_roles(case: Application) -> Facts | None:
    for index, stop in enumerate(case.stops):
        if stop.role not in stop.office.roles:
            return {"field": f"stops.{index}", "office": stop.office.code, "role": stop.role}
    return None


@ISSUE.rule(
    "office_count",
    article="art. 18",
    message=_("A carnet may name at most {most} offices of departure and destination, not {count}."),
)
def departure_and_destination_offices_are_at_most_eight(case: Application) -> Facts | None:
    count = len({stop.office.code for stop in case.stops if stop.does in HANDLES_GOODS})
    if count <= MOST_DEPARTURE_AND_DESTINATION_OFFICES:
        return None
    return {"field": "stops", "count": count, "most": MOST_DEPARTURE_AND_DESTINATION_OFFICES}


@ISSUE.rule(
    "consignment_not_on_route",
    article="art. 17(1)",
    message=_(
        "Consignment {position} is loaded and unloaded where no stop of the route does that, in that order."
    ),
)
def consignments_travel_along_the_route(case: Application) -> Facts | None:
    for index, consignment in enumerate(case.consignments):
        if not _travels(case.stops, consignment):
            return {"field": f"consignments.{index}", "position": index + 1}
    return None


def _travels(stops: PlannedStops, consignment: DeclaredConsignment) -> bool:
    if not 1 <= consignment.load < consignment.unload <= len(stops):
        return False
    loads, unloads = stops[consignment.load - 1].does, stops[consignment.unload - 1].does
    return loads is StopAction.LOAD and unloads is StopAction.UNLOAD


@ISSUE.rule(
    "stop_without_goods",
    article="art. 17(1)",
    message=_("No goods are {does} at {office}. Name the goods, or leave the stop out."),
)
def every_load_and_unload_has_goods(case: Application) -> Facts | None:
    named = {position for each in case.consignments for position in (each.load, each.unload)}
    for index, stop in enumerate(case.stops):
        if stop.does in HANDLES_GOODS and index + 1 not in named:
            return {"field": f"stops.{index}", "office": stop.office.code, "does": stop.does}
    return None


@ISSUE.rule(
    "nothing_carries_the_goods",
    article="art. 3, 17(1)",
    message=_("Name the vehicle or the container that carries the goods."),
)
def something_carries_the_goods(case: Application) -> Facts | None:
    carries = [vehicle for vehicle in case.vehicles if vehicle.kind != UnitKind.TRACTOR]
    return None if carries or case.containers else {"field": "vehicles"}


@ISSUE.rule(
    "unit_named_twice",
    article="art. 17(1)",
    message=_("{unit} is named twice. Name each vehicle and container once."),
)
def each_unit_is_named_once(case: Application) -> Facts | None:
    seen: set[str] = set()
    named = [(f"vehicles.{i}.registration", each.registration) for i, each in enumerate(case.vehicles)]
    named += [(f"containers.{i}", each) for i, each in enumerate(case.containers)]
    for where, unit in named:
        if common_form(unit) in seen:
            return {"field": where, "unit": unit}
        seen.add(common_form(unit))
    return None


@ISSUE.rule(
    "approval_missing",
    article="Annex 3, art. 3, 12",
    message=_(
        "{registration} carries goods under seal: give its certificate of approval and the day it ends."
    ),
)
def load_compartments_are_approved(case: Application) -> Facts | None:
    """Tractors carry nothing, heavy or bulky goods need no approval (art. 29), and a container is approved by its own
    plate (art. 12, 13)."""
    if case.is_heavy_or_bulky or case.containers:
        return None
    for index, vehicle in enumerate(case.vehicles):
        if vehicle.kind in NEEDS_APPROVAL and vehicle.approval_expires is None:
            return {"field": f"vehicles.{index}.approval_expires", "registration": vehicle.registration}
    return None


@ISSUE.rule(
    "approval_expired",
    article="Annex 3, art. 4",
    message=_("The approval certificate {certificate} of {registration} expired on {expired}."),
)
def approval_certificates_are_valid(case: Application) -> Facts | None:
    if case.is_heavy_or_bulky:  # art. 29: heavy or bulky goods may go on a vehicle without approval
        return None
    for index, vehicle in enumerate(case.vehicles):
        if vehicle.approval_expires is not None and vehicle.approval_expires < case.issued_on:
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
    message=_("{hs_code} is not a commodity code: give 6 to 13 digits, or leave it out."),
)
def commodity_codes_are_well_formed(case: Application) -> Facts | None:
    for line in case.goods:
        code = line.hs_code
        well_formed = code.isascii() and code.isdigit() and SHORTEST_HS <= len(code) <= LONGEST_HS
        if code and not well_formed:
            return {"field": f"{line.field}.hs_code", "hs_code": code}
    return None


@ISSUE.rule(
    "package_kind_unknown",
    article="UN/CEFACT Rec. 21",
    message=_("{kind} is no kind of package: give a code of the UN recommendation, such as CT for cartons."),
)
def package_kinds_are_known(case: Application) -> Facts | None:
    for line in case.goods:
        if line.package_kind not in PACKAGE_KINDS:
            return {"field": f"{line.field}.package_kind", "kind": line.package_kind}
    return None


@ISSUE.rule(
    "packages_missing",
    article="Annex 1, box 11",
    message=_("Give the number of packages of {description}; only bulk goods ({bulk}) have none."),
)
def packages_are_counted_unless_bulk(case: Application) -> Facts | None:
    for line in case.goods:
        if line.packages is None and line.package_kind not in BULK_KINDS:
            return {
                "field": f"{line.field}.packages",
                "description": line.description,
                "bulk": sorted(BULK_KINDS),
            }
    return None


@ISSUE.rule(
    "bulk_has_no_packages",
    article="UN/CEFACT Rec. 21",
    message=_(
        "{description} is bulk: it has no packages. Leave the number out, or name another kind of package."
    ),
)
def bulk_goods_are_not_counted(case: Application) -> Facts | None:
    for line in case.goods:
        if line.packages and line.package_kind in BULK_KINDS:
            return {"field": f"{line.field}.packages", "description": line.description}
    return None


@ISSUE.rule(
    "packed_with_nothing",
    article="Annex 1, box 11",
    message=_(
        "{description} has 0 packages, but no other line of the consignment has any to be packed with."
    ),
)
def goods_without_packages_share_those_of_another_line(case: Application) -> Facts | None:
    for consignment in case.consignments:
        shares = any(line.packages for line in consignment.goods)
        for line in consignment.goods:
            if line.packages == 0 and line.package_kind not in BULK_KINDS and not shares:
                return {"field": f"{line.field}.packages", "description": line.description}
    return None


@ISSUE.rule(
    "net_mass_above_gross",
    article="Annex 1, box 11",
    message=_("The net mass of {description} ({net} kg) is above its gross mass ({gross} kg)."),
)
def net_mass_is_within_gross_mass(case: Application) -> Facts | None:
    for line in case.goods:
        if line.net_mass_kg is not None and line.net_mass_kg > line.gross_mass_kg:
            return {
                "field": f"{line.field}.net_mass_kg",
                "description": line.description,
                "net": line.net_mass_kg,
                "gross": line.gross_mass_kg,
            }
    return None


@ISSUE.rule(
    "equipment_unknown",
    article="art. 17(1)",
    message=_(
        "{equipment} is none of the carnet's vehicles and containers. Name the unit that carries {description}."
    ),
)
def goods_travel_in_a_unit_of_the_carnet(case: Application) -> Facts | None:
    units = {common_form(each.registration) for each in case.vehicles} | {
        common_form(each) for each in case.containers
    }
    for line in case.goods:
        if line.equipment and common_form(line.equipment) not in units:
            return {
                "field": f"{line.field}.equipment",
                "equipment": line.equipment,
                "description": line.description,
            }
    return None


@ISSUE.rule(
    "goods_need_tobacco_alcohol_carnet",
    article="Annex 1, version 2",
    message=_("{description} travels under a tobacco/alcohol carnet only."),
)
def tobacco_and_alcohol_travel_under_their_own_carnet(case: Application) -> Facts | None:
    if case.kind == CarnetKind.TOBACCO_ALCOHOL:
        return None
    for line in case.goods:
        if line.hs_code.startswith(EXCISE_HEADINGS):
            return {"field": f"{line.field}.hs_code", "description": line.description}
    return None
