"""Rules about who: may this holder have a carnet of this association, under this guarantee?"""

from django.utils.translation import gettext_lazy as _

from carnets.rules.application import Application
from guarantees.choices import HolderStatus
from tir.kernel.rules import Facts, RuleBook

PARTIES = RuleBook["Application"]("holder and guarantee")


@PARTIES.rule(
    "holder_of_other_association",
    article="Annex 9 Part II",
    message=_("The holder {holder} is authorised through another association, which must issue the carnet."),
)
def holder_belongs_to_the_association(case: Application) -> Facts | None:
    if case.holder.association_id == case.association.pk:
        return None
    return {"field": "holder", "holder": case.holder.reference}


@PARTIES.rule(
    "holder_not_authorised",
    article="Annex 9 Part II",
    message=_(
        "The holder {holder} is not authorised ({status}). A carnet can be issued once this is lifted."
    ),
)
def holder_is_authorised_at_issue(case: Application) -> Facts | None:
    holder = case.holder
    if holder.status == HolderStatus.AUTHORISED:
        return None
    return {"field": "holder", "holder": holder.reference, "status": HolderStatus(holder.status)}


@PARTIES.rule(
    "holder_not_authorised",
    article="Annex 9 Part II",
    message=_("The holder {holder} is authorised from {authorised_from} only. Issue the carnet then."),
)
def holder_is_authorised_by_then(case: Application) -> Facts | None:
    holder = case.holder
    if holder.authorised_from <= case.issued_on:
        return None
    return {"field": "holder", "holder": holder.reference, "authorised_from": holder.authorised_from}


@PARTIES.rule(
    "holder_excluded",
    article="art. 38",
    message=_("The holder {holder} is excluded from TIR in {countries}, which the route touches."),
)
def holder_is_not_excluded_on_the_route(case: Application) -> Facts | None:
    if not case.excluded_in:
        return None
    return {"field": "holder", "holder": case.holder.reference, "countries": sorted(case.excluded_in)}


@PARTIES.rule(
    "holder_quota_used_up",
    article="Annex 9 Part II par. 6, practice",
    message=_(
        "The holder {holder} has {outstanding} carnets out and may have {allowed}. The next is issued when a used one"
        " is returned and agrees with customs, or a notification of non-discharge is settled."
    ),
)
def holder_quota_is_not_used_up(case: Application) -> Facts | None:
    """Counted under the holder's lock, so two issues at once cannot both take the last one; no quota, no limit."""
    quota = case.quota
    if not quota.is_used_up:
        return None
    return {
        "field": "holder",
        "holder": case.holder.reference,
        "outstanding": quota.outstanding,
        "allowed": quota.allowed,
        "quota": quota.set_to,
        "open_notifications": quota.open_notifications,
    }


@PARTIES.rule(
    "guarantee_of_other_association",
    article="art. 8",
    message=_("The guarantee {guarantee} belongs to another association. Name one of your own."),
)
def guarantee_belongs_to_the_association(case: Application) -> Facts | None:
    if case.guarantee.association_id == case.association.pk:
        return None
    return {"field": "guarantee", "guarantee": case.guarantee.reference}


@PARTIES.rule(
    "guarantee_not_for_holder",
    article="art. 8",
    message=_("The guarantee {guarantee} is for another holder. Name this holder's own, or a pool."),
)
def guarantee_covers_the_holder(case: Application) -> Facts | None:
    if case.guarantee.holder_id in (None, case.holder.pk):
        return None
    return {"field": "guarantee", "guarantee": case.guarantee.reference}


@PARTIES.rule(
    "guarantee_not_in_force",
    article="art. 8",
    message=_("The guarantee {guarantee} is in force from {valid_from} to {valid_to} only. Name another."),
)
def guarantee_is_in_force_at_issue(case: Application) -> Facts | None:
    """From its first day up to, not including, its end, as the day of issue is at the association."""
    guarantee = case.guarantee
    ends_after = guarantee.valid_to is None or case.issued_on < guarantee.valid_to
    if guarantee.valid_from <= case.issued_on and ends_after:
        return None
    return {
        "field": "guarantee",
        "guarantee": guarantee.reference,
        "valid_from": guarantee.valid_from,
        "valid_to": guarantee.valid_to,
    }
