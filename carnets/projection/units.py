"""Which vehicles and containers should be there: joined, set down, replaced.

When units are stated, each unit of the carnet must be among them. A tractor may change before its sealed unit, and what
is there besides is a note.
"""

from dataclasses import dataclass, field

from carnets.choices import UnitKind
from carnets.projection.evidence import Certification, Event
from carnets.projection.plan import Unit
from tir.kernel.spelling import common_form, common_forms


@dataclass(slots=True)
class Train:
    """The units that travel, by common form; `excused` many may be missing because a report named others instead."""

    units: dict[str, Unit] = field(default_factory=dict)
    excused: int = 0

    @classmethod
    def of(cls, units: tuple[Unit, ...]) -> "Train":
        return cls({unit.name: unit for unit in units})

    def copy(self) -> "Train":
        return Train(dict(self.units), self.excused)


def missing(train: Train, said: Certification, not_aboard: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the units that should be among those stated and are not; nothing when none were stated.

    Vehicles and containers are stated apart: a list of plates says nothing about containers. A container whose goods
    are not loaded yet (`not_aboard`) may be missing.
    """
    if said.vehicles is None and said.containers is None:
        return ()
    stated = common_forms(said.vehicles) | common_forms(said.containers)
    absent = [
        unit
        for unit in _asked(train, said)
        if unit.name not in stated and not (unit.kind == UnitKind.CONTAINER and unit.name in not_aboard)
    ]
    sealed_is_here = any(unit.name in stated and not unit.may_change for unit in train.units.values())
    counted = [
        unit for unit in absent if not (unit.may_change and (sealed_is_here or _is_tractor_alone(train)))
    ]
    return tuple(sorted(unit.name for unit in counted[train.excused :]))


def _asked(train: Train, said: Certification) -> list[Unit]:
    """Return the units about which the officer's lists speak."""
    return [
        unit
        for unit in train.units.values()
        if (said.containers if unit.kind == UnitKind.CONTAINER else said.vehicles) is not None
        and not _is_chassis(unit, train, said)
    ]


def _is_chassis(unit: Unit, train: Train, said: Certification) -> bool:
    """A trailer under a container that is stated and there may be another one: the container is the sealed unit."""
    stated = common_forms(said.containers)
    carries = [each for each in train.units.values() if each.kind == UnitKind.CONTAINER]
    return unit.kind == UnitKind.TRAILER and bool(carries) and all(each.name in stated for each in carries)


def _is_tractor_alone(train: Train) -> bool:
    """Whether nothing but tractors is on the carnet beside containers."""
    return all(unit.kind in {UnitKind.TRACTOR, UnitKind.CONTAINER} for unit in train.units.values())


def move_train_past_stamp(
    train: Train, said: Certification, not_aboard: frozenset[str] = frozenset(), *, after_unload: bool
) -> None:
    """Move the train past a stamp: what is missing once is not missed again, and after an unload a unit may be gone."""
    if said.vehicles is None and said.containers is None:
        return
    gone = set(missing(train, said, not_aboard))
    if said.vehicles is not None and train.excused:
        present = common_forms(said.vehicles)
        gone |= {name for name, unit in train.units.items() if _is_vehicle(unit) and name not in present}
        train.excused = 0
    if after_unload:
        stated = common_forms(said.vehicles) | common_forms(said.containers)
        gone |= {unit.name for unit in _asked(train, said) if unit.name not in stated}
    for name in gone:
        train.units.pop(name, None)


def set_down(train: Train, names: frozenset[str]) -> None:
    """Units whose goods were all unloaded need not go on."""
    for name in names:
        train.units.pop(name, None)


def move_train_past_event(train: Train, event: Event) -> None:
    """A report names the vehicles that go on: they join, and as many others may be missing."""
    for plate in event.vehicles:
        name = common_form(plate)
        if name not in train.units:
            train.units[name] = Unit(name, UnitKind.TRAILER)
            train.excused += 1


def _is_vehicle(unit: Unit) -> bool:
    return unit.kind != UnitKind.CONTAINER
