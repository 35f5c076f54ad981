"""Rules about what travels in what: units, their approval, packages, masses, commodity codes."""

import re

from django.utils.translation import gettext_lazy as _
from stdnum import iso6346

from carnets.cargo.codes import BULK_KINDS, PACKAGE_KINDS
from carnets.choices import CarnetKind, UnitKind
from carnets.rules.application import Application
from tir.kernel.rules import Facts, RuleBook
from tir.kernel.spelling import common_form

_CONTAINER = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")  # owner, category, serial number and check digit
SHORTEST_HS, LONGEST_HS = 6, 13
# Beer and wine, raw tobacco and denatured alcohol are not among them: ordinary carnets carry those.
EXCISE_HEADINGS = ("220710", "2208", "240210", "240220", "240311", "240319")
NEEDS_APPROVAL = frozenset({UnitKind.TRAILER, UnitKind.RIGID})

GOODS = RuleBook["Application"]("units and goods")


@GOODS.rule(
    "nothing_carries_the_goods",
    article="art. 3, 17(1)",
    message=_("Name the vehicle or the container that carries the goods."),
)
def something_carries_the_goods(case: Application) -> Facts | None:
    carries = [vehicle for vehicle in case.vehicles if vehicle.kind != UnitKind.TRACTOR]
    return None if carries or case.containers else {"field": "vehicles"}


@GOODS.rule(
    "unit_named_twice",
    article="art. 17(1)",
    message=_("{unit} is named twice. Name each vehicle and container once."),
)
def each_unit_is_named_once(case: Application) -> Facts | None:
    """Spelling does not part two units: spaces, case and letters of two scripts that look alike are folded."""
    seen: set[str] = set()
    named = [(f"vehicles.{i}.registration", each.registration) for i, each in enumerate(case.vehicles)]
    named += [(f"containers.{i}", each) for i, each in enumerate(case.containers)]
    for where, unit in named:
        if common_form(unit) in seen:
            return {"field": where, "unit": unit}
        seen.add(common_form(unit))
    return None


@GOODS.rule(
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


@GOODS.rule(
    "approval_expired",
    article="Annex 3, art. 4",
    message=_("The approval certificate {certificate} of {registration} expired on {expired}."),
)
def approval_certificates_are_valid(case: Application) -> Facts | None:
    """A certificate is good on its last day. The day that counts is the day of issue, at the association."""
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


@GOODS.rule(
    "container_number_invalid",
    article="ISO 6346",
    message=_("{container} is not a container number: its check digit does not fit. Read it again."),
)
def container_numbers_have_their_check_digit(case: Application) -> Facts | None:
    for index, container in enumerate(case.containers):
        if not _CONTAINER.fullmatch(container) or not iso6346.is_valid(container):
            return {"field": f"containers.{index}", "container": container}
    return None


@GOODS.rule(
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


@GOODS.rule(
    "package_kind_unknown",
    article="UN/CEFACT Rec. 21",
    message=_("{kind} is no kind of package: give a code of the UN recommendation, such as CT for cartons."),
)
def package_kinds_are_known(case: Application) -> Facts | None:
    for line in case.goods:
        if line.package_kind not in PACKAGE_KINDS:
            return {"field": f"{line.field}.package_kind", "kind": line.package_kind}
    return None


@GOODS.rule(
    "packages_missing",
    article="Annex 1, box 11",
    message=_("Give the number of packages of {description}; only bulk goods ({bulk}) have none."),
)
def packages_are_counted_unless_bulk(case: Application) -> Facts | None:
    """Zero is a count, of goods packed with those of another line; only a blank is missing."""
    for line in case.goods:
        if line.packages is None and line.package_kind not in BULK_KINDS:
            return {
                "field": f"{line.field}.packages",
                "description": line.description,
                "bulk": sorted(BULK_KINDS),
            }
    return None


@GOODS.rule(
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


@GOODS.rule(
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


@GOODS.rule(
    "net_mass_above_gross",
    article="Annex 1, box 11",
    message=_("The net mass of {description} ({net} kg) is above its gross mass ({gross} kg)."),
)
def net_mass_is_within_gross_mass(case: Application) -> Facts | None:
    """The net mass may be left out; the gross mass is what box 11 asks for, in kilograms."""
    for line in case.goods:
        if line.net_mass_kg is not None and line.net_mass_kg > line.gross_mass_kg:
            return {
                "field": f"{line.field}.net_mass_kg",
                "description": line.description,
                "net": line.net_mass_kg,
                "gross": line.gross_mass_kg,
            }
    return None


@GOODS.rule(
    "equipment_unknown",
    article="art. 17(1)",
    message=_(
        "{equipment} is none of the carnet's vehicles and containers. Name the unit that carries {description}."
    ),
)
def goods_travel_in_a_unit_of_the_carnet(case: Application) -> Facts | None:
    """Which unit carries a line may be left out; what is named must be on the cover, in whatever spelling."""
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


@GOODS.rule(
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
