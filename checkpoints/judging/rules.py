"""Judging a carnet at a checkpoint: pure rules over facts, the same for a scan, a stamp, a preview, and a phone
that has no network.

A rule that stops refuses a stamp made online. A stamp made offline has happened already: it is recorded as evidence
and reconciliation flags it, except where the rule is in `NEVER_EVIDENCE`, because no such certification can exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from carnets.choices import CarnetStatus, Control, OfficeRole
from carnets.projection.facts import (
    CLOCK_TOLERANCE,
    FASTEST_LORRY_KMH,
    OperationFacts,
    SideFacts,
    is_approved,
)
from carnets.projection.writing import CarnetOnRecord, OperationOnRecord
from checkpoints.choices import Verdict
from checkpoints.posts.offices import Office
from guarantees.choices import HolderStatus
from tir.kernel.errors import Refused
from tir.kernel.rules import Facts, Finding, Level, RuleBook


@dataclass(frozen=True, slots=True)
class Case:
    """One carnet before one office at one instant; `seen` is what the officer recorded, if anything yet."""

    carnet: CarnetOnRecord
    facts: Sequence[OperationFacts]
    page: int
    office: Office
    at: datetime
    now: datetime
    seen: "SideFacts | None" = None
    packages: int | None = None
    reservation: str = ""

    @property
    def operation(self) -> OperationOnRecord | None:
        index = (self.page - 1) // 2
        return self.carnet.operations[index] if 0 <= index < len(self.carnet.operations) else None

    @property
    def is_start(self) -> bool:
        return self.page % 2 == 1

    @property
    def is_acceptance(self) -> bool:
        """Acceptance at departure: the first voucher, whose date decides for the whole transport (art. 9(2))."""
        return self.page == 1

    @property
    def role(self) -> str:
        operation = self.operation
        if operation is None:
            return ""
        return operation.start_role if self.is_start else operation.termination_role

    @property
    def own(self) -> OperationFacts | None:
        index = (self.page - 1) // 2
        return self.facts[index] if 0 <= index < len(self.facts) else None

    @property
    def day(self) -> date:
        return self.at.date()

    def side(self, page: int) -> SideFacts:
        operation = self.facts[(page - 1) // 2]
        return operation.start if page % 2 else operation.termination


CHECKPOINT = RuleBook["Case"]("a carnet at a checkpoint")
NEVER_EVIDENCE = frozenset({"page_range", "page_not_planned", "wrong_territory"})


@CHECKPOINT.rule(
    "page_range",
    article="Annex 1",
    message=_("This carnet has vouchers 1 to {vouchers}; there is no page {page}."),
)
def page_is_in_the_carnet(case: Case) -> Facts | None:
    if 1 <= case.page <= case.carnet.vouchers:
        return None
    return {"page": case.page, "vouchers": case.carnet.vouchers}


@CHECKPOINT.rule(
    "page_not_planned",
    article="art. 1(b)",
    message=_("Page {page} belongs to no operation of this transport. The route uses pages 1 to {pages}."),
)
def page_belongs_to_an_operation(case: Case) -> Facts | None:
    if case.operation is not None or not 1 <= case.page <= case.carnet.vouchers:
        return None
    return {"page": case.page, "pages": 2 * len(case.carnet.operations)}


@CHECKPOINT.rule(
    "wrong_territory",
    article="art. 1(b)",
    message=_(
        "Page {page} is for {territory}; your office lies in {office_territory}. Check the page number."
    ),
)
def office_lies_in_the_territory_of_the_page(case: Case) -> Facts | None:
    operation = case.operation
    if operation is None or operation.territory_id == case.office.territory_id:
        return None
    return {
        "page": case.page,
        "territory": operation.territory,
        "office_territory": case.office.territory,
    }


@CHECKPOINT.rule(
    "occurred_in_future",
    article="art. 20",
    level=Level.LOOK,
    message=_("The time {occurred_at} lies in the future. Set the clock of the device right."),
)
def time_is_not_in_the_future(case: Case) -> Facts | None:
    if case.at <= case.now + CLOCK_TOLERANCE:
        return None
    return {"occurred_at": case.at, "now": case.now}


@CHECKPOINT.rule(
    "occurred_before_issue",
    article="art. 9",
    level=Level.LOOK,
    message=_("The time {occurred_at} lies before the carnet was issued ({issued_at}). Set the clock right."),
)
def time_is_after_the_issue(case: Case) -> Facts | None:
    if case.at >= case.carnet.issued_at - CLOCK_TOLERANCE:
        return None
    return {"occurred_at": case.at, "issued_at": case.carnet.issued_at}


@CHECKPOINT.rule(
    "not_in_circulation",
    article="Annex 10 par. 4",
    message=_(
        "This carnet is out of circulation: {control}. Keep it, start nothing, call your headquarters."
    ),
)
def carnet_is_in_circulation(case: Case) -> Facts | None:
    if case.carnet.control in (
        Control.NONE,
        Control.EXPIRED,
    ):  # expired unused: acceptance itself is judged below
        return None
    return {"control": Control(case.carnet.control), "since": case.carnet.control_at}


@CHECKPOINT.rule(
    "carnet_returned",
    article="Annex 10 par. 2",
    message=_(
        "The holder has returned this carnet to the association: its transport is over. Start nothing."
    ),
)
def carnet_was_not_returned(case: Case) -> Facts | None:
    if case.carnet.status != CarnetStatus.RETURNED:
        return None
    return {"status": case.carnet.status}


@CHECKPOINT.rule(
    "expired_at_accept",
    article="art. 9",
    message=_(
        "The last day for acceptance was {acceptance_until}. It cannot be accepted any more: the holder needs "
        "another carnet."
    ),
)
def carnet_is_accepted_in_time(case: Case) -> Facts | None:
    if not case.is_acceptance or case.day <= case.carnet.acceptance_until:
        return None
    return {"acceptance_until": case.carnet.acceptance_until, "on": case.day}


@CHECKPOINT.rule(
    "holder_not_authorised",
    article="Annex 9 Part II",
    message=_(
        "The holder {holder} is not authorised to use TIR carnets ({status}). Do not accept the carnet."
    ),
)
def holder_is_authorised(case: Case) -> Facts | None:
    carnet = case.carnet
    if not case.is_start or carnet.holder_status == HolderStatus.AUTHORISED:
        return None
    return {"holder": carnet.holder, "status": HolderStatus(carnet.holder_status)}


@CHECKPOINT.rule(
    "holder_excluded",
    article="art. 38",
    message=_("The holder {holder} is excluded from TIR in {country}."),
)
def holder_is_not_excluded_here(case: Case) -> Facts | None:
    country = case.office.facts.country
    if not case.is_start or not any(each.covers(country, case.day) for each in case.carnet.exclusions):
        return None
    return {"holder": case.carnet.holder, "country": country}


@CHECKPOINT.rule(
    "guarantee_not_in_force",
    article="art. 8",
    message=_("The guarantee {guarantee} was not in force on the day of acceptance. Call the association."),
)
def guarantee_is_in_force_at_acceptance(case: Case) -> Facts | None:
    carnet = case.carnet
    ended = carnet.guarantee_valid_to is not None and case.day >= carnet.guarantee_valid_to
    if not case.is_acceptance or (carnet.guarantee_valid_from <= case.day and not ended):
        return None
    return {"guarantee": carnet.guarantee, "valid_to": carnet.guarantee_valid_to}


@CHECKPOINT.rule(
    "approval_expired",
    article="Annex 3",
    message=_("A vehicle's approval certificate expired on {expired}, before the transport started."),
)
def approval_is_valid_when_the_transport_starts(case: Case) -> Facts | None:
    """A certificate that expires under way stays good to the destination, so only the first voucher asks."""
    expires = case.carnet.approval_until
    if not case.is_acceptance or expires is None or case.day <= expires:
        return None
    return {"expired": expires}


@CHECKPOINT.rule(
    "office_role_not_approved",
    article="art. 45",
    message=_("{office} is not approved as an office of {role}. Check the page number."),
)
def office_is_approved_for_the_role(case: Case) -> Facts | None:
    role = case.role
    if not role or is_approved(case.page, case.office.facts.roles, case.carnet.operations):
        return None
    return {"office": case.office.code, "role": OfficeRole(role)}


@CHECKPOINT.rule(
    "missing_stamp",
    article="art. 1(e)",
    level=Level.LOOK,
    message=_(
        "Page {missing} has no stamp in the system. Look at its counterfoil; the office may be offline."
    ),
)
def earlier_pages_are_stamped(case: Case) -> Facts | None:
    planned = 2 * len(case.facts)
    missing = [page for page in range(1, min(case.page, planned + 1)) if case.side(page).at is None]
    return {"missing": missing[0], "pages": missing} if missing else None


@CHECKPOINT.rule(
    "out_of_order",
    article="art. 18",
    level=Level.LOOK,
    message=_(
        "Page {later} is stamped already with an earlier or later place in the journey than this page."
    ),
)
def pages_follow_the_journey(case: Case) -> Facts | None:
    for page in range(1, 2 * len(case.facts) + 1):
        at = case.side(page).at
        if at is None or page == case.page:
            continue
        if (page < case.page and at > case.at) or (page > case.page and at < case.at):
            return {"later": page, "at": at}
    return None


@CHECKPOINT.rule(
    "wrong_country_seq",
    article="art. 45",
    level=Level.LOOK,
    message=_("The lorry left at {exit}, which does not face your office. Ask the driver which way it came."),
)
def entry_faces_the_last_exit(case: Case) -> Facts | None:
    if case.role != OfficeRole.ENTRY or case.page < 2 or case.own is None:  # noqa: PLR2004
        return None
    left = case.facts[(case.page - 1) // 2 - 1]
    partners = case.office.facts.partners
    if (
        left.termination.at is None
        or left.is_suspended
        or not partners
        or left.termination.office in partners
    ):
        return None
    return {"exit": left.termination.office, "expected": list(partners)}


@CHECKPOINT.rule(
    "seal_mismatch",
    article="art. 19, 24",
    level=Level.LOOK,
    message=_("The seals found are not the seals expected ({expected}). Draw up a certified report."),
)
def seals_are_those_expected(case: Case) -> Facts | None:
    seen = case.seen
    if seen is None or seen.seals_found is None or seen.seals_expected is None:
        return None
    if seen.seals_intact is False:  # broken seals are their own rule
        return None
    if set(seen.seals_found) == set(seen.seals_expected):
        return None
    return {"expected": list(seen.seals_expected), "found": list(seen.seals_found)}


@CHECKPOINT.rule(
    "seal_broken_no_pv",
    article="art. 25",
    level=Level.LOOK,
    message=_("The seals are not intact and there is no certified report. Draw one up."),
)
def broken_seals_have_a_certified_report(case: Case) -> Facts | None:
    if case.seen is None or case.seen.seals_intact is not False or case.seen.is_reported:
        return None
    return {"page": case.page}


@CHECKPOINT.rule(
    "vehicle_changed",
    article="art. 25",
    level=Level.LOOK,
    message=_("The plates are not those of the carnet. A change of vehicle needs a certified report."),
)
def vehicles_are_those_of_the_carnet(case: Case) -> Facts | None:
    if case.seen is None or case.seen.vehicles_agree:
        return None
    return {"plates": list(case.carnet.plates)}


@CHECKPOINT.rule(
    "packages_differ",
    article="art. 8(5), 28",
    level=Level.LOOK,
    message=_(
        "{packages} packages certified, {expected} expected. Certify with a reservation if they are short."
    ),
)
def packages_are_those_expected(case: Case) -> Facts | None:
    own = case.own
    if case.packages is None or own is None or own.packages_expected in (None, case.packages):
        return None
    return {"packages": case.packages, "expected": own.packages_expected}


@CHECKPOINT.rule(
    "reservation",
    article="art. 28",
    level=Level.NOTE,
    message=_(
        "Certified with a reservation: customs will decide; the operation is not discharged by itself."
    ),
)
def termination_is_without_reservation(case: Case) -> Facts | None:
    return {"reservation": case.reservation} if case.reservation else None


@CHECKPOINT.rule(
    "late",
    article="art. 20, 39",
    level=Level.LOOK,
    message=_("The time limit was {time_limit}. Note the reason for the delay."),
)
def time_limit_is_kept(case: Case) -> Facts | None:
    own, operation = case.own, case.operation
    if case.is_start or own is None or operation is None or own.time_limit_at is None:
        return None
    if case.at <= own.time_limit_at + timedelta(hours=operation.grace_hours):
        return None
    return {"time_limit": own.time_limit_at}


@CHECKPOINT.rule(
    "impossible_speed",
    article="art. 20",
    level=Level.LOOK,
    message=_("The last stamp would need {speed_kmh} km/h to get here. A clock or a page may be wrong."),
)
def distance_can_be_driven_in_the_time(case: Case) -> Facts | None:
    speed = case.seen.speed_kmh if case.seen else None
    if speed is None or speed <= FASTEST_LORRY_KMH:
        return None
    return {"speed_kmh": speed, "most_kmh": FASTEST_LORRY_KMH}


@CHECKPOINT.rule(
    "suspended_too_long",
    article="art. 26",
    level=Level.LOOK,
    message=_("The transport was suspended on {since} and had to resume by {until}."),
)
def suspension_was_not_too_long(case: Case) -> Facts | None:
    if not case.is_start or case.page < 2 or case.own is None:  # noqa: PLR2004
        return None
    index = (case.page - 1) // 2 - 1
    left, since = case.facts[index], case.facts[index].termination.at
    if since is None or not left.is_suspended:
        return None
    until = case.carnet.operations[index].suspension.end(since)
    return None if until is None or case.at <= until else {"since": since, "until": until}


@CHECKPOINT.rule(
    "start_was_refused",
    article="Annex 11",
    level=Level.LOOK,
    message=_("An office has refused to start this operation before. Read why before you accept it."),
)
def start_was_not_refused_before(case: Case) -> Facts | None:
    if not case.is_start or case.own is None or case.own.status != "refused":
        return None
    return {"page": case.page}


@CHECKPOINT.rule(
    "wrong_office",
    article="art. 27",
    level=Level.NOTE,
    message=_("{planned} was planned here; another office of the territory may certify."),
)
def office_is_the_one_planned(case: Case) -> Facts | None:
    operation = case.operation
    if operation is None:
        return None
    planned = operation.planned_start if case.is_start else operation.planned_end
    return None if planned == case.office.code else {"planned": planned, "office": case.office.code}


def verdict_of(findings: Sequence[Finding]) -> Verdict:
    """Return stop, look or go; what is only noted does not hold a lorry up."""
    levels = {finding.level for finding in findings}
    if Level.STOP in levels:
        return Verdict.STOP
    return Verdict.LOOK if Level.LOOK in levels else Verdict.GO


def refusal(kind: type[Refused], stops: Sequence[Finding]) -> Refused:
    """Return the error that says why something is refused: the first finding gives the code, all are listed."""
    first = stops[0]
    return kind(
        first.detail,
        code=first.code,
        article=first.article,
        reasons=[{"code": finding.code, "detail": finding.detail} for finding in stops],
        **{name: value for name, value in first.facts.items() if name not in ("code", "article")},
    )


def expected_page(case_office: Office, carnet: CarnetOnRecord, facts: Sequence[OperationFacts]) -> int | None:
    """Return the page this office would stamp next: in its own territory and not stamped yet, the one planned here
    first, then one whose role the office plays, then the lowest."""
    candidates = []
    for row, fact in zip(carnet.operations, facts, strict=True):
        if row.territory_id != case_office.territory_id:
            continue
        first = 2 * row.sequence - 1
        sides = (
            (first, fact.start, row.start_role, row.planned_start),
            (first + 1, fact.termination, row.termination_role, row.planned_end),
        )
        candidates += [
            (planned != case_office.code, role not in case_office.facts.roles, page)
            for page, side, role, planned in sides
            if side.at is None
        ]
    return min(candidates)[-1] if candidates else None
