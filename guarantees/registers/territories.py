"""Customs territories, what each does where the Convention sets no number, and the countries that belong to them."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guarantees.models import CustomsTerritory, TerritoryMember
from tir.kernel.values import value
from tir.registers.entering import Act, Register
from tir.registers.faults import EntryUnknown, Faults

TERRITORY_UNKNOWN = _("There is no customs territory of this code. Enter the territory first.")


@value
class TerritoryEntry:
    """A customs territory and its practices: days for transit, hours of grace, tolerance of mass in per mille."""

    code: str
    name_en: str
    name_ru: str = ""
    name_zh: str = ""
    default_transit_days: int = 10
    grace_hours: int = 24
    mass_tolerance: int = 20
    reports: bool = True


@value
class MemberEntry:
    """A country in a customs territory; `valid_to` is the first day it no longer belongs there."""

    territory: str
    country: str
    valid_from: date
    valid_to: date | None = None
    exclusions_bind_union: bool = False


def territory_of(code: str) -> CustomsTerritory | None:
    """Return the territory of this code, if there is one."""
    return CustomsTerritory.objects.filter(code=code).first()


def _read_territory(row: CustomsTerritory) -> TerritoryEntry:
    return TerritoryEntry(
        row.code, row.name_en, row.name_ru, row.name_zh, row.default_transit_days, row.grace_hours,
        row.mass_tolerance, row.reports,
    )  # fmt: skip


def _check_territory(entry: TerritoryEntry, _old: TerritoryEntry | None, faults: Faults) -> None:
    faults.form(entry.code, "code", "[A-Z]{2,8}", _("Give two to eight capital letters, as in KZ or EAEU."))
    faults.names(entry)
    faults.range(entry.default_transit_days, "default_transit_days", 1, 365)
    faults.range(entry.grace_hours, "grace_hours", 0, 720)
    faults.range(entry.mass_tolerance, "mass_tolerance", 0, 1000)


def _write_territory(entry: TerritoryEntry, row: CustomsTerritory | None, _act: Act) -> None:
    row = row or CustomsTerritory(code=entry.code)
    row.name_en, row.name_ru, row.name_zh = entry.name_en, entry.name_ru, entry.name_zh
    row.default_transit_days, row.grace_hours = entry.default_transit_days, entry.grace_hours
    row.mass_tolerance, row.reports = entry.mass_tolerance, entry.reports
    row.save()


def _countries_of_territory(entry: TerritoryEntry) -> frozenset[str]:
    members = TerritoryMember.objects.filter(territory__code=entry.code)
    return frozenset(members.values_list("country", flat=True))


def _read_member(row: TerritoryMember) -> MemberEntry:
    return MemberEntry(
        row.territory.code, row.country, row.valid_from, row.valid_to, row.exclusions_bind_union
    )


def _check_member(entry: MemberEntry, old: MemberEntry | None, faults: Faults) -> None:
    faults.unless(territory_of(entry.territory) is not None, "territory", TERRITORY_UNKNOWN, EntryUnknown)
    faults.country(entry.country)


def _write_member(entry: MemberEntry, row: TerritoryMember | None, _act: Act) -> None:
    row = row or TerritoryMember(country=entry.country, valid_from=entry.valid_from)
    row.territory = CustomsTerritory.objects.get(code=entry.territory)
    row.valid_to, row.exclusions_bind_union = entry.valid_to, entry.exclusions_bind_union
    row.save()


TERRITORIES = Register[TerritoryEntry](
    noun="territory",
    entry=TerritoryEntry,
    lookup={"code": "code"},
    rows=lambda: CustomsTerritory.objects.order_by("code"),
    read=_read_territory,
    faults=_check_territory,
    write=_write_territory,
    countries=_countries_of_territory,
)


def _members() -> Any:
    return TerritoryMember.objects.select_related("territory").order_by(
        "territory__code", "country", "valid_from"
    )


MEMBERS = Register[MemberEntry](
    noun="territory_member",
    entry=MemberEntry,
    lookup={"country": "country", "valid_from": "valid_from"},
    rows=_members,
    read=_read_member,
    faults=_check_member,
    write=_write_member,
    countries=lambda entry: frozenset({entry.country}),
)
