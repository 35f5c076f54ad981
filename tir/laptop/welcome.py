"""The last words of `script/demo`: what to open, and whom to be. Also records the address in `demo.json`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tir.laptop.__main__ import LOCAL

PAGES = {
    "Documentation of the API, to try out": "/api/v1/docs/",
    "Its OpenAPI schema": "/api/v1/schema/",
    "Public keys that verify the printed QR codes": "/.well-known/jwks.json",
    "Health": "/healthz/ready",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tir.laptop.welcome")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--first", choices=["yes", "no"], default="yes")
    arguments, _ = parser.parse_known_args()
    path = LOCAL / "demo.json"
    card = {**json.loads(path.read_text()), "base_url": f"http://127.0.0.1:{arguments.port}"}
    _keep(path, card)
    sys.stdout.write(_pages(card["base_url"]) + "\n")
    sys.stdout.write(_accounts(card["accounts"]) if arguments.first == "yes" else f"Accounts: see {path}\n")


def _keep(path: Path, card: dict[str, Any]) -> None:
    """Write in place: the file keeps the mode its maker gave it, for it holds passwords."""
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")


def _pages(base_url: str) -> str:
    return "\n".join(f"{title:46} {base_url}{page}" for title, page in PAGES.items())


def _accounts(accounts: list[dict[str, Any]]) -> str:
    rows = [
        f"{account['username']:24} {account['password']:28} {', '.join(account['roles']):16} {_at(account)}"
        for account in accounts
    ]
    return "\n".join(["Sample accounts (also in .local/demo.json; shown this once):", *rows, ""])


def _at(account: dict[str, Any]) -> str:
    return " ".join(str(account[key]) for key in ("office", "association", "country") if account.get(key))


if __name__ == "__main__":
    main()
