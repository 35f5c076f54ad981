"""The files of a pack: `pack.toml` says whose it is, by what it was made and, of one that was exported in training or a
demonstration, that it was (`installation`: then no other kind of installation takes it); `territory.toml` has the
territories with their members, and a CSV file each of the other registers. UTF-8, a header, a line a row.
"""

import csv
import io
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from checkpoints.posts.registers import REGISTERS
from tir.kernel.errors import Refused
from tir.kernel.sandbox import Kind, ensure_from_here, kind
from tir.kernel.values import value
from tir.registers.entering import Register, entry_of
from tir.registers.faults import EntryRefused
from tir.registers.texts import as_texts

SOFTWARE = "2.0.0"  # this release, as pyproject.toml has it
FORMAT = 1  # of the folder; one more when an older release could no longer read it
ABOUT, TERRITORY = "pack.toml", "territory.toml"
CSV_FILES: Mapping[str, str] = {
    "associations.csv": "associations",
    "liability_maxima.csv": "maxima",
    "clocks.csv": "clocks",
    "offices.csv": "offices",
    "crossings.csv": "crossings",
    "guarantees.csv": "guarantees",
    "ceilings.csv": "ceilings",
    "number_ranges.csv": "number-ranges",
    "approval_rules.csv": "approval-rules",
}
LATER = frozenset(
    {"approval_rules.csv"}
)  # packs from before had no such file: without it nothing is said about rules
FILES = (ABOUT, TERRITORY, *CSV_FILES)
MOST_BYTES = 20_000_000  # of one file
MOST_OF_A_NAME = 60  # characters of a pack's name


Wanted = Callable[[Register[Any], Any], bool]


def _everything(_register: Register[Any], _entry: Any) -> bool:
    return True


class PackTooNew(Refused):
    """The pack was made by newer software than this."""

    code = "pack_too_new"


@value
class RowFault:
    """What is wrong in a file: `line` counts from 1, the header being the first; 0 is the file itself."""

    file: str
    line: int
    field: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field + ': ' if self.field else ''}{self.sentence}"


@value
class Line:
    """One row of a file, read as the entry of a register."""

    file: str
    line: int
    register: Register[Any]
    entry: Any

    @property
    def key(self) -> str:
        return self.register.key_of(self.entry)


@dataclass(frozen=True)
class Pack:
    """A folder as it was read; with `faults` it is not to be applied."""

    name: str
    software: str
    lines: list[Line]
    faults: list[RowFault]
    digests: dict[str, str]


def read_pack(folder: Path) -> Pack:
    """Read a folder with every fault of every row. Raises PackTooNew, and OtherInstallation for one
    that was exported by an installation of another kind."""
    paths = {name: folder / name for name in FILES}
    sizes = {name: path.stat().st_size for name, path in paths.items() if path.is_file()}
    return read_files({
        name: None if size > MOST_BYTES else paths[name].read_bytes() for name, size in sizes.items()
    })  # fmt: skip


def read_files(files: Mapping[str, bytes | None]) -> Pack:
    """Read a pack from its files, by name; None is one that is too large to be read. Raises PackTooNew and
    OtherInstallation."""
    contents, faults = _contents(files)
    about = _about(contents.get(ABOUT, ""), faults)
    lines = [*_territories(contents.get(TERRITORY, ""), faults)]
    for file, register in CSV_FILES.items():
        if file in contents:
            lines += _rows(file, REGISTERS[register], contents[file], faults)
    faults += _twice(lines)
    digests = {name: sha256(text.encode()).hexdigest() for name, text in contents.items()}
    return Pack(about["name"], about["software"], lines, faults, digests)


