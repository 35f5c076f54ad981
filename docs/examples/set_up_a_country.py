"""A country set up by the API alone, on an empty database: from its territory to the numbers of its carnets.

Run: set_up_a_country.py BASE_URL, with two people in the environment as NAME:PASSWORD, because money needs four eyes:
TIR_FIRST enters, TIR_SECOND approves. Every call may be sent again: what is on record already is answered, not doubled.
"""

import json
import os
import sys
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

Json = dict[str, Any]
REASON = "Order 1 of the ministry: TIR begins"
FROM = "2026-01-01"

TERRITORIES = (("XV", "Velland"), ("XD", "Ardania"))
ASSOCIATION = {
    "code": "981",
    "country": "XV",
    "name": "Velland Road Carriers' Union",
    "time_zone": "Asia/Tashkent",
}
OFFICES = (
    ("XVVEL001", "XV", "Vel City", 41.1, 61.7, ["departure", "destination"]),
    ("XVBRG001", "XV", "Bridgefoot", 41.6, 60.2, ["entry", "exit"]),
    ("XDFLD001", "XD", "Feldgate", 41.62, 60.14, ["entry", "exit"]),
)
CROSSING = {
    "code": "XD-XV-BRIDGE",
    "name_en": "Feldgate – Bridgefoot",
    "office_a": "XDFLD001",
    "office_b": "XVBRG001",
}
MAXIMUM = {"amount": "100000.00", "currency": "EUR"}
POOL = {
    "reference": "XV-POOL-1", "association": "981", "amount_per_carnet": "100000.00", "ceiling": "3000000.00",
    "currency": "EUR",
}  # fmt: skip
PRACTICE = {"clock": "suspension", "territory": "XV", "days": 20, "article": "Velland customs order 14"}
NUMBERS = {"association": "981", "first": 98_100_001, "last": 98_105_000}


class Problem(Exception):
    """The server said no: `code` is stable, `errors` names every field at fault with what to do."""

    def __init__(self, said: Json) -> None:
        lines = [f"{each['field']}: {each['detail']}" for each in said.get("errors", [])]
        super().__init__("\n".join([f"{said['code']}: {said['detail']}", *lines]))
        self.code = said["code"]


class Person:
    """Somebody who is signed in."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.url, self.token = f"{url.rstrip('/')}/api/v1", ""
        self.token = self.ask("POST", "/auth/token/", {"username": username, "password": password})["token"]

    def ask(self, method: str, address: str, body: Json) -> Json:
        """Return the answer; raise Problem when the server says no."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Token {self.token}"
        request = Request(self.url + address, json.dumps(body).encode(), headers, method=method)
        try:
            with urlopen(request, timeout=30) as answer:
                found: Json = json.load(answer)
                return found
        except HTTPError as refused:
            raise Problem(json.load(refused)) from None

    def enter(self, address: str, **said: Any) -> Json:
        return self.ask("POST", address, {"reason": REASON, **said})


def set_up(first: Person, second: Person) -> None:
    """Enter everything in the order in which one needs the other; `second` approves what needs four eyes."""
    for code, name in TERRITORIES:
        first.enter("/territories/", code=code, name_en=name)
        first.enter(f"/territories/{code}/members/", country=code, valid_from=FROM)
    first.enter("/clocks/", **PRACTICE, valid_from=FROM)
    first.enter("/associations/", **ASSOCIATION)
    for code, territory, name, latitude, longitude, roles in OFFICES:
        first.enter(
            "/offices/", code=code, territory=territory, name_en=name, latitude=latitude, longitude=longitude,
            roles=roles, time_zone="Asia/Tashkent", valid_from=FROM,
        )  # fmt: skip
    first.enter("/crossings/", **CROSSING, valid_from=FROM)
    approved(second, first.enter("/associations/981/maxima/", **MAXIMUM, valid_from=FROM))
    approved(second, first.enter("/guarantees/", **POOL, valid_from=FROM))
    give_numbers(first)


def approved(second: Person, proposal: Json) -> None:
    """Have a second person approve a proposal; one that is on record already needs nobody."""
    if proposal.get("status") == "open":
        second.ask("POST", f"/approvals/{proposal['id']}/approve/", {"reason": "Seen the contract"})


def give_numbers(first: Person) -> None:
    """Give the association its numbers; given already is given."""
    try:
        first.ask("POST", "/number-ranges/", NUMBERS)
    except Problem as problem:
        if problem.code != "number_range_taken":
            raise


def invite_people(first: Person) -> None:
    """The people come last: POST /users/ invites the association's staff and the officers."""


def main() -> None:
    """Do it all for the server that the command line names."""
    url = sys.argv[1]
    first, second = (Person(url, *os.environ[name].split(":", 1)) for name in ("TIR_FIRST", "TIR_SECOND"))
    set_up(first, second)
    invite_people(first)
    sys.stdout.write("The country is set up.\n")


if __name__ == "__main__":
    main()
