"""Everything a printable carnet shows, as plain data: whoever fills a CarnetSheet has decided every word on the paper.

No drawing, no database, no clock. The same sheet always gives the same bytes and the same `document_hash`, so two
prints can be told apart, or found equal, by the hash at the foot of each page.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Final, Literal

SecondLanguage = Literal["ru", "zh-hans"]

VOUCHER_COUNTS: Final = (4, 6, 14, 20)  # the sizes of carnet in print; one pair of vouchers a TIR operation


def in_second(language: SecondLanguage | None, *, ru: str, zh: str) -> str:
    """The one of two translations that the document's second language asks for; nothing if it has none."""
    return {"ru": ru, "zh-hans": zh}.get(language or "", "")


class OfficeRole(StrEnum):
    """What an office does in a TIR transport (Convention art. 1)."""

    DEPARTURE = "departure"
    ENTRY = "entry"
    EXIT = "exit"
    DESTINATION = "destination"


@dataclass(frozen=True, slots=True)
class Office:
    """A customs office; names in other languages and in the office's own are printed beside the English one."""

    code: str
    name: str
    local_name: str = ""
    ru_name: str = ""
    zh_name: str = ""

    def line(self, second_language: SecondLanguage | None) -> str:
        """Code and names: English, the document's second language, the office's own, each once."""
        second = in_second(second_language, ru=self.ru_name, zh=self.zh_name)
        given = (self.name, second, self.local_name)
        return f"{self.code}  {' / '.join(dict.fromkeys(name for name in given if name))}"

    @property
    def short_line(self) -> str:
        return f"{self.code}  {self.name}"


@dataclass(frozen=True, slots=True)
class Holder:
    """Cover box 3 and voucher box 4."""

    holder_id: str  # AAA/BBB/X..X
    name: str
    address: str
    country: str  # ISO alpha-3


@dataclass(frozen=True, slots=True)
class IssuingAssociation:
    """Cover box 2; the liable association of each territory is another matter and is not on the carnet."""

    code: str
    name: str
    country: str  # ISO alpha-3
    address: str = ""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One road vehicle, tractor or trailer: cover boxes 8 and 9, voucher box 7."""

    registration: str
    country: str  # ISO alpha-3
    approval_certificate: str = ""
    approval_expires: date | None = None


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One line of the goods manifest: boxes 9 to 11."""

    description: str
    packages: int
    package_kind: str
    gross_mass_kg: Decimal
    hs_code: str = ""
    marks: str = ""
    unit: str = ""  # registration of the load compartment or container number, box 9(a)


@dataclass(frozen=True, slots=True)
class Operation:
    """A planned TIR operation: one customs territory, one pair of vouchers, pages 2k-1 and 2k."""

    sequence: int
    territory: str  # code of the customs territory
    start: Office
    start_role: OfficeRole  # departure or entry
    end: Office
    end_role: OfficeRole  # exit or destination
    territory_name: str = ""

    @property
    def pages(self) -> tuple[int, int]:
        return 2 * self.sequence - 1, 2 * self.sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class CarnetSheet:
    """A whole carnet as printed. `tokens` holds one signed token a voucher page, page 1 first.

    `seals` are those known when it is printed (box 16, filled in at departure) and are empty at issue.
    `version` counts editions of the document; a reprint after a change is a new version with a new hash.
    """

    number: str
    vouchers: int
    issue_date: date
    valid_until: date  # last day for acceptance at departure, cover box 1 (art. 9)
    holder: Holder
    association: IssuingAssociation
    guarantee_reference: str
    vehicles: tuple[Vehicle, ...]
    goods: tuple[GoodsLine, ...]
    itinerary: tuple[Operation, ...]
    departure_countries: tuple[str, ...]  # ISO alpha-3
    destination_countries: tuple[str, ...]
    tokens: tuple[str, ...]
    containers: tuple[str, ...] = ()  # ISO 6346
    seals: tuple[str, ...] = ()
    attached_documents: tuple[str, ...] = ()  # box 8
    remarks: str = ""  # cover box 11
    international_organization: str = "International Road Transport Union (IRU)"
    is_tobacco_alcohol: bool = False  # Annex 1, version 2
    is_heavy_or_bulky: bool = False  # art. 29 to 35: cover and every voucher are endorsed
    second_language: SecondLanguage | None = None
    version: int = 1

    def __post_init__(self) -> None:
        if self.vouchers not in VOUCHER_COUNTS:
            raise ValueError(f"a carnet has {VOUCHER_COUNTS} vouchers, not {self.vouchers}")
        if len(self.tokens) != self.vouchers:
            raise ValueError(f"{len(self.tokens)} tokens for {self.vouchers} voucher pages")
        if 2 * len(self.itinerary) > self.vouchers:
            raise ValueError(f"{len(self.itinerary)} operations do not fit {self.vouchers} vouchers")

    @property
    def offices_of_departure(self) -> tuple[Office, ...]:
        return tuple(leg.start for leg in self.itinerary if leg.start_role is OfficeRole.DEPARTURE)

    @property
    def offices_of_destination(self) -> tuple[Office, ...]:
        return tuple(leg.end for leg in self.itinerary if leg.end_role is OfficeRole.DESTINATION)

    @property
    def total_packages(self) -> int:
        return sum(line.packages for line in self.goods)

    @property
    def total_mass_kg(self) -> Decimal:
        return sum((line.gross_mass_kg for line in self.goods), Decimal(0))

    @property
    def mass_places(self) -> int:
        """Decimal places that show every weight in full, so that the column lines up on its decimal points."""
        exponents = (line.gross_mass_kg.normalize().as_tuple().exponent for line in self.goods)
        return max((0, *(-exponent for exponent in exponents if isinstance(exponent, int))))

    @property
    def document_hash(self) -> str:
        """SHA-256 over everything printed; the paper shows its first 16 digits."""
        content = json.dumps(asdict(self), default=str, sort_keys=True, ensure_ascii=False)
        return sha256(content.encode()).hexdigest()

    def operation_of(self, page: int) -> Operation | None:
        """The planned operation a voucher page belongs to; None for a voucher held in reserve."""
        return next((leg for leg in self.itinerary if page in leg.pages), None)
