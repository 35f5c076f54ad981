"""Looking at a docket: which page an office would stamp next, and what the rules say of it. Pure, like the rules.

A scan on the server, the preview of a stamp and a phone without network come to the same verdict, because all three
do what stands here; `tests/judging/cases.json` holds the phone to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from carnets.projection.facts import Certification, OperationFacts, SideFacts
from checkpoints.evidence.dockets import Docket
from checkpoints.judging import rules
from checkpoints.posts.offices import Office
from tir.kernel.rules import Finding, Level


@dataclass(frozen=True, slots=True)
class Expected:
    """The stamp this office would make next."""

    page: int
    role: str
    office: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What one look at a docket found, before anything is stamped."""

    findings: Sequence[Finding]
    expected: Expected | None = None
    is_of_here: bool = True


def preview_of(docket: Docket, page: int | None, office: Office, *, at: datetime, now: datetime) -> Preview:
    """Judge the page, or the one expected here, as if it were stamped now with everything found in order."""
    if office.territory_id not in {row.territory_id for row in docket.carnet.operations}:
        return Preview([not_on_route(office)], is_of_here=False)
    expected = expected_stamp(docket, office)
    judged = page if page is not None else (expected.page if expected else None)
    findings = [_nothing_left(office)] if judged is None else _judge(docket, judged, office, at, now)
    if expected is None and judged is not None and not _stops(findings):
        findings = [*findings, _nothing_left(office)]
    return Preview(findings, expected)


def expected_stamp(docket: Docket, office: Office) -> Expected | None:
    """Return what this office would stamp next; nothing when every page of its territory is stamped."""
    page = rules.expected_page(office, docket.carnet, docket.facts)
    if page is None:
        return None
    operation = docket.carnet.operations[(page - 1) // 2]
    role = operation.start_role if page % 2 else operation.termination_role
    planned = operation.planned_start if page % 2 else operation.planned_end
    return Expected(page, role, planned)


def side_of(facts: Sequence[OperationFacts], certification: Certification) -> SideFacts | None:
    """Return the side this certification stands for, or nothing when another one stands on its page."""
    index = (certification.page - 1) // 2
    if not 0 <= index < len(facts):
        return None
    side = facts[index].start if certification.page % 2 else facts[index].termination
    return side if side.stamp == certification.id else None


def case_of(
    docket: Docket, facts: Sequence[OperationFacts], said: Certification, office: Office, now: datetime
) -> rules.Case:
    """Return a stamp as a case: what the officer wrote, compared with the journey that `facts` tell with it."""
    return rules.Case(
        carnet=docket.carnet,
        facts=facts,
        page=said.page,
        office=office,
        at=said.occurred_at,
        now=now,
        seen=side_of(facts, said),
        packages=said.packages,
        reservation=said.reservation,
    )


def not_on_route(office: Office) -> Finding:
    """Return the finding for a carnet that is none of this office's business: nothing more is said about it."""
    message = _("The route of this carnet does not touch {territory}. Start nothing; call the association.")
    return Finding(
        "territory_not_on_route", Level.STOP, "art. 1(b)", message, {"territory": office.territory}
    )


def _judge(docket: Docket, page: int, office: Office, at: datetime, now: datetime) -> list[Finding]:
    case = rules.Case(carnet=docket.carnet, facts=docket.facts, page=page, office=office, at=at, now=now)
    findings = rules.CHECKPOINT.findings(case)
    if case.operation is not None and case.own is not None and case.side(page).at is not None:
        findings.insert(0, _stamped(case.side(page), page))
    return findings


def _stops(findings: Sequence[Finding]) -> bool:
    return any(finding.level is Level.STOP for finding in findings)


def _stamped(side: SideFacts, page: int) -> Finding:
    message = _("Page {page} was stamped already at {office}.")
    return Finding(
        "voucher_already_stamped", Level.LOOK, "art. 1(e)", message, {"page": page, "office": side.office}
    )


def _nothing_left(office: Office) -> Finding:
    message = _("Every page for {territory} is stamped already.")
    return Finding("nothing_to_stamp", Level.LOOK, "art. 1(e)", message, {"territory": office.territory})
