"""Invariants 6, 9 and 11: a legal transport, recorded in full, is discharged without a person; take one statement away
and it is not; and nothing that happened is lost."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from django.db import transaction

from carnets.models import Carnet, Irregularity, TirOperation
from carnets.reconciliation import job
from checkpoints.models import Stamp
from checkpoints.recording.stamping import Origin, Outcome, StampRequest, record_stamps
from checkpoints.simulation import driving
from checkpoints.simulation.cast import Cast
from checkpoints.simulation.journeys import Journey
from checkpoints.simulation.seeding import seed
from tests.journeys import legal
from tests.journeys.legal import DAY, Transports, settled

UNTIL = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
IS_NIGHT = os.environ.get("HYPOTHESIS_PROFILE") == "night"
EACH_PAIR = 20 if IS_NIGHT else 1
OTHERS = 600 if IS_NIGHT else 40  # transports from which something is taken, and certifications tried

pytestmark = [pytest.mark.django_db, pytest.mark.hypothesis]


@pytest.fixture
def night_seed(request: pytest.FixtureRequest) -> int:
    """The seed of the run, so that what a night finds can be found again."""
    asked = request.config.getoption("--hypothesis-seed", default=None)
    return int(asked) if asked and str(asked).isdigit() else 1


@pytest.fixture
def seeded(db: None, tmp_path: Path) -> None:
    seed(card_path=tmp_path / "demo.json", at=UNTIL)


def driven(journeys: Sequence[Journey], *, at: datetime = UNTIL) -> list[str]:
    """Drive transports to their end and reconcile; return the numbers of their carnets."""
    numbers = driving.drive([settled(journey, until=UNTIL) for journey in journeys], until=UNTIL)
    reconcile(at)
    return numbers


def reconcile(at: datetime) -> None:
    while job.reconcile_chunk(at=at).carnets:
        pass


class TestLegalTransport:
    def test_is_discharged_without_a_person(
        self, seeded: None, night_seed: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        transports = Transports(night_seed, EACH_PAIR)
        journeys = list(transports.draw())

        numbers = driven(journeys)

        of = dict(zip(numbers, journeys, strict=True))
        waiting = Irregularity.objects.filter(status="open", bars_discharge=True)
        told = [
            f"{item.carnet.number}: {item.code} on page {item.page}, {of[item.carnet.number].shape}"
            for item in waiting.select_related("carnet")
        ]
        assert not told, "\n".join(told)
        statuses = dict(Carnet.objects.values_list("number", "status"))
        assert {number: statuses[number] for number in numbers} == dict.fromkeys(numbers, "discharged")
        assert not Carnet.objects.filter(is_reserved=True).exists()
        with capsys.disabled():
            print(f"\n{len(journeys)} legal transports, seed {night_seed}")  # noqa: T201
            print("\n".join(transports.told()))  # noqa: T201
        assert min(transports.counts[pair] for pair in legal.PAIRS) >= EACH_PAIR


TAKEN: dict[str, Callable[[Journey, int], Journey]] = {
    "box 25": lambda journey, sequence: legal.without_box_25(journey, 2 * sequence),
    "box 26": lambda journey, sequence: legal.without_box_26(journey, 2 * sequence),
    "the certificate of the start": lambda journey, sequence: legal.without_certificate(
        journey, 2 * sequence - 1
    ),
    "the certificate of the termination": lambda journey, sequence: legal.without_certificate(
        journey, 2 * sequence
    ),
}


class TestAnOperationWithoutOneStatement:
    @pytest.mark.parametrize("taken", TAKEN)
    def test_is_never_discharged_by_machine(self, seeded: None, night_seed: int, taken: str) -> None:
        rng = Random(f"{night_seed}/{taken}")
        journeys, sequences = [], []
        for journey in some_transports(rng, is_sealed=taken == "box 25"):
            sequence = rng.randint(1, len(journey.pairs))
            journeys.append(TAKEN[taken](journey, sequence))
            sequences.append(sequence)

        numbers = driven(journeys)
        reconcile(UNTIL + 60 * DAY)

        lacking = dict(zip(numbers, sequences, strict=True))
        discharged = TirOperation.objects.filter(status="discharged").values_list(
            "carnet__number", "sequence"
        )
        assert not [number for number, sequence in discharged if lacking[number] == sequence]
        assert len(discharged) > len(numbers), "the others are, so it is this one statement that is missing"


def some_transports(rng: Random, *, is_sealed: bool = False) -> list[Journey]:
    """Return some legal transports, each page of which was stamped once."""
    drawn: list[Journey] = []
    for journey in Transports(rng.randrange(2**32), 1).draw():
        is_plain = not any(stamp.cancels for stamp in journey.stamps)
        if is_plain and not (is_sealed and journey.freight.is_heavy):
            drawn.append(journey)
        if len(drawn) == OTHERS:
            break
    return drawn


class TestAnyCertification:
    """By any approved office, on any page that is not used, of a transport that has not ended."""

    @pytest.mark.parametrize("how", ["offline", "online"])
    def test_can_be_put_on_record(self, seeded: None, night_seed: int, how: str) -> None:
        rng = Random(f"{night_seed}/{how}")
        journeys = [under_way(journey, rng) for journey in some_transports(rng)]
        numbers = driving.drive(journeys, until=UNTIL)
        cast = Cast.read()

        refused = []
        for number in numbers:
            page = rng.choice(unused_pages(number))
            office = rng.choice(sorted(cast.officers))
            said = replace(
                certified(number, page, rng), is_offline=how == "offline", is_unplanned=how == "online"
            )
            with transaction.atomic():
                [outcome] = record_stamps(
                    requests=[said],
                    officer=cast.officers[office],
                    at=UNTIL,
                    origin=Origin(device_id=cast.devices[office]) if how == "offline" else None,
                )
            if outcome.row is None:
                refused.append(told(outcome, office))
        assert not refused, "\n".join(refused)


def under_way(journey: Journey, rng: Random) -> Journey:
    """Place a transport so that only a part of its pages is stamped by the end."""
    latest = rng.randint(1, journey.pages - 1)
    stamps = tuple(stamp for stamp in journey.stamps if stamp.page <= latest)
    happenings = tuple(each for each in journey.happenings if each.page <= latest)
    return settled(replace(journey, stamps=stamps, happenings=happenings), until=UNTIL)


def unused_pages(number: str) -> list[int]:
    carnet = Carnet.objects.get(number=number)
    used = set(Stamp.objects.filter(carnet=carnet).values_list("page", flat=True))
    return [page for page in range(1, carnet.vouchers + 1) if page not in used]


def certified(number: str, page: int, rng: Random) -> StampRequest:
    """Return what an officer who has the paper in hand might write."""
    return StampRequest(
        id=UUID(int=rng.getrandbits(128)),
        number=number,
        page=page,
        occurred_at=UNTIL - timedelta(minutes=rng.randint(1, 5)),
        seals_intact=rng.choice((True, False, None)),
        packages=rng.choice((None, 0, 7, 420)) if page % 2 == 0 else None,
        ends_here=page % 2 == 0 and rng.random() < 0.2,
        is_suspension=page % 2 == 0 and rng.random() < 0.1,
    )


def told(outcome: Outcome, office: str) -> str:
    return f"{outcome.request.number} page {outcome.request.page} by {office}: {outcome.error}"
