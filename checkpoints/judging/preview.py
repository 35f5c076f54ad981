"""A docket before an office: which page it would stamp next, and what the rules say of it. Pure, like the rules.

A scan on the server, the preview of a stamp and a phone without network come to the same verdict, because all three
do what stands here; `tests/judging/cases.json` holds the phone to it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carnets.choices import OperationStatus
from carnets.projection.alignment import Alignment
from carnets.projection.evidence import Certification
from carnets.projection.facts import OperationFacts
from carnets.vouchers import pages_of, start_page
from checkpoints.evidence.dockets import Docket
from checkpoints.judging import rules
from checkpoints.judging.case import Case
from checkpoints.posts.offices import Office
from guarantees.exposure import is_guaranteed
from guarantees.territories import binding_in
from tir.kernel.rules import Finding, Level
from tir.kernel.values import value

AS_IF = UUID(int=0)  # the stamp that a preview pretends


@value
class Expected:
    """The stamp this office would make next."""

    page: int
    role: str
    office: str


@value
class Here:
    """The law of an office's place on one day: whether anybody guarantees there (art. 8, 17), and the countries whose
    exclusions of a holder hold there (art. 38)."""

    has_guarantor: bool
    excluding: frozenset[str]


@value
class Preview:
    """What one look at a docket found, before anything is stamped."""

    findings: Sequence[Finding]
    expected: Expected | None = None


def here_at(office: Office, day: date) -> Here:
    """Return the law of the office's place that day, as the registers have it."""
    country = office.facts.country
    return Here(is_guaranteed(country, on=day), binding_in(country, on=day))


def preview_of(
    docket: Docket, page: int | None, office: Office, *, at: datetime, now: datetime, here: Here | None = None
) -> Preview:
    """Judge the page, or the one expected here, as if it were stamped now with everything found in order; `here` goes
    before the registers."""
    expected = expected_stamp(docket, office)
    judged = page if page is not None else (expected.page if expected else None)
    if judged is None:
        return Preview([_nothing_left(office)])
    findings = _judge(docket, judged, office, at, now, here)
    if expected is None and not _stops(findings):
        findings = [*findings, _nothing_left(office)]
    return Preview(findings, expected)


def expected_stamp(docket: Docket, office: Office) -> Expected | None:
    """Return what this office would stamp next; nothing when there is no page left for it."""
    alignment = docket.alignment_with()
    page = expected_page(alignment, docket.facts, office)
    if page is None:
        return None
    stop = alignment.stop_of(page)
    return Expected(page, str(alignment.role(page)), stop.office if stop else office.code)


def expected_page(alignment: Alignment, facts: Sequence[OperationFacts], office: Office) -> int | None:
    """Return the page this office would stamp next: the other half of a pair stamped in its territory first, then one
    planned for its territory, its own office and role first; where the plan has nothing more of its territory, the
    first page that nobody has used (a detour, to be confirmed)."""
    planned = _planned_pages(alignment, facts, office)
    if planned:
        return min(planned)[-1]
    if alignment.is_over:
        return None
    page = start_page(max([0, *alignment.standing.used]) + 1)
    return page if page <= alignment.plan.vouchers else None


def _planned_pages(
    alignment: Alignment, facts: Sequence[OperationFacts], office: Office
) -> list[tuple[bool, bool, bool, int]]:
    """Return the pages for this office: not half used, not its own office, not its role, page; the least goes first."""
    standing = alignment.standing
    found = []
    for fact in facts:
        if fact.territory_id != office.territory_id or fact.status == OperationStatus.UNUSED:
            continue
        for page in pages_of(fact.sequence):
            if page in standing.by_page:
                continue
            stop = alignment.stop_of(page)
            found.append(
                (
                    standing.other_side(page) is None,
                    stop is None or stop.office != office.code,
                    alignment.role(page) not in office.facts.roles,
                    page,
                )
            )
    return found


def case_of(
    docket: Docket,
    said: Certification,
    office: Office,
    now: datetime,
    *,
    is_online: bool = True,
    here: Here | None = None,
) -> Case:
    """Return a stamp as a case: what the officer wrote, compared with the journey that the evidence tells with it;
    `here` goes before the registers."""
    return _case(docket, said, office, now, said=said, is_online=is_online, here=here)


def _case(
    docket: Docket,
    stamp: Certification,
    office: Office,
    now: datetime,
    *,
    said: Certification | None,
    is_online: bool,
    here: Here | None,
) -> Case:
    place = here or here_at(office, stamp.day)
    return Case(
        carnet=docket.carnet,
        facts=docket.project_with(stamp),
        alignment=docket.alignment_with(stamp),
        before=docket.alignment_with(),
        page=stamp.page,
        office=office,
        at=stamp.occurred_at,
        now=now,
        said=said,
        is_online=is_online,
        has_guarantor=place.has_guarantor,
        excluding=place.excluding,
    )


def off_paper(docket: Docket, page: int, office: Office, at: datetime) -> Finding | None:
    """Return the finding for a page that the carnet has not; such a page can be judged for nothing else."""
    if 1 <= page <= docket.carnet.vouchers:
        return None
    alignment = docket.alignment_with()
    case = Case(docket.carnet, docket.facts, alignment, alignment, page, office, at, at)
    return next(rule for rule in rules.CHECKPOINT if rule.code == "page_range").judge(case)


def _judge(
    docket: Docket, page: int, office: Office, at: datetime, now: datetime, here: Here | None
) -> list[Finding]:
    if finding := off_paper(docket, page, office, at):
        return [finding]
    in_order = Certification(AS_IF, page, office.facts, at, now, seals_intact=True)
    case = _case(docket, in_order, office, now, said=None, is_online=True, here=here)
    findings = rules.CHECKPOINT.findings(case)
    stamped = docket.alignment_with().standing.by_page.get(page)
    if stamped is not None:
        findings.insert(0, _stamped(stamped, page))
    return findings


def _stops(findings: Sequence[Finding]) -> bool:
    return any(finding.level is Level.STOP for finding in findings)


def _stamped(standing: Certification, page: int) -> Finding:
    message = _("Page {page} was stamped already at {office}.")
    return Finding(
        "voucher_already_stamped",
        Level.LOOK,
        "art. 1(e)",
        message,
        {"page": page, "office": standing.office.code},
    )


def _nothing_left(office: Office) -> Finding:
    message = _("No page of this carnet is left for {territory}.")
    return Finding("nothing_to_stamp", Level.LOOK, "art. 1(e)", message, {"territory": office.territory})


def is_of_here(docket: Docket, office: Office) -> bool:
    """Whether plan or evidence of the carnet touches the office's territory."""
    return any(fact.territory_id == office.territory_id for fact in docket.facts)
