"""The reference tables as typed rows, read from the CSV files beside this module.

No database and no Django: the loader writes these rows, the simulation draws from them, the tests check them.
A value that does not fit its type stops the reading and names its column.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, TypeAdapter

from carnets.cargo.codes import BULK_KINDS

HERE = Path(__file__).parent

Semicolons = Annotated[tuple[str, ...], BeforeValidator(lambda text: text.split(";"))]
OpenEnd = Annotated[date | None, BeforeValidator(lambda text: text or None)]
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    code: str
    name_en: str
    name_ru: str
    name_zh: str
    default_transit_days: int
    grace_hours: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A country in a customs territory, up to but not including `valid_to`."""

    territory: str
    country: str
    valid_from: date
    valid_to: OpenEnd
    exclusions_bind_union: bool


@dataclass(frozen=True, slots=True)
class CountryRow:
    alpha2: str
    alpha3: str
    name_en: str
    name_ru: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class AssociationRow:
    code: str
    country: str
    abbreviation: str
    name_en: str
    name_local: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class MaximumRow:
    """The most an association owes for one carnet in a period (art. 8(3))."""

    association_code: str
    amount: Decimal
    currency: str
    valid_from: date
    valid_to: OpenEnd


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """A customs office. The position is where a lorry is dealt with; at a frontier, the post at the line itself."""

    code: str
    country: str
    territory: str
    name_en: str
    name_ru: str
    name_zh: str
    latitude: float
    longitude: float
    time_zone: str
    roles: Semicolons
    kind: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class CrossingRow:
    """Two offices that face each other; vouchers are stamped there while customs control applies."""

    code: str
    name_en: str
    name_ru: str
    name_zh: str
    office_a: str
    office_b: str
    mode: str
    customs_control_from: date
    customs_control_to: OpenEnd
    remarks: str


@dataclass(frozen=True, slots=True)
class CorridorOperation:
    """One TIR operation of a corridor; `suspension_after` when the transport is suspended until the next (art. 26)."""

    code: str
    name: str
    sequence: int
    start_office: str
    end_office: str
    suspension_after: bool


@dataclass(frozen=True, slots=True)
class Corridor:
    """A sample itinerary, with its operations in the order of travel."""

    code: str
    name: str
    operations: tuple[CorridorOperation, ...]


@dataclass(frozen=True, slots=True)
class HolderRow:
    id_country: str
    id_association: str
    id_number: str
    name_en: str
    name_local: str
    address: str
    country: str
    authorised_from: date

    @property
    def reference(self) -> str:
        """The holder ID as carnets show it, AAA/BBB/X…"""
        return f"{self.id_country}/{self.id_association}/{self.id_number}"


@dataclass(frozen=True, slots=True)
class SampleGoods:
    """A sample manifest line; `packages_max` of them are about a full load. Bulk is told in tonnes: it has none."""

    description_en: str
    description_local: str
    language: str
    hs_code: str
    package_kind: str
    packages_min: int
    packages_max: int
    gross_kg_per_package: Decimal
    is_sensitive: bool

    @property
    def is_bulk(self) -> bool:
        return self.package_kind in BULK_KINDS


@dataclass(frozen=True, slots=True)
class PlatePattern:
    """How a registration looks: {dN} stands for N digits, {LN} for N of `letters`."""

    country: str
    kind: str
    pattern: str
    letters: str
    example: str


def territory_rows() -> list[TerritoryRow]:
    return _read("territories", TerritoryRow)


def member_rows() -> list[MemberRow]:
    """Return who belongs to which territory, earliest first: a country leaves one before it joins another."""
    return sorted(_read("territory_members", MemberRow), key=lambda member: member.valid_from)


def country_rows() -> list[CountryRow]:
    return _read("countries", CountryRow)


def association_rows() -> list[AssociationRow]:
    return _read("associations", AssociationRow)


def maximum_rows() -> list[MaximumRow]:
    """Return what each association owes at most for one carnet, earliest first."""
    return sorted(_read("liability_maxima", MaximumRow), key=lambda maximum: maximum.valid_from)


def office_rows() -> list[OfficeRow]:
    return _read("offices", OfficeRow)


def crossing_rows() -> list[CrossingRow]:
    return _read("crossings", CrossingRow)


def corridors() -> list[Corridor]:
    rows = sorted(_read("corridors", CorridorOperation), key=lambda row: (row.code, row.sequence))
    return [_corridor(list(operations)) for _, operations in groupby(rows, key=lambda row: row.code)]


def holder_rows() -> list[HolderRow]:
    return _read("holders", HolderRow)


def sample_goods() -> list[SampleGoods]:
    return _read("goods", SampleGoods)


def plate_patterns() -> list[PlatePattern]:
    return _read("vehicles", PlatePattern)


def _corridor(operations: list[CorridorOperation]) -> Corridor:
    return Corridor(operations[0].code, operations[0].name, tuple(operations))


def _read(name: str, record: type[Record]) -> list[Record]:
    as_record = TypeAdapter(record)
    return [as_record.validate_python(row) for row in _rows(name)]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, strict=True)
