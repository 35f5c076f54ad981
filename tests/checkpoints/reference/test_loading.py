"""Loading the reference tables: complete, repeatable, and never over an administration's own settings."""

from datetime import UTC, date, datetime

import pytest

from checkpoints.models import BorderCrossing, CustomsOffice
from checkpoints.reference import tables
from checkpoints.reference.loading import CorridorNotOpen, load_reference_data
from guarantees.choices import HolderStatus
from guarantees.models import Association, CustomsTerritory, Holder, TerritoryMember

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


class TestLoadReferenceData:
    def test_brings_every_row_of_the_files(self) -> None:
        counts = load_reference_data(at=NOW)

        assert counts == {
            "customs territories": len(tables.territory_rows()),
            "territory members": len(tables.member_rows()),
            "associations": len(tables.association_rows()),
            "liability maxima": len(tables.maximum_rows()),
            "holders": len(tables.holder_rows()),
            "customs offices": len(tables.office_rows()),
            "border crossings": len(tables.crossing_rows()),
        }

    def test_ties_rows_to_each_other(self) -> None:
        load_reference_data(at=NOW)

        korday = BorderCrossing.objects.get(code="KG-KZ-AKJOL")
        assert {korday.office_a.territory.code, korday.office_b.territory.code} == {"EAEU"}
        assert korday.valid_to == date(2015, 8, 12)
        assert CustomsOffice.objects.get(code="KZHOR001").roles == [
            "departure",
            "entry",
            "exit",
            "destination",
        ]
        assert Holder.objects.get(reference="KAZ/901/7").association == Association.objects.get(country="KZ")
        assert TerritoryMember.objects.get(country="KG").territory.code == "EAEU"

    def test_changes_nothing_the_second_time(self) -> None:
        load_reference_data(at=NOW)
        before = list(CustomsOffice.objects.values()), list(Holder.objects.order_by("pk").values())

        load_reference_data(at=NOW)

        assert (list(CustomsOffice.objects.values()), list(Holder.objects.order_by("pk").values())) == before

    def test_corrects_a_name_and_a_position(self) -> None:
        load_reference_data(at=NOW)
        CustomsOffice.objects.filter(code="KZHOR001").update(name_en="Khorgas", latitude=0)

        load_reference_data(at=NOW)

        assert CustomsOffice.objects.get(code="KZHOR001").name_en == "Nur Zholy (Khorgos)"
        assert CustomsOffice.objects.get(code="KZHOR001").latitude == pytest.approx(44.199)

    def test_leaves_alone_what_an_administration_has_set(self) -> None:
        load_reference_data(at=NOW)
        CustomsTerritory.objects.filter(code="UZ").update(default_transit_days=5, grace_hours=0)
        Holder.objects.filter(reference="KAZ/901/7").update(status=HolderStatus.SUSPENDED)
        CustomsOffice.objects.filter(code="PKWGH001").update(valid_to=date(2025, 1, 1))

        load_reference_data(at=NOW)

        uzbekistan = CustomsTerritory.objects.get(code="UZ")
        assert (uzbekistan.default_transit_days, uzbekistan.grace_hours) == (5, 0)
        assert Holder.objects.get(reference="KAZ/901/7").status == HolderStatus.SUSPENDED
        assert CustomsOffice.objects.get(code="PKWGH001").valid_to == date(2025, 1, 1)

    def test_refuses_a_clock_before_the_corridors_opened(self) -> None:
        with pytest.raises(CorridorNotOpen):
            load_reference_data(at=datetime(1970, 1, 1, tzinfo=UTC))

        assert not CustomsTerritory.objects.exists()
