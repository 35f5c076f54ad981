"""Is this guarantee good for this carnet, here and now? Customs ask when a carnet cannot be read, or its system is
down (Annex 11 art. 10's fallback); the answer is judged from what is on record, and kept where both sides see it.

The association can add its own word by hand. It never changes what the system answered: both stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carnets.choices import CarnetStatus, Control
from carnets.models import Carnet, GuaranteeConfirmation, GuaranteeQuery
from carnets.numbering import parse_number
from guarantees import exposure
from guarantees.choices import HolderStatus
from guarantees.exclusions import excluded_in
from guarantees.models import TerritoryMember
from tir.accounts.models import User
from tir.kernel.places import day_at
from tir.kernel.rules import Facts, Finding, RuleBook

OVER = frozenset({CarnetStatus.TERMINATED, CarnetStatus.DISCHARGED, CarnetStatus.RETURNED})


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: one carnet, for the customs of one country, on one day; and what is on record about it."""

    number: str
    country: str
    on: date
    carnet: Carnet | None = None
    is_on_route: bool = True
    page: int | None = None
    pages_here: tuple[int, ...] = ()
    is_accepted: bool = False
    is_excluded: bool = False
    cover: exposure.Cover | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The enquiry as it was kept, why it is not good, and the sum that is guaranteed in the asking country."""

    enquiry: GuaranteeQuery
    findings: list[Finding]
    cover: exposure.Cover | None


CONFIRM = RuleBook["Question"]("confirming a guarantee")


@CONFIRM.rule(
    "carnet_unknown",
    article="Annex 10 par. 4",
    message=_("No carnet with this number was issued here. Read the number again; call the association."),
)
def carnet_was_issued(case: Question) -> Facts | None:
    return None if case.carnet else {"carnet": case.number}


@CONFIRM.rule(
    "territory_not_on_route",
    article="art. 1(b)",
    message=_("The route of this carnet does not touch {country}. Start nothing; call the association."),
)
def route_touches_the_country(case: Question) -> Facts | None:
    if case.carnet is None or case.is_on_route:
        return None
    return {"country": case.country}


@CONFIRM.rule(
    "page_not_planned",
    article="art. 1(b)",
    message=_("Page {page} is for no operation in {country}; those pages are {pages}."),
)
def page_is_for_the_country(case: Question) -> Facts | None:
    if case.carnet is None or case.page is None or case.page in case.pages_here:
        return None
    return {"page": case.page, "country": case.country, "pages": case.pages_here}


@CONFIRM.rule(
    "not_in_circulation",
    article="Annex 10 par. 4",
    message=_("The carnet is out of circulation: {control}. Keep it and start nothing."),
)
def carnet_is_in_circulation(case: Question) -> Facts | None:
    if case.carnet is None or case.carnet.control == Control.NONE:
        return None
    return {"control": Control(case.carnet.control), "since": case.carnet.control_at}


@CONFIRM.rule(
    "transport_over",
    article="art. 17(2)",
    message=_("The transport under this carnet is over: {status}. A carnet is for one journey."),
)
def transport_is_not_over(case: Question) -> Facts | None:
    if case.carnet is None or case.carnet.status not in OVER:
        return None
    return {"status": CarnetStatus(case.carnet.status)}


@CONFIRM.rule(
    "expired_at_accept",
    article="art. 9",
    message=_("It was not accepted by its last day, {acceptance_until}."),
)
def carnet_is_accepted_in_time(case: Question) -> Facts | None:
    if case.carnet is None or case.is_accepted or case.on <= case.carnet.acceptance_until:
        return None
    return {"acceptance_until": case.carnet.acceptance_until}


@CONFIRM.rule(
    "guarantee_not_in_force",
    article="art. 8",
    message=_("The guarantee {guarantee} is in force from {valid_from} to {valid_to} only."),
)
def guarantee_is_in_force(case: Question) -> Facts | None:
    """A carnet accepted while its guarantee was in force stays covered to the end (art. 9(2))."""
    if case.carnet is None or case.is_accepted:
        return None
    guarantee = case.carnet.guarantee
    ended = guarantee.valid_to is not None and case.on >= guarantee.valid_to
    if guarantee.valid_from <= case.on and not ended:
        return None
    return {
        "guarantee": guarantee.reference,
        "valid_from": guarantee.valid_from,
        "valid_to": guarantee.valid_to,
    }


@CONFIRM.rule(
    "guarantee_not_reserved",
    article="art. 8",
    message=_("Nothing is reserved on the guarantee {guarantee} for this carnet any more."),
)
def guarantee_holds_the_amount(case: Question) -> Facts | None:
    if case.carnet is None or (case.carnet.is_reserved and case.carnet.amount > 0):
        return None
    return {"guarantee": case.carnet.guarantee.reference, "amount": case.carnet.amount}


@CONFIRM.rule(
    "no_guarantor",
    article="art. 8(3)",
    message=_("No association guarantees in {country} on this day."),
)
def an_association_guarantees_here(case: Question) -> Facts | None:
    return {"country": case.country} if case.carnet and case.cover is None else None


@CONFIRM.rule(
    "holder_not_authorised",
    article="Annex 9 Part II",
    message=_("The holder {holder} is not authorised ({status})."),
)
def holder_is_authorised(case: Question) -> Facts | None:
    if case.carnet is None or case.carnet.holder.status == HolderStatus.AUTHORISED:
        return None
    holder = case.carnet.holder
    return {"holder": holder.reference, "status": HolderStatus(holder.status)}


@CONFIRM.rule(
    "holder_excluded",
    article="art. 38",
    message=_("The holder {holder} is excluded from TIR in {country}."),
)
def holder_is_not_excluded_here(case: Question) -> Facts | None:
    if case.carnet is None or not case.is_excluded:
        return None
    return {"holder": case.carnet.holder.reference, "country": case.country}


def ask(
    *, number: str, page: int | None = None, country: str, office: str = "", by: User, at: datetime
) -> Answer:
    """Judge whether the guarantee is good for this carnet in `country` now, and keep the question with its answer.

    Customs of a country the route does not touch learn that alone. Raises CarnetNumberInvalid for a mistyped number.
    """
    case = _question(parse_number(number, field="carnet"), page, country, at)
    findings = CONFIRM.findings(case)
    if not case.is_on_route:
        findings = [finding for finding in findings if finding.code == "territory_not_on_route"]
    enquiry = GuaranteeQuery.objects.create(
        carnet_number=case.number,
        carnet=case.carnet,
        page=page,
        country=country,
        office=office,
        asked_at=at,
        asked_by=by,
        is_good=not findings,
        reasons=[{"code": finding.code, "facts": _plain(finding.facts)} for finding in findings],
    )
    return Answer(enquiry, findings, None if findings else case.cover)


def reasons_of(enquiry: GuaranteeQuery) -> list[Finding]:
    """Return why an enquiry was answered as not good, to be said in the reader's own language."""
    rules = {rule.code: rule for rule in CONFIRM}
    return [
        Finding(rule.code, rule.level, rule.article, rule.message, _spoken(rule.code, reason["facts"]))
        for reason in enquiry.reasons
        if (rule := rules.get(reason["code"]))
    ]


