"""The numbered boxes of a carnet and their titles in English, Russian and Chinese.

A paper crosses borders whose officers read different languages, so its titles do not follow the reader's language as a
screen does (hence no gettext): they are printed twice, side by side. Numbering follows the model carnet of Annex 1 of
the Convention and the model certified report of Annex 2; the Russian wording is that of the Convention's Russian text.
"""

from dataclasses import dataclass
from typing import Final

from carnets.documents.sheet import SecondLanguage


@dataclass(frozen=True, slots=True)
class Title:
    number: str
    en: str
    ru: str
    zh: str

    def second(self, language: SecondLanguage | None) -> str:
        return {"ru": self.ru, "zh-hans": self.zh}.get(language or "", "")


_HOLDER = (
    "Holder of the carnet (identification number, name, address, country)",
    "Держатель книжки (идентификационный номер, наименование, адрес, страна)",
    "持证人（识别号、名称、地址、国家）",
)
_DEPARTURE_COUNTRIES = ("Country(ies) of departure", "Страна(ы) отправления", "起运国")
_DESTINATION_COUNTRIES = ("Country(ies) of destination", "Страна(ы) назначения", "目的国")
_DEPARTURE_OFFICES = ("Customs office(s) of departure", "Таможня(и) места отправления", "起运地海关")
_ORGANIZATION = (
    "Name of the international organization",
    "Наименование международной организации",
    "国际组织名称",
)
_REGISTRATIONS = (
    "Registration No(s). of road vehicle(s)",
    "Регистрационный(е) номер(а) дорожных транспортных средств",
    "道路车辆牌照号码",
)
_UNITS_AND_MARKS = (
    "(a) Load compartment(s) or container(s)  (b) Marks and Nos. of packages or articles",
    "а) Грузовые отделения или контейнеры  б) Знаки и номера грузовых мест или предметов",
    "（a）装载舱或集装箱（b）包装或物品的唛头和编号",
)
_PACKAGES = (
    "Number and type of packages or articles; description of goods",
    "Число и род грузовых мест или предметов; описание грузов",
    "包装或物品的件数和种类；货物名称",
)
_APPLIED = (
    "Seals or identification marks applied (number, identification)",
    "Наложенные пломбы или опознавательные знаки (число, идентификация)",
    "施加的封志或识别标记（数量、编号）",
)
_INTACT = (
    "Seals or identification marks found to be intact",
    "Пломбы или опознавательные знаки признаны неповреждёнными",
    "封志或识别标记完好",
)
_MISCELLANEOUS = (
    "Miscellaneous (itinerary stipulated, customs office at which the load must be produced, etc.)",
    "Разное (установленный маршрут, таможня, где должен быть представлен груз, и т. д.)",
    "其他（规定路线、应交验货物的海关等）",
)
_STAMP = (
    "Customs officer's signature and customs office date stamp",
    "Подпись должностного лица таможни и штемпель таможни с датой",
    "关员签字和海关日期戳",
)
_TERMINATED = (
    "Number of packages for which termination of the TIR operation is certified",
    "Число грузовых мест, в отношении которых удостоверено прекращение операции МДП",
    "证明TIR作业终止的包装件数",
)
_RESERVATIONS = ("Reservations", "Оговорки", "保留意见")


def _numbered(*titles: tuple[str, str, str]) -> dict[int, Title]:
    return {number: Title(str(number), *title) for number, title in enumerate(titles, start=1)}


COVER: Final = _numbered(
    (
        "Valid until (dd/mm/yyyy), the last day for acceptance by the customs office of departure",
        "Действительна по (дд/мм/гггг), последний день принятия таможней места отправления",
        "有效期至（日/月/年），起运地海关接受的最后日期",
    ),
    ("Issuing association", "Выдавшее объединение", "签发协会"),
    _HOLDER,
    (
        "Stamp and signature of the issuing association",
        "Печать и подпись выдавшего объединения",
        "签发协会盖章和签字",
    ),
    (
        "Signature of the secretary of the international organization",
        "Подпись секретаря международной организации",
        "国际组织秘书签字",
    ),
    _DEPARTURE_COUNTRIES,
    _DESTINATION_COUNTRIES,
    _REGISTRATIONS,
    (
        "Certificate(s) of approval of road vehicle(s) (No. and date of expiry)",
        "Свидетельство(а) о допущении транспортных средств (номер и срок действия)",
        "道路车辆批准证明书（编号和有效期）",
    ),
    ("Identification No(s). of container(s)", "Идентификационный(е) номер(а) контейнера(ов)", "集装箱识别号码"),
    ("Remarks", "Примечания", "备注"),
    ("Signature of the carnet holder", "Подпись держателя книжки", "持证人签字"),
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
        "Total number of packages entered on the manifest. Customs office(s) of destination, number",
        "Общее число грузовых мест, записанных в манифесте. Таможня(и) места назначения, число",
        "舱单所列包装总件数。目的地海关、件数",
    ),
    (
        "I declare the information in items 1 to 12 above to be correct and complete",
        "Я заявляю, что сведения, приведённые выше в рубриках 1–12, точны и полны",
        "兹声明以上第1至12栏内容正确完整",
    ),
    ("Place and date", "Место и дата", "地点和日期"),
    ("Signature of holder or agent", "Подпись держателя или его представителя", "持证人或其代理人签字"),
    _APPLIED,
    (
        "Customs office of departure. Customs officer's signature and customs office date stamp",
        "Таможня места отправления. Подпись должностного лица таможни и штемпель таможни с датой",
        "起运地海关。关员签字和海关日期戳",
    ),
    (
        "Certificate of taking charge of goods (customs office of departure or of entry en route)",
        "Свидетельство о принятии груза к оформлению (таможня места отправления или промежуточная при въезде)",
        "接受货物监管证明（起运地海关或途经入境海关）",
    ),
    _INTACT,
    ("Time-limit for transit", "Продолжительность транзитной перевозки", "过境时限"),
    (
        "Registered by the customs office at / under No.",
        "Зарегистрировано таможней (какой) / за №",
        "登记海关／登记号",
    ),
    _MISCELLANEOUS,
    _STAMP,
    (
        "Certificate of termination of the TIR operation (customs office of exit en route or of destination)",
        "Свидетельство о прекращении операции МДП (промежуточная таможня при выезде или места назначения)",
        "TIR作业终止证明（途经出境海关或目的地海关）",
    ),
    _INTACT,
    _TERMINATED,
    _RESERVATIONS,
    _STAMP,
)

COUNTERFOIL_1: Final = _numbered(
    ("Accepted by the customs office at", "Принято таможней (какой)", "接受货物的海关"),
    ("Under No.", "За №", "登记号"),
    _APPLIED,
    _INTACT,
    _MISCELLANEOUS,
    _STAMP,
)

COUNTERFOIL_2: Final = _numbered(
    ("Arrival certified by the customs office at", "Прибытие удостоверено таможней (какой)", "核证抵达的海关"),
    _INTACT,
    _TERMINATED,
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
        "Примечания (количество отсутствующих или уничтоженных)",
        "备注（短少或损毁数量）",
    ),
    ("Date, place and circumstances of the accident", "Дата, место и обстоятельства происшествия", "事故日期、地点和情况"),
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
        "编制本证明报告的机关：地点、日期、盖章、签字",
    ),
    (
        "Endorsement of the next customs office reached by the TIR transport",
        "Отметка следующей таможни на пути перевозки МДП",
        "TIR运输下一到达海关的签注",
    ),
)
