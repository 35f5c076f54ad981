"""Everything a printable carnet shows, as plain data: whoever fills a CarnetSheet has decided every word on the paper.

No drawing, no database, no clock. The same sheet always gives the same bytes and the same `document_hash`, so two
prints can be told apart, or found equal, by the hash at the foot of each page.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Literal

from carnets.choices import OfficeRole, StopAction
from carnets.itinerary import is_aboard
from carnets.vouchers import VOUCHER_COUNTS, operation_of, pages_of

SecondLanguage = Literal["ru", "zh-hans"]


def in_second(language: SecondLanguage | None, *, ru: str, zh: str) -> str:
    """The one of two translations that the document's second language asks for; nothing if it has none."""
    return {"ru": ru, "zh-hans": zh}.get(language or "", "")


@dataclass(frozen=True, slots=True)
class PrintedOffice:
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
class PrintedHolder:
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
class PrintedVehicle:
    """One road vehicle, tractor or trailer: cover boxes 8 and 9, voucher box 7."""

    registration: str
    country: str  # ISO alpha-3
    approval_certificate: str = ""
    approval_expires: date | None = None


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One line of the goods manifest: boxes 9 to 11. `packages` is None for bulk, 0 for goods packed with another line;
    `load` and `unload` are positions of stops."""

    description: str
    packages: int | None
    package_kind: str
    gross_mass_kg: Decimal
    hs_code: str = ""
    marks: str = ""
    unit: str = ""  # container number or plate, box 9(a); blank: the load compartment
    load: int = 1
    unload: int = 2


@dataclass(frozen=True, slots=True)
class AttachedDocument:
    """A paper that travels with goods, from one stop to another: box 8."""

    kind: str
    number: str
    dated: date | None = None
    load: int = 1
    unload: int = 2

    @property
    def line(self) -> str:
        return f"{self.kind} {self.number}" + (f", {self.dated:%d/%m/%Y}" if self.dated else "")


@dataclass(frozen=True, slots=True)
class PrintedStop:
    """An office of the plan and what the lorry does there; `pages` are those that it is to certify."""

    position: int
    office: PrintedOffice
    country: str  # ISO alpha-3
    does: StopAction
    territory: str
    territory_name: str = ""
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedOperation:
    """A planned TIR operation: one customs territory, one pair of vouchers, pages 2k-1 and 2k."""

    sequence: int
    territory: str  # code of the customs territory
    start: PrintedOffice
    start_role: OfficeRole
    end: PrintedOffice
    end_role: OfficeRole
    territory_name: str = ""
    leaves: int = 1  # the position of the stop where it starts

    @property
    def pages(self) -> tuple[int, int]:
        return pages_of(self.sequence)


@dataclass(frozen=True, slots=True)
class Contents:
    """What boxes 8 to 12 say of the goods on board, the number of each line as in the whole manifest."""

    lines: tuple[tuple[int, GoodsLine], ...]
    documents: tuple[AttachedDocument, ...]

    @property
    def packages(self) -> int | None:
        """How many can be counted; None where nothing can."""
        return packages_of(line for _number, line in self.lines)

    @property
    def mass_kg(self) -> Decimal:
        return sum((line.gross_mass_kg for _number, line in self.lines), Decimal(0))

    def unloaded_at(self, position: int) -> int | None:
        """Return how many packages are for a stop; None where none of its goods can be counted."""
        return packages_of(line for _number, line in self.lines if line.unload == position)

    def is_for(self, position: int) -> bool:
        """Whether anything on board is for a stop."""
        return any(line.unload == position for _number, line in self.lines)


def packages_of(lines: Iterable[GoodsLine]) -> int | None:
    """Return the packages of the lines together; None where no line has a count."""
    counts = [line.packages for line in lines if line.packages is not None]
    return sum(counts) if counts else None


@dataclass(frozen=True, kw_only=True)
class CarnetSheet:
    """A whole carnet as printed. `tokens` holds one signed token a voucher page, page 1 first.

    `seals` are those known when it is printed (box 16, filled in at departure) and are empty at issue.
    `version` counts editions of the document; a reprint after a change is a new version with a new hash.
    """

    number: str
    vouchers: int
    issue_date: date
    valid_until: date  # last day for acceptance at departure, cover box 1 (art. 9)
    holder: PrintedHolder
    association: IssuingAssociation
    guarantee_reference: str
    vehicles: tuple[PrintedVehicle, ...]
    goods: tuple[GoodsLine, ...]
    stops: tuple[PrintedStop, ...]
    itinerary: tuple[PrintedOperation, ...]
    tokens: tuple[str, ...]
    containers: tuple[str, ...] = ()  # ISO 6346
    seals: tuple[str, ...] = ()
    attached_documents: tuple[AttachedDocument, ...] = ()  # box 8
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
    def departures(self) -> tuple[PrintedStop, ...]:
        """Where goods are loaded; a suspension, an exit and an entry en route are no departure."""
        return tuple(stop for stop in self.stops if stop.does == StopAction.LOAD)

    @property
    def destinations(self) -> tuple[PrintedStop, ...]:
        return tuple(stop for stop in self.stops if stop.does == StopAction.UNLOAD)

    @property
    def departure_countries(self) -> tuple[str, ...]:
        """ISO alpha-3, each once, in the order of the journey."""
        return tuple(dict.fromkeys(stop.country for stop in self.departures))

    @property
    def destination_countries(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(stop.country for stop in self.destinations))

    @cached_property
    def everything(self) -> Contents:
        """The whole manifest, whenever it is on board."""
        return Contents(tuple(enumerate(self.goods, start=1)), self.attached_documents)

    def contents_of(self, page: int) -> Contents | None:
        """Return what is on board at the page's own No. 1; None for a voucher held in reserve of a carnet that loads or
        unloads on the way, which nobody can know before."""
        operation = self.operation_of(page)
        if operation is None:
            is_one_load = len(self.departures) == len(self.destinations) == 1
            return self.everything if is_one_load else None
        return self._aboard(operation.leaves)

    def _aboard(self, at: int) -> Contents:
        lines = (each for each in self.everything.lines if is_aboard(each[1].load, each[1].unload, at))
        papers = (paper for paper in self.attached_documents if is_aboard(paper.load, paper.unload, at))
        return Contents(tuple(lines), tuple(papers))

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

    def operation_of(self, page: int) -> PrintedOperation | None:
        """The planned operation a voucher page belongs to; None for a voucher held in reserve."""
        return next((leg for leg in self.itinerary if leg.sequence == operation_of(page)), None)
