"""Carnets to draw: a real corridor, invented people, and the hard cases (many goods, long names, three scripts)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from carnets.documents.sheet import (
    CarnetSheet,
    GoodsLine,
    Holder,
    IssuingAssociation,
    Office,
    OfficeRole,
    Operation,
    SecondLanguage,
    Vehicle,
)
from carnets.tokens import TokenClaims, sign

KEY = ec.derive_private_key(0x7112, ec.SECP256R1())
NUMBER = "XZ99000001"
VALID_UNTIL = date(2026, 11, 30)
PLATES = ("01 A 123 BC", "01 4567 AA")

URUMQI = Office("CN940010", "Urumqi", "乌鲁木齐海关", "Урумчи", "乌鲁木齐海关")
HORGOS = Office("CN940200", "Horgos", "霍尔果斯海关", "Хоргос", "霍尔果斯海关")
NUR_ZHOLY = Office("KZ50910", "Nur Zholy", "Нұр жолы кедені, Қорғас", "Нур жолы", "努尔饶尔")
KONYSBAEVA = Office("KZ51303", "B. Konysbaeva", "Б. Қонысбаева", "Б. Конысбаева", "科内斯巴耶夫")
YALLAMA = Office("UZ27010", "Yallama", "Яллама божхона пости", "Яллама", "亚拉马")
SARIOSIYO = Office("UZ22010", "Sariosiyo", "Сариосиё", "Сариасия", "萨里奥西约")
DUSTI = Office("TJ10500", "Dusti", "Дӯстӣ", "Дусти", "杜斯提")
DUSHANBE = Office("TJ10100", "Dushanbe", "Душанбе", "Душанбе", "杜尚别")

GOODS = (
    GoodsLine(
        "Dried apricots, in cartons of 10 kg",
        420,
        "cartons",
        Decimal("4410.50"),
        "081310",
        "AL/1-420",
        "01 4567 AA",
    ),
    GoodsLine("Хлопковая ткань, суровая", 96, "рулонов", Decimal("2880"), "520811", "ТТ 96", "01 4567 AA"),
    GoodsLine("棉质男式衬衫", 150, "箱", Decimal("1275.25"), "620520", "XJ-150", "01 4567 AA"),
    GoodsLine(
        "Цахилгаан мотор, өрөмдлөгийн тоног төхөөрөмж",
        4,
        "crates",
        Decimal("1960"),
        "850153",
        "",
        "01 4567 AA",
    ),
)


def itinerary() -> tuple[Operation, ...]:
    departure, entry, leave, end = (
        OfficeRole.DEPARTURE,
        OfficeRole.ENTRY,
        OfficeRole.EXIT,
        OfficeRole.DESTINATION,
    )
    return (
        Operation(1, "CN", URUMQI, departure, HORGOS, leave, "China"),
        Operation(2, "EAEU", NUR_ZHOLY, entry, KONYSBAEVA, leave, "Eurasian Economic Union"),
        Operation(3, "UZ", YALLAMA, entry, SARIOSIYO, leave, "Uzbekistan"),
        Operation(4, "TJ", DUSTI, entry, DUSHANBE, end, "Tajikistan"),
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
        "holder": Holder(
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
            Vehicle(PLATES[0], "UZB", "1543-5645-343/2025", date(2028, 3, 31)),
            Vehicle(PLATES[1], "UZB", "1543-5645-344/2025", date(2028, 3, 31)),
        ),
        "goods": GOODS,
        "itinerary": itinerary()[: vouchers // 2],
        "departure_countries": ("CHN",),
        "destination_countries": ("TJK",),
        "tokens": tokens(vouchers),
        "attached_documents": ("CMR 004512", "Invoice 77/26", "Packing list"),
        "second_language": language,
    }
    return CarnetSheet(**(fields | changes))


def crowded_sheet(language: SecondLanguage | None = "ru") -> CarnetSheet:
    """Everything at its longest: names, plates, offices, goods over several sheets, ten operations."""
    long_name = (
        "Акционерное общество «Международные автомобильные перевозки Центральной Азии и Закавказья» " * 4
    )
    office = Office(
        "UZ27010", "Yallama frontier customs complex, building 12", "Яллама чегара божхона мажмуаси", "Яллама"
    )
    departure, entry, leave, destination = OfficeRole
    legs = tuple(
        Operation(
            number,
            "EAEU",
            office,
            departure if number <= 4 else entry,
            office,
            destination if number > 6 else leave,
            "Eurasian Economic Union",
        )
        for number in range(1, 11)
    )
    line = GoodsLine(
        "Spare parts for drilling equipment, oiled, in wooden crates " * 3,
        17,
        "crates",
        Decimal("999.125"),
        "843143",
        "NO MARKS " * 6,
    )
    return sample_sheet(
        vouchers=20,
        language=language,
        holder=Holder("UZB/051/1234567890", long_name, "Toshkent shahri, Mirzo Ulugʻbek tumani, " * 6, "UZB"),
        vehicles=tuple(
            Vehicle(f"{n} ABC {n}{n}{n} DE", "UZB", "1543-5645-343/2025" * 2, date(2028, 3, 31))
            for n in range(1, 5)
        ),
        containers=("CSQU3054383", "TEXU3070079"),
        itinerary=legs,
        goods=(line,) * 60,
        attached_documents=tuple(f"CMR {n:06}" for n in range(30)),
        seals=tuple(f"CNERL{n:07}" for n in range(8)),
        departure_countries=("CHN", "KAZ", "UZB"),
        remarks="One of two carnets for the same consignment; see carnet XC99000002. " * 4,
        is_heavy_or_bulky=True,
        is_tobacco_alcohol=True,
    )