CHOICES: Mapping[tuple[str, str], type[models.TextChoices]] = {
    ("not_in_circulation", "control"): Control,
    ("transport_over", "status"): CarnetStatus,
    ("holder_not_authorised", "status"): HolderStatus,
}


def _plain(facts: Facts) -> dict[str, object]:
    """Return facts as JSON keeps them: a choice by its value, a day and an amount as text."""
    return {
        name: list(value) if isinstance(value, tuple) else value if value is None else str(value)
        for name, value in facts.items()
    }


def _spoken(code: str, facts: Facts) -> Facts:
    return {
        name: CHOICES[code, name](value) if (code, name) in CHOICES else value
        for name, value in facts.items()
    }


def _question(number: str, page: int | None, country: str, at: datetime) -> Question:
    carnet = Carnet.objects.filter(number=number).select_related("holder", "guarantee", "association").first()
    today = day_at(at, carnet.association.time_zone if carnet else "UTC")
    if carnet is None:
        return Question(number, country, today, page=page)
    operations = list(carnet.operations.order_by("sequence"))
    here = [operation for operation in operations if operation.territory_id in _territories(country, today)]
    return Question(
        number=number,
        country=country,
        on=today,
        carnet=carnet,
        is_on_route=bool(here),
        page=page,
        pages_here=tuple(page for operation in here for page in operation.pages),
        is_accepted=any(operation.started_at is not None for operation in operations),
        is_excluded=bool(excluded_in(carnet.holder, on=today, countries=[country])),
        cover=exposure.cover_in(country=country, amount=carnet.amount, currency=carnet.currency, on=today),
    )


def _territories(country: str, on: date) -> set[int]:
    members = TerritoryMember.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), country=country, valid_from__lte=on
    )
    return set(members.values_list("territory_id", flat=True))


def confirm_by_hand(
    *, enquiry: GuaranteeQuery, is_good: bool, text: str, by: User, at: datetime
) -> GuaranteeConfirmation:
    """Add the issuing association's own word to an enquiry; customs see it beside the system's answer."""
    return GuaranteeConfirmation.objects.create(enquiry=enquiry, is_good=is_good, text=text, by=by, at=at)
