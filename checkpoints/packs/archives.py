"""A pack as one file: the same files in a ZIP archive, as a browser sends and gets it. Nothing of it is ever unpacked
to a disk, and no more of it is read than a pack may have."""

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from django.utils.translation import gettext_lazy as _

from checkpoints.packs.files import FILES, Pack, Wanted, pack_texts, read_files
from tir.kernel.errors import Refused

MOST_BYTES = 5_000_000  # of one file, unpacked
MOST_FILES = 100
UNDATED = (2026, 1, 1, 0, 0, 0)  # so that the same rows make the same bytes
MODE = 0o644 << 16


class ArchiveUnreadable(Refused):
    """The file is no ZIP archive of a country pack."""

    code = "archive_unreadable"


def read_archive(content: bytes) -> Pack:
    """Read an archive with every fault of every row; its files may lie in one folder. Raises ArchiveUnreadable,
    PackTooNew."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return read_files(_files(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise ArchiveUnreadable(
            _(
                "This is no ZIP file of a country pack. Take one that was downloaded here, or pack its folder."
            ),
            field="pack",
        ) from None


def _files(archive: zipfile.ZipFile) -> dict[str, bytes | None]:
    """Return the files of a pack by name, and leave the others; None for one that is too large."""
    found: dict[str, bytes | None] = {}
    for each in archive.infolist()[:MOST_FILES]:
        path = PurePosixPath(each.filename)
        if path.name in FILES and len(path.parts) <= 2 and path.name not in found:  # noqa: PLR2004
            with archive.open(each) as file:
                content = file.read(MOST_BYTES + 1)  # what the archive says of its sizes may be untrue
            found[path.name] = content if len(content) <= MOST_BYTES else None
    return found


def write_archive(name: str, wanted: Wanted) -> bytes:
    """Return a pack of what is wanted of every register, the same rows always as the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, text in pack_texts(name, wanted)[0].items():
            about = zipfile.ZipInfo(file, UNDATED)
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, MODE
            archive.writestr(about, text.encode())
    return out.getvalue()
