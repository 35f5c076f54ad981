"""What the server's judge says of a case: the rules of the checkpoint over what the case holds, and over nothing else.

Where the server would look a carnet up, a phone has only what it holds. A signed code alone answers some rules; then
`history_unknown` says that the rest is not known, and the verdict is never "go".
"""

from dataclasses import replace
from decimal import Decimal

from carnets import tokens
from carnets.numbering import parse_number
from carnets.projection.facts import Plan, PlannedOperation, project, standing_certifications
from carnets.projection.writing import CarnetOnRecord, OperationOnRecord
from checkpoints.evidence.dockets import Docket
from checkpoints.judging import preview, rules
from checkpoints.posts.offices import Office
from guarantees.clocks import Schedule
from tests.judging.parts import CasePart, ExpectPart, StampPart
from tests.judging.reading import File
from tests.world import LONG_AGO
from tir.kernel.rules import Level

# What the issuing association vouched for on the code, with the stop list and the exclusions, is enough for these.
ANSWERED_BY_THE_CODE = frozenset(
    {
        "page_not_planned", "wrong_territory", "occurred_in_future", "occurred_before_issue",
        "not_in_circulation", "expired_at_accept", "holder_excluded",
    }
)  # fmt: skip
HISTORY_UNKNOWN = "history_unknown"


def decide(case: CasePart, file: File) -> ExpectPart:
    """Return what the judge says."""
    claims = None
    if case.qr is not None:
        try:
            claims = tokens.verify(case.qr, file.verification_keys)
        except tokens.TokenError as error:
            return _stop(error.error_code)
        if case.number is not None and parse_number(case.number) != claims.number:
            return _stop("qr_differs")
    if case.carnet is not None:
        page = case.page if case.page is not None or claims is None else claims.page
        return _of_held(case.model_copy(update={"page": page}), file)
    return _of_code(case, claims, file) if claims else _of_number(case, file)


def _of_held(case: CasePart, file: File) -> ExpectPart:
    assert case.carnet is not None
    docket, office = file.docket(case.carnet), file.office(case.office)
    if case.seen is not None:
        return _of_stamp(case, docket, office, file)
    glance = preview.preview_of(docket, case.page, office, at=case.at, now=case.now)
    return ExpectPart(
        verdict=rules.verdict_of(glance.findings).value,
        codes=[finding.code for finding in glance.findings],
        expected_page=glance.expected.page if glance.expected else None,
        seals=docket.seals if glance.is_of_here else None,
    )


def _of_stamp(case: CasePart, docket: Docket, office: Office, file: File) -> ExpectPart:
    """Judge a stamp as the server would judge it when it comes from offline: a rival is a finding, not a refusal."""
    assert case.page is not None
    assert case.seen is not None
    words = case.seen.model_dump(exclude={"reservation"})
    said = file.certification(StampPart(**words, page=case.page, office=case.office, occurred_at=case.at))
    said = replace(said, reservation=case.seen.reservation)
    facts = docket.project_with(said)
    findings = rules.CHECKPOINT.findings(preview.case_of(docket, facts, said, office, case.now))
    verdict, codes = rules.verdict_of(findings).value, [finding.code for finding in findings]
    if _is_stamped(case.page, docket, office):
        verdict, codes = "look" if verdict == "go" else verdict, ["voucher_already_stamped", *codes]
    return ExpectPart(
        verdict=verdict,
        codes=codes,
        expected_page=rules.expected_page(office, docket.carnet, docket.facts),
        seals=docket.seals,
    )


def _is_stamped(page: int, docket: Docket, office: Office) -> bool:
    standing, _rivals = standing_certifications(docket.certifications)
    if page not in standing or (page + 1) // 2 > len(docket.carnet.operations):
        return False
    return docket.carnet.operations[(page - 1) // 2].territory_id == office.territory_id


def _of_code(case: CasePart, claims: tokens.TokenClaims, file: File) -> ExpectPart:
    """Judge by a genuine code and the lists alone."""
    office, page = file.office(case.office), claims.page if case.page is None else case.page
    if office.territory not in claims.territories:
        return _stop("territory_not_on_route")
    carnet = _as_vouched(claims, file)
    assert carnet.plan is not None
    judged = rules.Case(
        carnet=carnet, facts=project(carnet.plan, []), page=page, office=office, at=case.at, now=case.now
    )
    found = [each for each in rules.CHECKPOINT.findings(judged) if each.code in ANSWERED_BY_THE_CODE]
    codes = [finding.code for finding in found]
    is_stopped = any(finding.level is Level.STOP for finding in found)
    operation = judged.operation
    is_here = operation is not None and operation.territory_id == office.territory_id
    return ExpectPart(
        verdict="stop" if is_stopped else "look",
        codes=codes if is_stopped else [*codes, HISTORY_UNKNOWN],
        expected_page=page if is_here else None,
        seals=None,
    )


def _as_vouched(claims: tokens.TokenClaims, file: File) -> CarnetOnRecord:
    """Return the carnet as its code has it; what no code says is filled in so that no rule answered here asks it."""
    listed = file.listed(claims.number)
    operations = [
        OperationOnRecord(
            id=k,
            sequence=k,
            territory_id=file.territory_ids[code],
            territory=code,
            country="",
            planned_start="",
            planned_end="",
            start_role="",
            termination_role="",
            status="",
            default_transit_days=0,
            grace_hours=0,
            guarantor_id=None,
            borne=Decimal(0),
            borne_currency="",
            borne_from=None,
            discharged_at=None,
            reopened_at=None,
            suspension=Schedule(),
        )  # fmt: skip
        for k, code in enumerate(claims.territories, start=1)
    ]
    planned = tuple(PlannedOperation(each.sequence, "", "", 0) for each in operations)
    return CarnetOnRecord(
        id=0, number=claims.number, status="", control=listed.control if listed else "",
        control_at=listed.since if listed else None, control_reason="", vouchers=20, packages=1,
        plates=list(claims.plates), issued_at=claims.issued_at, acceptance_until=claims.last_acceptance_date,
        amount=Decimal(0), currency="", is_returned=False, has_reports=False, latest_sequence=0,
        latest_hash=bytes(32), reconcile_at=None, guarantee_id=0, guarantee=claims.guarantee,
        guarantee_valid_from=LONG_AGO, guarantee_valid_to=None, holder=claims.holder_id, holder_name="",
        holder_status="authorised", holder_authorised_from=LONG_AGO, association_id=0, countries=[],
        exclusions=file.exclusions_of(claims.holder_id), approval_until=None, operations=operations,
        plan=Plan(1, frozenset(claims.plates), planned),
    )  # fmt: skip


def _of_number(case: CasePart, file: File) -> ExpectPart:
    """Judge a typed number about which nothing is held but, perhaps, an entry of the stop list."""
    listed = file.listed(parse_number(case.number or ""))
    if listed is None or (listed.control == "expired" and case.page != 1):
        return ExpectPart(verdict="unknown", codes=[HISTORY_UNKNOWN], expected_page=None, seals=None)
    return _stop("expired_at_accept" if listed.control == "expired" else "not_in_circulation")


def _stop(code: str) -> ExpectPart:
    return ExpectPart(verdict="stop", codes=[code], expected_page=None, seals=None)
