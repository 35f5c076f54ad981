"""One claim: its conditions, its clocks, what may be done now and by whom, its papers and its history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from api.consoles.base import ConsolePage
from api.consoles.claims.statuses import CLOCK_NAMES, EVENT_NAMES, STANDING_TONES, STANDINGS, STEP_NAMES
from api.consoles.claims.timeline import timeline
from api.consoles.formatting import article, day
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OVERSIGHT
from api.scope.claims import claim_for, is_issuers, may_attach, may_take
from api.scope.reader import Reader, reader_of
from carnets.claim_evidence import evidence_of
from guarantees.claims.rules import case_of_claim, checks
from guarantees.claims.windows import windows
from guarantees.clocks import Answer, Window
from guarantees.models import Claim
from guarantees.states import CLAIM, SETTLED
from tir.kernel.clock import now

READERS = CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT
# Which steps stand as buttons, and which step of the domain each takes; a letter is recorded whatever its day.
OF_CUSTOMS = {"notify": "notify", "demand": "demand", "reimburse": "reimburse", "withdraw": "withdraw"}
OF_ASSOCIATION = {"contest": "contest", "pay": "pay"}
LETTERS = {"letter-notification": "notify", "letter-demand": "demand"}


@dataclass(frozen=True, slots=True)
class OfferedStep:
    """One step: open, or greyed with the day from which it is possible or since which it no longer is."""

    name: str
    label: "str | Promise"
    address: str
    note: str = ""

    @property
    def is_open(self) -> bool:
        return not self.note


class ClaimPage(ConsolePage):
    """The claim as both sides see it."""

    allow: ClassVar = {"GET": READERS}
    template = "consoles/claims/claim.html"

    def context(self, request: HttpRequest, *, claim_id: int) -> dict[str, Any]:
        """Return the claim with its checks and clocks as of today where the association is. Raises Http404 for a
        claim that is not the reader's."""
        claim = claim_for(reader_of(request), claim_id)
        today = claim.association.day_at(now())
        found = windows(claim)
        return {
            "title": _("Claim on carnet {number}, page {page}").format(
                number=claim.carnet_number, page=claim.page
            ),
            "claim": claim,
            "checks": checks(case_of_claim(claim, evidence_of([claim])[claim.pk], today=today)),
            "clocks": [_clock(name, window, today) for name, window in found.items()],
            "timeline": timeline(found, today=today),
            "buttons": list(_offered_steps(reader_of(request), claim, found, today)),
            "may_attach": may_attach(reader_of(request), claim),
            "events": [(EVENT_NAMES[event.verb], event) for event in claim.events.all()],
            "documents": claim.documents.all(),
            "is_issuers": is_issuers(reader_of(request), claim),
            "today": today,
        }


def _clock(name: str, window: Window, today: date) -> dict[str, Any]:
    answer = window.answer(today)
    return {
        "name": CLOCK_NAMES[name],
        "window": window,
        "said": STANDINGS[answer] if name == "demand" or answer is not Answer.TOO_EARLY else _("too early"),
        "tone": STANDING_TONES[answer],
    }


def _offered_steps(
    reader: Reader, claim: Claim, found: dict[str, Window], today: date
) -> Iterator[OfferedStep]:
    """Yield the reader's own steps on a claim in its status, those out of their time greyed."""
    by_customs = may_take(reader, claim, by_customs=True)
    by_association = may_take(reader, claim, by_customs=False)
    for name, verb in {
        **(OF_CUSTOMS if by_customs else {}),
        **(OF_ASSOCIATION if by_association else {}),
    }.items():
        if claim.status in CLAIM[verb].before:
            yield _offered_step(claim, name, _why_not_now(found.get(verb), verb, today))
    if by_association:
        for name, verb in LETTERS.items():
            if claim.status in CLAIM[verb].before:
                yield _offered_step(claim, name)
    if by_customs and claim.status not in SETTLED:
        yield from (_offered_step(claim, name) for name in ("notify-holder", "proceedings"))


def _offered_step(claim: Claim, name: str, note: str = "") -> OfferedStep:
    address = reverse(f"console-claim-{name}", kwargs={"claim_id": claim.pk})
    return OfferedStep(name, STEP_NAMES[name], address, note)


def _why_not_now(window: Window | None, verb: str, today: date) -> str:
    """Return why a step cannot be taken today, blank if it can; paying late is still paying."""
    if window is None or verb == "pay":
        return ""
    answer = window.answer(today)
    if answer is Answer.TOO_EARLY:
        return _("from {day} ({article})").format(day=day(window.earliest), article=article(window.article))
    if answer is Answer.LAPSED and verb == "reimburse":
        return _("lapsed on {day} ({article})").format(
            day=day(window.latest), article=article(window.article)
        )
    return ""
