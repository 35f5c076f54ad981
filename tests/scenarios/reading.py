"""Reading a scenario's file. The language is told in README.md; whatever it does not know is a fault of the file."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.scenarios import words
from tests.scenarios.telling import CarnetTold, Event, Goods, Moment, Scenario, Stop

BOOK = Path(__file__).resolve().parent / "book"
DOES = {
    "loads": "load", "leaves": "exit", "enters": "entry", "suspends": "suspend", "resumes": "resume",
    "unloads": "unload",
}  # fmt: skip
VOUCHERS = (4, 6, 14, 20)
OUTCOME = ("carnet", "operations", "liability", "flags", "reservation", "safetir", "claims", "clean", "seals")
WITH_STATEMENT = ("phone", "refused", "warned")
_MOMENT = re.compile(r"day (\d+) (\d\d):(\d\d) +(.*)")
_GOODS = re.compile(
    r"(?:(?P<packages>\d+|bulk) )(?P<kind>[A-Z0-9]{2}) (?P<description>[^,]+), (?P<mass>[\d.]+) kg"
    r"(?:, HS (?P<hs>\d+))?(?:, (?P<load>[A-Z0-9]{8}) to (?P<unload>[A-Z0-9]{8}))?(?:, in (?P<unit>.+))?"
)


class BadScenario(Exception):
    """A file says something that the language does not have."""


@lru_cache(maxsize=1)
def book() -> tuple[Scenario, ...]:
    """Return every transport, by theme and name."""
    return tuple(read(path) for path in sorted(BOOK.glob("*/*.txt")))


def read(path: Path) -> Scenario:
    """Return one transport. Raises BadScenario with file and line."""
    scenario = Scenario(path, carnets={"": CarnetTold()})
    for number, line, more in _lines(path.read_text()):
        try:
            _take(scenario, number, line, more)
        except (BadScenario, ValueError, KeyError) as fault:
            raise BadScenario(f"{path.name}:{number}: {line!r}: {fault}") from fault
    if not scenario.title or not (scenario.outcomes or scenario.not_issued):
        raise BadScenario(f"{path.name}: a transport has a title and an outcome")
    for told in scenario.carnets.values():
        _complete(told)
    scenario.events = [each for event in scenario.events for each in _one_by_one(scenario, event)]
    return scenario


def _lines(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield each line with its number and the indented lines under it."""
    begun: tuple[int, str, list[str]] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(" ") and begun is not None:
            begun[2].append(line.strip())
        elif line.strip():
            if begun is not None:
                yield begun
            begun = (number, line.rstrip(), [])
    if begun is not None:
        yield begun


def _take(scenario: Scenario, number: int, line: str, more: list[str]) -> None:
    if line.startswith("day "):
        scenario.events.append(_event(line, more, number))
        return
    key, _colon, value = (part.strip() for part in line.partition(":"))
    if more:
        value = " ".join([value, *more])
    name, word = _carnet_named(key)
    if word in OUTCOME:
        scenario.outcomes.setdefault(name, {})[word] = value
    elif word == "box":
        scenario.boxes.setdefault(name, []).append(value)
    elif word in _ABOUT_A_CARNET:
        _ABOUT_A_CARNET[word](scenario.carnets.setdefault(name, CarnetTold(name)), value)
    else:
        _about_the_scenario(scenario, word, value)


def _about_the_scenario(scenario: Scenario, word: str, value: str) -> None:
    if word == "given":
        scenario.given.append(value)
    elif word == "looked at":
        scenario.judged = _moment(value)
    elif word in ("title", "law", "tried as", "red", "story", "not issued"):
        setattr(scenario, word.replace(" ", "_"), value)
    else:
        raise BadScenario(f"unknown word {word}")


def _carnet_named(key: str) -> tuple[str, str]:
    """`route B` is about the second carnet."""
    match = re.fullmatch(r"(.+) ([B-D])", key)
    return (match[2], match[1]) if match else ("", key)


def _route(told: CarnetTold, value: str) -> None:
    for stop in re.split(r"[,|]", value):
        office, does = stop.split()
        told.route.append(Stop(office, DOES[does]))


