"""The planted truth as a file: what reconciliation must find about each simulated carnet, and what it must not."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from checkpoints.simulation.journeys import Journey


@dataclass(frozen=True, slots=True)
class Due:
    """A flag that follows later, by the passing of time alone, if a lorry still under way is never seen again."""

    code: str
    page: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CarnetTruth:
    """What was planted in one carnet."""

    number: str
    fault: str | None
    expect: tuple[tuple[str, int], ...]  # code and page
    discharged: int
    operations: int
    comes_due: tuple[Due, ...] = ()
    unused: int = 0
    is_honest: bool = True
    is_complete: bool = True  # all its evidence was on record when the simulation ended


@dataclass(frozen=True, slots=True)
class Truth:
    """What was planted in one simulation."""

    seed: int
    until: datetime
    carnets: tuple[CarnetTruth, ...]


def truth_of(*, seed: int, until: datetime, journeys: Sequence[Journey], numbers: Iterable[str]) -> Truth:
    """Return the truth about the journeys, whose carnets have these numbers."""
    carnets = (_carnet(journey, number, until) for journey, number in zip(journeys, numbers, strict=True))
    return Truth(seed, until, tuple(carnets))


def _carnet(journey: Journey, number: str, until: datetime) -> CarnetTruth:
    return CarnetTruth(
        number=number,
        fault=journey.fault,
        expect=tuple((expected.code, expected.page) for expected in journey.flags(until=until)),
        discharged=journey.discharged(until=until),
        operations=journey.operations_known(until=until),
        comes_due=tuple(Due(due.code, due.page, at) for due, at in journey.comes_due(until=until)),
        unused=journey.unused(until=until),
        is_honest=journey.is_honest,
        is_complete=journey.issued_at + journey.settled_after <= until,
    )


def write_truth(truth: Truth, path: Path) -> None:
    """Write the file whole or not at all: a half-written one would pass for the truth."""
    document = {
        "seed": truth.seed,
        "until": truth.until.isoformat(),
        "carnets": [_as_json(carnet) for carnet in truth.carnets],
    }
    unfinished = path.with_name(path.name + ".new")
    unfinished.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(path)


def read_truth(path: Path) -> Truth:
    document = json.loads(path.read_text(encoding="utf-8"))
    carnets = tuple(_from_json(carnet) for carnet in document["carnets"])
    return Truth(document["seed"], datetime.fromisoformat(document["until"]), carnets)


def _as_json(carnet: CarnetTruth) -> dict[str, Any]:
    return {
        **asdict(carnet),
        "expect": [{"code": code, "page": page} for code, page in carnet.expect],
        "comes_due": [
            {"code": due.code, "page": due.page, "at": due.at.isoformat()} for due in carnet.comes_due
        ],
    }


def _from_json(carnet: dict[str, Any]) -> CarnetTruth:
    return CarnetTruth(
        number=carnet["number"],
        fault=carnet["fault"],
        expect=tuple((item["code"], item["page"]) for item in carnet["expect"]),
        discharged=carnet["discharged"],
        operations=carnet["operations"],
        comes_due=tuple(
            Due(item["code"], item["page"], datetime.fromisoformat(item["at"]))
            for item in carnet.get("comes_due", ())
        ),
        unused=carnet.get("unused", 0),
        is_honest=carnet.get("is_honest", True),
        is_complete=carnet.get("is_complete", True),
    )
