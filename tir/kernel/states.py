"""One state machine for every noun with a status: where a verb is taken from, where it leads, what happened.

The steps are data, so pages of documentation and the buttons of a console are made from them; the verbs themselves are
functions of the rooms, which ask `Machine.next` under the row's lock.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise

from tir.kernel.errors import Conflict


@dataclass(frozen=True, slots=True)
class Step:
    """One verb: the statuses it is taken from, the one it leads to, and what happened in the world.

    Without `after`, something else decides what follows, such as a projection. `by` says whose step it is where two
    sides take turns.
    """

    verb: str
    before: frozenset[str]
    after: str | None
    world: str
    by: str = ""


class Machine:
    """The steps of one kind of thing. `refusal` and `sentence` are what a step from elsewhere is answered with; the
    sentence may name `{status}` and `{possible}`, the statuses from which it could be taken."""

    def __init__(
        self,
        statuses: type[TextChoices],
        steps: Iterable[Step],
        *,
        refusal: type[Conflict],
        sentence: "str | Promise",
    ) -> None:
        self.statuses, self._refusal, self._sentence = statuses, refusal, sentence
        self._steps = {step.verb: step for step in steps}

    def __iter__(self) -> Iterator[Step]:
        return iter(self._steps.values())

    def __getitem__(self, verb: str) -> Step:
        return self._steps[verb]

    def __contains__(self, verb: object) -> bool:
        return verb in self._steps

    def verbs(self, status: str) -> list[str]:
        """Return the verbs that can be taken from a status, in the order of the table."""
        return [step.verb for step in self if status in step.before]

    def next(self, verb: str, status: str) -> str | None:
        """Return where `verb` leads from `status`; raise the machine's refusal when it cannot be taken there."""
        step = self._steps[verb]
        if status not in step.before:
            raise self._refused(step, status)
        return step.after

    def _refused(self, step: Step, status: str) -> Conflict:
        possible = sorted(step.before)
        said = str(self._sentence).format(
            status=self._label(status), possible=", ".join(self._label(one) for one in possible)
        )
        return self._refusal(said, status=status, verb=step.verb, possible_from=possible)

    def _label(self, status: str) -> str:
        return str(self.statuses(status).label)
