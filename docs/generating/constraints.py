"""constraints.md: the laws PostgreSQL itself keeps, each by its name in the database with a plain sentence.

The sentences are written here; the names come from the models, and a law without a sentence, or a sentence without
a law, stops the generator.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db.models import CheckConstraint, Field, Model, UniqueConstraint

from docs.generating.markdown import code, table
from docs.generating.markdown import page as whole_page

ROOMS: Final = ("kernel", "accounts", "signin", "guarantees", "carnets", "checkpoints")
KINDS: Final[Mapping[type, str]] = {
    CheckConstraint: "check",
    UniqueConstraint: "unique",
    ExclusionConstraint: "exclusion",
}
SENTENCES: Final[Mapping[str, str]] = {
    "user_roles_known": "A user has no role that the code does not know.",
    "user_no_superuser": "No account is a superuser or staff of Django's: what it may do follows from its roles.",
    "roles_on_record": "A role that comes into an account without an assignment gets one; one taken out of it ends.",
    "assignment_role_known": "No role is given that the code does not know.",
    "assignment_reach_known": "A role goes no way that the code does not know.",
    "assignment_days_in_order": "A role does not end before it begins.",
    "assignment_gives_known": "An administrator gives no role that the code does not know.",
    "assignment_gives_to_others": "Only an administrator or a manager gives roles.",
    "assignment_not_by_oneself": "Nobody gives a role to themselves.",
    "assignment_stays": "That a person had a role is never deleted.",
    "link_purpose_known": "A link is for a purpose that the code knows.",
    "link_one_open": "A person has one open link of each purpose at most.",
    "link_used_or_withdrawn": "A link that was used is not withdrawn, and a withdrawn one not used.",
    "link_expires_later": "A link expires after it was made.",
    "link_stays": "That a link was made for a person is never deleted.",
    "known_address_once": "An address is known once as one of a person's.",
    "person_event_verb_known": "Nothing is done about a person that the code does not know.",
    "territory_member_once": "A country belongs to one customs territory at a time (art. 48).",
    "association_code_digits": "An association's code is three digits.",
    "association_time_zone_named": "An association has a time zone: receipt and issue count by its day.",
    "exchange_rate_once": "A currency is worth one amount of another at a time.",
    "exchange_rate_positive": "A rate is more than nothing.",
    "exchange_rate_of_two_currencies": "A rate is between two currencies.",
    "liability_maximum_once": "An association has one maximum per carnet at a time (art. 8(3)).",
    "liability_maximum_positive": "A maximum is more than nothing.",
    "association_stays": "An association is never deleted and keeps its key: the ledger names it.",
    "guarantee_stays": "A guarantee is never deleted and keeps its key: the ledger names it.",
    "holder_reference_form": "A holder's reference is AAA/BBB/X…: country, association, up to ten digits.",
    "holder_exclusion_once": "A country excludes a holder once at a time (art. 38).",
    "holder_exclusion_in_a_country": "An exclusion is of one country (art. 38).",
    "holder_status_known": "A holder has no status that the code does not know.",
    "guarantee_exposure_within_ceiling": "A guarantee's exposure is never negative and never above its ceiling.",
    "guarantee_has_a_ceiling": "A guarantee has, from its first day, the ceiling it was made with.",
    "guarantee_ceiling_once": "A guarantee has one ceiling at a time.",
    "guarantee_ceiling_not_negative": "A ceiling is never less than nothing.",
    "guarantee_amount_positive": "A guarantee reserves more than nothing for a carnet.",
    "guarantee_open_carnets_within_limit": "A guarantee covers no more open carnets than its limit, where it has one.",
    "entry_sign_follows_kind": "Reserved and borne add, released and relieved take away, reimbursed does neither.",
    "entry_page_follows_kind": "The issuer's entries are for a whole carnet, the guarantor's for one operation.",
    "liable_once": "Somebody is liable for a carnet or an operation once at a time.",
    "liability_ends_after_it_begins": "Nobody is relieved before being liable.",
    "liability_positive": "Whoever is liable owes more than nothing.",
    "liability_total_once": "An association, side and currency has one total for each key of a dimension.",
    "liability_month_once": "The same in each month.",
    "clock_rule_once": "A clock has one rule for a territory (or for all) from any one day.",
    "claim_document_once": "A claim has the same document, by its hash, once.",
    "notice_once": "A person is told the same thing, past the same mark, once.",
    "claim_once_an_operation": "An operation has one claim at most that was neither withdrawn nor reimbursed.",
    "claim_amount_positive": "A claim, once it has an amount, asks for more than nothing.",
    "claim_stays": "A claim cannot be deleted.",
    "number_range_ordered": "A stock of numbers begins above 25,000,000; its next number lies in it or just behind.",
    "number_range_apart": "A carnet number is given to one association, in one range.",
    "number_range_issued_fits": "No more numbers of a range are used than it has.",
    "carnet_number_once": "A carnet number is issued once.",
    "carnet_voucher_count": "A carnet has 4, 6, 14 or 20 vouchers.",
    "carnet_source_known": "A carnet was issued here or received from elsewhere.",
    "carnet_issued_here_is_guaranteed_here": "A carnet issued here has a holder, a guarantee and an issuer of ours.",
    "carnet_number_form": "A carnet number has the form of one; check letters are verified in `carnets/numbering.py`.",
    "carnet_status_known": "A carnet has no status that the code does not know.",
    "carnet_control_known": "A carnet is withdrawn from circulation only in a way that the code knows.",
    "operation_once": "A carnet has one operation of each sequence.",
    "operation_sequence": "A carnet has at most ten operations.",
    "operation_discharge_is_earned": "No operation is discharged without its start and its termination (art. 1(e)).",
    "operation_liability_ends_by_something": "A liability has a known status, and a known end just when it has ended "
    "(art. 11).",
    "operation_borne_not_negative": "What a guarantor bears is never negative.",
    "operation_status_known": "An operation has no status that the code does not know.",
    "container_number_form": "A container number has the form of ISO 6346.",
    "goods_position_once": "A line of the manifest has its position alone.",
    "goods_hs_code_form": "A commodity code has 6 to 13 digits, or is blank.",
    "goods_weigh_something": "A line of the manifest has a mass.",
    "goods_net_within_gross": "A net mass is not above the gross mass.",
    "stop_position_once": "A stop has its position on the itinerary alone.",
    "stop_action_known": "A lorry does nothing at a stop that the code does not know.",
    "consignment_position_once": "A consignment has its position alone.",
    "consignment_travels": "A consignment is unloaded after it is loaded.",
    "document_position_once": "A document of a consignment has its position alone.",
    "irregularity_open_once": "The same irregularity on the same page is open once.",
    "irregularity_closed_when_not_open": "An irregularity has a closing time exactly when it is not open.",
    "irregularity_severity_known": "An irregularity has no severity that the code does not know.",
    "severity_rule_once": "An irregularity's severity has one rule for a territory (or for all) from any one day.",
    "severity_rule_severity_known": "A rule names no severity that the code does not know.",
    "severity_rule_late_is_never_grave": "No rule calls it high to be late: minor delays are disregarded (art. 39).",
    "reconciliation_request_open_once": "About one page of a carnet one question is open at a time (Annex 10 par. 2).",
    "reconciliation_request_even_page": "Only the pages of vouchers No. 2 bear a termination to ask about.",
    "reconciliation_request_waits_while_open": "A request has a next reminder exactly while nobody has answered it.",
    "reconciliation_request_status_known": "A reconciliation request has no status that the code does not know.",
    "reconciliation_request_reason_known": "A reconciliation request has a reason that the code knows.",
    "reconciliation_reminder_numbered": "A reminder has its number, and nothing else has one.",
    "run_status_known": "A reconciliation run has no status that the code does not know.",
    "office_code_form": "An office code is two letters of the country and six letters or digits.",
    "office_position": "An office lies on Earth.",
    "crossing_pair_once": "Two offices are paired once.",
    "crossing_joins_two": "A crossing joins two different offices.",
    "posting_one_at_a_time": "An officer serves at one office at a time.",
    "posting_order_shift_whole": "A shift has a name with its hours, or there is none.",
    "posting_order_stays": "Who posted an officer, and why, is never deleted.",
    "stamp_chain": "Each place in a carnet's chain of stamps is taken once.",
    "stamp_page": "A stamp stands on a page from 1 to 20.",
    "stamp_counts_nothing_negative": "Packages and mass on a stamp are never negative.",
    "stamp_cancel_has_reason": "A stamp that cancels another says why, and no other stamp does.",
    "stamp_made_known": "A stamp was made in a way that the code knows.",
    "control_kind_known": "A control is of a kind that the code knows.",
    "control_result_known": "A control ended in a way that the code knows.",
    "control_against_a_page": "A discrepancy is held against a page from 1 to 20, or against none.",
    "proof_kind_known": "A proof is of a kind that the code knows.",
    "proof_of_a_page": "A proof is of a page from 1 to 20.",
    "device_revoked_by_someone": "A device was revoked by somebody, or was not revoked.",
    "device_event_kind_known": "What became of a device is of a kind that the code knows.",
    "device_loss_says_how_much": "A loss says how many stamps were known to be unsent, and no other event does.",
    "device_loss_settled_with_reason": "What settles a loss names it and says why, and no other event does.",
    "stamp_origin_says_something": "What is noted of a stamp's origin names a device, an officer or a clock's offset.",
    "scan_verdict_known": "A scan ended in go, look or stop.",
    "safetir_position_once": "Each place in a daily SafeTIR file is taken once.",
    "safetir_change_once": "What one stamp brought about is sent in one record, in one file.",
    "safetir_update_known": "A SafeTIR record is new or cancelled.",
    "installation_once": "A database says once, in one row, what it is for.",
    "installation_of_one_kind": "An installation is for real work, for training, or a sandbox, and never two of these.",
    "append_only": "A row is never changed and never deleted.",
    "no_truncate": "The table is never emptied.",
}
INTRODUCTION = """
A rule in Python can be walked around: by a shell, a migration, a bulk update, a second process. These laws stand in
PostgreSQL, below all of that; `tests/laws/` tries each of them behind the model's back. Every foreign key is a law as
well, and none removes a row that others rest on, except that deleting a user deletes their membership. The liability
ledger's own keys are checked by the trigger that follows it, a statement at a time: an entry is refused whose
association or guarantee does not exist, or which ends what did not begin.
"""


class SentenceMissing(LookupError):
    """A law has no sentence here, or a sentence has no law any more."""


def page() -> str:
    """Return every law of the database with its sentence, model by model; raise SentenceMissing where one has none."""
    rows = list(laws())
    _ensure_complete({name for _model, name, _kind in rows})
    blocks = []
    for model in dict.fromkeys(model for model, _name, _kind in rows):
        named = ((code(name), kind, SENTENCES[name]) for of, name, kind in rows if of is model)
        unnamed = (_of_one_field(model, field) for field in unique_fields(model))
        blocks += [f"## {model._meta.label}", table(("name", "kind", "law"), (*named, *unnamed))]
    return whole_page("Laws of the database", INTRODUCTION, *blocks)


def laws() -> Iterator[tuple[type[Model], str, str]]:
    """Yield model, name and kind of every named law, room by room."""
    for model in models():
        for constraint in model._meta.constraints:
            yield model, constraint.name, KINDS[type(constraint)]
        for trigger in getattr(model, "triggers", ()):
            yield model, trigger.name, "trigger"


def models() -> Iterator[type[Model]]:
    for room in ROOMS:
        yield from apps.get_app_config(room).get_models()


def unique_fields(model: type[Model]) -> "list[Field[object, object]]":
    return [field for field in model._meta.concrete_fields if field.unique and not field.primary_key]


def _of_one_field(model: type[Model], field: "Field[object, object]") -> tuple[str, str, str]:
    sentence = f"No two {model._meta.verbose_name_plural} have the same {field.verbose_name}."
    return f"{code(field.name)} alone", "unique", sentence


def _ensure_complete(names: set[str]) -> None:
    if names != set(SENTENCES):
        raise SentenceMissing(f"docs/generating/constraints.py, SENTENCES: {sorted(names ^ set(SENTENCES))}")
