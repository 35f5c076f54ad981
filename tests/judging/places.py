"""The world of the judged cases: offices with days of their own, territories whose clocks differ, the lists."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from api.errors import instant
from carnets.numbering import format_number
from carnets.projection.evidence import Facing, OfficeFacts
from carnets.projection.plan import Practices
from carnets.projection.record import Exclusion
from checkpoints.posts.offices import Office
from guarantees.clocks import DatedPeriod, Period, Schedule
from tests.evidence import office_facts, territory_id
from tests.world import COUNTRIES, KYRGYZ_OFFICE, LONG_AGO, OFFICES, START

Json = dict[str, Any]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TODAY = START.date()
NUMBER, LOST, INVALIDATED, EXPIRED = (format_number(99_000_000 + n) for n in (1, 2, 3, 4))
HOLDER, BARRED, BARRED_BEFORE, BARRED_IN_UNION = (f"CHN/071/100{n}" for n in (1, 2, 3, 4))
CLOSED, OPENED = "UZTER001", "KZNEW001"  # approved until the second day from START, and from the third on
NAMES = {
    "CN": ("China", "Китай", "中国"),
    "EAEU": ("Eurasian Economic Union", "Евразийский экономический союз", "欧亚经济联盟"),
    "UZ": ("Uzbekistan", "Узбекистан", "乌兹别克斯坦"),
    "TJ": ("Tajikistan", "Таджикистан", "塔吉克斯坦"),
}
CODES = {territory_id(code): code for code in NAMES}
ZONES = {
    "CN": "Asia/Shanghai",
    "KZ": "Asia/Almaty",
    "UZ": "Asia/Tashkent",
    "TJ": "Asia/Dushanbe",
    "KG": "Asia/Bishkek",
}


def clock(days: int | None) -> Schedule:
    """A clock of that many days; without any it limits nothing."""
    return Schedule(() if days is None else (DatedPeriod(LONG_AGO, None, Period(days=days)),))


# longest offline, longest time limit, suspension; None: no clock says
CLOCKS: dict[str, tuple[int | None, int | None, int | None]] = {
    "CN": (3, 90, 30), "EAEU": (2, 60, 10), "UZ": (None, None, 30), "TJ": (5, 20, None),
}  # fmt: skip


def _practices(code: str) -> Practices:
    offline, limit, suspension = CLOCKS[code]
    return Practices(
        transit_days=8 if code == "EAEU" else 10, grace_hours=12 if code == "TJ" else 24,
        mass_tolerance=50 if code == "UZ" else 20, longest_offline=clock(offline), longest_time_limit=clock(limit),
        suspension=clock(suspension), reports=code != "UZ",
    )  # fmt: skip


PRACTICES = {territory_id(code): _practices(code) for code in NAMES}


def _facts(code: str) -> OfficeFacts:
    facts = office_facts(code)
    return replace(facts, time_zone=ZONES[facts.country])


def _register() -> dict[str, OfficeFacts]:
    found = {code: _facts(code) for code, *_rest in (*OFFICES, KYRGYZ_OFFICE)}
    faced_since, faced_until = TODAY + DAY, TODAY + 5 * DAY
    found[CLOSED] = replace(
        found["UZGIS001"], code=CLOSED, latitude=37.22, approved_to=TODAY + 2 * DAY,
        faces=(Facing(OPENED, faced_since, faced_until),),
    )  # fmt: skip
    found[OPENED] = replace(
        found["KZQZQ001"], code=OPENED, latitude=41.1, approved_from=TODAY + 3 * DAY,
        faces=(Facing(CLOSED, faced_since, faced_until),),
    )  # fmt: skip
    return found


REGISTER = _register()
assert set(COUNTRIES) == set(NAMES)


def office(code: str) -> Office:
    return Office(1 + list(REGISTER).index(code), REGISTER[code], code, "", "")


def in_territory(code: str) -> list[str]:
    """Return the offices of the territory that an office lies in."""
    return [each for each, facts in REGISTER.items() if facts.territory == REGISTER[code].territory]


# holder, country, from, until
EXCLUDED: tuple[tuple[str, str, date, date | None], ...] = (
    (BARRED, "KZ", TODAY, None),
    (BARRED_BEFORE, "KZ", LONG_AGO, TODAY + DAY),
    (BARRED_IN_UNION, "KG", TODAY + 2 * DAY, TODAY + 6 * DAY),
)
UNION = ("KG", "KZ")  # whose exclusions bind each other


def exclusions_of(holder: str) -> list[Exclusion]:
    return [Exclusion(country, start, end) for who, country, start, end in EXCLUDED if who == holder]


def excluding_at(code: str) -> frozenset[str]:
    country = REGISTER[code].country
    return frozenset({country, *(UNION if country in UNION else ())})


LISTED = {LOST: "lost", INVALIDATED: "invalidated", EXPIRED: "expired"}


def present_territories() -> list[Json]:
    """Return the territories as the bundle has them."""
    return [
        {
            "code": code, "name": dict(zip(("en", "ru", "zh"), NAMES[code], strict=True)),
            "default_transit_days": practice.transit_days, "grace_hours": practice.grace_hours,
            "mass_tolerance": practice.mass_tolerance, "suspension_days": CLOCKS[code][2],
            "longest_offline_days": CLOCKS[code][0], "longest_time_limit_days": CLOCKS[code][1],
            "reports": practice.reports,
        }
        for code in NAMES
        for practice in (PRACTICES[territory_id(code)],)
    ]  # fmt: skip


def present_exclusions() -> list[Json]:
    return [
        {"holder": holder, "country": country, "valid_from": str(start), "valid_to": end and str(end)}
        for holder, country, start, end in EXCLUDED
    ]


def present_stop_list() -> Json:
    entries = [
        {"number": number, "control": control, "since": instant(START + DAY)}
        for number, control in LISTED.items()
    ]
    return {"as_of": instant(START + 5 * DAY), "entries": entries}
