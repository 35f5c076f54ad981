"""What is missing before the system can be used, step by step, each with the way to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles.base import ConsolePage
from api.consoles.setup.words import STEPS
from api.permissions import GIVERS, REGISTRARS
from api.scope.reader import reader_of
from api.scope.registers import approvals_for
from checkpoints.posts.missing import SetUpStep, missing
from checkpoints.posts.registers import REGISTERS
from tir.accounts.models import User
from tir.approvals.models import ApprovalStatus

INVITE, HOLDERS = "console-person-invite", "console-holders"
# By step: the page where it is done, and what stands in its address.
ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = {
    "headquarters": (INVITE, "?role=customs_hq"),
    "people": (INVITE, "?role=officer"),
    "staff": (INVITE, "?role=association"),
    "holders": (HOLDERS, ""),
}


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as the page shows it; without an address it is another person's to do."""

    title: Any
    says: Any
    found: int
    is_done: bool
    waiting: int
    register: str  # its list, for a register
    address: str
    is_next: bool = False


class SetupPage(ConsolePage):
    """The steps from empty to working, done and to be done, for the reader's country."""

    allow: ClassVar = {"GET": REGISTRARS}
    title = _("Set up")
    menu = _("Set up")
    template = "consoles/setup/checklist.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the steps, how many are left, and what waits for approval."""
        reader, steps = reader_of(request), steps_for(request)
        return {
            "steps": steps,
            "left": sum(not step.is_done for step in steps),
            "waiting": approvals_for(reader).filter(status=ApprovalStatus.OPEN).count(),
        }


def steps_for(request: HttpRequest) -> Sequence[ShownStep]:
    """Return the steps for who reads; the first that they can do now is the next."""
    steps = [_shown(step, caller(request)) for step in missing(reader_of(request).country)]
    todo = (index for index, step in enumerate(steps) if step.address and not (step.is_done or step.waiting))
    first = next(todo, None)
    return [replace(step, is_next=index == first) for index, step in enumerate(steps)]


def next_step(request: HttpRequest) -> ShownStep | None:
    """Return what is to be done next by who reads, None where nothing is left for them."""
    return next((step for step in steps_for(request) if step.is_next), None)


def _shown(step: SetUpStep, user: User) -> ShownStep:
    title, says = STEPS[step.name]
    register = reverse("console-register", kwargs={"register": step.name}) if step.name in REGISTERS else ""
    return ShownStep(title, says, step.found, step.is_done, step.waiting, register, _address(step.name, user))


def _address(name: str, user: User) -> str:
    """Return the page where a step is done, blank where the user may not open it."""
    if name in ELSEWHERE:
        page, query = ELSEWHERE[name]
        address = reverse(page)
        allow = resolve(address).func.view_class.allow["GET"]  # type: ignore[attr-defined]
        return address + query if user.has_role(*allow) else ""
    if name == "number-ranges" and not user.has_role(*GIVERS):
        return ""
    return reverse("console-register-new", kwargs={"register": name})
