"""Why a guarantee is not good for a carnet: one rule a reason, judged from what is on record."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from carnets.choices import CarnetStatus, Control
from carnets.models import Carnet
from guarantees import exposure
from guarantees.choices import HolderStatus
from guarantees.models import Guarantee, Holder
from tir.kernel.rules import Facts, RuleBook

OVER = frozenset(
    {CarnetStatus.TERMINATED, CarnetStatus.DISCHARGED, CarnetStatus.CLOSED, CarnetStatus.RETURNED}
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: one carnet, for the customs of one country, on one day there; and what is on record about it.

    `pages_here` are those that this country has used or still may use. A carnet issued elsewhere has no guarantee and
    no holder in our rows: what only they could say is then not asked.
    """

    number: str
    country: str
    on: date
    carnet: Carnet | None = None
    is_on_route: bool = True
    page: int | None = None
    pages_here: tuple[int, ...] = ()
    is_accepted: bool = False
    is_started_here: bool = False
    is_excluded: bool = False
    cover: exposure.Cover | None = None

    @property
    def guarantee(self) -> Guarantee | None:
        """The guarantee, where it is on record and acceptance still depends on it (art. 9(2))."""
        return None if self.carnet is None or self.is_accepted else self.carnet.guarantee

    @property
    def holder(self) -> Holder | None:
        return self.carnet.holder if self.carnet else None


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
    message=_(
        "The planned route of this carnet does not touch {country}. Scan the code of a voucher, or call the "
        "association: it confirms a detour by hand."
    ),
)
def route_touches_the_country(case: Question) -> Facts | None:
    if case.carnet is None or case.is_on_route:
        return None
    return {"country": case.country}


@CONFIRM.rule(
    "page_not_planned",
    article="art. 1(b)",
    message=_(
        "Page {page} cannot be used in {country}: the carnet has no such page, or another territory used its pair. "
        "Pages for {country}: {pages}."
    ),
)
def page_is_for_the_country(case: Question) -> Facts | None:
    """The plan binds nobody to a page, so only a pair that another territory has used is not for this one."""
    if case.carnet is None or case.page is None or case.page in case.pages_here:
        return None
    return {"page": case.page, "country": case.country, "pages": case.pages_here}


@CONFIRM.rule(
    "not_in_circulation",
    article="Annex 10 par. 4",
    message=_("The carnet is out of circulation: {control}. Keep it and start nothing."),
)
def carnet_was_not_withdrawn(case: Question) -> Facts | None:
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
def last_day_for_acceptance_is_kept(case: Question) -> Facts | None:
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
    guarantee = case.guarantee
    if guarantee is None:
        return None
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
    """Once accepted the guarantor is liable whatever its own security is (art. 8)."""
    guarantee = case.guarantee
    if case.carnet is None or guarantee is None or (case.carnet.is_reserved and case.carnet.amount > 0):
        return None
    return {"guarantee": guarantee.reference, "amount": case.carnet.amount}


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
def holder_is_still_authorised(case: Question) -> Facts | None:
    """Only the first acceptance asks: accepted in time a carnet stays valid to the end (art. 9(2))."""
    if case.holder is None or case.is_accepted or case.holder.status == HolderStatus.AUTHORISED:
        return None
    return {"holder": case.holder.reference, "status": HolderStatus(case.holder.status)}


@CONFIRM.rule(
    "holder_excluded",
    article="art. 38",
    message=_("The holder {holder} is excluded from TIR in {country}."),
)
def country_does_not_exclude_the_holder(case: Question) -> Facts | None:
    """What has started here goes on to its termination."""
    if case.holder is None or case.is_started_here or not case.is_excluded:
        return None
    return {"holder": case.holder.reference, "country": case.country}
