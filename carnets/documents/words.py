"""Headings, endorsements and notes that have no box number, in English, Russian and Chinese."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from carnets.choices import OfficeRole, StopAction
from carnets.documents.sheet import SecondLanguage, in_second
from tir.kernel.sandbox import Kind


@dataclass(frozen=True, slots=True)
class Phrase:
    en: str
    ru: str
    zh: str

    def second(self, language: SecondLanguage | None, **values: object) -> str:
        return in_second(language, ru=self.ru, zh=self.zh).format(**values)

    def both(self, language: SecondLanguage | None, **values: object) -> str:
        """English, a slash, and the second language if the document has one."""
        return self._joined(" / ", language, values)

    def lines(self, language: SecondLanguage | None, **values: object) -> str:
        """English above the second language."""
        return self._joined("\n", language, values)

    def _joined(self, by: str, language: SecondLanguage | None, values: Mapping[str, object]) -> str:
        parts = (self.en.format(**values), self.second(language, **values))
        return by.join(part for part in parts if part)


CARNET: Final = Phrase("TIR CARNET", "КНИЖКА МДП", "TIR证")
COPY: Final = Phrase("COPY", "КОПИЯ", "副本")
CONVENTION: Final = Phrase(
    "Customs Convention on the International Transport of Goods under Cover of TIR Carnets, 1975",
    "Таможенная конвенция о международной перевозке грузов с применением книжки МДП, 1975",
    "1975年《国际公路运输公约》（TIR公约）",
)
VOUCHERS: Final = Phrase("{count} vouchers", "отрывных листков: {count}", "{count}张凭单")
ISSUED: Final = Phrase("issued on", "выдана", "签发日期")
GUARANTEE: Final = Phrase("guarantee", "гарантия", "担保")
TOBACCO_ALCOHOL: Final = Phrase("TOBACCO/ALCOHOL", "ТАБАК/АЛКОГОЛЬ", "烟草／酒精")
HEAVY_OR_BULKY: Final = Phrase(
    "HEAVY OR BULKY GOODS", "ТЯЖЕЛОВЕСНЫЕ ИЛИ ГРОМОЗДКИЕ ГРУЗЫ", "重件或大件货物"
)  # Convention art. 29 to 35
PLANNED_ITINERARY: Final = Phrase("Planned itinerary", "Запланированный маршрут", "计划路线")
PAGES: Final = Phrase("Pages", "Листки", "页")
TERRITORY: Final = Phrase("Customs territory", "Таможенная территория", "关税领土")
OFFICE: Final = Phrase("Customs office", "Таможня", "海关")
WHAT: Final = Phrase("What the vehicle does", "Что делает транспорт", "车辆作业")
GOODS_HERE: Final = Phrase("Packages", "Грузовые места", "包装件数")
PLAN_NOTE: Final = Phrase(
    "As planned at issue. Another road, office or page may be used: the office that certifies says so.",
    "План на день выдачи. Допустимы другой путь, таможня или листок: это указывает заверяющая таможня.",
    "签发时的计划。可改走其他路线、海关或使用其他页：由签证海关注明。",
)
ACTIONS: Final = {
    StopAction.LOAD: Phrase("loads (departure)", "погрузка (отправление)", "装货（启运）"),
    StopAction.EXIT: Phrase("leaves (exit en route)", "выезд (в пути)", "出境（途经）"),
    StopAction.ENTRY: Phrase("enters (entry en route)", "въезд (в пути)", "入境（途经）"),
    StopAction.SUSPEND: Phrase("TIR transport suspended", "перевозка МДП приостановлена", "TIR运输中止"),
    StopAction.RESUME: Phrase("TIR transport resumed", "перевозка МДП возобновлена", "TIR运输恢复"),
    StopAction.UNLOAD: Phrase("unloads (destination)", "выгрузка (назначение)", "卸货（目的地）"),
}
VALID_UNTIL: Final = Phrase("valid until", "действительно до", "有效期至")

VOUCHER: Final = Phrase("VOUCHER No. {kind}", "ОТРЫВНОЙ ЛИСТОК № {kind}", "第{kind}号凭单")
COUNTERFOIL: Final = Phrase("COUNTERFOIL No. {kind}", "КОРЕШОК № {kind}", "第{kind}号存根")
PAGE: Final = Phrase("PAGE", "ЛИСТОК", "页")
OPERATION: Final = Phrase("TIR operation {sequence}", "Операция МДП {sequence}", "TIR作业{sequence}")
RESERVE: Final = Phrase(
    "Reserve: no TIR operation planned on this voucher",
    "Резерв: операция МДП не запланирована",
    "备用：本凭单未安排TIR作业",
)
OFFICIAL_USE: Final = Phrase("For official use", "Для официального использования", "供官方使用")
CUT: Final = Phrase("cut here", "линия отреза", "沿此线剪下")
ROLES: Final = {
    OfficeRole.DEPARTURE: Phrase("departure", "отправление", "启运"),
    OfficeRole.ENTRY: Phrase("entry", "въезд", "入境"),
    OfficeRole.EXIT: Phrase("exit", "выезд", "出境"),
    OfficeRole.DESTINATION: Phrase("destination", "назначение", "目的地"),
}

MANIFEST: Final = Phrase("GOODS MANIFEST", "ГРУЗОВОЙ МАНИФЕСТ", "货物舱单")
CONTINUED: Final = Phrase(
    "sheet {sheet} of {sheets}", "лист {sheet} из {sheets}", "第{sheet}张，共{sheets}张"
)
TOTAL: Final = Phrase("Total", "Итого", "合计")
CARRIED_FORWARD: Final = Phrase("Carried forward", "Перенесено", "转下页")
MORE_LINES: Final = Phrase(
    "more lines: {count}, see the goods manifest",
    "ещё строк: {count}, см. грузовой манифест",
    "另有{count}行，见货物舱单",
)

LOAD_COMPARTMENT: Final = Phrase("load compartment", "грузовое отделение", "装载舱")
CONTAINER: Final = Phrase("container", "контейнер", "集装箱")
ROAD_VEHICLE: Final = Phrase("road vehicle", "транспортное средство", "道路车辆")
IN_BULK: Final = Phrase("in bulk", "навалом", "散装")
PACKED_WITH: Final = Phrase("packed with another line", "упаковано с другой строкой", "与另一行合装")
FILL_IN: Final = Phrase(
    "reserve: to be filled in as on board, from the goods manifest",
    "резерв: заполнить по манифесту, что находится на борту",
    "备用：按舱单填写车上货物",
)

REPORT: Final = Phrase("CERTIFIED REPORT", "ПРОТОКОЛ", "公证报告")
REPORT_BASIS: Final = Phrase(
    "drawn up under Article 25 of the TIR Convention; stays in the carnet as far as the customs office of destination",
    "составлен по статье 25 Конвенции МДП; остаётся в книжке до таможни места назначения",
    "依据TIR公约第二十五条编制；随TIR证直至目的地海关",
)
INTACT: Final = Phrase("intact", "не повреждены", "完好")
BROKEN: Final = Phrase("broken", "повреждены", "破损")
NOT_INTACT: Final = Phrase("not intact", "повреждены", "不完好")
NOTHING_MISSING: Final = Phrase(
    "No goods appear to be missing", "Отсутствия грузов не обнаружено", "未发现货物短少"
)
MISSING: Final = Phrase(
    "Goods listed below are missing (M) or destroyed (D)",
    "Перечисленные грузы отсутствуют (О) или уничтожены (У)",
    "下列货物短少（M）或损毁（D）",
)
NEW_SEALS: Final = Phrase(
    "New seals: number and description", "Новые пломбы: число и описание", "新封志：数量和说明"
)
TRANSFER: Final = Phrase("Transfer of load (item 16)", "Перегрузка (рубрика 16)", "转装（第16栏）")
OTHER: Final = Phrase("Other", "Прочее", "其他")
SUBSTITUTE_VEHICLE: Final = Phrase(
    "Vehicle, registration No.", "Транспортное средство, рег. №", "车辆，牌照号码"
)
SUBSTITUTE_CONTAINER: Final = Phrase("Container, identification No.", "Контейнер, №", "集装箱，识别号码")
APPROVED: Final = Phrase("approved, certificate No.", "допущено, свидетельство №", "已批准，证书号码")
NOT_APPROVED: Final = Phrase("not approved", "не допущено", "未批准")

RETURN_SLIP: Final = Phrase("RETURN SLIP", "ОТРЫВНОЙ ТАЛОН", "回执")
RETURNED: Final = Phrase(
    "Returned to the association: date and signature",
    "Возвращена объединению: дата и подпись",
    "交还协会：日期和签字",
)
IF_FOUND: Final = Phrase("If found, please return to", "Нашедшего просят вернуть по адресу", "如拾获，请交还")
NOTES_TITLE: Final = Phrase("About this document", "Об этом документе", "关于本文件")
NOTES: Final = (
    Phrase(
        "One pair of vouchers serves one TIR operation: the odd page (No. 1) is certified and kept at departure or "
        "entry, the even page (No. 2) at exit or destination. The counterfoils stay in the carnet.",
        "Одна пара листков служит для одной операции МДП: нечётный листок (№ 1) заверяет и оставляет у себя таможня "
        "отправления или въезда, чётный (№ 2) — таможня выезда или назначения. Корешки остаются в книжке.",
        "一对凭单用于一次TIR作业：单数页（第1号）由启运地或入境海关签证并留存，双数页（第2号）由出境或目的地海关签证并留存。存根留在TIR证内。",
    ),
    Phrase(
        "The date in box 1 limits acceptance at departure only. A carnet accepted in time stays valid until the goods "
        "reach destination (Convention, art. 9).",
        "Дата в рубрике 1 ограничивает только принятие таможней отправления. Принятая вовремя книжка действительна "
        "до прибытия груза в место назначения (Конвенция, ст. 9).",
        "第1栏日期仅限制启运地海关接受日期。按时接受的TIR证在货物抵达目的地之前持续有效（公约第九条）。",
    ),
    Phrase(
        "No erasures and no overwriting. Strike through, initial and have every correction endorsed by customs. "
        "No correction is allowed in box 1 of the cover.",
        "Подчистки и исправления поверх текста не допускаются. Ошибочное зачёркивается, исправление подписывается и "
        "заверяется таможней. В рубрике 1 обложки исправления не допускаются.",
        "不得涂改或重叠书写。更正处应划线删除、签名并经海关签注。封面第1栏不得更正。",
    ),
    Phrase(
        "The QR code of a voucher page is signed by the issuer. It proves what was issued and can be checked without a "
        "network. It does not prove what has happened since: ask the system, or compare plates and seals.",
        "QR-код листка подписан выдавшей стороной. Он доказывает, что было выдано, и проверяется без сети. Он не "
        "доказывает того, что произошло после выдачи: запросите систему либо сверьте номера машин и пломб.",
        "凭单页的二维码由签发方签名，可离线核验，证明签发内容；不证明签发之后发生的情况：请查询系统，或核对车牌和封志。",
    ),
    Phrase(
        "If a code cannot be read, type the carnet number with its two letters, and the page.",
        "Если код не читается, введите номер книжки с двумя буквами и номер листка.",
        "如无法读取二维码，请输入TIR证号码（含两个字母）及页号。",
    ),
    Phrase(
        "Seals broken on the way, goods lost or damaged, or goods moved to another vehicle: go to the nearest customs "
        "or other competent authority and have the certified report drawn up (Convention, art. 25).",
        "Если в пути повреждены пломбы, утрачен или повреждён груз либо груз перегружен, обратитесь в ближайшую "
        "таможню или иной компетентный орган для составления протокола (Конвенция, ст. 25).",
        "途中封志破损、货物灭失或损坏、或货物转装的，应就近报请海关或其他主管机关编制公证报告（公约第二十五条）。",
    ),
    Phrase(
        "Every printed page shows the hash of the whole document: pages with different hashes do not belong together.",
        "На каждой странице указан хеш всего документа: страницы с разными хешами не составляют один документ.",
        "每页均印有整份文件的哈希值：哈希值不同的页面不属于同一文件。",
    ),
)
FOOTER_VERSION: Final = Phrase("version {version}", "версия {version}", "第{version}版")
FOOTER_HASH: Final = Phrase("document hash", "хеш документа", "文件哈希值")
FOOTER_PAGE: Final = Phrase(
    "document page {page} of {pages}", "страница {page} из {pages}", "文件第{page}页，共{pages}页"
)

# What runs across each page of a paper that is none, a line for each who may hold it.
WATERMARKS: Final = {
    Kind.TRAINING: ("TRAINING", "УЧЕБНЫЙ", "培训"),
    Kind.DEMO: ("SPECIMEN", "ОБРАЗЕЦ", "样本"),
}
