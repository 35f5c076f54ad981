"""scenarios.md: the scenario book as a lawyer reads it, by theme, from the files that the tests play."""

import re
from collections.abc import Iterable
from itertools import groupby

from checkpoints.reference import tables
from docs.generating.markdown import page as whole_page
from tests.scenarios.reading import book
from tests.scenarios.telling import Scenario

INTRODUCTION = """
Every transport below is a file of `tests/scenarios/book`, in the language told in `tests/scenarios/README.md`. The
tests play each of them through the API in the order written, and hand the same evidence to the domain in random orders.

Unless a transport says otherwise: day 0 is Monday 2 March 2026, when the association of the country of the first load
issues the carnet at 10:00; the last day for acceptance is 30 days later; 100 cartons of cotton yarn travel in one
approved rigid lorry; hours are those of the clock at the place. *In order* means: seals intact, and on a voucher No. 2
the packages as in the manifest. *Clean* means: every operation is discharged without a person, no irregularity is open,
and the reservation has ended. An irregularity is told by its code and page; one that *bars* keeps its operation from
being discharged by machine. Outcomes are looked at three days after the last event. SafeTIR records are told by page:
TCO (`LOAD`, `EXIT`), else PFD (`PD1`, `FD`), with `R` for a reservation.
"""
THEMES = {
    "loading": "Loading", "unloading": "Unloading", "sealing": "Seals", "controls": "Controls and certified reports",
    "containers": "Vehicles and containers", "bulk": "Bulk goods and shared packages", "heavy": "Heavy or bulky goods",
    "detours": "Another road, another office, another country", "ends": "Refused, turned back, ended",
    "suspension": "Suspension", "unions": "Customs unions", "second_carnets": "Second carnets, carnets begun elsewhere",
    "lost": "Lost, stolen, invalidated, expired", "offline": "Late, doubled, missing and corrected evidence",
    "refusals": "Who and what is refused", "law": "Limits, clocks and goods", "money": "Liability and claims",
}  # fmt: skip
OFFICE = re.compile(r"\b[A-Z]{2}[A-Z0-9]{3}[0-9]{3}\b")
OUTCOME = ("carnet", "operations", "liability", "flags", "reservation", "safetir", "claims")


def page() -> str:
    """Return the scenario book as a page: an index, then a chapter for each theme."""
    chapters = [
        (theme, list(some))
        for theme, some in groupby(sorted(book(), key=_order), key=lambda each: each.theme)
    ]
    return whole_page(
        "Scenarios",
        INTRODUCTION,
        f"{len(book())} transports.",
        "\n".join(_entry(theme, some) for theme, some in chapters),
        *(_chapter(theme, some) for theme, some in chapters),
    )


def _order(scenario: Scenario) -> tuple[int, str]:
    return list(THEMES).index(scenario.theme), scenario.path.stem


def _entry(theme: str, scenarios: list[Scenario]) -> str:
    """Return a line of the table of contents."""
    title = THEMES[theme]
    anchor = re.sub(r"[^a-z0-9 ]", "", title.lower()).replace(" ", "-")
    return f"- [{title}](#{anchor}): {len(scenarios)}"


def _chapter(theme: str, scenarios: list[Scenario]) -> str:
    return "\n\n".join((f"## {THEMES[theme]}", *(_told(each) for each in scenarios)))


def _told(scenario: Scenario) -> str:
    """Return one transport: its law, what is planned and given, what happens, what comes out."""
    head, events, outcome = _parts(scenario.path.read_text().splitlines())
    law = _value(head, "law")
    tried = f" Tried as {_value(head, 'tried as')}." if _value(head, "tried as") else ""
    red = f"\n\n**Not so yet:** {scenario.red}" if scenario.red else ""
    planned = [line for line in head if not line.startswith(("title:", "law:", "tried as:", "red:"))]
    return "\n\n".join(
        block
        for block in (
            f"### {scenario.title}",
            f"*{_sentence(law)}*{tried} `{scenario.name}`{red}",
            _listed(_named(line) for line in planned),
            "\n".join(_event(line) for line in events),
            _listed(f"**{_named(line)}**" if line != "clean: yes" else "**Clean.**" for line in outcome),
        )
        if block
    )


def _parts(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the lines before the events, the events, and what comes out."""
    at = [i for i, line in enumerate(lines) if line.startswith("day ") or line.startswith(" ")]
    told = [line for line in lines if line.strip()]
    if not at:
        ends = {f"{word}:" for word in (*OUTCOME, "clean", "not issued", "box")}
        outcome = [line for line in told if line.startswith(tuple(ends))]
        return [line for line in told if line not in outcome], [], outcome
    head, events, outcome = lines[: at[0]], lines[at[0] : at[-1] + 1], lines[at[-1] + 1 :]
    return (
        [x for x in head if x.strip()],
        [x for x in events if x.strip()],
        [x for x in outcome if x.strip()],
    )


def _value(lines: list[str], key: str) -> str:
    return next((line.partition(": ")[2] for line in lines if line.startswith(f"{key}: ")), "")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "”")) else ".")


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _event(line: str) -> str:
    """Return one line of events, what stands under it set in a second level."""
    if line.startswith(" "):
        return f"   - {line.strip()}"
    return "1. " + _named(re.sub(r"^day (\d+) (\d\d:\d\d) ", r"Day \1, \2: ", line))


def _named(line: str) -> str:
    """Give offices their names: each the first time in its line."""
    names, seen = _names(), set[str]()

    def name(match: re.Match[str]) -> str:
        code = match[0]
        if code not in names or code in seen:
            return code
        seen.add(code)
        return f"{names[code]} ({code})"

    return OFFICE.sub(name, line.replace("|", "·"))


def _names() -> dict[str, str]:
    return {office.code: office.name_en for office in tables.office_rows()}
