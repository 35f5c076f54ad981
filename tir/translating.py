"""What the code says to people, collected; the catalogues of translations; and the binary files Django reads.

`script/translate` runs this: a sentence new in the code enters every locale/*/LC_MESSAGES/django.po without a
translation, one that is no longer said leaves it, and the .mo files are written anew. It needs nothing but Python, so
a fresh machine and a ministry's closed network need no gettext; any editor of .po files will do.
"""

import ast
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
ROOMS: Final = ("tir", "guarantees", "carnets", "checkpoints", "api")
PLURALS: Final = {
    "ru": (
        "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1"
        " : n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14) ? 2 : 3);"
    ),
    "zh_Hans": "nplurals=1; plural=0;",
}  # as Django's own catalogues have them, so that it merges ours with its own
_MARKS: Final = frozenset({"gettext", "gettext_lazy", "gettext_noop"})
_MO_MAGIC: Final = 0x950412DE
_MO_HEADER_BYTES: Final = 28


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence of a catalogue."""

    translation: str
    is_fuzzy: bool = False


Catalogue = dict[str, Entry]


class NotExtractable(ValueError):
    """A call marks something that is not written out, so no translator would ever see it."""


def marked(root: Path = ROOT) -> dict[str, list[str]]:
    """Return every sentence the code marks for translation, with the files that say it."""
    found: dict[str, list[str]] = {}
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            for sentence in sentences_of(path.read_text(), name):
                files = found.setdefault(sentence, [])
                if name not in files:
                    files.append(name)
    return found


def sentences_of(source: str, name: str) -> Iterator[str]:
    """Yield the sentences that one module marks; raise NotExtractable for a mark on anything but a literal."""
    tree = ast.parse(source, name)
    marks = {mark for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for mark in _marks_of(node)}
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in marks
    ]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        yield _sentence(call, name)


def _marks_of(node: ast.ImportFrom) -> Iterator[str]:
    if node.module == "django.utils.translation":
        yield from (alias.asname or alias.name for alias in node.names if alias.name in _MARKS)


def _sentence(call: ast.Call, name: str) -> str:
    said = call.args[0] if call.args else None
    if isinstance(said, ast.Constant) and isinstance(said.value, str):
        return said.value
    raise NotExtractable(f"{name}:{call.lineno}: only a text written out can be translated")


def read_po(path: Path) -> Catalogue:
    """Return the catalogue of a .po file, without its header."""
    catalogue: Catalogue = {}
    blocks = path.read_text().split("\n\n") if path.exists() else []
    for block in blocks:
        fields, is_fuzzy = _fields(block.splitlines())
        if fields.get("msgid"):
            catalogue[fields["msgid"]] = Entry(fields.get("msgstr", ""), is_fuzzy)
    return catalogue


def _fields(lines: Iterable[str]) -> tuple[dict[str, str], bool]:
    """Return msgid and msgstr of one block, their lines joined, and whether it is marked fuzzy."""
    fields: dict[str, str] = {}
    is_fuzzy, current = False, ""
    for line in lines:
        if line.startswith("#"):
            is_fuzzy = is_fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        name, _space, quoted = line.partition(" ") if line.startswith("msg") else (current, " ", line)
        current = name
        fields[name] = fields.get(name, "") + str(ast.literal_eval(quoted))
    return fields, is_fuzzy


def write_po(
    path: Path, language: str, catalogue: Mapping[str, Entry], files: Mapping[str, list[str]]
) -> None:
    """Write a catalogue in the order of the code, each sentence under the files that say it."""
    blocks = [f'msgid ""\nmsgstr ""\n{_quoted_lines(header(language))}']
    for sentence, entry in catalogue.items():
        fuzzy = "#, fuzzy\n" if entry.is_fuzzy else ""
        where = "".join(f"#: {name}\n" for name in files.get(sentence, []))
        blocks.append(f"{where}{fuzzy}msgid {_quoted(sentence)}\nmsgstr {_quoted(entry.translation)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(blocks) + "\n")


def header(language: str) -> str:
    lines = (
        "Project-Id-Version: tir",
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {PLURALS[language]}",
    )
    return "".join(f"{line}\n" for line in lines)


def _quoted_lines(text: str) -> str:
    return "\n".join(_quoted(line) for line in text.splitlines(keepends=True))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def compiled(language: str, catalogue: Mapping[str, Entry]) -> bytes:
    """Return the .mo file of a catalogue: what is translated and not fuzzy, sorted, as GNU gettext lays it out."""
    pairs = {
        sentence: entry.translation
        for sentence, entry in catalogue.items()
        if entry.translation and not entry.is_fuzzy
    }
    rows = sorted((said.encode(), there.encode()) for said, there in {"": header(language), **pairs}.items())
    tables = 2 * 8 * len(rows)
    originals = _table(rows, 0, _MO_HEADER_BYTES + tables)
    after_originals = _MO_HEADER_BYTES + tables + sum(len(said) + 1 for said, _there in rows)
    translations = _table(rows, 1, after_originals)
    second_table = _MO_HEADER_BYTES + tables // 2
    top = struct.pack("<7I", _MO_MAGIC, 0, len(rows), _MO_HEADER_BYTES, second_table, 0, second_table)
    texts = b"".join(row[side] + b"\0" for side in (0, 1) for row in rows)
    return top + originals + translations + texts


def _table(rows: list[tuple[bytes, bytes]], side: int, start: int) -> bytes:
    """Return the length and place of every text on one side, the first at `start`."""
    table = b""
    for row in rows:
        table += struct.pack("<2I", len(row[side]), start)
        start += len(row[side]) + 1
    return table


def po_of(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def renew(root: Path = ROOT) -> dict[str, list[str]]:
    """Bring every catalogue up to the code and write its .mo file; return what still lacks a translation."""
    files = marked(root)
    missing: dict[str, list[str]] = {}
    for language in PLURALS:
        path = po_of(language, root)
        known = read_po(path)
        catalogue = {sentence: known.get(sentence, Entry("")) for sentence in files}
        write_po(path, language, catalogue, files)
        path.with_suffix(".mo").write_bytes(compiled(language, catalogue))
        missing[language] = [
            said for said, entry in catalogue.items() if not entry.translation or entry.is_fuzzy
        ]
    return missing


def main() -> None:
    missing = renew()
    for language, sentences in missing.items():
        sys.stdout.writelines(f"{language}: {sentence}\n" for sentence in sentences)
    if any(missing.values()):
        sys.exit("script/translate: translate these in locale/, then run it again.")


if __name__ == "__main__":
    main()
