"""The words of an event: who does what, and the clauses of a statement."""

import re
from collections.abc import Callable
from typing import Any

Read = Callable[[re.Match[str]], dict[str, Any]]
Spoken = tuple[str, str, str, int, dict[str, Any]]  # who, what, which carnet, page, what is said
OFFICE = r"(?P<who>[A-Z]{2}[A-Z0-9]{6})"
BETWEEN = r'; +(?=(?:[^"]*"[^"]*")*[^"]*$)'  # a semicolon outside a quotation
CARNET = r"(?: of (?P<carnet>[B-D]))?"


def listed(text: str) -> list[str]:
    return [] if text == "none" else text.split(", ")


def in_order(page: int) -> dict[str, Any]:
    """What an officer states who finds all in order: the seals, and at a No. 2 the packages as in the manifest."""
    return {"intact": True} if page % 2 else {"intact": True, "basis": "as_manifest"}


CLAUSES: dict[str, Read] = {
    r"seals intact": lambda _: {"intact": True},
    r"seals not intact": lambda _: {"intact": False},
    r"found (.+)": lambda m: {"found": listed(m[1])},
    r"affixes (.+)": lambda m: {"affixed": listed(m[1])},
    r"removes (.+)": lambda m: {"removed": listed(m[1])},
    r"broken (.+)": lambda m: {"broken": listed(m[1])},
    r"(\d+) packages": lambda m: {"packages": int(m[1])},
    r"as manifest": lambda _: {"basis": "as_manifest"},
    r"(\d+) presented": lambda m: {"presented": int(m[1])},
    r"(\d+) kg": lambda m: {"mass": int(m[1])},
    r'reservation "(.+)"': lambda m: {"reservation": m[1]},
    r"goes on": lambda _: {"goes_on": True},
    r"ends here": lambda _: {"ends_here": True},
    r"unplanned": lambda _: {"unplanned": True},
    r"suspends": lambda _: {"suspends": True},
    r"vehicles (.+)": lambda m: {"vehicles": listed(m[1])},
    r"containers (.+)": lambda m: {"containers": listed(m[1])},
    r"clock (\d+) minutes ahead": lambda m: {"clock": int(m[1])},
    r"clock (\d+) minutes behind": lambda m: {"clock": -int(m[1])},
    r"by an unknown phone": lambda _: {"unvouched": True},
    r"satisfactory": lambda _: {"result": "satisfactory"},
    r"discrepancy": lambda _: {"result": "discrepancy"},
    r"against page (\d+)": lambda m: {"against": int(m[1])},
    r"drawn by (customs|police|other)": lambda m: {"drawn_by": m[1]},
    r"nothing": lambda _: {},
    r'(?:because )?"(.+)"': lambda m: {"text": m[1]},
}
MOMENTS = {
    r"offline until (day .+)": "sent",
    r"time limit (day .+)": "time_limit",
    r"drawn (day .+)": "drawn",
    r"entered (day .+)": "sent",
    r"dated (day .+)": "dated",
    r"received (day .+)": "on",
    r"holder told (day .+)": "holder_told",
    r"debtor pursued (day .+)": "pursued",
}
EVENTS = (
    (rf"{OFFICE} page (?P<page>\d+){CARNET}: (?P<rest>.+)", "stamp"),
    (rf"{OFFICE} cancels page (?P<page>\d+){CARNET}: (?P<rest>.+)", "cancel"),
    (rf"{OFFICE} refuses page (?P<page>\d+){CARNET}: (?P<kind>\w+) (?P<rest>.+)", "refuse"),
    (rf"{OFFICE} control (?P<kind>\w+){CARNET}: (?P<rest>.+)", "control"),
    (rf"{OFFICE} report (?P<kind>\w+){CARNET}: (?P<rest>.+)", "report"),
    (rf"{OFFICE} looks at page (?P<page>\d+){CARNET}(?P<rest>)", "look"),
    (rf"{OFFICE} accepts the proof of page (?P<page>\d+){CARNET}(?P<rest>)", "accept"),
    (rf"(?P<who>\w+) offers (?P<kind>\w+) for page (?P<page>\d+){CARNET}: (?P<rest>.+)", "offer"),
    (
        rf"pages (?P<first>\d+)-(?P<last>\d+){CARNET} in order, every (?P<hours>\d+) hours"
        r"(?:, affixing (?P<rest>.+))?(?P<who>)",
        "pages",
    ),
    (rf"association reports (?P<kind>lost|stolen|found){CARNET}(?P<who>)(?P<rest>)", "control list"),
    (rf"association invalidates{CARNET}(?P<who>)(?P<rest>)", "invalidate"),
    (rf"association takes back{CARNET}(?:: (?P<rest>.+))?(?P<who>)", "return"),
    (r"comparison(?P<who>)(?P<rest>)", "comparison"),
    (r"holder (?P<kind>suspended|withdrawn)(?P<who>)(?P<rest>)", "holder"),
    (rf"customs (?P<who>[A-Z]{{2}}) resolve (?P<kind>\w+) on page (?P<page>\d+){CARNET}: (?P<rest>.+)", "resolve"),
    (rf"customs (?P<who>[A-Z]{{2}}) open a claim on operation (?P<page>\d+){CARNET}: (?P<rest>.+)", "claim"),
    (r"customs (?P<who>[A-Z]{2}) notify(?: (?P<kind>fraud))?: (?P<rest>.+)", "notify"),
    (r"customs (?P<who>[A-Z]{2}) demand (?P<kind>[\d.]+ [A-Z]{3}): (?P<rest>.+)", "demand"),
    (r"customs (?P<who>[A-Z]{2}) withdraw(?: the claim)?: (?P<rest>.+)", "withdraw"),
    (r"association of (?P<who>[A-Z]{2}) pays(?P<rest>)", "pay"),
    (r"association of (?P<who>[A-Z]{2}) contests: (?P<rest>.+)", "contest"),
)  # fmt: skip


