"""The daily file as text: written, read back, and folded to the terminations that stand.

A line with the number of records (TCN), a line with the codes, and a line for each record, all comma-separated.
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from django.utils.translation import gettext_lazy as _

from checkpoints.annex10.records import CANCELLED, CODES, MANDATORY, NEW, Record
from tir.kernel.errors import Malformed
from tir.kernel.spreadsheets import as_text

Key = tuple[str, ...]


class SafetirFileInvalid(Malformed):
    """The text is not a whole daily file: a line is missing, a code unknown, or the count does not fit."""

    code = "safetir_file_invalid"


class SafetirOutOfStep(Malformed):
    """A record cancels what was not sent, or sends anew what stands."""

    code = "safetir_out_of_step"


def file_of(records: Sequence[Record]) -> str:
    """Return the file of these records."""
    text = StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(("TCN", len(records)))
    lines.writerow(CODES)
    lines.writerows([as_text(record[code]) for code in CODES] for record in records)
    return text.getvalue()


def records_in(text: str) -> list[Record]:
    """Return the records of a file. Raises SafetirFileInvalid."""
    lines = list(csv.reader(StringIO(text, newline="")))
    if len(lines) < 2 or lines[0][:1] != ["TCN"] or tuple(lines[1]) != CODES:  # noqa: PLR2004
        raise SafetirFileInvalid(_("This is not a SafeTIR daily file: its first two lines do not say so."))
    records = [dict(zip(CODES, line, strict=True)) for line in lines[2:] if len(line) == len(CODES)]
    if lines[0][1:] != [str(len(records))] or len(records) != len(lines) - 2:
        raise SafetirFileInvalid(
            _("The file says {said} records and has {found}. Fetch it again.").format(
                said=", ".join(lines[0][1:]), found=len(records)
            )
        )
    return records


def termination_key(record: Record) -> Key:
    """Return what tells one termination from another: the mandatory fields, which a cancelling record repeats."""
    return tuple(record[code] for code in MANDATORY)


def standing_records(records: Iterable[Record]) -> dict[Key, Record]:
    """Return the terminations that stand after these records, in order. Raises SafetirOutOfStep."""
    standing: dict[Key, Record] = {}
    for record in records:
        key = termination_key(record)
        fits = key in standing if record["UPG"] == CANCELLED else record["UPG"] == NEW and key not in standing
        if not fits:
            raise SafetirOutOfStep(
                _(
                    "A record does not follow from those before it. Read the daily files in order, from the first."
                ),
                record=record["CNL"],
                update=record["UPG"],
            )
        if record["UPG"] == CANCELLED:
            del standing[key]
        else:
            standing[key] = record
    return standing
