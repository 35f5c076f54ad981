"""Rules about the journey: does this stamp follow from the plan and from those before it?"""

from django.utils.translation import gettext_lazy as _

from carnets.choices import StopAction
from carnets.projection.walk import FASTEST_LORRY_KMH, is_possible_limit
from carnets.vouchers import operation_of
from checkpoints.judging.book import NEEDS_CONFIRMING, from_offline
from checkpoints.judging.case import Case
from tir.kernel.rules import Facts, Level, RuleBook

JOURNEY = RuleBook["Case"]("the journey")


@JOURNEY.rule(
    NEEDS_CONFIRMING,
    article="art. 1(b), 39",
    level=Level.LOOK,
    message=_(
        "The plan has something else on page {page}: {planned}. Read the page number again; confirm if it is so."
    ),
)
def page_is_planned_for_the_territory(case: Case) -> Facts | None:
    """An officer who confirms it has read the page number twice: the lorry took another road."""
    if case.alignment.is_planned(case.page, case.office.territory_id):
        return None
    stop = case.before.stop_of(case.page)
    return {
        "page": case.page,
        "planned": stop.office if stop else None,
        "office_territory": case.office.territory,
    }


@JOURNEY.rule(
    "transport_ended",
    article="art. 1(d), 27",
    message=_("This transport was terminated finally at {office}. Start nothing under this carnet."),
)
def transport_has_not_ended(case: Case) -> Facts | None:
    if not case.is_start:
        return None
    ends = (case.before.standing.pair(k)[1] for k in case.before.spans if case.before.is_final(k))
    ended = next((end for end in ends if end is not None and end.occurred_at <= case.at), None)
    return {"office": ended.office.code, "ended_at": ended.occurred_at} if ended else None


@JOURNEY.rule(
    "load_after_unload",
    article="art. 18",
    message=_("Part of the goods is unloaded already; nothing may be loaded any more under this carnet."),
)
def goods_are_loaded_before_any_is_unloaded(case: Case) -> Facts | None:
    if not case.is_start or case.own is None or not case.own.is_after_unload:
        return None
    return {"page": case.page}


@JOURNEY.rule(
    "time_limit_out_of_range",
    article="art. 20",
    eased=from_offline,
    message=_("The time limit {time_limit} lies before the start or too far ahead. Read it again."),
)
def time_limit_can_be_meant(case: Case) -> Facts | None:
    """Art. 20 sets no number of days, so the bounds are the start and the longest limit of the territory."""
    said = case.said
    if said is None or said.time_limit_at is None or not case.is_start:
        return None
    practice = case.plan.practice(case.office.territory_id)
    if is_possible_limit(practice, said.occurred_at, said.time_limit_at):
        return None
    latest = practice.longest_time_limit.end(said.occurred_at)
    return {"field": "time_limit", "time_limit": said.time_limit_at, "latest": latest}


@JOURNEY.rule(
    "missing_stamp",
    article="art. 1(e)",
    level=Level.LOOK,
    message=_(
        "Pages without a stamp in the system: {pages}. Look at the counterfoils; the offices may be offline."
    ),
)
def earlier_pages_are_stamped(case: Case) -> Facts | None:
    missing = [page for page in range(1, case.page) if _is_missing(case, page)]
    return {"missing": missing[0], "pages": missing} if missing else None


def _is_missing(case: Case, page: int) -> bool:
    if case.stamped_at(page) is not None:
        return False
    operation = case.facts[operation_of(page) - 1]
    return operation.has_evidence or operation.is_gap


@JOURNEY.rule(
    "out_of_order",
    article="art. 18",
    level=Level.LOOK,
    message=_("Page {later} is stamped at {at}, which does not fit before or after this page."),
)
def pages_follow_the_journey(case: Case) -> Facts | None:
    for page, standing in sorted(case.alignment.standing.by_page.items()):
        at = standing.occurred_at
        if (page < case.page and at > case.at) or (page > case.page and at < case.at):
            return {"later": page, "at": at}
    return None


@JOURNEY.rule(
    "wrong_country_seq",
    article="art. 45",
    level=Level.NOTE,
    message=_("The lorry left at {exit}, which does not face your office. Ask the driver which way it came."),
)
def entry_faces_the_last_exit(case: Case) -> Facts | None:
    """Offices face each other across a border in pairs (art. 45); what lies between may be missing or not report."""
    left = case.left
    if case.does is not StopAction.ENTRY or not case.is_start or left is None or left.termination.at is None:
        return None
    if left.sequence != operation_of(case.page) - 1:
        return None  # what lies between is missing, or does not report: nothing to say about who faces whom
    partners = case.office.facts.partners_on(case.day)
    if left.is_suspended or not partners or left.termination.office in (*partners, ""):
        return None
    return {"exit": left.termination.office, "expected": list(partners)}


@JOURNEY.rule(
    "late",
    article="art. 20, 39",
    level=Level.LOOK,
    message=_("The time limit was {time_limit}. Note the reason for the delay."),
)
def time_limit_is_kept(case: Case) -> Facts | None:
    """Only a limit that an office set (box 20) can be late: art. 20 says that it may fix one, not that there is one."""
    own = case.own
    if case.is_start or own is None or own.time_limit_at is None or not own.is_time_limit_set:
        return None
    if case.at <= own.time_limit_at + case.plan.practice(own.territory_id or 0).grace:
        return None
    return {"time_limit": own.time_limit_at}


@JOURNEY.rule(
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


@JOURNEY.rule(
    "suspended_too_long",
    article="art. 26",
    level=Level.LOOK,
    message=_("The transport was suspended on {since} and had to resume by {until}."),
)
def suspension_was_not_too_long(case: Case) -> Facts | None:
    left = case.left
    if not case.is_start or left is None or not left.is_suspended or left.termination.at is None:
        return None
    since = left.termination.at
    until = case.plan.practice(left.territory_id or 0).suspension.end(since)
    return None if until is None or case.at <= until else {"since": since, "until": until}


@JOURNEY.rule(
    "start_was_refused",
    article="Annex 11",
    level=Level.LOOK,
    message=_("An office has refused to start this operation before. Read why before you accept it."),
)
def start_was_not_refused_before(case: Case) -> Facts | None:
    if not case.is_start or case.own is None or not case.own.was_refused:
        return None
    return {"page": case.page}


@JOURNEY.rule(
    "wrong_office",
    article="art. 27",
    level=Level.NOTE,
    message=_("{planned} was planned here; another office of the territory may certify."),
)
def office_is_the_one_planned(case: Case) -> Facts | None:
    stop = case.alignment.stop_of(case.page)
    if stop is None or stop.office == case.office.code:
        return None
    return {"planned": stop.office, "office": case.office.code}
