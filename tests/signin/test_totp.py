"""Codes of authenticator apps, by the published examples of RFC 6238 appendix B and RFC 4226 appendix D."""

from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pytest

from tir.signin import totp

SECRET = b32encode(b"12345678901234567890").decode()


# The RFC has eight digits; an app shows the last six.
@pytest.mark.parametrize(
    ("seconds", "digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_a_code_is_the_rfcs(seconds: int, digits: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)

    assert totp.code_of(SECRET, totp.step_at(at)) == digits[-6:]


@pytest.mark.parametrize(
    ("counter", "digits"), list(enumerate(["755224", "287082", "359152", "969429", "338314", "254676"]))
)
def test_a_counter_is_the_rfcs(counter: int, digits: str) -> None:
    assert totp.code_of(SECRET, counter) == digits


class TestACodeIsTaken:
    at = datetime(2026, 11, 28, 9, 0, 10, tzinfo=UTC)

    def code(self, **late: float) -> str:
        return totp.code_of(SECRET, totp.step_at(self.at + timedelta(**late)))

    @pytest.mark.parametrize("seconds", [-30, 0, 30])
    def test_half_a_minute_early_or_late(self, seconds: int) -> None:
        assert totp.matching_step(SECRET, self.code(seconds=seconds), at=self.at, after=0) is not None

    @pytest.mark.parametrize("seconds", [-90, -60, 60, 90])
    def test_no_earlier_and_no_later(self, seconds: int) -> None:
        assert totp.matching_step(SECRET, self.code(seconds=seconds), at=self.at, after=0) is None

    def test_once(self) -> None:
        step = totp.matching_step(SECRET, self.code(), at=self.at, after=0)

        assert step is not None
        assert totp.matching_step(SECRET, self.code(), at=self.at, after=step) is None

    @pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345"])
    def test_as_six_digits_alone(self, typed: str) -> None:
        assert totp.matching_step(SECRET, typed, at=self.at, after=0) is None
