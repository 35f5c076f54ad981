"""The card of this installation, `.local/demo.json`: the address, the sample accounts with their passwords, and one
corridor that is ready to issue on. Only its owner may read it.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from checkpoints.reference import tables
from checkpoints.simulation.accounts import SampleAccount, association_name, officer_name

CORRIDOR = "demo"
BASE_URL = "http://127.0.0.1:8000"


def read_card(path: Path) -> dict[str, Any]:
    """Return the card, or an empty one when there is none yet."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def passwords_on(card: Mapping[str, Any]) -> dict[str, str]:
    return {each["username"]: each["password"] for each in card.get("accounts", ())}


def fill_card(
    card: Mapping[str, Any],
    accounts: Sequence[SampleAccount],
    passwords: Mapping[str, str],
    *,
    guarantee: str,
    is_sandbox: bool,
) -> dict[str, Any]:
    """Return the card with these accounts; the address stays as it was."""
    return {
        "base_url": card.get("base_url", BASE_URL),
        "sandbox": is_sandbox,
        "accounts": [_account(each, passwords[each.username]) for each in accounts],
        "corridor": _corridor(guarantee),
    }


def write_card(path: Path, card: Mapping[str, Any]) -> None:
    """Write the card whole, readable by its owner alone from the first byte."""
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(card, file, indent=2, ensure_ascii=False)
        file.write("\n")
    unfinished.replace(path)


def demo_corridor() -> tables.Corridor:
    return next(corridor for corridor in tables.corridors() if corridor.code == CORRIDOR)


def demo_holder() -> tables.HolderRow:
    """Return a holder of the country of departure, whose association issues on the corridor."""
    country = demo_corridor().operations[0].start_office[:2]
    return next(holder for holder in tables.holder_rows() if holder.country == country)


def _account(account: SampleAccount, password: str) -> dict[str, Any]:
    return {
        "username": account.username,
        "password": password,
        "roles": [str(account.role)],
        "office": account.office,
        "association": account.association,
        "country": account.country,
    }


def _corridor(guarantee: str) -> dict[str, Any]:
    operations = demo_corridor().operations
    offices = [code for operation in operations for code in (operation.start_office, operation.end_office)]
    return {
        "itinerary": [
            {"start": operation.start_office, "end": operation.end_office} for operation in operations
        ],
        "officers": {code: officer_name(code) for code in offices},
        "association_user": association_name(demo_holder().country),
        "holder": demo_holder().reference,
        "guarantee": guarantee,
    }
