"""Many items in one request, each on its own merits: one that a device kept badly must not hold the others up."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from rest_framework.request import Request

from api.authentication import device_behind
from api.errors import problem_members
from api.v1.checkpoints.reading import ReadItem
from checkpoints.recording.apart import DATABASE_AWAY, failure
from checkpoints.recording.stamping import Origin
from tir.kernel.errors import DomainError

Asked = TypeVar("Asked")
Became = TypeVar("Became")


def answer_each(
    items: Iterable[ReadItem],
    read: Callable[[Any], Asked],
    record: Callable[[Sequence[Asked]], Sequence[Became]],
    present: Callable[[Became], dict[str, Any]],
) -> list[dict[str, Any]]:
    """Record what can be read, and return a result for every item, in the order of the request: `read` makes of a body
    what the domain takes, `present` of an outcome a result."""
    results: list[dict[str, Any] | None] = []
    asked: list[Asked] = []
    for item_id, body in items:
        try:
            if isinstance(body, DomainError):
                raise body
            asked.append(read(body))
            results.append(None)
        except DomainError as unreadable:
            results.append(_rejected(item_id, unreadable))
        except DATABASE_AWAY:
            raise
        except Exception as fault:  # ours, and not the others'
            results.append(_rejected(item_id, failure(item_id, fault)))
    outcomes = iter(record(asked))
    return [result or _presented(next(outcomes), present) for result in results]


def _presented(outcome: Any, present: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    try:
        return present(outcome)
    except (
        Exception
    ) as fault:  # what is on record stays there: the phone keeps its copy until a person has looked
        return _rejected(outcome.request.id, failure(outcome.request.id, fault))


def _rejected(item_id: UUID | None, error: DomainError) -> dict[str, Any]:
    return {"id": item_id and str(item_id), "outcome": "rejected", "problem": problem_members(error)}


def origin_of(request: Request) -> Origin | None:
    """Return by which device the request came; nothing to note for a browser or another system."""
    device_id = device_behind(request)
    return Origin(device_id=device_id) if device_id else None
