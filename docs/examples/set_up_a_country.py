"""A country set up by the API alone, on an empty database: from the first administrator's link to a stamped carnet.

Run: script/manage add_administrator NAME | set_up_a_country.py BASE_URL. The link may also be the second argument. What
was made stands on the standard output as JSON, with everybody's password and app secret, which nobody is told again.
"""

import hmac
import json
import secrets
import struct
import sys
import time
from base64 import b32decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import uuid4

Json = dict[str, Any]
REASON = "Order 1 of the ministry: TIR begins"
FROM = "2026-01-01"

TERRITORIES = (("XV", "Velland", True), ("XD", "Ardania", False))  # Ardania keeps its own records elsewhere
ASSOCIATION = {
    "code": "981",
    "country": "XV",
    "name": "Velland Road Carriers' Union",
    "time_zone": "Asia/Tashkent",
}
OFFICES = (
    ("XVVEL001", "XV", "Vel City", 41.1, 61.7, ["departure", "destination"]),
    ("XVBRG001", "XV", "Bridgefoot", 41.6, 60.2, ["entry", "exit"]),
    ("XDFLD001", "XD", "Feldgate", 41.62, 60.14, ["entry", "exit", "destination"]),
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
HIGHER = {"ceiling": "4000000.00"}
PRACTICE = {"clock": "suspension", "territory": "XV", "days": 20, "article": "Velland customs order 14"}
NUMBERS = {"association": "981", "first": 98_100_001, "last": 98_105_000}
HEADQUARTERS = {
    "username": "dana.k", "name": "Dana Karim", "country": "XV", "roles": [{"role": "customs_hq"}],
}  # fmt: skip
CLERK = {
    "username": "omar.s", "name": "Omar Said", "association": "981", "roles": [{"role": "association"}],
}  # fmt: skip
OFFICERS = (
    ("aida.n", "Aida Nur", "XVVEL001"),
    ("timur.b", "Timur Bek", "XVBRG001"),
    ("lena.m", "Lena Morat", "XVBRG001"),
)
HOLDER = {"number": "100001", "name": "Velland Lorries", "address": "Station Road 1, Vel City"}
JOURNEY = (
    ("XVVEL001", "load"),
    ("XVBRG001", "exit"),
    ("XDFLD001", "entry"),
    ("XDFLD001", "unload"),
)
GOODS = [{"description": "Cotton yarn", "packages": 420, "package_kind": "BG", "gross_mass_kg": "18900"}]
SEALS = ["V-1001", "V-1002"]
STEP = 30  # seconds that a code of an app lasts


class Problem(Exception):
    """The server said no: `code` is stable, `errors` names every field at fault with what to do."""

    def __init__(self, said: Json) -> None:
        lines = [f"{each['field']}: {each['detail']}" for each in said.get("errors", [])]
        super().__init__("\n".join([f"{said['code']}: {said['detail']}", *lines]))
        self.code = said["code"]


class Caller:
    """Whoever calls: nobody yet, a person with a token, or a program with an access token."""

    def __init__(self, url: str, authorization: str = "") -> None:
        self.url, self.authorization = url.rstrip("/"), authorization

    def ask(self, method: str, address: str, body: Json) -> Json:
        """Return the answer; raise Problem when the server says no."""
        return self.send(method, address, json.dumps(body).encode(), "application/json")

    def send(self, method: str, address: str, body: bytes, kind: str) -> Json:
        headers = {"Content-Type": kind}
        if self.authorization:
            headers["Authorization"] = self.authorization
        request = Request(f"{self.url}/api/v1{address}", body, headers, method=method)
        try:
            with urlopen(request, timeout=30) as answer:
                found: Json = json.load(answer)
                return found
        except HTTPError as refused:
            raise Problem(json.load(refused)) from None

    def post(self, address: str, /, **said: Any) -> Json:
        return self.ask("POST", address, said)

    def enter(self, address: str, /, **said: Any) -> Json:
        return self.post(address, reason=REASON, **said)


class People:
    """Who joined, with what each needs to sign in again: in life only they themselves would know it."""

    def __init__(self, url: str) -> None:
        self.guest, self.known = Caller(url), dict[str, Json]()

    def join(self, secret: str) -> Caller:
        """Accept an invitation, and sign in; with an app where the role may not sign in without a second factor."""
        password = secrets.token_urlsafe(15)
        username = self.guest.post("/users/accept/", secret=secret, password=password)["username"]
        own = {"username": username, "password": password}
        self.known[username] = own
        try:
            token = self.guest.post("/auth/token/", **own)["token"]
        except Problem as problem:
            if problem.code != "second_factor_required":
                raise
            token = self.guest.post("/auth/token/", **own, otp=self.with_app(own))["token"]
        return Caller(self.guest.url, f"Token {token}")

    def with_app(self, own: Json) -> str:
        """Set the app up, and return the code to sign in with: each is good once, so the one before it proves the
        secret."""
        offered = self.guest.post("/auth/second-factor/", **own)
        proof = {"sealed": offered["sealed"], "code": code_of(offered["secret"], time.time() - STEP)}
        codes = self.guest.post("/auth/second-factor/confirm/", **own, **proof)["recovery_codes"]
        self.known[own["username"]] = {**own, "app_secret": offered["secret"], "recovery_codes": codes}
        return code_of(offered["secret"], time.time())


def code_of(secret: str, instant: float) -> str:
    """Return the six digits that an authenticator app shows at an instant (RFC 6238)."""
    digest = hmac.digest(b32decode(secret), struct.pack(">Q", int(instant) // STEP), "sha1")
    (number,) = struct.unpack_from(">I", digest, digest[-1] & 0x0F)
    return f"{(number & 0x7FFF_FFFF) % 1_000_000:06}"


def set_up(first: Caller, second: Caller) -> None:
    """Enter everything in the order in which one needs the other; `second` approves what needs four eyes. May be done
    again: what is on record already is answered, not doubled."""
    for code, name, reports in TERRITORIES:
        first.enter("/territories/", code=code, name_en=name, reports=reports)
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
    approved(second, first.enter("/guarantees/XV-POOL-1/ceilings/", **HIGHER, valid_from="2026-02-01"))
    give_numbers(first)


def approved(second: Caller, proposal: Json) -> None:
    """Have a second person approve a proposal; one that is on record already needs nobody."""
    if proposal.get("status") == "open":
        second.post(f"/approvals/{proposal['id']}/approve/", reason="Seen the contract")


def give_numbers(first: Caller) -> None:
    """Give the association its numbers; given already is given."""
    try:
        first.post("/number-ranges/", **NUMBERS)
    except Problem as problem:
        if problem.code != "number_range_taken":
            raise


def invited(by: Caller, **person: Any) -> str:
    """Invite somebody, and return the secret of the link, which goes to them by hand, as a code to scan or by mail."""
    secret: str = by.enter("/users/", **person)["invitation"]["secret"]
    return secret


def program_of(clerk: Caller) -> Caller:
    """Open a service account, which issues carnets without a person: OAuth 2 client credentials."""
    made = clerk.post(
        "/service-accounts/", name="carriers-union", purpose="Issues carnets", roles=["association"]
    )
    basic = b64encode(f"{made['client_id']}:{made['client_secret']}".encode()).decode()
    form = urlencode({"grant_type": "client_credentials"}).encode()
    answer = Caller(clerk.url, f"Basic {basic}").send(
        "POST", "/oauth/token/", form, "application/x-www-form-urlencoded"
    )
    return Caller(clerk.url, f"Bearer {answer['access_token']}")


def issued(program: Caller, holder: str) -> str:
    """Have the association's program issue a carnet to a holder; return its number."""
    until = datetime.now(UTC).date() + timedelta(days=30)
    lorry = {"registration": "01V777AA", "country": "UZ", "approval_certificate": "V-2201"}
    carnet = program.post(
        "/carnets/", holder=holder, guarantee=POOL["reference"], vouchers=4, valid_until=f"{until}",
        vehicles=[{**lorry, "approval_expires": f"{until + timedelta(days=300)}"}],
        stops=[{"office": office, "does": does} for office, does in JOURNEY], goods=GOODS,
    )  # fmt: skip
    return str(carnet["number"])


def stamped(officer: Caller, carnet: str) -> int:
    """Scan the carnet and stamp the page that is expected at the officer's post; return which it was. At the second
    post the verdict is `look`: no lorry is there a second after it left the first."""
    seen = officer.post("/scans/", number=carnet)
    if seen["verdict"] == "stop":
        raise SystemExit(f"{carnet}: {seen['verdict']}, {seen['reasons']}")
    page = int(seen["expected"]["page"])
    seals = {"intact": True, "affixed": SEALS} if page == 1 else {"intact": True, "found": SEALS}
    at = datetime.now(UTC).isoformat()
    officer.post("/stamps/", id=str(uuid4()), carnet=carnet, page=page, seals=seals, occurred_at=at)
    return page


def main() -> None:
    """Do it all for the server and with the link that the command line names."""
    url = sys.argv[1]
    link = sys.argv[2] if sys.argv[2:] else sys.stdin.readline()
    people = People(url)
    administrator = people.join(link.strip().rstrip("/").rsplit("/", 1)[-1])
    headquarters = people.join(invited(administrator, **HEADQUARTERS))
    set_up(administrator, headquarters)
    clerk = people.join(invited(administrator, **CLERK))
    officers = {
        username: people.join(
            invited(
                administrator, username=username, name=name, country="XV", roles=[{"role": "officer"}],
                postings=[{"office": office}],
            )
        )
        for username, name, office in OFFICERS
    }  # fmt: skip
    carnet = issued(program_of(clerk), clerk.post("/holders/", **HOLDER)["id"])
    pages = [stamped(officers[username], carnet) for username in ("aida.n", "timur.b")]
    made = {"carnet": carnet, "stamped_pages": pages, "people": list(people.known.values())}
    sys.stdout.write(json.dumps(made, indent=2) + "\n")


if __name__ == "__main__":
    main()
