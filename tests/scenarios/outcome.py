"""What came out of a transport, beside what the book says."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.management import call_command

from api.v1.carnets.presenting import present_carnet
from carnets.models import Carnet
from guarantees.liability import folding
from tests.scenarios.playing import API, Play, Unexpected
from tests.scenarios.telling import CarnetTold

CHECKS_SAFETIR = True  # until the records and the printed boxes follow the stops
CHECKS_BOXES = False
OF_ALL = re.compile(r"(?:(\d+)(?:-(\d+))? )?(.*)")
Told = Mapping[str, str]


def check(play: Play, told: Mapping[str, Told]) -> None:
    """Hold the carnets, as the API shows them, to what the book says. Raises Unexpected with every difference."""
    faults = [
        f"{name or 'carnet'} {fault}"
        for name, words in told.items()
        for fault in _faults(shown(play, name), with_defaults(words, play.scenario.carnets[name]), play, name)
    ]
    if faults:
        raise Unexpected("\n".join(faults))


def check_ledgers() -> None:
    """Hold that chains and liability add up."""
    call_command("verify_ledger", stdout=_Silent())
    if faults := folding.faults():
        raise Unexpected(f"liability does not hold: {faults[:3]}")


class _Silent:
    def write(self, _text: str) -> None:
        return None


def shown(play: Play, name: str) -> dict[str, Any]:
    """Return the carnet as its association reads it."""
    client = play.world.client(f"association-{play.scenario.carnets[name].issued_by}")
    answer = client.get(f"{API}/carnets/{play.numbers[name]}/")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def as_shown(play: Play, name: str) -> dict[str, Any]:
    """Return the same without HTTP."""
    carnet = Carnet.objects.select_related("holder", "guarantee", "association").get(
        number=play.numbers[name]
    )
    user = play.world.users[f"association-{play.scenario.carnets[name].issued_by}"]
    return present_carnet(carnet, user)


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


def _faults(found: dict[str, Any], words: Told, play: Play, name: str) -> list[str]:
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
    if CHECKS_SAFETIR and "safetir" in words:
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
    from guarantees.models import Association  # noqa: PLC0415

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


def _safetir(words: str, play: Play, name: str) -> list[str]:
    """Records as `PAGE CODE [R]`, where CODE is TCO for a load or an exit, else PFD."""
    client = play.world.client(f"association-{play.scenario.carnets[name].issued_by}")
    rows = client.get(f"{API}/terminations/?carnet={play.numbers[name]}&exits=yes").json()["results"]
    said = {_record(row["record"]) for row in rows if row["stands"]}
    expected = set() if words == "none" else set(re.split(r"; ?", words))
    return [] if said == expected else [f"safetir: {sorted(said)}, expected {sorted(expected)}"]


def _record(record: Mapping[str, str]) -> str:
    code = record["TCO"] or record["PFD"]
    return f"{record['VPN']} {code}{' R' if record['CWR'] == 'R' else ''}"
