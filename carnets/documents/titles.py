"""The numbered boxes of a carnet and their titles in English, Russian and Chinese.

A paper crosses borders whose officers read different languages, so its titles do not follow the reader's language as a
screen does (hence no gettext): they are printed twice, side by side. Numbering follows the model carnet and its
certified report (Convention, Annex 1); Russian terms are those of the Convention's Russian text.
"""

from dataclasses import dataclass
from typing import Final

from carnets.documents.sheet import SecondLanguage, in_second


@dataclass(frozen=True, slots=True)
class Title:
    number: str
    en: str
    ru: str
    zh: str

    def second(self, language: SecondLanguage | None) -> str:
        return in_second(language, ru=self.ru, zh=self.zh)


_HOLDER = (
    "Holder (ID, name, address, country)",
    "Держатель книжки (идентификационный номер, наименование, адрес, страна)",
    "持证人（识别号、名称、地址、国家）",
)
_DEPARTURE_COUNTRIES = ("Country(ies) of departure", "Страна(ы) отправления", "启运国")
_DESTINATION_COUNTRIES = ("Country(ies) of destination", "Страна(ы) назначения", "目的国")
_DEPARTURE_OFFICES = (
    "Customs office(s) of departure (1,2,3)",
    "Таможня(и) места отправления (1,2,3)",
    "启运地海关（1,2,3）",
)
_ORGANIZATION = (
    "Name of the international organization",
    "Наименование международной организации",
    "国际组织名称",
)
_REGISTRATIONS = (
    "Registration No(s). of road vehicle(s)",
    "Регистрационный(е) номер(а) транспортных средств",
    "道路车辆牌照号码",
)
_UNITS_AND_MARKS = (
    "(a) load compartment/container (b) marks and Nos.",
    "а) грузовое отделение/контейнер б) знаки и номера",
    "（a）装载舱／集装箱（b）唛头和编号",
)
_PACKAGES = (
    "Number and type of packages; description",
    "Число и род грузовых мест; описание грузов",
    "包装件数和种类；货物名称",
)
_APPLIED = (
    "Seals or identification marks applied (number, identification)",
    "Наложенные пломбы или опознавательные знаки (число, идентификация)",
    "施加的封志或识别标记（数量、编号）",
)
_INTACT = (
    "Seals or marks found intact",
    "Пломбы или знаки признаны неповреждёнными",
    "封志或识别标记完好",
)
_STAMP = (
    "Officer's signature + date stamp",
    "Подпись должностного лица + штемпель с датой",
    "关员签字＋日期戳",
)
_RESERVATIONS = ("Reservations", "Оговорки", "保留意见")


def _numbered(*titles: tuple[str, str, str]) -> dict[int, Title]:
    return {number: Title(str(number), *title) for number, title in enumerate(titles, start=1)}


COVER: Final = _numbered(
    ("Valid until (dd/mm/yyyy)", "Действительна по (дд/мм/гггг)", "有效期至（日/月/年）"),
    ("Issuing association", "Выдавшее объединение", "签发协会"),
    _HOLDER,
    ("Association stamp/signature", "Печать и подпись выдавшего объединения", "签发协会盖章／签字"),
    (
        "Signature of secretary of international organization",
        "Подпись секретаря международной организации",
        "国际组织秘书签字",
    ),
    _DEPARTURE_COUNTRIES,
    _DESTINATION_COUNTRIES,
    _REGISTRATIONS,
    (
        "Certificate(s) of approval No. and date",
        "Свидетельство(а) о допущении, номер и дата",
        "批准证明书编号和日期",
    ),
    ("Container ID No(s).", "Номер(а) контейнера(ов)", "集装箱识别号码"),
    ("Remarks", "Примечания", "备注"),
    ("Holder's signature", "Подпись держателя книжки", "持证人签字"),
)

