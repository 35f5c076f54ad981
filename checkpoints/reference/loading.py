"""Writes the reference tables into the database; safe to repeat, and each table is one statement where it can be.

What the files describe (names, positions, roles, membership, maxima) follows the files each time. What an
administration sets for itself (transit days, grace, a holder's status, the end of an office or crossing already
closed) is taken from the files when a row is first made and left alone afterwards. Nothing is ever removed: history
may point at it. Corridors, goods and plate patterns stay in the files: the simulation reads them there.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from checkpoints.models import BorderCrossing, CustomsOffice
from checkpoints.reference import tables
from guarantees.models import Association, CustomsTerritory, Holder, LiabilityMaximum, TerritoryMember
from tir.kernel.errors import Refused


class CorridorNotOpen(Refused):
    """A sample corridor uses an office that is not yet in force, as happens when the system clock is wrong."""

    code = "corridor_not_open"


@transaction.atomic
def load_reference_data(*, at: datetime) -> dict[str, int]:
    """Bring the registers up to the files and return how many rows each now has.

    The occasion is a fresh installation, or a new release with better tables. Raises CorridorNotOpen when the sample
    corridors could not be travelled at `at`.
    """
    _ensure_corridors_are_open(at.date())

    _load_territories()
    _load_members()
    _load_associations()
    _load_maxima()
    _load_holders()
    _load_offices()
    _load_crossings()

    loaded = (
        CustomsTerritory,
        TerritoryMember,
        Association,
        LiabilityMaximum,
        Holder,
        CustomsOffice,
        BorderCrossing,
    )
    return {str(model._meta.verbose_name_plural): model.objects.count() for model in loaded}


def _ensure_corridors_are_open(day: date) -> None:
    opened = {office.code: office.valid_from for office in tables.office_rows()}
    for corridor in tables.corridors():
        for operation in corridor.operations:
            for code in (operation.start_office, operation.end_office):
                if opened[code] > day:
                    raise CorridorNotOpen(
                        _(
                            "A sample corridor uses an office that is not open yet. Is the system clock right?"
                        ),
                        office=code,
                        corridor=corridor.code,
                        opens=opened[code],
                    )


def _load_territories() -> None:
    rows = [
        CustomsTerritory(
            code=each.code,
            name_en=each.name_en,
            name_ru=each.name_ru,
            name_zh=each.name_zh,
            default_transit_days=each.default_transit_days,
            grace_hours=each.grace_hours,
        )
        for each in tables.territory_rows()
    ]
    _upsert(CustomsTerritory, rows, key="code", follow=["name_en", "name_ru", "name_zh"])


def _load_members() -> None:
    territories = _ids(CustomsTerritory)
    for each in tables.member_rows():
        TerritoryMember.objects.update_or_create(
            country=each.country,
            valid_from=each.valid_from,
            defaults={
                "territory_id": territories[each.territory],
                "valid_to": each.valid_to,
                "exclusions_bind_union": each.exclusions_bind_union,
            },
        )


def _load_associations() -> None:
    alpha3 = {country.alpha2: country.alpha3 for country in tables.country_rows()}
    rows = [
        Association(
            code=each.code,
            country=each.country,
            country_alpha3=alpha3[each.country],
            name=f"{each.name_en} ({each.abbreviation})",
            name_local=each.name_local,
            time_zone=each.time_zone,
        )
        for each in tables.association_rows()
    ]
    _upsert(
        Association, rows, key="code", follow=["country", "country_alpha3", "name", "name_local", "time_zone"]
    )


def _load_maxima() -> None:
    associations = _ids(Association)
    for each in tables.maximum_rows():
        LiabilityMaximum.objects.update_or_create(
            association_id=associations[each.association_code],
            valid_from=each.valid_from,
            defaults={"amount": each.amount, "currency": each.currency, "valid_to": each.valid_to},
        )


def _load_holders() -> None:
    associations = _ids(Association)
    rows = [
        Holder(
            reference=each.reference,
            association_id=associations[each.id_association],
            name=each.name_en,
            name_local=each.name_local,
            address=each.address,
            country=each.country,
            authorised_from=each.authorised_from,
        )
        for each in tables.holder_rows()
    ]
    _upsert(Holder, rows, key="reference", follow=["association", "name", "name_local", "address", "country"])


def _load_offices() -> None:
    territories = _ids(CustomsTerritory)
    rows = [
        CustomsOffice(
            code=each.code,
            country=each.country,
            territory_id=territories[each.territory],
            name_en=each.name_en,
            name_ru=each.name_ru,
            name_zh=each.name_zh,
            latitude=each.latitude,
            longitude=each.longitude,
            time_zone=each.time_zone,
            roles=list(each.roles),
            valid_from=each.valid_from,
        )
        for each in tables.office_rows()
    ]
    follow = [
        "country",
        "territory",
        "name_en",
        "name_ru",
        "name_zh",
        "latitude",
        "longitude",
        "time_zone",
        "roles",
    ]
    _upsert(CustomsOffice, rows, key="code", follow=follow)


def _load_crossings() -> None:
    offices = _ids(CustomsOffice)
    rows = [
        BorderCrossing(
            code=each.code,
            name_en=each.name_en,
            name_ru=each.name_ru,
            name_zh=each.name_zh,
            office_a_id=offices[each.office_a],
            office_b_id=offices[each.office_b],
            mode=each.mode,
            remarks=each.remarks,
            valid_from=each.customs_control_from,
            valid_to=each.customs_control_to,
        )
        for each in tables.crossing_rows()
    ]
    follow = ["name_en", "name_ru", "name_zh", "office_a", "office_b", "mode", "remarks"]
    _upsert(BorderCrossing, rows, key="code", follow=follow)


def _upsert(model: type[models.Model], rows: Iterable[models.Model], *, key: str, follow: list[str]) -> None:
    """Insert the rows whose key is new and let the `follow` columns of the others follow the files."""
    model._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=[key], update_fields=follow)


def _ids(model: type[models.Model]) -> dict[str, int]:
    return dict(model._default_manager.values_list("code", "pk"))
