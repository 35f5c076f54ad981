"""What the server's judge says of a situation: the rules of the checkpoint over what is on record, and nothing else.

Where the server would look a carnet up, a phone has only what it holds. A signed code alone answers some rules; then
`history_unknown` says that the rest is not known, and the verdict is never "go".
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from cryptography.hazmat.primitives.asymmetric import ec

from carnets import tokens
from carnets.numbering import parse_number
from carnets.projection.plan import Plan, PlannedLeg, PlannedStop
from carnets.projection.record import CarnetOnRecord
from carnets.vouchers import MOST_PAGES
from checkpoints.evidence.dockets import Docket
from checkpoints.evidence.events import Events
from checkpoints.judging import preview, rules
from checkpoints.judging.rules import NEEDS_CONFIRMING
from tests.checkpoints.judging.cases import carnet_on_record
from tests.evidence import territory_id
from tests.judging.places import LISTED, PRACTICES, Json, exclusions_of
from tests.judging.situations import Situation, opened
from tir.kernel.rules import Finding, Level

# What the issuing association vouched for on the code, with the lists and the registers, is enough for these.
ANSWERED_BY_THE_CODE = frozenset(
    {
        "page_range", "occurred_in_future", "occurred_before_issue", "not_in_circulation", "expired_at_accept",
        "holder_excluded", "no_guarantor", "office_not_approved",
    }
)  # fmt: skip
HISTORY_UNKNOWN = ["history_unknown", "look"]
Found = list[list[str]]  # code and level


def decide(situation: Situation, keys: Sequence[ec.EllipticCurvePublicKey]) -> Json:
    """Return what the judge says."""
    claims = None
    if situation.qr is not None:
        try:
            claims = tokens.verify(situation.qr, keys)
        except tokens.TokenError as error:
            return _stop(error.error_code)
        if situation.number is not None and parse_number(situation.number) != claims.number:
            return _stop("qr_differs")
    if situation.docket is not None:
        page = situation.page if situation.page is not None or claims is None else claims.page
        return _of_held(replace(situation, page=page), situation.docket)
    return _of_code(situation, claims) if claims else _of_number(situation)


def _of_held(situation: Situation, docket: Docket) -> Json:
    docket, office = _as_listed(docket), situation.office
    if situation.said is not None:
        found = _of_stamp(situation, docket)
    elif situation.qr is None and not preview.is_of_here(docket, office):
        return _said([[NEEDS_CONFIRMING, "look"]], None, None)
    else:
        now = situation.at if docket.carnet.is_backdated else situation.now
        glance = preview.preview_of(
            docket, situation.page, office, at=situation.at, now=now, here=situation.here
        )
        found = _codes(glance.findings)
    return _said(found, preview.expected_page(docket.alignment_with(), docket.facts, office), docket.seals)


def _as_listed(docket: Docket) -> Docket:
    """The list is newer than what is held."""
    carnet = docket.carnet
    listed = LISTED.get(carnet.number)
    return (
        replace(docket, carnet=replace(carnet, control=listed)) if listed and not carnet.control else docket
    )


def _of_stamp(situation: Situation, docket: Docket) -> Found:
    """Judge a stamp as the server judges it; a rival is a finding here, for the phone must see it before."""
    said, office = situation.said, situation.office
    assert said is not None
    if finding := preview.off_paper(docket, said.page, office, situation.at):
        return _codes([finding])
    now = said.occurred_at if docket.carnet.is_backdated else situation.now
    case = preview.case_of(docket, said, office, now, is_online=situation.is_online, here=situation.here)
    found = _codes(rules.CHECKPOINT.findings(case))
    is_stamped = said.page in docket.alignment_with().standing.by_page
    return [["voucher_already_stamped", "look"], *found] if is_stamped else found


def _of_code(situation: Situation, claims: tokens.TokenClaims) -> Json:
    """Judge by a genuine code and the lists alone."""
    office, page = situation.office, claims.page if situation.page is None else situation.page
    is_on_route = office.territory in claims.territories
    docket = opened(_as_vouched(claims), [], Events())
    glance = preview.preview_of(docket, page, office, at=situation.at, now=situation.now, here=situation.here)
    answered = ANSWERED_BY_THE_CODE if is_on_route else ANSWERED_BY_THE_CODE | {NEEDS_CONFIRMING}
    found = [finding for finding in glance.findings if finding.code in answered]
    is_stopped = any(finding.level is Level.STOP for finding in found)
    codes = _codes(found) if is_stopped else [*_codes(found), HISTORY_UNKNOWN]
    return _said(codes, page if is_on_route else None, None)


def _as_vouched(claims: tokens.TokenClaims) -> CarnetOnRecord:
    """Return the carnet as its code has it; what no code says is filled in so that no rule answered here asks it."""
    listed = LISTED.get(claims.number, "")
    return carnet_on_record(
        number=claims.number, control=listed, vouchers=MOST_PAGES, plates=list(claims.plates), packages=None,
        issued_at=claims.issued_at, acceptance_until=claims.last_acceptance_date, amount=Decimal(0),
        holder=claims.holder_id, exclusions=exclusions_of(claims.holder_id), approval_until=None, operations=[],
        plan=Plan(legs=_legs(claims.territories), is_sealed=False, practices=PRACTICES),
    )  # fmt: skip


def _legs(territories: Sequence[str]) -> tuple[PlannedLeg, ...]:
    return tuple(
        PlannedLeg(
            PlannedStop(2 * k - 1, "", "load" if k == 1 else "entry"),
            PlannedStop(2 * k, "", "unload" if k == len(territories) else "exit"),
            territory_id(territory),
        )
        for k, territory in enumerate(territories, start=1)
    )


def _of_number(situation: Situation) -> Json:
    """Judge a typed number about which nothing is held but, perhaps, an entry of the stop list."""
    listed = LISTED.get(parse_number(situation.number or ""))
    if listed is None or (listed == "expired" and situation.page != 1):
        return _said([HISTORY_UNKNOWN], None, None) | {"verdict": "unknown"}
    return _stop("expired_at_accept" if listed == "expired" else "not_in_circulation")


def _codes(findings: Sequence[Finding]) -> Found:
    return [[finding.code, finding.level.value] for finding in findings]


def _stop(code: str) -> Json:
    return _said([[code, "stop"]], None, None)


def _said(found: Found, page: int | None, seals: list[str] | None) -> Json:
    levels = {level for _code, level in found}
    verdict = "stop" if "stop" in levels else "look" if "look" in levels else "go"
    return {"verdict": verdict, "findings": found, "expected_page": page, "seals": seals}
