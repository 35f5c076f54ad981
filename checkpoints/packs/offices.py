"""Lists of customs offices that others keep: CSV with a mapping of columns, and the European list (COL) as XML.

The XML is read as its public readers do: entries of `dataItem` and `dataGroup`, named by an attribute. It has no
positions, so those come from a file beside it; a role that TIR does not know is left out, and an office with none left
is passed over.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

from django.utils.translation import gettext_lazy as _

from checkpoints.packs.files import MOST_BYTES, SOFTWARE, Line, Pack, RowFault, faults_of
from checkpoints.posts.registering import OFFICES
from tir.registers.entering import entry_of
from tir.registers.faults import EntryRefused

# Roles of the European list: departure, destination, and transit, which at a frontier is both ways.
ROLES: Mapping[str, str] = {
    "DEP": "departure",
    "DES": "destination",
    "TRA": "entry;exit",
    "TXT": "entry;exit",
}
VALID = "valid"
ENGLISH = "EN"
Row = dict[str, str]


def read_offices(
    path: Path, *, columns: Mapping[str, str], said: Mapping[str, str], positions: Path | None = None
) -> Pack:
    """Return a list of offices as something to apply, with every fault of every row.

    `columns` leads from our fields to the file's columns, where they are called otherwise; `said` has what is the same
    for all (territory, time zone, first day); `positions` names a CSV file of code, latitude and longitude.
    """
    content = path.read_bytes()
    faults: list[RowFault] = []
    where = _positions(positions) if positions else {}
    lines = []
    for number, row in _rows(path.name, content, columns, faults):
        texts = {
            **said,
            **where.get(row.get("code", ""), {}),
            **{name: text for name, text in row.items() if text},
        }
        try:
            lines.append(Line(path.name, number, OFFICES, entry_of(OFFICES, texts)))
        except EntryRefused as refused:
            faults += faults_of(path.name, number, refused)
    digest = sha256(content).hexdigest()
    return Pack(f"offices {digest[:12]}", SOFTWARE, lines, faults, {path.name: digest})


def _rows(
    file: str, content: bytes, columns: Mapping[str, str], faults: list[RowFault]
) -> Iterator[tuple[int, Row]]:
    if len(content) > MOST_BYTES:
        faults.append(RowFault(file, 0, "", str(_("This file is too large."))))
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.append(RowFault(file, 0, "", str(_("This is not UTF-8. Save the file as UTF-8."))))
        return
    if text.lstrip().startswith("<"):
        yield from _european(file, text, faults)
    else:
        yield from _csv(text, columns)


def _csv(text: str, columns: Mapping[str, str]) -> Iterator[tuple[int, Row]]:
    reader = csv.DictReader(io.StringIO(text))
    for row in reader:
        found = {
            field.name: row.get(columns.get(field.name, field.name)) or "" for field in fields(OFFICES.entry)
        }
        yield reader.line_num, found


def _european(file: str, text: str, faults: list[RowFault]) -> Iterator[tuple[int, Row]]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        faults.append(RowFault(file, 0, "", str(_("This XML declares entities, which is not read."))))
        return
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  (no entities: see above)
    except ElementTree.ParseError as wrong:
        faults.append(RowFault(file, 0, "", str(_("This is not XML ({reason}).").format(reason=wrong))))
        return
    entries = [each for each in root.iter() if _local(each) == "RDEntry"]
    for number, entry in enumerate(entries, start=1):
        if (row := _office(entry)) is not None:
            yield number, row


def _office(entry: ElementTree.Element) -> Row | None:
    state = next((each.text for each in entry.iter() if _local(each) == "state"), VALID)
    roles = [ROLES[role] for role in _items(entry, "Role", "RoleName") if role in ROLES]
    if state != VALID or not roles:
        return None
    words = list(dict.fromkeys(word for role in roles for word in role.split(";")))
    return {
        "code": next(iter(_items(entry, "ReferenceNumber")), ""),
        "name_en": _name(entry),
        "roles": ";".join(words),
    }


def _name(entry: ElementTree.Element) -> str:
    """Return the usual name in English, else in whatever language comes first."""
    names = {
        next(iter(_items(group, "LanguageCode")), ""): next(iter(_items(group, "CustomsOfficeUsualName")), "")
        for group in entry.iter()
        if group.get("name") == "CustomsOfficeLsd"
    }
    return names.get(ENGLISH) or next(iter(names.values()), "")


def _items(within: ElementTree.Element, *names: str) -> list[str]:
    return [
        (each.text or "").strip()
        for each in within.iter()
        if each.get("name") in names and _local(each) == "dataItem"
    ]


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _positions(path: Path) -> dict[str, Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            row["code"]: {"latitude": row["latitude"], "longitude": row["longitude"]}
            for row in csv.DictReader(file)
        }
