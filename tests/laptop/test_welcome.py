"""The last words of the demo: the right address, a handful of accounts, and passwords shown once."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tir.laptop import welcome


def account(username: str, role: str, **where: str) -> dict[str, Any]:
    nowhere = {"office": None, "association": None, "country": None}
    return {"username": username, "password": f"{username}-secret", "roles": [role], **nowhere, **where}


CARD = {
    "base_url": "http://127.0.0.1:8000",
    "accounts": [
        account("secretariat", "secretariat"),
        account("auditor", "auditor"),
        account("association-kz", "association", association="901", country="KZ"),
        account("association-cn", "association", association="911", country="CN"),
        account("hq-kz", "customs_hq", country="KZ"),
        account("hq-cn", "customs_hq", country="CN"),
        *(
            account(f"officer-{index}", "officer", office=f"KZAAA00{index}", country="KZ")
            for index in range(9)
        ),
    ],
    "corridor": {
        "association_user": "association-cn",
        "officers": {f"KZAAA00{index}": f"officer-{index}" for index in range(8)},
    },
}


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(welcome, "LOCAL", tmp_path)
    monkeypatch.setattr("sys.argv", ["welcome", "--port", "8123", "--background"])
    (tmp_path / "demo.json").write_text(json.dumps(CARD))
    (tmp_path / "demo.json").chmod(0o600)
    return tmp_path


def test_shows_a_handful_of_accounts(local: Path, capsys: pytest.CaptureFixture[str]) -> None:
    welcome.main()

    shown = capsys.readouterr().out
    names = ["association-cn", "officer-0", "officer-1", "officer-2", "hq-cn", "secretariat", "auditor"]
    assert [line.split()[0] for line in shown.splitlines() if "-secret" in line] == names


def test_shows_passwords_once(local: Path, capsys: pytest.CaptureFixture[str]) -> None:
    welcome.main()
    capsys.readouterr()

    welcome.main()

    shown = capsys.readouterr().out
    assert "-secret" not in shown
    assert str(local / "demo.json") in shown


def test_names_pages_at_the_port_asked_for(local: Path, capsys: pytest.CaptureFixture[str]) -> None:
    welcome.main()

    assert "http://127.0.0.1:8123/api/v1/docs/" in capsys.readouterr().out


def test_names_a_carnet_that_was_flagged(local: Path, capsys: pytest.CaptureFixture[str]) -> None:
    carnets = [
        {"number": "XZ99000001", "fault": None, "expect": []},
        {"number": "XC99000002", "fault": "late", "expect": [{"code": "late", "page": 4}]},
    ]
    (local / "truth.json").write_text(json.dumps({"carnets": carnets}))

    welcome.main()

    shown = capsys.readouterr().out
    assert "late" in shown
    assert "/api/v1/carnets/XC99000002/" in shown


def test_records_the_address_without_opening_the_card(local: Path) -> None:
    card = local / "demo.json"

    welcome.record_address("http://127.0.0.1:9000", card)

    assert json.loads(card.read_text()) == {**CARD, "base_url": "http://127.0.0.1:9000"}
    assert stat.S_IMODE(card.stat().st_mode) == 0o600


def test_records_no_address_where_nothing_was_seeded(tmp_path: Path) -> None:
    welcome.record_address("http://127.0.0.1:9000", tmp_path / "demo.json")

    assert not (tmp_path / "demo.json").exists()
