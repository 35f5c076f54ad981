"""What the code and the templates say to people, collected by Babel; the catalogues; and the files Django reads.

`script/translate` runs this: a sentence new in the code enters every locale/*/LC_MESSAGES/django.po without a
translation, one that is no longer said leaves it, and the .mo files are written anew. They are committed, because the
server runs without Babel. Nothing but Python is needed: any editor of .po files will do.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).resolve().parent.parent
ROOMS: Final = ("tir", "guarantees", "carnets", "checkpoints", "api")
LANGUAGES: Final = ("ru", "zh_Hans")
PLURALS: Final = {
    "ru": (
        "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1"
        " : n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14) ? 2 : 3);"
    ),
    "zh_Hans": "nplurals=1; plural=0;",
}  # as Django's own catalogues have them, so that it merges ours with its own
LAZY: Final = {
    f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")
}
KEYWORDS: Final = {**DEFAULT_KEYWORDS, **LAZY, "gettext_noop": None}
TEMPLATES: Final = (".html", ".txt")
UNDATED: Final = datetime(2026, 1, 1, tzinfo=UTC)  # Babel would write the time of the day into every file
BROUGHT: Final = frozenset({"node_modules", "migrations"})  # not ours, or never shown


def marked_sentences(root: Path = ROOT) -> Catalog:
    """Return every sentence that the code and the templates mark for translation, with the files that say it."""
    said = Catalog(fuzzy=False)
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        for sentence, context in sentences_of(path.read_bytes(), name):
            said.add(sentence, locations=[(name, 0)], context=context)
    return said


def _files(root: Path) -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in (".py", *TEMPLATES) and not BROUGHT & set(path.parts):
                yield path


def sentences_of(source: bytes, name: str) -> Iterator[tuple[Any, str | None]]:
    """Yield what one file marks: a sentence, or the pair of singular and plural, and the context it was given."""
    method: Any = _template if name.endswith(TEMPLATES) else "python"
    for _line, sentence, _comments, context in extract(method, BytesIO(source), KEYWORDS):
        yield sentence, context


def _template(source: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterator[Any]:
    """Read a template as Babel reads Python: Django blanks out everything in it but the marks.

    What remains has no sensible indentation; within brackets Python asks for none.
    """
    python = f"(\n{templatize(source.read().decode())}\n)"
    yield from extract_python(BytesIO(python.encode()), keywords, tags, options)


def po_of(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def catalogue_of(language: str, root: Path = ROOT) -> Catalog:
    """Return what is translated so far."""
    with po_of(language, root).open("rb") as file:
        return read_po(file, locale=language, ignore_obsolete=True)


def compiled_catalogue(catalogue: Catalog) -> bytes:
    """Return the .mo file of a catalogue: what is translated and not fuzzy, the same bytes on every day."""
    catalogue.creation_date = catalogue.revision_date = UNDATED
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def untranslated_sentences(catalogue: Catalog) -> list[str]:
    """Return the sentences without a translation that is sure, in every plural form of the language."""
    return [_first(message.id) for message in catalogue if message.id and not _is_translated(message)]


def _is_translated(message: Any) -> bool:
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(said) and not message.fuzzy


def _first(sentence: Any) -> str:
    return str(sentence[0] if isinstance(sentence, tuple) else sentence)


def renew_catalogues(root: Path = ROOT) -> dict[str, list[str]]:
    """Bring every catalogue up to the code and write its .mo file; return what still lacks a translation."""
    said = marked_sentences(root)
    missing: dict[str, list[str]] = {}
    for language in LANGUAGES:
        catalogue = catalogue_of(language, root)
        catalogue.update(said, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        write_catalogue(catalogue, po_of(language, root))
        missing[language] = untranslated_sentences(catalogue)
    return missing


def write_catalogue(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue in the order of the code, each sentence under the files that say it, and its .mo file.

    Without line numbers and dates, so that a change of the code changes only the sentences it is about.
    """
    file = BytesIO()
    write_po(file, catalogue, width=0, include_lineno=False, omit_header=True)
    header = "".join(f'"{name}: {value}\\n"\n' for name, value in _header_of(path.parent.parent.name))
    path.write_text(f'msgid ""\nmsgstr ""\n{header}\n{file.getvalue().decode().strip()}\n')
    path.with_suffix(".mo").write_bytes(compiled_catalogue(catalogue))


def _header_of(language: str) -> list[tuple[str, str]]:
    """Return the header of a language's .po file, in the order it is written."""
    return [
        ("Project-Id-Version", "tir"),
        ("Language", language),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=UTF-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Plural-Forms", PLURALS[language]),
    ]


def main() -> None:
    settings.configure()
    missing = renew_catalogues()
    for language, sentences in missing.items():
        sys.stdout.writelines(f"{language}: {sentence}\n" for sentence in sentences)
    if any(missing.values()):
        sys.exit("script/translate: translate these in locale/, then run it again.")


if __name__ == "__main__":
    main()
