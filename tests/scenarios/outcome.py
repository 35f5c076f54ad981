"""What came out of a transport, beside what the book says."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.management import call_command

from carnets.documents.building import build_sheet
from carnets.documents.sheet import GoodsLine, PrintedOffice
from carnets.models import Carnet
from checkpoints.posts.offices import register
from guarantees.liability import folding
from guarantees.models import Association
from tests.scenarios.staging import API, Staged, Unexpected
from tests.scenarios.telling import CarnetTold

OF_ALL = re.compile(r"(?:(\d+)(?:-(\d+))? )?(.*)")
Told = Mapping[str, str]


def check(play: Staged, told: Mapping[str, Told]) -> None:
    """Hold the carnets, as the API shows them, to what the book says. Raises Unexpected with every difference."""
    faults = [
        f"{name or 'carnet'} {fault}"
        for name, words in told.items()
        for fault in _faults(shown(play, name), with_defaults(words, play.scenario.carnets[name]), play, name)
    ]
    if faults:
        raise Unexpected("\n".join(faults))


def check_boxes(play: Staged) -> None:
    """Hold the printed boxes of every carnet to what the book says of them. Raises Unexpected."""
    faults = [
        f"box {box} is {printed.get(box)}, expected {text}"
        for name, lines in play.scenario.boxes.items()
        for printed in (_boxes(play, name),)
        for box, _colon, text in (line.partition(": ") for line in lines)
        if printed.get(box) != text
    ]
    if faults:
        raise Unexpected("\n".join(faults))


def _boxes(play: Staged, name: str) -> dict[str, str]:
    """Return offices and countries of the cover (2, 6, 7, 12), and the goods on each voucher (10)."""
    carnet = Carnet.objects.get(number=play.numbers[name])
    sheet = build_sheet(
        carnet, {code: PrintedOffice(code, office.name) for code, office in register().by_code.items()}
    )
    boxes = {
        "2": ", ".join(stop.office.code for stop in sheet.departures),
        "6": ", ".join(sheet.departure_countries),
        "7": ", ".join(sheet.destination_countries),
        "12": ", ".join(stop.office.code for stop in sheet.destinations),
    }
    for page in range(1, carnet.vouchers + 1):
        aboard = sheet.contents_of(page)
        lines = aboard.lines if aboard else ()
        boxes[f"10 on page {page}"] = ", ".join(_line(line) for _number, line in lines)
    return boxes


def _line(line: GoodsLine) -> str:
    return f"{line.description} in {line.unit}" if line.unit else line.description


def check_ledgers() -> None:
    """Hold that chains and liability add up."""
    call_command("verify_ledger", stdout=_Silent())
    if faults := folding.discrepancies():
        raise Unexpected(f"liability does not hold: {faults[:3]}")


class _Silent:
    def write(self, _text: str) -> None:
        return None


def shown(play: Staged, name: str) -> dict[str, Any]:
    """Return the carnet as its association reads it."""
    client = play.world.client(f"association-{play.scenario.carnets[name].issued_by}")
    answer = client.get(f"{API}/carnets/{play.numbers[name]}/")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def with_defaults(words: Told, told: CarnetTold) -> dict[str, str]:
    """`clean` stands for: everything discharged without a person, and the reservation ended."""
    if "clean" not in words:
        return dict(words)
    pairs = f"1-{len(told.legs)}"
    clean = {
        "carnet": "discharged", "operations": f"{pairs} discharged",
        "liability": f"{pairs} ended by discharge", "flags": "none", "reservation": "ended",
    }  # fmt: skip
    return {**clean, **words}


def _faults(found: dict[str, Any], words: Told, play: Staged, name: str) -> list[str]:
    faults = []
    if "carnet" in words and found["status"] != words["carnet"]:
        faults.append(f"is {found['status']}, expected {words['carnet']}")
    operations = {each["sequence"]: each for each in found["operations"]}
    faults += _each(words.get("operations"), operations, lambda each: each["status"], "operation")
    faults += _each(words.get("liability"), operations, _liability, "liability")
    if "flags" in words:
        faults += _flags(words["flags"], found)
    if "reservation" in words:
        is_reserved = Carnet.objects.get(number=play.numbers[name]).is_reserved
        said = "kept" if is_reserved else "ended"
        faults += (
            [] if said == words["reservation"] else [f"reservation {said}, expected {words['reservation']}"]
        )
    if "safetir" in words:
        faults += _safetir(words["safetir"], play, name)
    return faults


def _each(words: str | None, operations: dict[int, Any], read: Any, what: str) -> list[str]:
    if words is None:
        return []
    faults, named = [], set()
    for part in re.split(r"; ?", words):
        match = OF_ALL.fullmatch(part)
        assert match is not None
        first = int(match[1] or 1)
        last = int(match[2] or match[1] or max(operations))
        for sequence in range(first, last + 1):
            named.add(sequence)
            said = read(operations[sequence]) if sequence in operations else "not there"
            if said != match[3] and match[3] not in _shorter(said):
                faults.append(f"{what} {sequence} is {said}, expected {match[3]}")
    if what == "operation" and set(operations) - named:
        faults.append(f"operations {sorted(set(operations) - named)} are there and not told")
    return faults


def _shorter(said: str) -> set[str]:
    """`CN borne 100000.00 EUR` may be told as `CN borne`, `borne`; `CN ended by discharge` as `ended by discharge`."""
    words = said.split(" ")
    shorter = {" ".join(words[:n]) for n in range(1, len(words))}
    return shorter | {" ".join(words[1:n]) for n in range(2, len(words) + 1)}


def _liability(operation: dict[str, Any]) -> str:
    liability = operation["liability"]
    if liability["status"] == "none":
        return "none"
    amount = f" {liability['amount']} {liability['currency']}" if liability["amount"] else ""
    ended = f" by {liability['ended_by']}" if liability["ended_by"] else ""
    return f"{_guarantor(operation)} {liability['status']}{ended}{amount}"


def _guarantor(operation: dict[str, Any]) -> str:
    code = operation["liability"]["guarantor"]
    return Association.objects.get(code=code).country if code else "nobody"


def _flags(words: str, found: dict[str, Any]) -> list[str]:
    open_ones = {
        f"{each['code']} @ {each['page']}{' bars' if each['bars_discharge'] else ''}"
        for each in found["irregularities"]
        if each["status"] == "open"
    }
    expected = set() if words == "none" else set(re.split(r"; ?", words))
    if open_ones == expected:
        return []
    return [f"flags: {sorted(open_ones)}, expected {sorted(expected)}"]


def _safetir(words: str, play: Staged, name: str) -> list[str]:
    """Records as `PAGE CODE [R]`, where CODE is TCO for a load or an exit, else PFD."""
    client = play.world.client(f"association-{play.scenario.carnets[name].issued_by}")
    rows = client.get(f"{API}/terminations/?carnet={play.numbers[name]}&exits=yes").json()["results"]
    said = {_record(row["record"]) for row in rows if row["stands"]}
    expected = set() if words == "none" else set(re.split(r"; ?", words))
    return [] if said == expected else [f"safetir: {sorted(said)}, expected {sorted(expected)}"]


def _record(record: Mapping[str, str]) -> str:
    code = record["TCO"] or record["PFD"]
    return f"{record['VPN']} {code}{' R' if record['CWR'] == 'R' else ''}"