def read_rows(file: str, content: bytes, register: Register[Any]) -> Pack:
    """Return one file of one register as something to apply, with every fault of every row. It ends nothing: its name
    is that of its bytes, so no earlier file has its rows."""
    faults: list[RowFault] = []
    lines: list[Line] = []
    try:
        lines = list(_rows(file, register, content.decode("utf-8-sig"), faults))
    except UnicodeDecodeError:
        faults.append(RowFault(file, 0, "", str(_("This is not UTF-8. Save the file as UTF-8."))))
    faults += _twice(lines)
    digest = sha256(content).hexdigest()
    return Pack(f"file {digest[:12]}", SOFTWARE, lines, faults, {file: digest})


def _contents(files: Mapping[str, bytes | None]) -> tuple[dict[str, str], list[RowFault]]:
    contents, faults = {}, []
    for name in FILES:
        content = files.get(name)
        if name not in files and name not in LATER:
            faults.append(
                RowFault(name, 0, "", str(_("This file is missing. An empty one has its header alone.")))
            )
        elif name in files and content is None:
            faults.append(RowFault(name, 0, "", str(_("This file is too large."))))
        elif content is not None:
            try:
                contents[name] = content.decode("utf-8-sig")
            except UnicodeDecodeError as wrong:
                line = wrong.object[: wrong.start].count(b"\n") + 1
                faults.append(RowFault(name, line, "", str(_("This is not UTF-8. Save the file as UTF-8."))))
    return contents, faults  # fmt: skip


def _toml(file: str, text: str, faults: list[RowFault]) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        faults.append(RowFault(file, 0, "", str(_("This is not TOML ({reason}).").format(reason=wrong))))
        return {}


def _about(text: str, faults: list[RowFault]) -> dict[str, str]:
    said = _toml(ABOUT, text, faults)
    name, made_by, form = said.get("name", ""), said.get("software", "0"), said.get("format", FORMAT)
    if not isinstance(name, str) or not 0 < len(name) <= MOST_OF_A_NAME:
        faults.append(RowFault(ABOUT, 0, "name", str(_("Give the pack a name of at most 60 characters."))))
        name = ""
    if not isinstance(form, int) or form > FORMAT or _numbers(str(made_by)) > _numbers(SOFTWARE):
        raise PackTooNew(
            _("This pack was made by release {made_by}, and this is {ours}. Upgrade first, then apply it.").format(
                made_by=made_by, ours=SOFTWARE
            ),
            made_by=str(made_by),
        )  # fmt: skip
    _ensure_from_here(said.get("installation"), faults)
    return {"name": name, "software": str(made_by)}


def _ensure_from_here(said: Any, faults: list[RowFault]) -> None:
    """A pack that says nothing goes anywhere: what training learns by may be what is real."""
    if said is None or said == Kind.REAL:
        return
    if said not in set(Kind):
        faults.append(RowFault(ABOUT, 0, "installation", str(_("This is real, training or demo."))))
    else:
        ensure_from_here(Kind(said))


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".") if part.isdigit())


def _territories(text: str, faults: list[RowFault]) -> Iterator[Line]:
    territories = _toml(TERRITORY, text, faults).get("territory", [])
    members = []
    for place, said in enumerate(_tables(territories), start=1):
        theirs = said.pop("member", [])
        members += [(place, {"territory": said.get("code", ""), **each}) for each in _tables(theirs)]
        yield from _line(TERRITORY, place, REGISTERS["territories"], _as_texts(said), faults)
    for place, each in members:
        yield from _line(TERRITORY, place, REGISTERS["members"], _as_texts(each), faults)


def _tables(found: Any) -> list[dict[str, Any]]:
    return [dict(each) for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _as_texts(said: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(found).lower() if isinstance(found, bool) else str(found) for name, found in said.items()
    }


def _rows(file: str, register: Register[Any], text: str, faults: list[RowFault]) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text), strict=True)
    header = next(reader, [])
    missing = [field.name for field in fields(register.entry) if field.name not in header]
    if missing or len(set(header)) != len(header):
        sentence = _("The header must name each of these once: {columns}.").format(
            columns=", ".join(field.name for field in fields(register.entry))
        )
        faults.append(RowFault(file, 1, ", ".join(missing), sentence))
        return
    try:
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                sentence = _("This row has {found} columns, the header {wanted}.").format(
                    found=len(row), wanted=len(header)
                )
                faults.append(RowFault(file, reader.line_num, "", sentence))
                continue
            yield from _line(file, reader.line_num, register, dict(zip(header, row, strict=True)), faults)
    except csv.Error as wrong:
        faults.append(RowFault(file, reader.line_num, "", str(wrong)))


