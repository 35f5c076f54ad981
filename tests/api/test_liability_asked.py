"""What is asked about liability: which moment, which age, which side."""

from datetime import UTC, datetime

import pytest
import time_machine

from api.errors import BodyInvalid
from api.liability_asked import age_of, ensure_of_side, key_of_named, moment_of
from guarantees.liability.choices import Side
from guarantees.models import Association
from tests.world import World

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


class TestTheMoment:
    def test_of_a_day_that_is_over_is_its_end(self) -> None:
        found = moment_of("2026-03-01")

        assert (found.at, found.is_now) == (datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC), False)

    @pytest.mark.parametrize("asked", ["", "2026-03-02", "2026-03-02T12:00:00Z", "2027-01-01"])
    def test_that_is_not_past_is_now(self, asked: str) -> None:
        assert moment_of(asked).is_now
        assert not moment_of("2026-03-02T11:59:59Z").is_now

    def test_may_come_with_a_plus_that_nobody_escaped(self) -> None:
        assert moment_of("2026-03-01T08:00:00 05:00").at == datetime(2026, 3, 1, 3, tzinfo=UTC)

    @pytest.mark.parametrize("asked", ["yesterday", "2026-02-30", "2026-03-01T08:00:00"])
    def test_that_is_none_is_named(self, asked: str) -> None:
        with pytest.raises(BodyInvalid) as refused:
            moment_of(asked)

        assert [fault.field for fault in refused.value.faults] == ["as_of"]


def test_an_age_is_a_band_by_its_name() -> None:
    assert [age_of(band) for band in ("30-90", "365-", "30-", "", "31-90")] == [
        (30, 90), (365, None), (30, None), None, None,
    ]  # fmt: skip


def test_a_filter_goes_with_its_side() -> None:
    ensure_of_side({"country": "KZ", "issuer": "071"}, Side.TERRITORY)

    with pytest.raises(BodyInvalid) as refused:
        ensure_of_side({"country": "KZ", "holder": "CHN/071/1001"}, Side.ISSUED)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("country", "not_of_side")]


def test_a_key_of_nothing_narrows_nothing_and_of_an_unknown_finds_nothing(world: World) -> None:
    china = world.associations["CN"]

    assert key_of_named(Association, code=china.code) == china.pk
    assert key_of_named(Association, code="") is None
    assert not Association.objects.filter(pk=key_of_named(Association, code="999")).exists()
