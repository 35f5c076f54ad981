"""Rules about the paper, the clock, the holder and the office: may this be certified at all, here and now?"""

from django.utils.translation import gettext_lazy as _

from carnets.choices import CarnetStatus, Control, OfficeRole
from carnets.projection.walk import CLOCK_TOLERANCE
from checkpoints.judging.book import at_termination, from_offline
from checkpoints.judging.case import Case
from guarantees.choices import HolderStatus
from tir.kernel.rules import Facts, Level, RuleBook

VALIDITY = RuleBook["Case"]("paper, clock, holder and office")


@VALIDITY.rule(
    "page_range",
    article="Annex 1",
    message=_("This carnet has vouchers 1 to {vouchers}; there is no page {page}."),
)
def page_is_in_the_carnet(case: Case) -> Facts | None:
    if 1 <= case.page <= case.carnet.vouchers:
        return None
    return {"page": case.page, "vouchers": case.carnet.vouchers}


@VALIDITY.rule(
    "no_such_box",
    article="Annex 1",
    message=_("Voucher No. 1 (page {page}) has no box for this: {said}. It belongs to voucher No. 2."),
)
def what_is_certified_has_a_box(case: Case) -> Facts | None:
    """Boxes for an ending, a suspension or a reservation stand on voucher No. 2 alone."""
    said = case.said
    if said is None or not case.is_start:
        return None
    named = {
        "reservation": bool(said.reservation),
        "goes_on": said.goes_on,
        "suspension": said.is_suspension,
        "ends_here": said.ends_here,
    }
    wrong = [name for name, is_said in named.items() if is_said]
    return {"field": wrong[0], "page": case.page, "said": wrong} if wrong else None


@VALIDITY.rule(
    "no_such_box",
    article="Annex 1",
    level=Level.NOTE,
    message=_("Voucher No. 1 has no box for packages: the number is kept and compared with nothing."),
)
def packages_are_certified_on_the_second_voucher(case: Case) -> Facts | None:
    said = case.said
    if said is None or not case.is_start or said.packages is None or case.plan.is_presented:
        return None
    return {"packages": said.packages}


@VALIDITY.rule(
    "occurred_in_future",
    article="art. 20",
    eased=from_offline,
    message=_("The time {occurred_at} lies in the future. Set the clock of the device right, then stamp."),
)
def time_is_not_in_the_future(case: Case) -> Facts | None:
    if case.at <= case.now + CLOCK_TOLERANCE:
        return None
    return {"occurred_at": case.at, "now": case.now}


@VALIDITY.rule(
    "clock_wrong",
    article="art. 20",
    level=Level.NOTE,
    message=_("The device says {occurred_at} and the server {now}. Set the clock of the device right."),
)
def clock_is_not_behind(case: Case) -> Facts | None:
    """Only online is the difference known to be the clock and not the time without a network."""
    if (
        case.said is None
        or not case.is_online
        or case.plan.is_backdated
        or case.at >= case.now - CLOCK_TOLERANCE
    ):
        return None
    return {"occurred_at": case.at, "now": case.now}


@VALIDITY.rule(
    "recorded_late",
    article="art. 1(e), practice",
    level=Level.LOOK,
    message=_(
        "Made {occurred_at}, on record {now}: so late, or from so unknown a device, that customs must look first."
    ),
)
def stamp_arrives_in_time_from_a_known_device(case: Case) -> Facts | None:
    if case.said is None or case.seen is None or not case.seen.is_recorded_late:
        return None
    return {"occurred_at": case.at, "now": case.now}


@VALIDITY.rule(
    "occurred_before_issue",
    article="art. 9",
    level=Level.LOOK,
    message=_("The time {occurred_at} lies before the carnet was issued ({issued_at}). Set the clock right."),
)
def time_is_after_the_issue(case: Case) -> Facts | None:
    if case.at >= case.carnet.issued_at - CLOCK_TOLERANCE:
        return None
    return {"occurred_at": case.at, "issued_at": case.carnet.issued_at}


@VALIDITY.rule(
    "not_in_circulation",
    article="Annex 10 par. 4",
    eased=at_termination,
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


@VALIDITY.rule(
    "carnet_returned",
    article="Annex 10 par. 2",
    eased=at_termination,
    message=_(
        "The holder has returned this carnet to the association: its transport is over. Start nothing."
    ),
)
def carnet_was_not_returned(case: Case) -> Facts | None:
    if case.carnet.status != CarnetStatus.RETURNED:
        return None
    return {"status": case.carnet.status}


@VALIDITY.rule(
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


@VALIDITY.rule(
    "holder_not_authorised",
    article="Annex 9 Part II",
    message=_(
        "The holder {holder} is not authorised to use TIR carnets ({status}). Do not accept the carnet."
    ),
)
def holder_is_authorised(case: Case) -> Facts | None:
    """Accepted in time a carnet stays valid to the end (art. 9(2)), so only the first acceptance asks."""
    carnet = case.carnet
    if not case.is_acceptance or carnet.holder_status == HolderStatus.AUTHORISED:
        return None
    return {"holder": carnet.holder, "status": HolderStatus(carnet.holder_status)}


@VALIDITY.rule(
    "holder_excluded",
    article="art. 38",
    message=_("The holder {holder} is excluded from TIR in {country}."),
)
def holder_is_not_excluded_here(case: Case) -> Facts | None:
    country = case.office.facts.country
    excluding = case.excluding | {country}
    if not case.is_start or not any(each.covers(excluding, case.day) for each in case.carnet.exclusions):
        return None
    return {"holder": case.carnet.holder, "country": country}


@VALIDITY.rule(
    "no_guarantor",
    article="art. 8, 17",
    message=_(
        "No association guarantees TIR transports in {country} today. Start nothing; call headquarters."
    ),
)
def territory_has_a_guarantor(case: Case) -> Facts | None:
    if not case.is_start or case.has_guarantor:
        return None
    return {"country": case.office.facts.country}


@VALIDITY.rule(
    "approval_expired",
    article="Annex 3",
    level=Level.LOOK,
    message=_("A vehicle's approval certificate expired on {expired}, before the transport started."),
)
def approval_is_valid_when_the_transport_starts(case: Case) -> Facts | None:
    """A certificate that expires under way stays good to the destination, so only the first voucher asks."""
    expires = case.carnet.approval_until
    if not case.is_acceptance or expires is None or case.day <= expires:
        return None
    return {"expired": expires}


@VALIDITY.rule(
    "office_not_approved",
    article="art. 45",
    eased=at_termination,
    message=_("{office} is not approved for TIR on {on}. Send the lorry to an office that is."),
)
def office_is_approved_that_day(case: Case) -> Facts | None:
    if case.office.is_approved_on(case.day):
        return None
    return {"office": case.office.code, "on": case.day}


@VALIDITY.rule(
    "office_role_not_approved",
    article="art. 45",
    level=Level.LOOK,
    message=_("{office} is not approved as an office of {role}. Check the page number."),
)
def office_is_approved_for_the_role(case: Case) -> Facts | None:
    if case.role in case.office.facts.roles:
        return None
    return {"office": case.office.code, "role": OfficeRole(case.role)}