def _line(
    file: str, line: int, register: Register[Any], texts: Mapping[str, str], faults: list[RowFault]
) -> Iterator[Line]:
    try:
        yield Line(file, line, register, entry_of(register, texts))
    except EntryRefused as refused:
        faults += faults_of(file, line, refused)


def faults_of(file: str, line: int, refused: EntryRefused) -> list[RowFault]:
    """Return everything that is wrong with an entry, beside the row it came from."""
    return [RowFault(file, line, str(each.field or ""), str(each.detail)) for each in refused.refusals]


def _twice(lines: Iterable[Line]) -> list[RowFault]:
    seen: dict[tuple[str, str], int] = {}
    faults = []
    for line in lines:
        first = seen.setdefault((line.register.noun, line.key), line.line)
        if first != line.line:
            sentence = _("{key} stands in line {line} already.").format(key=line.key, line=first)
            faults.append(RowFault(line.file, line.line, "", sentence))
    return faults


def write_pack(folder: Path, name: str) -> int:
    """Write every register to a folder, the same rows always to the same bytes; return how many rows."""
    folder.mkdir(parents=True, exist_ok=True)
    texts, written = pack_texts(name)
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")
    return written


def pack_texts(name: str, wanted: Wanted = _everything) -> tuple[dict[str, str], int]:
    """Return the files of a pack of what is wanted of every register, and how many rows they have."""
    about = f'format = {FORMAT}\nsoftware = "{SOFTWARE}"\nname = {_quoted(name)}\n'
    if kind() != Kind.REAL:
        about += f'installation = "{kind()}"\n'
    text, written = _territories_written(wanted)
    texts = {ABOUT: about, TERRITORY: text}
    for file, of in CSV_FILES.items():
        register = REGISTERS[of]
        entries = _entries(register, wanted)
        written += len(entries)
        out = io.StringIO()
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow([field.name for field in fields(register.entry)])
        rows.writerows([list(as_texts(entry).values()) for entry in entries])
        texts[file] = out.getvalue()
    return texts, written


def _entries(register: Register[Any], wanted: Wanted = _everything) -> list[Any]:
    found = [entry for row in register.rows() if wanted(register, entry := register.read(row))]
    if register is REGISTERS["guarantees"]:  # one of a holder's names a person, perhaps
        found = [entry for entry in found if not entry.holder]
    if register is REGISTERS["ceilings"]:
        pools = {entry.reference for entry in _entries(REGISTERS["guarantees"])}
        found = [entry for entry in found if entry.guarantee in pools]
    return sorted(found, key=lambda entry: tuple(as_texts(entry)[name] for name in register.lookup))


def _territories_written(wanted: Wanted) -> tuple[str, int]:
    members = _entries(REGISTERS["members"], wanted)
    territories = _entries(REGISTERS["territories"], wanted)
    parts = []
    for territory in territories:
        parts.append("[[territory]]\n" + _pairs(territory))
        parts += [
            "[[territory.member]]\n" + _pairs(each, without="territory")
            for each in members
            if each.territory == territory.code
        ]
    return "\n".join(parts), len(members) + len(territories)


def _pairs(entry: Any, without: str = "") -> str:
    said = [(field.name, getattr(entry, field.name)) for field in fields(entry) if field.name != without]
    return "".join(f"{name} = {_written(found)}\n" for name, found in said if found is not None)


def _written(found: Any) -> str:
    if isinstance(found, bool):
        return "true" if found else "false"
    return _quoted(found) if isinstance(found, str) else str(found)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
