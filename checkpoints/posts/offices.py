"""The register of customs offices as stamping reads it: whole, in memory, refreshed every minute."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from carnets.projection.facts import OfficeFacts
from carnets.rules import PlannedOffice
from checkpoints.models import BorderCrossing, CustomsOffice
from tir.kernel.errors import Refused
from tir.kernel.kept import kept_for


class OfficeUnknown(Refused):
    """No customs office approved for TIR has this code."""

    code = "office_unknown"


@dataclass(frozen=True, slots=True)
class Office:
    """One customs office of the register."""

    id: int
    facts: OfficeFacts
    territory_id: int
    territory: str
    name: str
    name_ru: str
    name_zh: str
    time_zone: str
    valid_from: date
    valid_to: date | None

    @property
    def code(self) -> str:
        return self.facts.code

    @property
    def name_en(self) -> str:
        """The name in English, called as the registers' rows call theirs."""
        return self.name

    def is_approved_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class OfficesById(dict[int, Office]):
    """Offices by their key. A row that names an office which is not here names one that was added since the register
    was read: then the register is read once more. Raises KeyError when it is not there either."""

    def __missing__(self, key: int) -> Office:
        register.forget()
        office = register().by_id.get(key)
        if office is None:
            raise KeyError(key)
        return office


@dataclass(frozen=True, slots=True)
class Register:
    by_id: dict[int, Office]
    by_code: dict[str, Office]


@kept_for(seconds=60)
def register() -> Register:
    """Return every office of the register, also those no longer approved: old stamps name them."""
    partners = _partners(BorderCrossing.objects.select_related("office_a", "office_b"))
    offices = [
        _office(row, partners.get(row.pk, ())) for row in CustomsOffice.objects.select_related("territory")
    ]
    by_id = OfficesById({office.id: office for office in offices})
    return Register(by_id, {office.code: office for office in offices})


def planned_office(code: str, *, on: date, field: str) -> PlannedOffice:
    """Return what issuing needs to know of the office; raise OfficeUnknown when none is approved on that day."""
    office = register().by_code.get(code)
    if office is None or not office.is_approved_on(on):
        raise OfficeUnknown(
            _("No customs office approved for TIR has this code. Look it up under offices."),
            field=field,
            office=code,
        )
    return PlannedOffice(
        office.code, office.facts.country, office.territory, office.territory_id, office.facts.roles
    )


def _partners(crossings: Iterable[BorderCrossing]) -> dict[int, tuple[str, ...]]:
    """Return, by office, the codes of the offices that face it across a border."""
    pairs: dict[int, list[str]] = {}
    for crossing in crossings:
        pairs.setdefault(crossing.office_a_id, []).append(crossing.office_b.code)
        pairs.setdefault(crossing.office_b_id, []).append(crossing.office_a.code)
    return {office: tuple(sorted(codes)) for office, codes in pairs.items()}


def _office(row: CustomsOffice, partners: tuple[str, ...]) -> Office:
    facts = OfficeFacts(row.code, row.country, row.latitude, row.longitude, frozenset(row.roles), partners)
    return Office(
        row.pk,
        facts,
        row.territory_id,
        row.territory.code,
        row.name_en,
        row.name_ru,
        row.name_zh,
        row.time_zone,
        row.valid_from,
        row.valid_to,
    )
