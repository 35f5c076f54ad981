"""The laptop as a whole: its secrets, its keys, and how an environment that is given wins."""

import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from fontTools.ttLib import TTFont

from tir import fonts, keys
from tir.laptop import addresses, secrets
from tir.laptop.__main__ import Laptop
from tir.laptop.processes import LaptopError


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


def test_passwords_of_the_database_are_kept_apart_from_what_scripts_export(tmp_path: Path) -> None:
    first = secrets.ensure_passwords(tmp_path)

    assert first == secrets.ensure_passwords(tmp_path)
    assert len(set(first.values())) == len(first) == 6
    assert stat.S_IMODE((tmp_path / "database.env").stat().st_mode) == 0o600


def test_the_password_of_an_older_laptop_moves_there(tmp_path: Path) -> None:
    secrets.write_variables(
        tmp_path / "env", {"SECRET_KEY": "kept", "TIR_LAPTOP_DATABASE_PASSWORD": "of the cluster"}
    )

    assert secrets.ensure_passwords(tmp_path)["tir"] == "of the cluster"
    assert secrets.ensure_passwords(tmp_path)["tir"] == "of the cluster"
    assert secrets.read_variables(tmp_path / "env") == {"SECRET_KEY": "kept"}


class TestAnAddress:
    @pytest.fixture
    def ours(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        secrets.write_variables(tmp_path / "services.env", {"DATABASE_URL": "postgres://web@ours"})
        secrets.write_variables(tmp_path / "roles.env", {"OWNER_DATABASE_URL": "postgres://owner@ours"})
        monkeypatch.delenv("OWNER_DATABASE_URL", raising=False)
        monkeypatch.setenv("DATABASE_URL", "postgres://web@ours")
        return tmp_path

    def test_of_a_role_is_written_down_beside_the_web_servers(self, ours: Path) -> None:
        assert addresses.address("OWNER", ours) == "postgres://owner@ours"

    def test_on_a_server_of_ones_own_is_never_ours(self, ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgres://web@elsewhere")
        with pytest.raises(LaptopError, match="OWNER_DATABASE_URL is not set"):
            addresses.address("OWNER", ours)

        monkeypatch.setenv("OWNER_DATABASE_URL", "postgres://owner@elsewhere")
        assert addresses.address("OWNER", ours) == "postgres://owner@elsewhere"

    def test_is_no_other_processs(self) -> None:
        given = {"DATABASE_URL": "a", "OWNER_DATABASE_URL": "b", "ADMIN_DATABASE_URL": "c", "PATH": "d"}

        assert addresses.without_others(given) == {"DATABASE_URL": "a", "PATH": "d"}


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
