"""The register of customs offices as stamping reads it: whole, in memory, refreshed every minute."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from carnets.projection.evidence import Facing, OfficeFacts
from carnets.rules import PlannedOffice
from checkpoints.models import BorderCrossing, CustomsOffice
from tir.kernel.errors import Refused
from tir.kernel.kept import kept_for
from tir.kernel.values import value


class OfficeUnknown(Refused):
    """No customs office approved for TIR has this code."""

    code = "office_unknown"


@value
class Office:
    """One customs office of the register."""

    id: int
    facts: OfficeFacts
    name: str
    name_ru: str
    name_zh: str

    @property
    def code(self) -> str:
        return self.facts.code

    @property
    def territory_id(self) -> int:
        return self.facts.territory_id

    @property
    def territory(self) -> str:
        return self.facts.territory

    @property
    def time_zone(self) -> str:
        return self.facts.time_zone

    @property
    def valid_from(self) -> date:
        return self.facts.approved_from

    @property
    def valid_to(self) -> date | None:
        return self.facts.approved_to

    @property
    def name_en(self) -> str:
        """The name in English, called as the registers' rows call theirs."""
        return self.name

    def is_approved_on(self, day: date) -> bool:
        return self.facts.is_approved_on(day)

    def day(self, at: datetime) -> date:
        """Return the day at the office."""
        return self.facts.day(at)


class OfficesById(dict[int, Office]):
    """Offices by their key. A row that names an office which is not here names one that was added since the register
    was read: then the register is read once more. Raises KeyError when it is not there either."""

    def __missing__(self, key: int) -> Office:
        register.forget()
        office = register().by_id.get(key)
        if office is None:
            raise KeyError(key)
        return office


@value
class KnownOffices:
    by_id: dict[int, Office]
    by_code: dict[str, Office]


@kept_for(seconds=60)
def register() -> KnownOffices:
    """Return every office of the register, also those no longer approved: old stamps name them."""
    faces = _faces(BorderCrossing.objects.select_related("office_a", "office_b"))
    offices = [
        _office(row, faces.get(row.pk, ())) for row in CustomsOffice.objects.select_related("territory")
    ]
    by_id = OfficesById({office.id: office for office in offices})
    return KnownOffices(by_id, {office.code: office for office in offices})


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


def _faces(crossings: Iterable[BorderCrossing]) -> dict[int, tuple[Facing, ...]]:
    """Return, by office, the offices that face it across a border, and since and until when."""
    pairs: dict[int, list[Facing]] = {}
    for crossing in crossings:
        dates = (crossing.valid_from, crossing.valid_to)
        pairs.setdefault(crossing.office_a_id, []).append(Facing(crossing.office_b.code, *dates))
        pairs.setdefault(crossing.office_b_id, []).append(Facing(crossing.office_a.code, *dates))
    return {office: tuple(sorted(faces, key=lambda each: each.office)) for office, faces in pairs.items()}


def _office(row: CustomsOffice, faces: tuple[Facing, ...]) -> Office:
    facts = OfficeFacts(
        code=row.code,
        country=row.country,
        latitude=row.latitude,
        longitude=row.longitude,
        roles=frozenset(row.roles),
        faces=faces,
        territory_id=row.territory_id,
        territory=row.territory.code,
        time_zone=row.time_zone,
        approved_from=row.valid_from,
        approved_to=row.valid_to,
    )
    return Office(row.pk, facts, row.name_en, row.name_ru, row.name_zh)
