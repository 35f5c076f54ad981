"""What is asked about liability, by a program or in an address bar: which moment, which age, which part of it."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, time
from typing import Any

from pydantic_core import PydanticCustomError

from api.parsing import field_invalid, instant_or_day
from guarantees.liability.choices import Dimension, Side
from guarantees.liability.moments import AGE_BANDS, Moment
from tir.kernel.clock import now

MOST_PARTS = 5_000
AGES = {f"{low}-{'' if high is None else high}": (low, high) for low, high in AGE_BANDS}
OVER_30 = "30-"  # what a console warns of
NOBODY = -1  # the key of a holder or guarantee that does not exist
DIMENSIONS: Mapping[Side, Collection[Dimension]] = {
    Side.ISSUED: (Dimension.HOLDER, Dimension.GUARANTEE, Dimension.CORRIDOR),
    Side.UNDER_WAY: (Dimension.HOLDER, Dimension.GUARANTEE, Dimension.COUNTRY, Dimension.CORRIDOR),
    Side.TERRITORY: (Dimension.HOLDER, Dimension.ISSUER, Dimension.COUNTRY, Dimension.CORRIDOR),
}
# A guarantor learns nothing of a foreign guarantee, and a carnet as a whole is in no territory and in no claim.
NOT_OF_SIDE: Mapping[Side, Collection[str]] = {
    Side.ISSUED: ("issuer", "country", "stage"),
    Side.UNDER_WAY: ("issuer",),
    Side.TERRITORY: ("guarantee",),
}


def moment_of(asked: str) -> Moment:
    """Return the moment asked for; a bare day means its end, so that the whole day counts. What is not past is now."""
    present = now()
    if not asked:
        return Moment(present, is_now=True)
    try:
        # A plus sign that nobody escaped arrives as a blank.
        found = instant_or_day(asked.replace(" ", "+"))
    except PydanticCustomError as invalid:
        raise field_invalid("as_of", invalid.type) from None
    at = found if isinstance(found, datetime) else datetime.combine(found, time.max, tzinfo=UTC)
    return Moment(at, is_now=at >= present)


def age_of(band: str) -> tuple[int, int | None] | None:
    """Return the days of a band by its name, None for a blank or an unknown one."""
    return AGES.get(band, (30, None) if band == OVER_30 else None)


def ensure_of_side(asked: Mapping[str, str], side: Side) -> None:
    """Raise BodyInvalid for a filter that says nothing about this side."""
    for name in NOT_OF_SIDE[side]:
        if asked.get(name):
            raise field_invalid(name, "not_of_side", side=side.value)


def key_of_named(model: Any, **named: str) -> int | None:
    """Return the key of what is named; of nothing, None; of what does not exist, one that nothing has."""
    if not any(named.values()):
        return None
    found = model.objects.filter(**named).values_list("pk", flat=True).first()
    return NOBODY if found is None else int(found)
