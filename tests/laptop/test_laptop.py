"""The laptop as a whole: its secrets, its keys, and how an environment that is given wins."""

import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from fontTools.ttLib import TTFont

from tir import fonts, keys
from tir.laptop import secrets
from tir.laptop.__main__ import Laptop


def test_a_service_given_by_the_environment_is_not_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere")
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://elsewhere")
    laptop = Laptop(tmp_path)
    laptop.start()
    assert laptop.status() == "postgres: stopped\nvalkey: stopped"
    assert secrets.read_variables(tmp_path / "services.env") == {}


def test_a_script_called_by_another_leaves_the_services_on_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://ours")
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://ours")
    laptop = Laptop(tmp_path)
    secrets.write_variables(tmp_path / "services.env", {"DATABASE_URL": "postgres://ours"})
    laptop.start()
    assert secrets.read_variables(tmp_path / "services.env") == {"DATABASE_URL": "postgres://ours"}


def test_secrets_are_random_private_and_kept(tmp_path: Path) -> None:
    first = secrets.read_variables(secrets.ensure_secrets(tmp_path / "one"))
    again = secrets.read_variables(secrets.ensure_secrets(tmp_path / "one"))
    other = secrets.read_variables(secrets.ensure_secrets(tmp_path / "other"))
    assert first == again
    assert first["SECRET_KEY"] != other["SECRET_KEY"]
    assert stat.S_IMODE((tmp_path / "one" / "env").stat().st_mode) == 0o600
    (key,) = (tmp_path / "one" / "keys").iterdir()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_the_newest_key_signs_and_every_key_is_kept(tmp_path: Path) -> None:
    for day in ("2026-01-01", "2027-01-01", "2025-01-01"):
        keys.make_signing_key(tmp_path / "made").rename(tmp_path / f"{day}.pem")
    newest, *older = keys.read_signing_keys(".", tmp_path)
    assert newest == (tmp_path / "2027-01-01.pem").read_text()
    assert older == [(tmp_path / f"{day}.pem").read_text() for day in ("2026-01-01", "2025-01-01")]


def test_keys_may_come_as_text_or_as_one_file(tmp_path: Path) -> None:
    path = keys.make_signing_key(tmp_path)
    text = path.read_text()
    assert keys.read_signing_keys(text, tmp_path) == [text]
    assert keys.read_signing_keys(text.replace("\n", "\\n"), tmp_path) == [text]
    assert keys.read_signing_keys(path.name, tmp_path) == [text]


def test_no_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="no PEM private key"):
        keys.read_signing_keys(".", tmp_path)


def test_missing_fonts_are_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "sans.ttf").touch()
    with pytest.raises(
        ImproperlyConfigured, match=r"The fonts cjk.ttf, sans-bold.ttf are not in .*script/setup"
    ):
        fonts.find(tmp_path)


@pytest.mark.parametrize(
    ("face", "letters"),
    [
        ("sans", "Қазақстан Өзбекистон Монгол Ңң Ққ Ғғ Ұұ Іі Éé №"),
        ("sans_bold", "Қазақстан Өзбекистон Монгол Ңң Ққ Ғғ Ұұ Іі Éé №"),
        ("cjk", "霍尔果斯海关国际公路运输"),
    ],
)
def test_each_face_has_its_letters_as_truetype_outlines(face: str, letters: str) -> None:
    """reportlab embeds `glyf` outlines only, and prints an empty box for a letter that is not there."""
    font = TTFont(settings.TIR_FONTS[face])
    assert "glyf" in font
    assert "fvar" not in font
    assert set(map(ord, letters)) <= font.getBestCmap().keys()
