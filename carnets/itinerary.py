"""What a lorry does and where: stops, and the voucher pairs that run between them.

A stop is an office and what the lorry does there. A pair of vouchers runs between two neighbouring stops; the gaps
exit → entry and suspend → resume carry none. An inner load or unload is one visit and two pages: No. 2 of one pair and
No. 1 of the next (Rule of use 6). Suspension and resumption are exit and entry en route (art. 26(3)).
"""

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from carnets.choices import OfficeRole, StopAction
from tir.kernel.values import value

ROLES = {
    StopAction.LOAD: OfficeRole.DEPARTURE,
    StopAction.EXIT: OfficeRole.EXIT,
    StopAction.ENTRY: OfficeRole.ENTRY,
    StopAction.SUSPEND: OfficeRole.EXIT,
    StopAction.RESUME: OfficeRole.ENTRY,
    StopAction.UNLOAD: OfficeRole.DESTINATION,
}
CARRIES_ON: dict[str, StopAction] = {
    StopAction.EXIT: StopAction.ENTRY,
    StopAction.SUSPEND: StopAction.RESUME,
}  # no voucher in between
HANDLES_GOODS = frozenset({StopAction.LOAD, StopAction.UNLOAD})


class Place(Protocol):
    """What an itinerary asks of an office."""

    @property
    def code(self) -> str: ...

    @property
    def territory(self) -> str: ...


OfficeLike = TypeVar("OfficeLike", bound=Place)


@value
class ItineraryStop(Generic[OfficeLike]):
    """An office on the itinerary, and what the lorry does there."""

    office: OfficeLike
    does: StopAction

    @property
    def role(self) -> OfficeRole:
        """The role in which the office certifies there, on one page or on two."""
        return ROLES[self.does]


def is_aboard(load: int, unload: int, at: int) -> bool:
    """Whether goods loaded at one stop and unloaded at another are on board as the lorry leaves stop `at`."""
    return load <= at < unload


class Doing(Protocol):
    """Whatever says what the lorry does somewhere."""

    @property
    def does(self) -> str: ...


Where = TypeVar("Where", bound=Doing)


def legs_of(stops: Sequence[Where]) -> list[tuple[Where, Where]]:
    """Return the planned operations in order: each from one stop to the next, on the vouchers of its number."""
    return [
        (one, following)
        for one, following in zip(stops, stops[1:], strict=False)
        if CARRIES_ON.get(one.does) != following.does
    ]


def stops_of_legs(
    legs: Sequence[tuple[OfficeLike, OfficeLike, str | None]],
) -> list[ItineraryStop[OfficeLike]]:
    """Return the stops of an itinerary given as pairs of offices, the short form: the first start loads and the last
    end unloads; an end that is also the next start loads or unloads as its third value says (unloads if it says
    nothing); any other end is an exit and the next start an entry. Any end suspends, and the next start resumes, where
    the third value says so; so it does where both lie in one territory and are not one office."""
    stops: list[ItineraryStop[OfficeLike]] = []
    for index, (start, end, does) in enumerate(legs):
        if index == 0:
            stops.append(ItineraryStop(start, StopAction.LOAD))
        elif stops[-1].does in CARRIES_ON:
            stops.append(ItineraryStop(start, CARRIES_ON[stops[-1].does]))
        stops.append(ItineraryStop(end, _end_does(legs, index, does)))
    return stops


def _end_does(
    legs: Sequence[tuple[OfficeLike, OfficeLike, str | None]], index: int, does: str | None
) -> StopAction:
    if index + 1 == len(legs):
        return StopAction.UNLOAD
    if does == StopAction.SUSPEND:
        return StopAction.SUSPEND
    end, start = legs[index][1], legs[index + 1][0]
    if end.code == start.code:
        return StopAction.LOAD if does == StopAction.LOAD else StopAction.UNLOAD
    return StopAction.SUSPEND if end.territory == start.territory else StopAction.EXIT