def read(text: str, moment: Callable[[str], Any]) -> Spoken:
    """Return who does what on which page of which carnet, and what is said. Raises ValueError for unknown words."""
    for pattern, what in EVENTS:
        match = re.fullmatch(pattern, text)
        if match is not None:
            return _spoken(what, match.groupdict(), moment)
    raise ValueError(f"not an event: {text}")


def _spoken(what: str, found: dict[str, str | None], moment: Callable[[str], Any]) -> Spoken:
    page = int(found.get("page") or 0)
    said: dict[str, Any] = {}
    if found.get("kind"):
        said["kind"] = found["kind"]
    rest = found.get("rest") or ""
    if what == "pages":
        said |= {
            "pages": (int(found["first"] or 0), int(found["last"] or 0)),
            "hours": int(found["hours"] or 0),
        }
        said |= {"affixed": listed(rest)} if rest else {}
    elif what == "return":
        said["counterfoils"] = [_counterfoil(each) for each in rest.split("; ")] if rest else []
    else:
        said |= clauses(rest, page, moment)
    return found["who"] or "", what, found.get("carnet") or "", page, said


def _counterfoil(text: str) -> dict[str, Any]:
    match = re.fullmatch(r"page (\d+)(?: (\d+) packages)?(?: at ([A-Z0-9]{8}))?", text)
    if match is None:
        raise ValueError(f"not a counterfoil: {text}")
    said = {"packages": int(match[2])} if match[2] else {}
    return {"page": int(match[1]), **said, **({"office": match[3]} if match[3] else {})}


def clauses(text: str, page: int, moment: Callable[[str], Any]) -> dict[str, Any]:
    """Return what the clauses of a statement say, separated by semicolons."""
    said: dict[str, Any] = {}
    for clause in re.split(BETWEEN, text) if text else []:
        said |= in_order(page) if clause == "in order" else _clause(clause, moment)
    return said


def _clause(clause: str, moment: Callable[[str], Any]) -> dict[str, Any]:
    for pattern, name in MOMENTS.items():
        if match := re.fullmatch(pattern, clause):
            return {name: moment(match[1])}
    for pattern, read_as in CLAUSES.items():
        if match := re.fullmatch(pattern, clause):
            return read_as(match)
    raise ValueError(f"not a clause: {clause}")
