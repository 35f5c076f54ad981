"""What a password is kept as."""

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password
from pytest_django import Settings

from tir.kernel.passwords import OneLane

PASSWORD = "long enough for anybody"


def test_is_argon2id_with_one_lane_and_nothing_less_than_owasp_asks() -> None:
    kept = OneLane().encode(PASSWORD, OneLane().salt())

    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_kept_by_djangos_own_figures_is_still_known_and_kept_anew(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tir.kernel.passwords.OneLane"]
    before, after = Argon2PasswordHasher().encode(PASSWORD, "a salt of sixteen"), []

    assert check_password(PASSWORD, before, setter=after.append)
    assert after == [PASSWORD]
    assert not check_password("another one", before, setter=after.append)
    assert after == [PASSWORD]
