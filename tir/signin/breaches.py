"""The list of passwords that everybody tries first, shipped with the code, and how one is looked up in it.

`breached.bin` is made by `python -m tir.signin.breaches [FILE …]`: without a file from Django's own list of 20,000
common passwords (Royce Williams, public domain), else from text files with one password a line, gzipped or not. It
holds the first six bytes of each SHA-256, sorted, after eight bytes that name the format. Six bytes among a million
entries take a good password for a bad one once in 10⁸ times.

Common passwords are short and ours are long, so what is looked up is also what people make long of them: digits and
signs at either end, one word twice, two words of the list in a row.
"""

import gzip
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.auth import password_validation

LIST = Path(__file__).parent / "breached.bin"
FORMAT = b"TIRPWD1\n"
WIDTH = 6  # bytes of each entry
SHORTEST_PART = 4  # letters of a word that counts as one of two
ORNAMENTS = "0123456789 .,:;!?@#$%^&*()-_=+/\\'\"<>[]{}|~`№"


def is_common(password: str) -> bool:
    """Whether a password is on the list, or is a word of the list made longer."""
    folded = password.strip().casefold()
    return any(_listed(form) for form in {folded, folded.strip(ORNAMENTS)}) or _is_put_together(folded)


def _is_put_together(folded: str) -> bool:
    """Whether it is one short piece again and again, or two words of the list."""
    bare = folded.strip(ORNAMENTS)
    is_repeated = len(folded) > 1 and folded in (folded + folded)[1:-1]
    splits = range(SHORTEST_PART, len(bare) - SHORTEST_PART + 1)
    return is_repeated or any(_listed(bare[:place]) and _listed(bare[place:]) for place in splits)


def _listed(text: str) -> bool:
    entries, entry = Entries(_content()), _entry(text)
    place = bisect_left(entries, entry)
    return place < len(entries) and entries[place] == entry


class Entries(Sequence[bytes]):
    """The entries of the file, in order."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __len__(self) -> int:
        return (len(self._content) - len(FORMAT)) // WIDTH

    def __getitem__(self, place: int) -> bytes:  # type: ignore[override]
        start = len(FORMAT) + place * WIDTH
        return self._content[start : start + WIDTH]


@cache
def _content() -> bytes:
    content = LIST.read_bytes()
    if not content.startswith(FORMAT):
        raise ValueError(f"{LIST} is no list of passwords: make it anew by python -m tir.signin.breaches.")
    return content


def _entry(text: str) -> bytes:
    return sha256(text.encode()).digest()[:WIDTH]


def written(passwords: Iterable[str]) -> bytes:
    """Return the file's content for these passwords."""
    return FORMAT + b"".join(sorted({_entry(password.strip().casefold()) for password in passwords}))


def _passwords(paths: Sequence[Path]) -> Iterator[str]:
    for path in paths:
        with (
            gzip.open(path, "rt", encoding="utf-8", errors="replace")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8", errors="replace") as lines
        ):
            yield from (line for line in lines if line.strip())


if __name__ == "__main__":
    djangos = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
    LIST.write_bytes(written(_passwords([Path(name) for name in sys.argv[1:]] or [djangos])))
