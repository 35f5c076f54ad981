"""Is this guarantee good for this carnet, here and now? Customs ask when a carnet cannot be read, or its system is
down (Annex 11 art. 10's fallback); the answer is judged from what is on record, and kept where both sides see it.

The association can add its own word by hand. It never changes what the system answered: both stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from django.db import models

from carnets.choices import CarnetStatus, Control
from carnets.guarantee_queries.rules import CONFIRM, Question
from carnets.models import Carnet, GuaranteeConfirmation, GuaranteeQuery, TirOperation
from carnets.numbering import parse_number
from carnets.vouchers import MOST_OPERATIONS, pages_of
from guarantees import exposure
from guarantees.choices import HolderStatus
from guarantees.days import day_in
from guarantees.exclusions import excluded_in
from guarantees.territories import territories_of
from tir.accounts.models import User
from tir.kernel.rules import Facts, Finding


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """The query as it was kept, why the guarantee is not good, and the sum that is guaranteed in the asking country."""

    query: GuaranteeQuery
    findings: list[Finding]
    cover: exposure.Cover | None


def ask(
    *, number: str, page: int | None = None, country: str, office: str = "", by: User, at: datetime
) -> QueryAnswer:
    """Judge whether the guarantee is good for this carnet in `country` now, and keep the question with its answer.

    Customs of a country the route does not touch learn that alone. Raises CarnetNumberInvalid for a mistyped number.
    """
    case = _question(parse_number(number, field="carnet"), page, country, at)
    findings = CONFIRM.findings(case)
    if not case.is_on_route:
        findings = [finding for finding in findings if finding.code == "territory_not_on_route"]
    query = GuaranteeQuery.objects.create(
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
    return QueryAnswer(query, findings, None if findings else case.cover)


def reasons_of(query: GuaranteeQuery) -> list[Finding]:
    """Return why a query was answered as not good, to be said in the reader's own language."""
    rules = {rule.code: rule for rule in CONFIRM}
    return [
        Finding(rule.code, rule.level, rule.article, rule.message, _spoken(rule.code, reason["facts"]))
        for reason in query.reasons
        if (rule := rules.get(reason["code"]))
    ]


def cover_of(query: GuaranteeQuery) -> exposure.Cover | None:
    """Return what was guaranteed in the asking country when the guarantee was found good; nothing where it was not."""
    if not query.is_good or query.carnet is None:
        return None
    return _question(query.carnet_number, query.page, query.country, query.asked_at).cover


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
    today = day_in(country, at)
    carnet = Carnet.objects.filter(number=number).select_related("holder", "guarantee", "association").first()
    if carnet is None:
        return Question(number, country, today, page=page)
    operations = list(carnet.operations.order_by("sequence"))
    territories = territories_of(country, on=today)
    here = [operation for operation in operations if operation.territory_id in territories]
    started = [operation for operation in here if operation.has_evidence]
    return Question(
        number=number,
        country=country,
        on=today,
        carnet=carnet,
        is_on_route=bool(here),
        page=page,
        pages_here=_pages_for(carnet, operations, territories),
        is_accepted=any(operation.has_evidence for operation in operations),
        is_started_here=bool(started),
        is_excluded=_is_excluded(carnet, country, today),
        cover=_cover(carnet, started, country, today),
    )


def _pages_for(
    carnet: Carnet, operations: Sequence[TirOperation], territories: frozenset[int]
) -> tuple[int, ...]:
    """Return the pages of every pair that no other territory has used."""
    elsewhere = {
        operation.sequence
        for operation in operations
        if operation.has_evidence and operation.territory_id not in territories
    }
    pairs = (pages_of(sequence) for sequence in range(1, MOST_OPERATIONS + 1) if sequence not in elsewhere)
    return tuple(page for page in chain.from_iterable(pairs) if page <= carnet.vouchers)


def _cover(carnet: Carnet, started: Sequence[TirOperation], country: str, on: date) -> exposure.Cover | None:
    """Return who answers here: whoever bears what has started here already, else the guarantor of that day."""
    for operation in started:
        if operation.guarantor_id is not None and operation.borne and operation.country == country:
            return exposure.Cover(operation.guarantor_id, operation.borne, operation.borne_currency)
    return exposure.cover_in(country=country, amount=carnet.amount, currency=carnet.currency, on=on)


def _is_excluded(carnet: Carnet, country: str, on: date) -> bool:
    return carnet.holder_id is not None and bool(excluded_in(carnet.holder, on=on, countries=[country]))


def confirm_by_hand(
    *, query: GuaranteeQuery, is_good: bool, text: str, by: User, at: datetime
) -> GuaranteeConfirmation:
    """Add the issuing association's own word to a query; customs see it beside the system's answer."""
    return GuaranteeConfirmation.objects.create(query=query, is_good=is_good, text=text, by=by, at=at)