VOUCHER: Final = _numbered(
    ("TIR CARNET No.", "КНИЖКА МДП №", "TIR证号码"),
    _DEPARTURE_OFFICES,
    _ORGANIZATION,
    _HOLDER,
    _DEPARTURE_COUNTRIES,
    _DESTINATION_COUNTRIES,
    _REGISTRATIONS,
    ("Documents attached to the manifest", "Прилагаемые к манифесту документы", "舱单随附单证"),
    _UNITS_AND_MARKS,
    _PACKAGES,
    ("Gross weight in kg", "Вес брутто, кг", "毛重（千克）"),
    (
        "Total packages in manifest; destination office + number (1,2,3)",
        "Общее число мест в манифесте; таможня назначения + число (1,2,3)",
        "舱单包装总件数；目的地海关＋件数（1,2,3）",
    ),
    (
        "Declaration that 1-12 are correct",
        "Я заявляю, что сведения в рубриках 1–12 точны и полны",
        "兹声明第1至12栏内容正确",
    ),
    ("Place and date", "Место и дата", "地点和日期"),
    ("Signature of holder or agent", "Подпись держателя или его представителя", "持证人或其代理人签字"),
    _APPLIED,
    (
        "Office of departure: officer's signature + date stamp",
        "Таможня отправления: подпись должностного лица + штемпель с датой",
        "启运地海关：关员签字＋日期戳",
    ),
    (
        "Certificate of taking charge of goods (departure or entry en route)",
        "Свидетельство о принятии груза к оформлению (отправление или въезд)",
        "接受货物监管证明（启运地或途经入境）",
    ),
    _INTACT,
    ("Time-limit for transit", "Продолжительность транзитной перевозки", "过境时限"),
    (
        "Registered by customs office at ... under No. ...",
        "Зарегистрировано таможней ... за № ...",
        "登记海关 ... 登记号 ...",
    ),
    (
        "Miscellaneous (itinerary, office where load must be produced)",
        "Разное (маршрут, таможня, где должен быть представлен груз)",
        "其他（路线、应交验货物的海关）",
    ),
    _STAMP,
    (
        "Certificate of termination of the TIR operation (exit en route or destination)",
        "Свидетельство о прекращении операции МДП (выезд или назначение)",
        "TIR作业终止证明（途经出境或目的地）",
    ),
    _INTACT,
    (
        "Number of packages for which termination is certified",
        "Число мест, в отношении которых удостоверено прекращение",
        "证明终止的包装件数",
    ),
    _RESERVATIONS,
    _STAMP,
)

COUNTERFOIL_1: Final = _numbered(
    ("Accepted by office at", "Принято таможней (какой)", "接受货物的海关"),
    ("Under No.", "За №", "登记号"),
    ("Seals applied", "Наложенные пломбы", "施加的封志"),
    _INTACT,
    ("Miscellaneous (itinerary, office)", "Разное (маршрут, таможня)", "其他（路线、海关）"),
    _STAMP,
)

COUNTERFOIL_2: Final = _numbered(
    ("Arrival certified by office at", "Прибытие удостоверено таможней (какой)", "核证抵达的海关"),
    _INTACT,
    (
        "Packages for which termination is certified",
        "Число мест, в отношении которых удостоверено прекращение",
        "证明终止的包装件数",
    ),
    ("New seals affixed", "Наложены новые пломбы", "新施加的封志"),
    _RESERVATIONS,
    _STAMP,
)

REPORT: Final = _numbered(
    _DEPARTURE_OFFICES,
    ("TIR CARNET No.", "КНИЖКА МДП №", "TIR证号码"),
    _ORGANIZATION,
    (
        "Registration No(s). of road vehicle(s). Identification No(s). of container(s)",
        "Регистрационные номера транспортных средств. Номера контейнеров",
        "道路车辆牌照号码。集装箱识别号码",
    ),
    _HOLDER,
    ("The customs seals are", "Таможенные пломбы", "海关封志"),
    ("The load compartment(s) or container(s)", "Грузовые отделения или контейнеры", "装载舱或集装箱"),
    ("Remarks", "Примечания", "备注"),
    ("State of the goods", "Состояние груза", "货物状况"),
    _UNITS_AND_MARKS,
    _PACKAGES,
    ("M or D", "О или У", "短少(M)或损毁(D)"),
    (
        "Remarks (quantities missing or destroyed)",
        "Примечания (количество)",
        "备注（短少或损毁数量）",
    ),
    (
        "Date, place and circumstances of the accident",
        "Дата, место и обстоятельства происшествия",
        "事故日期、地点和情况",
    ),
    (
        "Measures taken to enable the TIR operation to continue",
        "Меры, принятые для продолжения операции МДП",
        "为使TIR作业继续而采取的措施",
    ),
    (
        "If the goods have been transferred: substitute vehicle or container",
        "Если грузы перегружены: заменяющее транспортное средство или контейнер",
        "如货物已转装：替代车辆或集装箱",
    ),
    (
        "Authority which drew up this certified report: place, date, stamp, signature",
        "Орган, составивший протокол: место, дата, печать, подпись",
        "编制本公证报告的机关：地点、日期、盖章、签字",
    ),
    (
        "Endorsement of the next customs office reached by the TIR transport",
        "Отметка следующей таможни на пути перевозки МДП",
        "TIR运输下一到达海关的签注",
    ),
)
