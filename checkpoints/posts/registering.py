"""Entering customs offices and the crossings between them in the register."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carnets.choices import OfficeRole
from checkpoints.choices import CrossingMode
from checkpoints.models import BorderCrossing, CustomsOffice
from guarantees.models import CustomsTerritory, TerritoryMember
from guarantees.registers.territories import TERRITORY_UNKNOWN, territory_of
from tir.kernel.dated import covering
from tir.kernel.values import value
from tir.registers.entering import Act, Register
from tir.registers.faults import EntryFixed, EntryInvalid, EntryUnknown, Faults


@value
class OfficeEntry:
    """A customs office approved for TIR (art. 45); its country is the first two letters of its code."""

    code: str
    territory: str
    name_en: str
    latitude: float
    longitude: float
    time_zone: str
    roles: tuple[str, ...]
    valid_from: date
    name_ru: str = ""
    name_zh: str = ""
    valid_to: date | None = None


@value
class CrossingEntry:
    """Two frontier offices that face each other, from the day customs control applies between them."""

    code: str
    name_en: str
    office_a: str
    office_b: str
    valid_from: date
    name_ru: str = ""
    name_zh: str = ""
    mode: str = CrossingMode.ROAD.value
    remarks: str = ""
    valid_to: date | None = None


def _read_office(row: CustomsOffice) -> OfficeEntry:
    return OfficeEntry(
        row.code, row.territory.code, row.name_en, row.latitude, row.longitude, row.time_zone,
        tuple(row.roles), row.valid_from, row.name_ru, row.name_zh, row.valid_to,
    )  # fmt: skip


def _check_office(entry: OfficeEntry, old: OfficeEntry | None, faults: Faults) -> None:
    faults.form(
        entry.code, "code", "[A-Z]{2}[A-Z0-9]{6}",
        _("Give eight characters that begin with the country, as in KZHOR001."),
    )  # fmt: skip
    faults.names(entry)
    faults.range(entry.latitude, "latitude", -90, 90)
    faults.range(entry.longitude, "longitude", -180, 180)
    faults.time_zone(entry.time_zone)
    faults.unless(bool(entry.roles), "roles", _("Give one role at least."))
    faults.unless(
        set(entry.roles) <= set(OfficeRole.values),
        "roles",
        _("Roles are: {roles}.").format(roles=", ".join(OfficeRole.values)),
    )
    _check_territory(entry, old, faults)


def _check_territory(entry: OfficeEntry, old: OfficeEntry | None, faults: Faults) -> None:
    if territory_of(entry.territory) is None:
        faults.unless(False, "territory", TERRITORY_UNKNOWN, EntryUnknown)
        return
    members = TerritoryMember.objects.filter(territory__code=entry.territory, country=entry.code[:2])
    faults.unless(
        members.filter(covering(entry.valid_from) | Q(valid_from__gt=entry.valid_from)).exists(),
        "territory",
        _("{country} is no member of this territory. Enter it as one first.").format(country=entry.code[:2]),
    )  # fmt: skip
    if old is not None:
        faults.unless(
            entry.territory == old.territory,
            "territory",
            _("An office stays in its territory. End it, and enter another."),
            EntryFixed,
        )


def _write_office(entry: OfficeEntry, row: CustomsOffice | None, _act: Act) -> None:
    row = row or CustomsOffice(code=entry.code, country=entry.code[:2])
    row.territory = CustomsTerritory.objects.get(code=entry.territory)
    row.name_en, row.name_ru, row.name_zh = entry.name_en, entry.name_ru, entry.name_zh
    row.latitude, row.longitude, row.time_zone = entry.latitude, entry.longitude, entry.time_zone
    row.roles, row.valid_from, row.valid_to = list(entry.roles), entry.valid_from, entry.valid_to
    row.save()


def _read_crossing(row: BorderCrossing) -> CrossingEntry:
    return CrossingEntry(
        row.code, row.name_en, row.office_a.code, row.office_b.code, row.valid_from, row.name_ru,
        row.name_zh, row.mode, row.remarks, row.valid_to,
    )  # fmt: skip


def _check_crossing(entry: CrossingEntry, old: CrossingEntry | None, faults: Faults) -> None:
    faults.form(entry.code, "code", "[A-Z0-9-]{3,20}", _("Give 3 to 20 capital letters, digits and hyphens."))
    faults.names(entry)
    faults.text(entry.remarks, "remarks", most=200, least=0)
    faults.unless(
        entry.mode in CrossingMode.values,
        "mode",
        _("Give one of: {modes}.").format(modes=", ".join(CrossingMode.values)),
    )
    for field in ("office_a", "office_b"):
        found = CustomsOffice.objects.filter(code=getattr(entry, field)).first()
        faults.unless(
            found is not None, field, _("There is no office of this code. Enter it first."), EntryUnknown
        )
        may = found is None or {OfficeRole.ENTRY, OfficeRole.EXIT} & set(found.roles)
        faults.unless(bool(may), field, _("An office at a crossing is one of entry or exit."), EntryInvalid)
    faults.unless(entry.office_a[:2] != entry.office_b[:2], "office_b", _("A crossing joins two countries."))
    if old is not None:
        same = {entry.office_a, entry.office_b} == {old.office_a, old.office_b}
        faults.unless(
            same, "office_a", _("A crossing keeps its offices. End it, and enter another."), EntryFixed
        )


def _write_crossing(entry: CrossingEntry, row: BorderCrossing | None, _act: Act) -> None:
    row = row or BorderCrossing(code=entry.code)
    row.office_a = CustomsOffice.objects.get(code=entry.office_a)
    row.office_b = CustomsOffice.objects.get(code=entry.office_b)
    row.name_en, row.name_ru, row.name_zh = entry.name_en, entry.name_ru, entry.name_zh
    row.mode, row.remarks = entry.mode, entry.remarks
    row.valid_from, row.valid_to = entry.valid_from, entry.valid_to
    row.save()


def _offices() -> Any:
    return CustomsOffice.objects.select_related("territory").order_by("code")


def _crossings() -> Any:
    return BorderCrossing.objects.select_related("office_a", "office_b").order_by("code")


OFFICES = Register[OfficeEntry](
    noun="office",
    entry=OfficeEntry,
    lookup={"code": "code"},
    rows=_offices,
    read=_read_office,
    faults=_check_office,
    write=_write_office,
    countries=lambda entry: frozenset({entry.code[:2]}),
)
CROSSINGS = Register[CrossingEntry](
    noun="crossing",
    entry=CrossingEntry,
    lookup={"code": "code"},
    rows=_crossings,
    read=_read_crossing,
    faults=_check_crossing,
    write=_write_crossing,
    countries=lambda entry: frozenset({entry.office_a[:2], entry.office_b[:2]}),
)
