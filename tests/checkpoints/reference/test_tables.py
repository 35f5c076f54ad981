"""The reference tables agree with each other and with the map. No database: the files alone are judged."""

import re
from collections import Counter
from csv import DictReader
from dataclasses import fields
from datetime import date, timedelta
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

import pytest

from checkpoints.reference import tables
from checkpoints.reference.tables import (
    Corridor,
    CorridorOperation,
    CrossingRow,
    HolderRow,
    OfficeRow,
    PlatePattern,
    SampleGoods,
)

TODAY = date(2026, 11, 1)
OFFICES = {office.code: office for office in tables.office_rows()}
CROSSINGS = tables.crossing_rows()
CORRIDORS = tables.corridors()
COUNTRIES = {country.alpha2: country for country in tables.country_rows()}
ASSOCIATIONS = {association.code: association for association in tables.association_rows()}
TERRITORY_OF = {
    member.country: member.territory for member in tables.member_rows() if member.valid_to is None
}

CAREC = {"AF", "AZ", "CN", "GE", "KG", "KZ", "MN", "PK", "TJ", "TM", "UZ"}
ROLES = {"departure", "entry", "exit", "destination"}
VOUCHER_PAIRS_AT_MOST = 10
FULL_LOAD_KG = 24_000
BOXES = {  # south, north, west, east: the country with a margin of a few kilometres
    "AF": (29.3, 38.6, 60.4, 75.0),
    "AM": (38.8, 41.4, 43.4, 46.7),
    "AZ": (38.3, 42.0, 44.7, 50.7),
    "BG": (41.2, 44.3, 22.3, 28.7),
    "BY": (51.2, 56.2, 23.1, 32.8),
    "CN": (18.1, 53.6, 73.4, 134.8),
    "GE": (41.0, 43.6, 39.9, 46.8),
    "IN": (6.7, 35.6, 68.1, 97.4),
    "IR": (25.0, 39.8, 44.0, 63.4),
    "KG": (39.1, 43.3, 69.2, 80.3),
    "KZ": (40.5, 55.5, 46.4, 87.4),
    "MN": (41.5, 52.2, 87.7, 120.0),
    "PK": (23.6, 37.1, 60.8, 77.1),
    "PL": (48.9, 54.9, 14.0, 24.2),
    "RU": (41.1, 77.8, 27.3, 180.0),
    "TJ": (36.6, 41.1, 67.3, 75.2),
    "TM": (35.1, 42.9, 52.3, 66.8),
    "TR": (35.7, 42.2, 25.6, 44.9),
    "UZ": (37.1, 45.6, 55.9, 73.2),
}


def kilometres(here: OfficeRow, there: OfficeRow) -> float:
    """Return the great-circle distance."""
    north, east, far_north, far_east = map(
        radians, (here.latitude, here.longitude, there.latitude, there.longitude)
    )
    chord = sin((far_north - north) / 2) ** 2 + cos(north) * cos(far_north) * sin((far_east - east) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(chord))


def crossing_between(here: str, there: str) -> CrossingRow | None:
    return next((each for each in CROSSINGS if {each.office_a, each.office_b} == {here, there}), None)


