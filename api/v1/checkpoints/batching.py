"""Many stamps in one request, each on its own merits: one that a device kept badly must not hold the others up."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from rest_framework.request import Request

from api.authentication import device_behind
from api.errors import problem_members
from api.v1.checkpoints.presenting import present_outcome
from api.v1.checkpoints.reading import ReadStamp, stamp_request
from checkpoints.posts.postings import Officer
from checkpoints.recording.apart import DATABASE_AWAY, failure
from checkpoints.recording.stamping import Origin, Outcome, StampRequest
from tir.kernel.errors import DomainError

Record = Callable[[Sequence[StampRequest]], Sequence[Outcome]]


def answer_each(stamps: Iterable[ReadStamp], officer: Officer, record: Record) -> list[dict[str, Any]]:
    """Record what can be read, and return a result for every stamp, in the order of the request."""
    results: list[dict[str, Any] | None] = []
    asked: list[StampRequest] = []
    for stamp_id, stamp in stamps:
        try:
            if isinstance(stamp, DomainError):
                raise stamp
            asked.append(stamp_request(stamp, officer))
            results.append(None)
        except DomainError as unreadable:
            results.append(_rejected(stamp_id, unreadable))
        except DATABASE_AWAY:
            raise
        except Exception as fault:  # ours, and not the others'
            results.append(_rejected(stamp_id, failure(stamp_id, fault)))
    outcomes = iter(record(asked))
    return [result or _presented(next(outcomes)) for result in results]


def _presented(outcome: Outcome) -> dict[str, Any]:
    try:
        return present_outcome(outcome)
    except (
        Exception
    ) as fault:  # what is on record stays there: the phone keeps its copy until a person has looked
        return _rejected(outcome.request.id, failure(outcome.request.id, fault))


def _rejected(stamp_id: UUID | None, error: DomainError) -> dict[str, Any]:
    return {"id": stamp_id and str(stamp_id), "outcome": "rejected", "problem": problem_members(error)}


def origin_of(request: Request) -> Origin | None:
    """Return by which device the request came; nothing to note for a browser or another system."""
    device_id = device_behind(request)
    return Origin(device_id=device_id) if device_id else None