def _goods(told: CarnetTold, value: str) -> None:
    match = _GOODS.fullmatch(value)
    if match is None:
        raise BadScenario(
            "goods are: NUMBER KIND description, MASS kg[, HS …][, OFFICE to OFFICE][, in UNIT]"
        )
    packages = None if match["packages"] == "bulk" else int(match["packages"])
    told.goods.append(
        Goods(
            packages,
            match["kind"],
            match["description"],
            match["mass"],
            match["hs"] or "",
            match["load"] or "",
            match["unload"] or "",
            match["unit"] or "",
        )  # fmt: skip
    )


def _lorry(told: CarnetTold, value: str) -> None:
    for unit in value.split(", "):
        kind, _blank, name = unit.partition(" ")
        if kind == "container":
            told.containers.append(name)
        elif kind in ("tractor", "trailer", "rigid"):
            told.vehicles.append((kind, name))
        else:
            raise BadScenario("units are tractor, trailer, rigid or container")


def _moment(text: str) -> Moment:
    match = re.fullmatch(r"day (\d+)(?: (\d\d):(\d\d))?", text)
    if match is None:
        raise BadScenario(f"not a moment: {text}")
    return Moment(int(match[1]), time(int(match[2] or 12), int(match[3] or 0)))


def _set(name: str, read_as: Any = str) -> Any:
    return lambda told, value: setattr(told, name, read_as(value))


_ABOUT_A_CARNET: dict[str, Any] = {
    "route": _route,
    "goods": _goods,
    "lorry": _lorry,
    "issued by": _set("issued_by"),
    "vouchers": _set("vouchers", int),
    "accept by": _set("accept_by", lambda value: int(value.removeprefix("day "))),
    "issued": _set("issued", _moment),
    "heavy or bulky": _set("is_heavy", lambda value: value == "yes"),
    "kind": _set("kind"),
    "continues": _set("continues", lambda value: "" if value == "A" else value),
    "first page seen": _set("first_page", int),
    "approved until": _set("approval", lambda value: int(value.removeprefix("day "))),
}


def _complete(told: CarnetTold) -> None:
    told.goods = told.goods or [Goods(100, "CT", "cotton yarn", "5000")]
    if not told.vehicles and not told.containers:
        told.vehicles = [("rigid", "01KZ123ABC")]
    told.issued_by = told.issued_by or told.route[0].office[:2]
    needed = 2 * len(told.legs)
    told.vouchers = told.vouchers or next((each for each in VOUCHERS if each >= needed), VOUCHERS[-1])


def _event(line: str, more: list[str], number: int) -> Event:
    match = _MOMENT.fullmatch(line)
    if match is None:
        raise BadScenario("an event begins: day D HH:MM")
    moment = Moment(int(match[1]), time(int(match[2]), int(match[3])))
    told, words_more = _beside(more)
    who, what, carnet, page, said = words.read(" ".join([match[4], *words_more]), _moment)
    return Event(moment, who, what, carnet, page, said, line=number, **told)


def _beside(more: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Take out what stands under an event: what the phone says, whether it is refused, what is so by then."""
    told: dict[str, Any] = {"then": {}}
    rest = []
    for line in more:
        key, colon, value = (part.strip() for part in line.partition(":"))
        if colon and key == "refused":
            told["refused"] = value
        elif colon and key in WITH_STATEMENT:
            told[key] = tuple(part for part in re.split(r"[ ,]+", value) if part and part != "nothing")
        elif colon and _carnet_named(key)[1] in OUTCOME:
            told["then"][key] = value
        else:
            rest.append(line)
    return told, rest


def _one_by_one(scenario: Scenario, event: Event) -> Iterator[Event]:
    """Take a row of pages in order apart: each at its planned office, so many hours after the one before."""
    if event.what != "pages":
        yield event
        return
    told = scenario.carnets[event.carnet]
    first, last = event.said["pages"]
    for index, page in enumerate(range(first, last + 1)):
        said: dict[str, Any] = words.in_order(page)
        if page == first and event.said.get("affixed"):
            said = {"intact": None, "affixed": event.said["affixed"]} if page == 1 else said
        moment = replace(event.moment, later=index * timedelta(hours=event.said["hours"]))
        # The row's clock is that of its first office; the others are told by the hours in between.
        yield replace(
            event, what="stamp", who=told.office_of(page), page=page, moment=moment,
            said={**said, "clock_of": told.office_of(first)},
        )  # fmt: skip
