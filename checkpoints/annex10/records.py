"""The SafeTIR record of a termination, and which records a carnet's stamps bring about, in the order of the ledger.

No record is overwritten: a correction is a cancelling record that repeats every mandatory field, then a new one.
Codes as in the public client's documentation of the record (domain.md 4.3): TNO, ICC, COF and so on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

import pycountry

from carnets.choices import OfficeRole
from carnets.projection.facts import Certification, standing_certifications
from checkpoints.evidence import reading
from checkpoints.evidence.reading import StampRow
from checkpoints.posts.offices import Office, register

NEW, CANCELLED = "N", "C"
FINAL, PARTIAL = "FD", "PD"
IN_ORDER, WITH_RESERVATION = "OK", "R"
EXIT = "EXIT"
TERMINATION_ROLES = (OfficeRole.DESTINATION, OfficeRole.EXIT)
MANDATORY = ("TNO", "ICC", "COF", "CNL", "DCL", "PFD", "CWR", "VPN")
OPTIONAL = ("RND", "DDI", "PIC", "COM", "TCO", "RBC")
CODES = ("UPG", *MANDATORY, *OPTIONAL)

Record = dict[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One record due: a termination that stands now, or one that does no longer. `cause` is the stamp that did it."""

    update: str
    row: StampRow
    cause: StampRow

    @property
    def key(self) -> tuple[UUID, UUID, str]:
        return self.row["id"], self.cause["id"], self.update


def changes_of(rows: Iterable[StampRow]) -> Iterator[Change]:
    """Yield what each stamp of one carnet, in the order of the ledger, changes about the standing terminations.

    A stamp that does not stand (a later rival from offline, a cancellation that is not its office's) changes nothing.
    """
    seen: list[Certification] = []
    by_id: dict[UUID, StampRow] = {}
    standing: dict[int, UUID] = {}
    for row in rows:
        seen.append(reading.certification(row))
        by_id[row["id"]] = row
        now = standing_certifications(seen)[0].get(row["page"])
        before = standing.pop(row["page"], None)
        if now is not None:
            standing[row["page"]] = now.id
        if before == (now.id if now else None):
            continue
        if before is not None:
            yield Change(CANCELLED, by_id[before], row)
        if now is not None:
            yield Change(NEW, by_id[now.id], row)


def record_of(row: StampRow, number: str) -> Record:
    """Return the record of one termination stamp, as new.

    Days are the office's own. The customs ledger is this ledger, so CNL and DCL are the stamp's place in it and
    the day it was recorded; RND and DDI are what the office wrote on the certificate. RBC is not known here.
    """
    office = register().by_id[row["office_id"]]
    return {
        "UPG": NEW,
        "TNO": number,
        "ICC": alpha3(office.facts.country),
        "COF": office.code,
        "CNL": f"{number}/{row['sequence']}",
        "DCL": _day(row["recorded_at"], office),
        "PFD": PARTIAL if row["is_partial"] else FINAL,
        "CWR": WITH_RESERVATION if row["reservation"] else IN_ORDER,
        "VPN": str(row["page"]),
        "RND": row["registration_no"],
        "DDI": _day(row["occurred_at"], office),
        "PIC": "" if row["packages"] is None else str(row["packages"]),
        "COM": row["reservation"],
        "TCO": EXIT if row["role"] == OfficeRole.EXIT else "",
        "RBC": "",
    }


def cancelling(record: Record, comment: str) -> Record:
    """Return the record that takes one back: every field as it was sent, but the comment, which says why."""
    return {**record, "UPG": CANCELLED, "COM": comment}


@lru_cache(maxsize=512)
def alpha3(country: str) -> str:
    """Return the alpha-3 code of an alpha-2 one; the same code for what ISO does not list."""
    found = pycountry.countries.get(alpha_2=country)
    return str(found.alpha_3) if found else country


def _day(at: datetime, office: Office) -> str:
    found: date = at.astimezone(ZoneInfo(office.time_zone)).date()
    return found.isoformat()
