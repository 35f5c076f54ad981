"""Carnets to draw: a real corridor, invented people, and the hard cases (many goods, long names, three scripts)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from carnets.choices import OfficeRole, StopAction
from carnets.documents.sheet import (
    AttachedDocument,
    CarnetSheet,
    GoodsLine,
    IssuingAssociation,
    PrintedHolder,
    PrintedOffice,
    PrintedOperation,
    PrintedStop,
    PrintedVehicle,
    SecondLanguage,
)
from carnets.tokens import TokenClaims, sign

KEY = ec.derive_private_key(0x7112, ec.SECP256R1())
NUMBER = "XZ99000001"
VALID_UNTIL = date(2026, 11, 30)
PLATES = ("01 A 123 BC", "01 4567 AA")

URUMQI = PrintedOffice("CN940010", "Urumqi", "乌鲁木齐海关", "Урумчи", "乌鲁木齐海关")
HORGOS = PrintedOffice("CN940200", "Horgos", "霍尔果斯海关", "Хоргос", "霍尔果斯海关")
NUR_ZHOLY = PrintedOffice("KZ50910", "Nur Zholy", "Нұр жолы кедені, Қорғас", "Нур жолы", "努尔饶尔")
KONYSBAEVA = PrintedOffice("KZ51303", "B. Konysbaeva", "Б. Қонысбаева", "Б. Конысбаева", "科内斯巴耶夫")
YALLAMA = PrintedOffice("UZ27010", "Yallama", "Яллама божхона пости", "Яллама", "亚拉马")
SARIOSIYO = PrintedOffice("UZ22010", "Sariosiyo", "Сариосиё", "Сариасия", "萨里奥西约")
DUSTI = PrintedOffice("TJ10500", "Dusti", "Дӯстӣ", "Дусти", "杜斯提")
KASHGAR = PrintedOffice("CN940300", "Kashgar", "喀什海关", "Кашгар", "喀什海关")
ALMATY = PrintedOffice("KZ51100", "Almaty", "Алматы", "Алматы", "阿拉木图")
DUSHANBE = PrintedOffice("TJ10100", "Dushanbe", "Душанбе", "Душанбе", "杜尚别")

GOODS = (
    GoodsLine(
        "Dried apricots, in cartons of 10 kg",
        420,
        "CT",
        Decimal("4410.50"),
        "081310",
        "AL/1-420",
        "01 4567 AA",
        1,
        8,
    ),
    GoodsLine("Хлопковая ткань, суровая", 96, "RO", Decimal("2880"), "520811", "ТТ 96", "01 4567 AA", 1, 8),
    GoodsLine("棉质男式衬衫", 150, "CT", Decimal("1275.25"), "620520", "XJ-150", "01 4567 AA", 1, 8),
    GoodsLine(
        "Цахилгаан мотор, өрөмдлөгийн тоног төхөөрөмж",
        4,
        "CR",
        Decimal("1960"),
        "850153",
        "",
        "01 4567 AA",
        1,
        8,
    ),
)


LOADS, LEAVES, ENTERS, UNLOADS = StopAction.LOAD, StopAction.EXIT, StopAction.ENTRY, StopAction.UNLOAD
STOPS = (
    PrintedStop(1, URUMQI, "CHN", LOADS, "CN", "China", (1,)),
    PrintedStop(2, HORGOS, "CHN", LEAVES, "CN", "China", (2,)),
    PrintedStop(3, NUR_ZHOLY, "KAZ", ENTERS, "EAEU", "Eurasian Economic Union", (3,)),
    PrintedStop(4, KONYSBAEVA, "KAZ", LEAVES, "EAEU", "Eurasian Economic Union", (4,)),
    PrintedStop(5, YALLAMA, "UZB", ENTERS, "UZ", "Uzbekistan", (5,)),
    PrintedStop(6, SARIOSIYO, "UZB", LEAVES, "UZ", "Uzbekistan", (6,)),
    PrintedStop(7, DUSTI, "TJK", ENTERS, "TJ", "Tajikistan", (7,)),
    PrintedStop(8, DUSHANBE, "TJK", UNLOADS, "TJ", "Tajikistan", (8,)),
)
PAPERS = (
    AttachedDocument("CMR", "004512", date(2026, 10, 30), 1, 8),
    AttachedDocument("N380", "77/26", None, 1, 8),
    AttachedDocument("N271", "Packing list", None, 1, 8),
)


def itinerary() -> tuple[PrintedOperation, ...]:
    departure, entry, leave, end = (
        OfficeRole.DEPARTURE,
        OfficeRole.ENTRY,
        OfficeRole.EXIT,
        OfficeRole.DESTINATION,
    )
    return (
        PrintedOperation(1, "CN", URUMQI, departure, HORGOS, leave, "China", 1),
        PrintedOperation(2, "EAEU", NUR_ZHOLY, entry, KONYSBAEVA, leave, "Eurasian Economic Union", 3),
        PrintedOperation(3, "UZ", YALLAMA, entry, SARIOSIYO, leave, "Uzbekistan", 5),
        PrintedOperation(4, "TJ", DUSTI, entry, DUSHANBE, end, "Tajikistan", 7),
    )


def claims(page: int) -> TokenClaims:
    return TokenClaims(
        number=NUMBER,
        page=page,
        holder_id="CHN/051/1234567",
        last_acceptance_date=VALID_UNTIL,
        plates=PLATES,
        territories=tuple(leg.territory for leg in itinerary()),
        issuer="051",
        guarantee="CN-2026-000123",
        issued_at=datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
    )


@cache
def tokens(vouchers: int) -> tuple[str, ...]:
    return tuple(sign(claims(page), KEY) for page in range(1, vouchers + 1))


def sample_sheet(vouchers: int = 14, language: SecondLanguage | None = "ru", **changes: Any) -> CarnetSheet:
    """An ordinary carnet Urumqi - Dushanbe; `changes` replace fields of the sheet."""
    fields: dict[str, Any] = {
        "number": NUMBER,
        "vouchers": vouchers,
        "issue_date": date(2026, 11, 1),
        "valid_until": VALID_UNTIL,
        "holder": PrintedHolder(
            "CHN/051/1234567",
            "Tianshan Road Freight Co. / 天山公路货运有限公司",
            "88 Beijing Road, Urumqi",
            "CHN",
        ),
        "association": IssuingAssociation(
            "051", "China Road Transport Association", "CHN", "48 Beisanhuan Zhonglu, Beijing"
        ),
        "guarantee_reference": "CN-2026-000123",
        "vehicles": (
            PrintedVehicle(PLATES[0], "UZB", "1543-5645-343/2025", date(2028, 3, 31)),
            PrintedVehicle(PLATES[1], "UZB", "1543-5645-344/2025", date(2028, 3, 31)),
        ),
        "goods": GOODS,
        "stops": STOPS,
        "itinerary": itinerary()[: vouchers // 2],
        "tokens": tokens(vouchers),
        "attached_documents": PAPERS,
        "second_language": language,
    }
    return CarnetSheet(**(fields | changes))


def crowded_sheet(language: SecondLanguage | None = "ru") -> CarnetSheet:
    """Everything at its longest: names, plates, offices, goods over several sheets, ten operations."""
    long_name = (
        "Акционерное общество «Международные автомобильные перевозки Центральной Азии и Закавказья» " * 4
    )
    office = PrintedOffice(
        "UZ27010", "Yallama frontier customs complex, building 12", "Яллама чегара божхона мажмуаси", "Яллама"
    )
    actions = (
        *[StopAction.LOAD] * 4,
        StopAction.EXIT,
        *[StopAction.ENTRY, StopAction.EXIT] * 4,
        StopAction.ENTRY,
    )
    stops = tuple(
        PrintedStop(
            position, office, country, does, "EAEU", "Eurasian Economic Union", (position, position + 1)
        )
        for position, does in enumerate((*actions, *[StopAction.UNLOAD] * 4), start=1)
        for country in (("CHN", "KAZ", "UZB")[position % 3],)
    )
    legs = tuple(
        PrintedOperation(
            number,
            "EAEU",
            office,
            OfficeRole.DEPARTURE if number <= 4 else OfficeRole.ENTRY,
            office,
            OfficeRole.DESTINATION if number > 6 else OfficeRole.EXIT,
            "Eurasian Economic Union",
            number,
        )
        for number in range(1, 11)
    )
    line = GoodsLine(
        "Spare parts for drilling equipment, oiled, in wooden crates " * 3,
        17,
        "CR",
        Decimal("999.125"),
        "843143",
        "NO MARKS " * 6,
        "CSQU3054383",
        1,
        len(stops),
    )
    return sample_sheet(
        vouchers=20,
        language=language,
        holder=PrintedHolder(
            "UZB/051/1234567890", long_name, "Toshkent shahri, Mirzo Ulugʻbek tumani, " * 6, "UZB"
        ),
        vehicles=tuple(
            PrintedVehicle(f"{n} ABC {n}{n}{n} DE", "UZB", "1543-5645-343/2025" * 2, date(2028, 3, 31))
            for n in range(1, 5)
        ),
        containers=("CSQU3054383", "TEXU3070079"),
        stops=stops,
        itinerary=legs,
        goods=(line,) * 60,
        attached_documents=tuple(AttachedDocument("CMR", f"{n:06}", None, 1, len(stops)) for n in range(30)),
        seals=tuple(f"CNERL{n:07}" for n in range(8)),
        remarks="One of two carnets for the same consignment; see carnet XC99000002. " * 4,
        is_heavy_or_bulky=True,
        is_tobacco_alcohol=True,
    )


def two_loads_two_unloads(**changes: Any) -> CarnetSheet:
    """Walnuts from Kashgar to Almaty, shirts from Urumqi to Sariosiyo, with hangers in the same cartons."""
    places = (
        (KASHGAR, "CHN", LOADS, "CN", (1,)),
        (URUMQI, "CHN", LOADS, "CN", (2, 3)),
        (HORGOS, "CHN", LEAVES, "CN", (4,)),
        (NUR_ZHOLY, "KAZ", ENTERS, "EAEU", (5,)),
        (ALMATY, "KAZ", UNLOADS, "EAEU", (6, 7)),
        (KONYSBAEVA, "KAZ", LEAVES, "EAEU", (8,)),
        (YALLAMA, "UZB", ENTERS, "UZ", (9,)),
        (SARIOSIYO, "UZB", UNLOADS, "UZ", (10,)),
    )
    stops = tuple(
        PrintedStop(position, office, country, does, territory, territory, pages)
        for position, (office, country, does, territory, pages) in enumerate(places, start=1)
    )
    role = OfficeRole
    legs = (
        PrintedOperation(1, "CN", KASHGAR, role.DEPARTURE, URUMQI, role.DEPARTURE, "China", 1),
        PrintedOperation(2, "CN", URUMQI, role.DEPARTURE, HORGOS, role.EXIT, "China", 2),
        PrintedOperation(
            3, "EAEU", NUR_ZHOLY, role.ENTRY, ALMATY, role.DESTINATION, "Eurasian Economic Union", 4
        ),
        PrintedOperation(
            4, "EAEU", ALMATY, role.DESTINATION, KONYSBAEVA, role.EXIT, "Eurasian Economic Union", 5
        ),
        PrintedOperation(5, "UZ", YALLAMA, role.ENTRY, SARIOSIYO, role.DESTINATION, "Uzbekistan", 7),
    )
    goods = (
        GoodsLine("Walnuts", 40, "BG", Decimal(2000), "080231", "K/1-40", "", 1, 5),
        GoodsLine("Cotton shirts", 60, "CT", Decimal("900.5"), "620520", "U/1-60", "", 2, 8),
        GoodsLine("Hangers for the shirts", 0, "CT", Decimal(20), "392610", "", "", 2, 8),
    )
    papers = (
        AttachedDocument("CMR", "0001", date(2026, 10, 30), 1, 5),
        AttachedDocument("CMR", "0002", None, 2, 8),
    )
    return sample_sheet(
        **{"stops": stops, "itinerary": legs, "goods": goods, "attached_documents": papers, **changes}
    )
