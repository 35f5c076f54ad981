"""What is missing before the system can be used, step by step, each with the way to it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from api.consoles.base import ConsolePage
from api.consoles.setup.words import STEPS
from api.permissions import REGISTRARS
from api.scope.reader import reader_of
from api.scope.registers import approvals_for
from checkpoints.posts.missing import Step, missing
from tir.approvals.models import ApprovalStatus

OF_PEOPLE = {"headquarters", "people"}
PEOPLE = "console-people"  # the pages of people, where they are installed


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as the page shows it."""

    title: Any
    says: Any
    found: int
    is_done: bool
    address: str
    new: str


class SetupPage(ConsolePage):
    """The steps from empty to working, done and to be done, for the reader's country."""

    allow: ClassVar = {"GET": REGISTRARS}
    title = _("Set up")
    menu = _("Set up")
    template = "consoles/setup/checklist.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the steps, how many are left, and what waits for approval."""
        reader = reader_of(request)
        steps = missing(reader.country)
        return {
            "steps": [_shown(step) for step in steps],
            "left": sum(not step.is_done for step in steps),
            "waiting": approvals_for(reader).filter(status=ApprovalStatus.OPEN).count(),
        }


def _shown(step: Step) -> ShownStep:
    title, says = STEPS[step.name]
    if step.name in OF_PEOPLE:
        address, new = _people(), ""
    else:
        address = reverse("console-register", kwargs={"register": step.name})
        new = reverse("console-register-new", kwargs={"register": step.name})
    return ShownStep(title, says, step.found, step.is_done, address, new)


def _people() -> str:
    try:
        return reverse(PEOPLE)
    except NoReverseMatch:
        return ""
