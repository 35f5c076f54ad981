"""Scanning: what an officer sees before stamping. Judges like stamping, changes nothing but the record of the scan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from carnets import tokens
from carnets.numbering import parse_number
from carnets.operations import SideFacts
from checkpoints import judging, risk
from checkpoints.choices import Verdict
from checkpoints.dockets import Docket, open_docket
from checkpoints.models import Scan
from checkpoints.offices import Office
from checkpoints.postings import Officer
from tir.kernel.rules import Finding, Level

_TWO_CARNETS = _(
    "The code is of another carnet than the number typed. Compare cover and voucher; keep both papers."
)


@dataclass(frozen=True, slots=True)
class Expected:
    """The stamp this office would make next."""

    page: int
    role: str
    office: str


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a carnet: the verdict with its reasons, and what the officer compares with the lorry."""

    verdict: Verdict
    findings: Sequence[Finding]
    docket: Docket | None = None
    expected: Expected | None = None
    seals: Sequence[str] | None = None
    assessment: risk.Assessment | None = None


def scan(
    *,
    qr: str | None = None,
    number: str | None = None,
    page: int | None = None,
    officer: Officer,
    occurred_at: datetime,
    at: datetime,
) -> Look:
    """Judge a carnet, by its signed code or its typed number (or both, which must agree), before the officer's office.

    A code that is not genuine and a carnet nobody knows are verdicts (stop), not errors. Every look is kept.
    Raises CarnetNumberInvalid for a mistyped number, and NotPosted.
    """
    office = officer.office_on(occurred_at)
    try:
        claims = tokens.verify(qr, tokens.verification_keys()) if qr else None
    except tokens.TokenError as error:
        look = Look(Verdict.STOP, [_stop(error.error_code, str(error.detail))])
        _keep(look, "", page, officer, office, occurred_at, at)
        return look
    shown = claims.number if claims else parse_number(number or "")
    page = claims.page if claims and page is None else page
    if number and parse_number(number) != shown:
        look = Look(Verdict.STOP, [_stop("qr_differs", str(_TWO_CARNETS))])
    else:
        look = _look(shown, page, office, occurred_at, at)
    _keep(look, shown, page, officer, office, occurred_at, at)
    return look


def _look(number: str, page: int | None, office: Office, occurred_at: datetime, at: datetime) -> Look:
    docket = open_docket(number, lock=False)
    if docket is None:
        unknown = _("No carnet with this number is on record. Check the number; call the association.")
        return Look(Verdict.STOP, [_stop("carnet_unknown", str(unknown))])
    if office.territory_id not in {row.territory_id for row in docket.carnet.operations}:
        return Look(
            Verdict.STOP, [_not_on_route(office)]
        )  # and nothing of what the carnet says: it is not theirs
    expected = _expected(docket, office)
    judged = page if page is not None else (expected.page if expected else None)
    findings = [_nothing_left(office)] if judged is None else _judge(docket, judged, office, occurred_at, at)
    if expected is None and judged is not None and not _stops(findings):
        findings = [*findings, _nothing_left(office)]
    assessment = risk.assess(
        risk.indicators_of(docket.carnet.id, at=at),
        risk.weights_on(at),
        lot=f"{number}/{office.code}/{at.date()}",
    )
    return Look(judging.verdict_of(findings), findings, docket, expected, docket.seals, assessment)


def _expected(docket: Docket, office: Office) -> Expected | None:
    page = judging.expected_page(office, docket.carnet, docket.facts)
    if page is None:
        return None
    operation = docket.carnet.operations[(page - 1) // 2]
    role = operation.start_role if page % 2 else operation.termination_role
    planned = operation.planned_start if page % 2 else operation.planned_end
    return Expected(page, role, planned)


def _judge(docket: Docket, page: int, office: Office, occurred_at: datetime, at: datetime) -> list[Finding]:
    """Judge the page as if it were stamped now with everything found in order."""
    case = judging.Case(
        carnet=docket.carnet, facts=docket.facts, page=page, office=office, at=occurred_at, now=at
    )
    findings = judging.CHECKPOINT.findings(case)
    if case.operation is not None and case.own is not None and case.side(page).at is not None:
        findings.insert(0, _stamped(case.side(page), page))
    return findings


def _stops(findings: Sequence[Finding]) -> bool:
    return any(finding.level is Level.STOP for finding in findings)


def _stop(code: str, message: str) -> Finding:
    return Finding(code, Level.STOP, "", message, {})


def _stamped(side: SideFacts, page: int) -> Finding:
    message = _("Page {page} was stamped already at {office}.")
    return Finding(
        "voucher_already_stamped", Level.LOOK, "art. 1(e)", message, {"page": page, "office": side.office}
    )


def _not_on_route(office: Office) -> Finding:
    message = _("The route of this carnet does not touch {territory}. Start nothing; call the association.")
    return Finding(
        "territory_not_on_route", Level.STOP, "art. 1(b)", message, {"territory": office.territory}
    )


def _nothing_left(office: Office) -> Finding:
    message = _("Every page for {territory} is stamped already.")
    return Finding("nothing_to_stamp", Level.LOOK, "art. 1(e)", message, {"territory": office.territory})


def _keep(  # noqa: PLR0917
    look: Look,
    number: str,
    page: int | None,
    officer: Officer,
    office: Office,
    occurred_at: datetime,
    at: datetime,
) -> None:
    Scan.objects.create(
        purpose=Scan.Purpose.SCAN,
        carnet_number=number,
        page=page if page is not None and 0 < page < 100 else None,  # noqa: PLR2004  (what was asked, not what is)
        office_id=office.id,
        officer_id=officer.user_id,
        occurred_at=occurred_at,
        recorded_at=at,
        verdict=look.verdict,
        codes=[finding.code for finding in look.findings],
        risk_points=look.assessment.points if look.assessment else None,
        lane=look.assessment.lane if look.assessment else "",
    )
