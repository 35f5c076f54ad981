"""The last words of `script/demo`: what to open, and whom to be. Reads what `manage.py seed` and `simulate` left."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tir.laptop.addresses import LOCAL

PAGES = {
    "Console: associations, headquarters, supervisors": "/console/",
    "The officer's phone": "/post/",
    "Documentation of the API, to try out": "/api/v1/docs/",
    "Its OpenAPI schema": "/api/v1/schema/",
    "Public keys that verify the printed QR codes": "/.well-known/jwks.json",
    "Health": "/healthz/ready",
}
OFFICERS_SHOWN = 3

Account = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tir.laptop.welcome")
    parser.add_argument("--port", type=int, required=True)
    arguments, _ = parser.parse_known_args()
    base_url = f"http://127.0.0.1:{arguments.port}"
    for line in (*_pages(base_url), *_faulty_carnet(base_url), "", *_accounts()):
        sys.stdout.write(f"{line}\n")


def record_address(base_url: str, card: Path = LOCAL / "demo.json") -> None:
    """Write where we serve into the card; in place, because the file keeps the mode that its passwords need."""
    if card.exists():
        content = {**json.loads(card.read_text()), "base_url": base_url}
        card.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _pages(base_url: str) -> Iterator[str]:
    for title, page in PAGES.items():
        yield f"{title:50} {base_url}{page}"


def _faulty_carnet(base_url: str) -> Iterator[str]:
    """Name one carnet with a planted fault, to look at first."""
    path = LOCAL / "truth.json"
    carnets = json.loads(path.read_text())["carnets"] if path.exists() else []
    for carnet in [carnet for carnet in carnets if carnet["expect"]][:1]:
        title = f"A carnet that was flagged: {carnet['fault']}"
        yield f"{title:50} {base_url}/api/v1/carnets/{carnet['number']}/"


def _accounts() -> Iterator[str]:
    """Show a handful of accounts with their passwords the first time, and where they are ever after."""
    card, shown = LOCAL / "demo.json", LOCAL / "accounts-shown"
    if shown.exists():
        yield f"Accounts and passwords: {card}"
        return
    shown.touch()
    yield f"Sample accounts (shown this once; all of them are in {card}):"
    for account in _handful(json.loads(card.read_text())):
        yield f"  {account['username']:20} {account['password']:18} {account['roles'][0]:12} {_at(account)}"


def _handful(card: dict[str, Any]) -> list[Account]:
    """Return who is needed to follow a carnet along the sample corridor, and who sees more than one country."""
    officers = list(card["corridor"]["officers"].values())[:OFFICERS_SHOWN]
    by_name = {account["username"]: account for account in card["accounts"]}
    issuer = by_name[card["corridor"]["association_user"]]
    headquarters = next(
        account
        for account in card["accounts"]
        if account["roles"] == ["customs_hq"] and account["country"] == issuer["country"]
    )
    return [
        issuer,
        *(by_name[name] for name in officers),
        headquarters,
        by_name["secretariat"],
        by_name["auditor"],
    ]


def _at(account: Account) -> str:
    return " ".join(str(account[key]) for key in ("office", "association", "country") if account.get(key))


if __name__ == "__main__":
    main()
