"""Lists of customs offices that others keep: CSV by a mapping of columns, and the European list as XML."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from checkpoints.models import CustomsOffice
from tests.world import World
from tir.accounts.models import Role, User

ROWS = "Ref,Title,Lat,Lon,Does\nKZAKT001,Aktau,43.6,51.2,departure;destination\nKZKUR001,Kuryk,43.2,51.6,entry;exit\n"
XML = """<?xml version="1.0" encoding="UTF-8"?>
<RDEntityList xmlns="urn:example"><RDEntity name="CustomsOffices">
 <RDEntry><RDEntryStatus><state>valid</state></RDEntryStatus>
  <dataItem name="ReferenceNumber">KZAKT001</dataItem>
  <dataItem name="CountryCode">KZ</dataItem>
  <dataGroup name="CustomsOfficeLsd">
  <dataItem name="LanguageCode">RU</dataItem>
  <dataItem name="CustomsOfficeUsualName">Актау</dataItem>
  </dataGroup>
  <dataGroup name="CustomsOfficeLsd">
  <dataItem name="LanguageCode">EN</dataItem>
  <dataItem name="CustomsOfficeUsualName">Aktau</dataItem>
  </dataGroup>
  <dataGroup name="CustomsOfficeRoleTrafficCompetence">
  <dataItem name="Role">TRA</dataItem>
  </dataGroup>
  <dataGroup name="CustomsOfficeRoleTrafficCompetence">
  <dataItem name="Role">AUT</dataItem>
  </dataGroup>
 </RDEntry>
 <RDEntry><RDEntryStatus><state>invalid</state></RDEntryStatus>
  <dataItem name="ReferenceNumber">KZOLD001</dataItem>
  <dataItem name="Role">DEP</dataItem></RDEntry>
 <RDEntry><dataItem name="ReferenceNumber">KZADM001</dataItem>
  <dataItem name="Role">AUT</dataItem></RDEntry>
</RDEntity></RDEntityList>"""
SAME = ("--set", "territory=EAEU", "--set", "time_zone=Asia/Aqtau", "--set", "valid_from=2026-01-01")
MAPPED = (
    "--column", "code=Ref", "--column", "name_en=Title", "--column", "latitude=Lat", "--column", "longitude=Lon",
    "--column", "roles=Does",
)  # fmt: skip


@pytest.fixture(autouse=True)
def amal(world: World) -> None:
    User.objects.create_user("amal", roles=[Role.CUSTOMS_HQ], country="KZ")


def run(file: Path, text: str, *more: str) -> str:
    out = StringIO()
    file.write_text(text)
    call_command("import_offices", str(file), "--by", "amal", *SAME, *more, stdout=out)
    return out.getvalue()


def test_csv_is_read_by_a_mapping_of_columns(tmp_path: Path) -> None:
    assert "2 entered" in run(tmp_path / "list.csv", ROWS, *MAPPED)

    office = CustomsOffice.objects.get(code="KZKUR001")
    assert (office.name_en, office.roles, office.time_zone) == ("Kuryk", ["entry", "exit"], "Asia/Aqtau")
    assert "2 unchanged" in run(tmp_path / "list.csv", ROWS, *MAPPED)


def test_every_fault_of_every_row_is_said_and_nothing_entered(tmp_path: Path) -> None:
    wrong = ROWS.replace("43.6", "north").replace("Kuryk", "").replace("entry;exit", "guard")
    out = StringIO()
    (tmp_path / "list.csv").write_text(wrong)

    with pytest.raises(CommandError):
        call_command("import_offices", str(tmp_path / "list.csv"), "--by", "amal", *SAME, *MAPPED, stdout=out)

    said = out.getvalue()
    assert all(each in said for each in ("list.csv:2: latitude", "list.csv:3: name_en", "list.csv:3: roles"))
    assert not CustomsOffice.objects.filter(code__in=["KZAKT001", "KZKUR001"]).exists()


def test_the_european_list_is_read_with_positions_beside_it(tmp_path: Path) -> None:
    with pytest.raises(CommandError):  # it has no positions of its own
        run(tmp_path / "col.xml", XML)
    (tmp_path / "where.csv").write_text("code,latitude,longitude\nKZAKT001,43.6,51.2\n")

    run(tmp_path / "col.xml", XML, "--positions", str(tmp_path / "where.csv"))

    office = CustomsOffice.objects.get(code="KZAKT001")
    assert (office.name_en, sorted(office.roles), office.latitude) == ("Aktau", ["entry", "exit"], 43.6)
    assert not CustomsOffice.objects.filter(code__in=["KZOLD001", "KZADM001"]).exists()


def test_xml_with_entities_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "where.csv").write_text("code,latitude,longitude\nKZAKT001,43.6,51.2\n")
    bomb = XML.replace("<RDEntityList", '<!DOCTYPE a [<!ENTITY b "c">]><RDEntityList', 1)

    with pytest.raises(CommandError):
        run(tmp_path / "col.xml", bomb, "--positions", str(tmp_path / "where.csv"))
