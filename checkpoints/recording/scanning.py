"""Scanning: what an officer sees before stamping. Judges like stamping, changes nothing but the record of the scan."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from carnets import tokens
from carnets.choices import EN_ROUTE_ROLES
from carnets.numbering import parse_number
from checkpoints.choices import Verdict
from checkpoints.evidence.dockets import UNKNOWN, Docket, open_docket
from checkpoints.judging import preview, rules
from checkpoints.judging.preview import Expected
from checkpoints.models import Scan
from checkpoints.posts.offices import Office
from checkpoints.posts.postings import Officer
from checkpoints.risk import scoring
from tir.kernel.rules import Finding, Level
from tir.kernel.sandbox import kind
from tir.kernel.values import value

_TWO_CARNETS = _(
    "The code is of another carnet than the number typed. Compare cover and voucher; keep both papers."
)


@value
class ScanResult:
    """One look at a carnet: the verdict with its reasons, and what the officer compares with the lorry."""

    verdict: Verdict
    findings: Sequence[Finding]
    docket: Docket | None = None
    expected: Expected | None = None
    seals: Sequence[str] | None = None
    assessment: scoring.Assessment | None = None


def scan(
    *,
    qr: str | None = None,
    number: str | None = None,
    page: int | None = None,
    officer: Officer,
    occurred_at: datetime,
    at: datetime,
) -> ScanResult:
    """Judge a carnet, by its signed code or its typed number (or both, which must agree), before the officer's office.

    A code that is not genuine and a carnet nobody knows are verdicts (stop), not errors. Every look is kept.
    Raises CarnetNumberInvalid for a mistyped number, and NotPosted.
    """
    office = officer.office_on(occurred_at)
    try:
        claims = tokens.verify(qr, tokens.verification_keys(), kind()) if qr else None
    except tokens.TokenError as error:
        look = ScanResult(Verdict.STOP, [_stop(error.error_code, str(error.detail))])
        _keep(look, "", page, officer, office, occurred_at, at, code=(qr or "")[: tokens.MAX_CHARACTERS])
        return look
    shown = claims.number if claims else parse_number(number or "")
    page = claims.page if claims and page is None else page
    if number and parse_number(number) != shown:
        look = ScanResult(Verdict.STOP, [_stop("qr_differs", str(_TWO_CARNETS))])
    else:
        look = _look(shown, page, office, occurred_at, at, is_signed=claims is not None)
    _keep(look, shown, page, officer, office, occurred_at, at)
    return look


def _look(
    shown: str, page: int | None, office: Office, occurred_at: datetime, at: datetime, *, is_signed: bool
) -> ScanResult:
    docket = open_docket(shown, lock=False)
    if docket is None:
        return ScanResult(Verdict.STOP, [_stop("carnet_unknown", str(UNKNOWN))])
    if not is_signed and not preview.is_of_here(
        docket, office
    ):  # nothing of what it says: the paper is not in hand
        return ScanResult(Verdict.LOOK, [_not_of_here(office)])
    now = occurred_at if docket.carnet.is_backdated else at
    seen = preview.preview_of(docket, page, office, at=occurred_at, now=now)
    assessment = scoring.assess(
        scoring.indicators_of(docket.carnet.id, at=at),
        scoring.weights_on(office.day(at)),
        lot=scoring.lot_of(shown, office.code, office.day(at)),
        is_en_route=seen.expected is None or seen.expected.role in EN_ROUTE_ROLES,
    )
    verdict = rules.verdict_of(seen.findings)
    return ScanResult(verdict, seen.findings, docket, seen.expected, docket.seals, assessment)


def _not_of_here(office: Office) -> Finding:
    message = _("The plan of this carnet does not touch {territory}. Scan the code of a voucher to see it.")
    return Finding("not_planned", Level.LOOK, "art. 1(b), 39", message, {"territory": office.territory})


def _stop(code: str, message: str) -> Finding:
    return Finding(code, Level.STOP, "", message, {})


def _keep(  # noqa: PLR0917
    look: ScanResult,
    number: str,
    page: int | None,
    officer: Officer,
    office: Office,
    occurred_at: datetime,
    at: datetime,
    *,
    code: str = "",
) -> None:
    Scan.objects.create(
        purpose=Scan.Purpose.SCAN,
        carnet_number=number,
        code=code,
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