each_office = pytest.mark.parametrize("office", OFFICES.values(), ids=lambda office: office.code)
each_crossing = pytest.mark.parametrize("crossing", CROSSINGS, ids=lambda crossing: crossing.code)
each_corridor = pytest.mark.parametrize("corridor", CORRIDORS, ids=lambda corridor: corridor.code)
each_holder = pytest.mark.parametrize("holder", tables.holder_rows(), ids=lambda holder: holder.reference)
each_line = pytest.mark.parametrize("line", tables.sample_goods(), ids=lambda line: line.hs_code)
each_plate = pytest.mark.parametrize(
    "plate", tables.plate_patterns(), ids=lambda plate: f"{plate.country}-{plate.kind}"
)


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "record"),
        [
            ("territories", tables.TerritoryRow),
            ("territory_members", tables.MemberRow),
            ("countries", tables.CountryRow),
            ("associations", tables.AssociationRow),
            ("liability_maxima", tables.MaximumRow),
            ("offices", tables.OfficeRow),
            ("crossings", tables.CrossingRow),
            ("corridors", tables.CorridorOperation),
            ("holders", tables.HolderRow),
            ("goods", tables.SampleGoods),
            ("vehicles", tables.PlatePattern),
        ],
    )
    def test_have_exactly_the_columns_that_are_read(self, name: str, record: type) -> None:
        with (tables.HERE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            rows = DictReader(lines, strict=True)
            header, widths = rows.fieldnames, {len(row) for row in rows}

        assert header == [field.name for field in fields(record)]
        assert widths == {len(header)}

    def test_give_each_natural_key_once(self) -> None:
        keys = {
            "territory": [territory.code for territory in tables.territory_rows()],
            "country": [country.alpha2 for country in tables.country_rows()],
            "country, three letters": [country.alpha3 for country in tables.country_rows()],
            "association": [association.code for association in tables.association_rows()],
            "association's country": [association.country for association in tables.association_rows()],
            "office": [office.code for office in tables.office_rows()],
            "office name": [office.name_en for office in tables.office_rows()],
            "crossing": [crossing.code for crossing in CROSSINGS],
            "pair": [tuple(sorted((crossing.office_a, crossing.office_b))) for crossing in CROSSINGS],
            "operation": [(each.code, each.sequence) for line in CORRIDORS for each in line.operations],
            "holder": [holder.reference for holder in tables.holder_rows()],
            "holder's name": [holder.name_en for holder in tables.holder_rows()],
            "goods": [line.description_en for line in tables.sample_goods()],
            "plates": [(plate.country, plate.kind) for plate in tables.plate_patterns()],
        }

        twice = {what: [key for key, n in Counter(found).items() if n > 1] for what, found in keys.items()}

        assert not any(twice.values()), twice


class TestOffices:
    @each_office
    def test_have_a_code_of_their_country(self, office: OfficeRow) -> None:
        assert re.fullmatch(r"[A-Z]{2}[A-Z2-9]{3}\d{3}", office.code)
        assert office.code.startswith(office.country)

    @each_office
    def test_lie_in_the_territory_of_their_country(self, office: OfficeRow) -> None:
        assert office.territory == TERRITORY_OF[office.country]

    @each_office
    def test_lie_inside_their_country(self, office: OfficeRow) -> None:
        south, north, west, east = BOXES[office.country]

        assert south <= office.latitude <= north
        assert west <= office.longitude <= east

    @each_office
    def test_keep_a_clock_that_exists(self, office: OfficeRow) -> None:
        assert ZoneInfo(office.time_zone)
        assert len(office.time_zone) <= 40

    @each_office
    def test_have_the_roles_of_their_kind(self, office: OfficeRow) -> None:
        roles = set(office.roles)

        assert len(roles) == len(office.roles)
        assert roles <= ROLES
        assert office.kind in {"border", "inland", "port"}
        assert roles >= ({"entry", "exit"} if office.kind == "border" else {"departure", "destination"})
        assert office.kind != "inland" or not roles & {"entry", "exit"}

    @each_office
    def test_face_another_where_goods_enter_or_leave(self, office: OfficeRow) -> None:
        is_paired = any(office.code in (crossing.office_a, crossing.office_b) for crossing in CROSSINGS)

        assert is_paired == ("entry" in office.roles)

    @each_office
    def test_are_named_in_three_scripts(self, office: OfficeRow) -> None:
        assert re.search(r"[А-Яа-яЁё]", office.name_ru)
        assert re.search(r"[\u4e00-\u9fff]", office.name_zh)
        assert all(0 < len(name) <= 100 for name in (office.name_en, office.name_ru, office.name_zh))

    def test_work_in_every_carec_member(self) -> None:
        for role in ROLES:
            assert {office.country for office in OFFICES.values() if role in office.roles} >= CAREC


class TestCrossings:
    @each_crossing
    def test_join_offices_of_two_countries(self, crossing: CrossingRow) -> None:
        here, there = OFFICES[crossing.office_a], OFFICES[crossing.office_b]

        assert here.country != there.country
        assert crossing.code.startswith("-".join(sorted((here.country, there.country))))
        assert len(crossing.code) <= 20
        assert len(crossing.remarks) <= 200

    @each_crossing
    def test_join_neighbours_that_deal_with_goods_both_ways(self, crossing: CrossingRow) -> None:
        here, there = OFFICES[crossing.office_a], OFFICES[crossing.office_b]

        assert {"entry", "exit"} <= set(here.roles) & set(there.roles)
        assert crossing.mode in {"road", "rail", "ferry"}
        if crossing.mode == "ferry":
            assert here.kind == there.kind == "port"
            assert 200 < kilometres(here, there) < 500
        else:
            assert 0.5 < kilometres(here, there) < 15

    @each_crossing
    def test_are_under_customs_control_between_territories_only(self, crossing: CrossingRow) -> None:
        here, there = OFFICES[crossing.office_a], OFFICES[crossing.office_b]
        ended = crossing.customs_control_to

        assert (here.territory == there.territory) == (ended is not None and ended <= TODAY)
        assert crossing.customs_control_from == max(here.valid_from, there.valid_from)

    def test_lost_customs_control_between_kazakhstan_and_kyrgyz_republic_with_accession(self) -> None:
        inside = [crossing for crossing in CROSSINGS if crossing.code.startswith("KG-KZ")]

        assert len(inside) == 3
        assert {crossing.customs_control_to for crossing in inside} == {date(2015, 8, 12)}


def is_inside(before: CorridorOperation, after: CorridorOperation) -> bool:
    """Whether an operation is followed by another one in the same territory."""
    return OFFICES[before.end_office].territory == OFFICES[after.start_office].territory


class TestCorridors:
    @each_corridor
    def test_keep_each_operation_in_one_territory(self, corridor: Corridor) -> None:
        for operation in corridor.operations:
            assert OFFICES[operation.start_office].territory == OFFICES[operation.end_office].territory

    @each_corridor
    def test_pass_from_each_operation_to_the_next_by_a_crossing_under_customs_control(
        self, corridor: Corridor
    ) -> None:
        for before, after in pairwise(corridor.operations):
            if is_inside(before, after):
                assert before.suspension_after, "only a suspension ends an operation inside its territory"
                continue
            crossing = crossing_between(before.end_office, after.start_office)

            assert crossing is not None
            assert crossing.customs_control_to is None
            assert before.suspension_after == (crossing.mode == "ferry")
        assert not corridor.operations[-1].suspension_after

    @each_corridor
    def test_enter_a_new_territory_or_resume_with_each_operation(self, corridor: Corridor) -> None:
        crossed = [OFFICES[operation.start_office].territory for operation in corridor.operations]
        resumed = sum(is_inside(before, after) for before, after in pairwise(corridor.operations))

        assert 2 <= len(crossed) <= VOUCHER_PAIRS_AT_MOST
        assert len(set(crossed)) == len(crossed) - resumed

    @each_corridor
    def test_use_offices_in_their_roles(self, corridor: Corridor) -> None:
        starts = [OFFICES[operation.start_office].roles for operation in corridor.operations]
        ends = [OFFICES[operation.end_office].roles for operation in corridor.operations]

        assert "departure" in starts[0]
        assert "destination" in ends[-1]
        assert all("entry" in roles for roles in starts[1:])
        assert all("exit" in roles for roles in ends[:-1])

    @each_corridor
    def test_leave_time_for_each_operation(self, corridor: Corridor) -> None:
        """At 23 km/h, delays included (CPMM 2022), and roads a third longer than the line on the globe."""
        days = {territory.code: territory.default_transit_days for territory in tables.territory_rows()}
        for operation in corridor.operations:
            here, there = OFFICES[operation.start_office], OFFICES[operation.end_office]
            distance = kilometres(here, there)

            assert distance < 4500
            assert distance > 15 or operation.suspension_after, (
                "a train or ship is boarded where it was entered"
            )
            assert timedelta(hours=distance * 1.33 / 23) < timedelta(days=days[here.territory])

    @each_corridor
    def test_number_their_operations_from_one(self, corridor: Corridor) -> None:
        assert [operation.sequence for operation in corridor.operations] == [
            index for index, _ in enumerate(corridor.operations, start=1)
        ]
        assert {operation.name for operation in corridor.operations} == {corridor.name}

    def test_include_the_sample_route_as_the_demo(self) -> None:
        demo = next(corridor for corridor in CORRIDORS if corridor.code == "demo")

        assert [(operation.start_office, operation.end_office) for operation in demo.operations] == [
            ("CNURM001", "CNHRS001"),
            ("KZHOR001", "KZXKB001"),
            ("UZXYA001", "UZSYA001"),
            ("TJXDU001", "TJDYU001"),
        ]

    def test_reach_far_enough(self) -> None:
        lengths = [len(corridor.operations) for corridor in CORRIDORS]
        countries = {
            OFFICES[code].country
            for corridor in CORRIDORS
            for operation in corridor.operations
            for code in (operation.start_office, operation.end_office)
        }

        assert len(CORRIDORS) >= 8
        assert sum(length >= 4 for length in lengths) >= 5
        assert max(lengths) >= 6
        assert countries >= CAREC
        assert any(operation.suspension_after for corridor in CORRIDORS for operation in corridor.operations)


class TestHolders:
    @each_holder
    def test_have_a_well_formed_id(self, holder: HolderRow) -> None:
        assert re.fullmatch(r"[A-Z]{3}/\d{3}/\d{1,10}", holder.reference)
        assert not holder.id_number.startswith("0")

    @each_holder
    def test_are_authorised_through_the_association_of_their_country(self, holder: HolderRow) -> None:
        association = ASSOCIATIONS[holder.id_association]

        assert holder.country == association.country
        assert holder.id_country == COUNTRIES[holder.country].alpha3
        assert holder.authorised_from < TODAY
        assert 0 < len(holder.address) <= 300

    def test_are_enough_and_in_every_association(self) -> None:
        assert len(tables.holder_rows()) >= 40
        assert {holder.id_association for holder in tables.holder_rows()} == ASSOCIATIONS.keys()


class TestGoods:
    @each_line
    def test_are_well_formed(self, line: SampleGoods) -> None:
        assert re.fullmatch(r"\d{6}", line.hs_code)
        assert 1 <= int(line.hs_code[:2]) <= 97
        assert re.fullmatch(r"[A-Z]{2}", line.package_kind)
        assert re.search({"ru": r"[А-Яа-я]", "zh": r"[\u4e00-\u9fff]"}[line.language], line.description_local)

    @each_line
    def test_fit_on_one_lorry(self, line: SampleGoods) -> None:
        assert 0 < line.packages_min < line.packages_max
        assert 500 < line.packages_min * line.gross_kg_per_package
        assert line.packages_max * line.gross_kg_per_package <= FULL_LOAD_KG

    def test_are_tobacco_or_alcohol_in_two_marked_lines_only(self) -> None:
        excise = {line.hs_code for line in tables.sample_goods() if line.hs_code[:2] in {"22", "24"}}

        assert excise == {line.hs_code for line in tables.sample_goods() if line.is_sensitive}
        assert len(excise) == 2
        assert len(tables.sample_goods()) >= 42


class TestPlatePatterns:
    @each_plate
    def test_describe_their_example(self, plate: PlatePattern) -> None:
        form = re.escape(plate.pattern).replace(r"\{", "{").replace(r"\}", "}")
        form = re.sub(r"{d(\d)}", r"\\d{\1}", form)
        form = re.sub(r"{L(\d)}", rf"[{plate.letters}]{{\1}}", form)

        assert re.fullmatch(form, plate.example)
        assert len(plate.example) <= 20

    def test_exist_for_the_tractor_and_trailer_of_every_holder(self) -> None:
        known = {(plate.country, plate.kind) for plate in tables.plate_patterns()}

        assert known == {
            (holder.country, kind) for holder in tables.holder_rows() for kind in ("tractor", "trailer")
        }
