"""A status is painted as what it is a status of: one word may mean two things."""

import pytest
from django.utils import translation

from api.consoles.statuses import TONES, status_badge
from guarantees.models import Claim, Holder


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_one_word_of_two_things_has_two_tones(language: str) -> None:
    """A claim that was withdrawn needs nobody any more; a holder whose authorisation was withdrawn must not pass."""
    with translation.override(language):
        assert "status-unknown" in status_badge(Claim(status="withdrawn"), "status")
        assert "status-stop" in status_badge(Holder(status="withdrawn"), "status")


@pytest.mark.parametrize("kind", TONES)
def test_every_status_has_a_tone(kind: type) -> None:
    assert set(TONES[kind]) == set(kind)  # type: ignore[call-overload]


def test_kinds_are_told_apart_by_their_choices() -> None:
    assert len({tuple(kind.values) for kind in TONES}) == len(TONES)
